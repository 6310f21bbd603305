"""Runs SQL statements, one JSON list in, one JSON list of rows a line out."""

import json
import sys

import duckdb

connection = duckdb.connect()
connection.execute("SET TimeZone = 'UTC'")
for statement in json.load(sys.stdin):
    rows = connection.execute(statement).fetchall() if statement else []
    print(json.dumps(rows, default=str), flush=True)
