"""Bytes at rest: how the files of a store are sealed, written, read back, copied and recovered after an interruption.
Besides `identity` the only package that imports age. What the files say is decided in `store` and above.
"""
