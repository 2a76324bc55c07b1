"""How an answer leaves the program: text, tables and bars for a person, JSON, NDJSON and CSV for a program. It is the
only package that prints the answer of a command, and the only one that imports rich. What an answer says is
decided elsewhere; questions and full-screen pages belong to `terminal`.
"""
