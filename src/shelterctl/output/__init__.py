"""The output of the program: text, tables and bars for people; JSON, NDJSON and CSV for programs. Only this package
prints the answer of a command, and only it imports rich. Other packages decide what an answer says; questions and
full-screen pages belong to `terminal`.
"""
