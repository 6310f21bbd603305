"""Runs SQL over generated rows: a JSON object with `rows` and `queries` in, one answer a line out."""
import calendar as calendar_of
import datetime
import json
import sys
import zoneinfo

import duckdb

# Functions of a time in a zone, by Python's own zone database.
CALENDAR = {
    "hourOf": lambda at: at.hour,
    "minuteOf": lambda at: at.minute,
    "weekdayOf": lambda at: at.isoweekday() % 7,
    "dayOfMonthOf": lambda at: at.day,
    "daysInMonthOf": lambda at: calendar_of.monthrange(at.year, at.month)[1],
    "weekOf": lambda at: at.isocalendar()[1],
    "monthOf": lambda at: at.month,
    "quarterOf": lambda at: (at.month + 2) // 3,
    "yearOf": lambda at: at.year,
}
given = json.load(sys.stdin)
ZONES = given["zones"]
columns = given["columns"]
connection = duckdb.connect()
# A slow machine would find the bar among the answers.
connection.execute("SET enable_progress_bar = false")
calendar = [
    (f"{part}_{place}", kind)
    for place in range(len(ZONES))
    for part, kind in [(name, "BIGINT") for name in CALENDAR]
]
declared = ", ".join(f"{name} {kind}" for name, kind in columns + [list(c) for c in calendar])
connection.execute(f"CREATE TABLE t ({declared})")
marks = ", ".join("?" for _ in columns + calendar)
for row in given["rows"]:
    values = [row.get(name) for name, _ in columns]
    for zone in ZONES:
        at = datetime.datetime.fromtimestamp(row["ts"] / 1000, zoneinfo.ZoneInfo(zone))
        values += [read(at) for read in CALENDAR.values()]
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
