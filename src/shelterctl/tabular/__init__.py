"""Tables as files that other programs read: text, workbooks, Parquet, and the package that describes them.

A writer gets named, typed columns and rows of plain values and returns bytes; nothing is written to the disk, and equal
tables give equal bytes.
"""
