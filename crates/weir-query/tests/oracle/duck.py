"""Runs SQL over generated rows: a JSON object with `rows` and `queries` in, one answer a line out."""
import datetime
import json
import sys
import zoneinfo

import duckdb

given = json.load(sys.stdin)
ZONES = given["zones"]
columns = given["columns"]
connection = duckdb.connect()
calendar = [
    (f"{part}_{place}", kind)
    for place in range(len(ZONES))
    for part, kind in [("hour", "BIGINT"), ("weekday", "BIGINT"), ("day", "BIGINT"), ("month", "BIGINT")]
]
declared = ", ".join(f"{name} {kind}" for name, kind in columns + [list(c) for c in calendar])
connection.execute(f"CREATE TABLE t ({declared})")
marks = ", ".join("?" for _ in columns + calendar)
for row in given["rows"]:
    values = [row.get(name) for name, _ in columns]
    for zone in ZONES:
        at = datetime.datetime.fromtimestamp(row["ts"] / 1000, zoneinfo.ZoneInfo(zone))
        values += [at.hour, at.isoweekday() % 7, at.day, at.month]
    connection.execute(f"INSERT INTO t VALUES ({marks})", values)


def plain(value):
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return float(value)


for query in given["queries"]:
    try:
        rows = [plain(row) for row in connection.execute(query).fetchall()]
        print(json.dumps({"rows": rows}))
    except Exception as error:
        print(json.dumps({"error": str(error)}))
