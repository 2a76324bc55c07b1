"""Bytes on disk: how the files of a store are sealed, written, read back, copied and recovered after an interruption.
Besides `identity` this is the only package that imports age. The content of files is decided in `store` and above.
"""
