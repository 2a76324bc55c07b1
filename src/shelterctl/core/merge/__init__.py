"""Changes to a client's file: the stay to which an entry belongs, merging a fragment, and joining two files of one
person. Each function takes a file and returns a new one. Reading and saving files belongs in `act` and `store`,
judging the result in `core.rules`.
"""
