#!/usr/bin/env python3
"""Bytes a row of Weir's store beside DuckDB, Parquet and ClickHouse's MergeTree, every file counted.

usage: store_sizes.py MEASURE SCRATCH NAME=DIR|NAME=FILE.jsonl...

MEASURE is the example `measure` of weir-store, SCRATCH an empty folder. A DIR has a folder of
Parquet files for each event type; a FILE.jsonl has lines as `weir export` writes them. All get the
same rows in the same order; what sorts by series does so by the identity attributes. A peer whose
package is missing is skipped, with the reason.
"""
import glob
import json
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../crates/weir-store/examples/measure"))
import columns

HOUR_MILLIS = 3_600_000
# What tells series apart, as far as events have it.
IDENTITY = ["environment", "kafkaProvider", "clusterName", "clusterId", "source", "brokerId", "consumerGroup",
            "memberId", "topic", "partition"]
WEIR_BATCH = "160000"
# Processor time is counted in hundredths of a second: fewer rows say nothing of speed.
SPEED_ROWS_MIN = 1_000_000


def bytes_of(path):
    if os.path.isfile(path):
        return os.path.getsize(path)
    return sum(os.path.getsize(os.path.join(at, name)) for at, _, names in os.walk(path) for name in names)


def plain(table):
    """Dictionaries of Arrow as the strings they stand for."""
    fields = [pa.field(f.name, pa.string() if pa.types.is_dictionary(f.type) else f.type) for f in table.schema]
    return table.cast(pa.schema(fields))


def tables_of(source, scratch):
    """Parquet files by event type, in time order."""
    if os.path.isdir(source):
        kinds = sorted(os.listdir(source))
        found = {kind: sorted(glob.glob(os.path.join(source, kind, "*.parquet"))) for kind in kinds}
        return {kind: files for kind, files in found.items() if files}
    rows = defaultdict(list)
    with open(source) as lines:
        for line in lines:
            event = json.loads(line)
            rows[event["eventType"]].append({"timestamp": event["timestamp"], **event["attributes"]})
    files = {}
    for kind, events in sorted(rows.items()):
        names = list(dict.fromkeys(name for event in events for name in event))
        table = pa.table({name: pa.array([event.get(name) for event in events]) for name in names})
        files[kind] = [os.path.join(scratch, f"{kind}.parquet")]
        pq.write_table(table, files[kind][0])
    return files


def by_series(table):
    keys = [name for name in IDENTITY if name in table.column_names]
    return table.sort_by([(name, "ascending") for name in [*keys, "timestamp"]])


def weir(files, scratch, measure):
    total = 0
    for kind, parts in files.items():
        plain_files = []
        for number, part in enumerate(parts):
            plain_files.append(os.path.join(scratch, f"{kind}-{number:03}.columns"))
            columns.write(plain_files[-1], pq.read_table(part))
        store = os.path.join(scratch, f"{kind}-store")
        run = [measure, store, kind, "columns", WEIR_BATCH, *plain_files]
        said = subprocess.run(run, check=True, capture_output=True, text=True).stdout
        speed = re.search(r"(\d+) rows/s of processor time", said)
        rows = sum(pq.read_metadata(part).num_rows for part in parts)
        if speed and rows >= SPEED_ROWS_MIN:
            print(f"  {kind} into Weir: {int(speed.group(1)) / 1e6:.2f} million rows/s of processor time", flush=True)
        total += bytes_of(store)
        for path in plain_files:
            os.remove(path)
    return total


def duckdb(files, scratch, _measure):
    import duckdb

    path = os.path.join(scratch, "duck.db")
    with duckdb.connect(path) as connection:
        for kind, parts in files.items():
            connection.execute(f'create table "{kind}" as select * from read_parquet({parts})')
        connection.execute("checkpoint")
    return bytes_of(path)


def parquet(order):
    def write(files, scratch, _measure):
        total = 0
        for parts in files.values():
            for part in parts:
                path = os.path.join(scratch, "peer.parquet")
                table = order(plain(pq.read_table(part)))
                pq.write_table(table, path, compression="zstd", compression_level=1, row_group_size=800_000)
                total += bytes_of(path)
        return total

    return write


def merge_tree(series):
    def write(files, scratch, _measure):
        from chdb import session

        path = os.path.join(scratch, "chdb")
        server = session.Session(path)
        total = 0
        for kind, parts in files.items():
            schema = pq.read_schema(parts[0])
            keys = [f"ifNull(toString(`{name}`), '')" for name in IDENTITY if name in schema.names]
            order = [*keys, "timestamp"] if series else ["timestamp"]
            described = ", ".join(f"`{field.name}` {click_type(field)}" for field in schema)
            hours = f"partition by intDiv(timestamp, {HOUR_MILLIS})" if series else ""
            server.query(f"create table `{kind}` ({described}) engine = MergeTree {hours} order by ({', '.join(order)})")
            for part in parts:
                server.query(f"insert into `{kind}` select * from file('{part}', Parquet)")
            server.query(f"optimize table `{kind}` final")
            size = f"select sum(bytes_on_disk) from system.parts where active and table = '{kind}'"
            total += int(str(server.query(size, "CSV")).strip())
        server.close()
        return total

    return write


def click_type(field):
    kind = field.type
    if pa.types.is_dictionary(kind) or pa.types.is_string(kind):
        name = "LowCardinality(Nullable(String))"
    elif pa.types.is_floating(kind):
        name = "Nullable(Float64)"
    elif pa.types.is_boolean(kind):
        name = "Nullable(Bool)"
    else:
        name = "Nullable(Int64)"
    return "Int64" if field.name == "timestamp" else name


STORES = [
    ("Weir", weir),
    ("DuckDB", duckdb),
    ("Parquet zstd", parquet(lambda table: table)),
    ("Parquet zstd, by series", parquet(by_series)),
    ("MergeTree", merge_tree(False)),
    ("MergeTree, by series", merge_tree(True)),
]


def main():
    measure, scratch, sources = sys.argv[1], sys.argv[2], sys.argv[3:]
    for name, source in (source.split("=", 1) for source in sources):
        own = os.path.join(scratch, "rows")
        os.makedirs(own)
        files = tables_of(source, own)
        rows = sum(pq.read_metadata(part).num_rows for parts in files.values() for part in parts)
        print(f"{name}: {rows} rows, {', '.join(files)}", flush=True)
        base = None
        for store, size in STORES:
            work = os.path.join(scratch, "store")
            os.makedirs(work)
            try:
                each = size(files, work, measure) / rows
                base = base or each
                print(f"  {store:<26} {each:8.2f} bytes a row   {each / base:5.1f} times", flush=True)
            except ImportError as error:
                print(f"  {store:<26} skipped          {error}", flush=True)
            shutil.rmtree(work)
        shutil.rmtree(own)


if __name__ == "__main__":
    main()
