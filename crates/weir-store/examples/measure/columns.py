#!/usr/bin/env python3
"""Writes Parquet files as the plain columns that the example `measure` reads.

usage: columns.py OUT IN.parquet...     (one OUT/<n>.columns an input; needs pyarrow)

All numbers are little-endian: u32 rows, u32 columns, then each column: u8 kind (0 i64, 1 f64, 2 text,
3 bool; 128 more where rows lack a value), u16 length and the name; then a bit a row that says which
have a value, in bytes, if rows lack it; for text u32 count and each string as u16 length and bytes,
then a u32 code a value; otherwise 8 bytes a value, or one of a bool. `timestamp` is a column of kind 0.
"""
import os
import struct
import sys

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

KINDS = [(pa.types.is_integer, 0), (pa.types.is_floating, 1), (pa.types.is_string, 2), (pa.types.is_boolean, 3)]


def write_column(file, name, column):
    if pa.types.is_dictionary(column.type):
        column = column.cast(pa.string())
    kind = next(kind for fits, kind in KINDS if fits(column.type))
    sparse = column.null_count > 0
    file.write(struct.pack("<BH", kind | (128 if sparse else 0), len(name.encode())) + name.encode())
    if sparse:
        present = pc.is_valid(column).to_numpy()
        file.write(np.packbits(present, bitorder="little").tobytes())
        column = column.drop_null()
    if kind == 2:
        column = column.dictionary_encode().unify_dictionaries().combine_chunks()
        column = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
        strings = [value.encode() for value in column.dictionary.to_pylist()]
        file.write(struct.pack("<I", len(strings)))
        for string in strings:
            file.write(struct.pack("<H", len(string)) + string)
        file.write(column.indices.to_numpy().astype("<u4").tobytes())
    else:
        file.write(column.to_numpy().astype(["<i8", "<f8", None, "u1"][kind]).tobytes())


def write(path, table):
    columns = [name for name in table.column_names if table[name].null_count < table.num_rows]
    with open(path, "wb") as file:
        file.write(struct.pack("<II", table.num_rows, len(columns)))
        for name in columns:
            write_column(file, name, table[name])


if __name__ == "__main__":
    out, inputs = sys.argv[1], sys.argv[2:]
    os.makedirs(out, exist_ok=True)
    for number, path in enumerate(inputs):
        write(os.path.join(out, f"{number:03}.columns"), pq.read_table(path))
