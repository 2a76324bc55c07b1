"""Attacks on a store, whoever looks at it then, and the program with one of its checks broken."""
