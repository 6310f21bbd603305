#!/usr/bin/env python3
"""Writes Parquet files as the plain columns that the example `measure` reads.

usage: columns.py OUT IN.parquet...     (one OUT/<n>.columns an input; needs pyarrow)

All numbers are little-endian: u32 rows, u32 columns, then each column: u8 kind (0 i64, 1 f64,
2 text), u16 length and the name; for text u32 count and each string as u16 length and bytes, then
a u32 code a row; otherwise 8 bytes a row. `timestamp` is a column of kind 0.
"""
import os
import struct
import sys

import pyarrow as pa
import pyarrow.parquet as pq

out, inputs = sys.argv[1], sys.argv[2:]
os.makedirs(out, exist_ok=True)
for number, path in enumerate(inputs):
    table = pq.read_table(path).combine_chunks()
    with open(os.path.join(out, f"{number:03}.columns"), "wb") as file:
        file.write(struct.pack("<II", table.num_rows, table.num_columns))
        for name, column in zip(table.column_names, table.columns):
            text = pa.types.is_dictionary(column.type) or pa.types.is_string(column.type)
            kind = 2 if text else 1 if pa.types.is_floating(column.type) else 0
            file.write(struct.pack("<BH", kind, len(name)) + name.encode())
            if text:
                column = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
                column = column.chunk(0) if column.num_chunks == 1 else column.unify_dictionaries().combine_chunks()
                column = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
                strings = [value.encode() for value in column.dictionary.to_pylist()]
                file.write(struct.pack("<I", len(strings)))
                for string in strings:
                    file.write(struct.pack("<H", len(string)) + string)
                file.write(column.indices.to_numpy().astype("<u4").tobytes())
            else:
                values = column.to_numpy()
                file.write(values.astype("<f8" if kind == 1 else "<i8").tobytes())
