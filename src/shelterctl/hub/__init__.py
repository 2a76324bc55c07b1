"""A dataset of many houses: which exports are in it, where their rows are, and who signs for that.

The rows are Parquet files that existing engines read; the signed manifest says which files belong to the dataset. What
a table may hold is handed in by the caller: nothing here opens a store, and no query is answered by code of our own.
"""
