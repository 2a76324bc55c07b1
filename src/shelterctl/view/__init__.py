"""What people and programs see of a store: lists, a client's card, her whole file, money, deadlines, the houses, and
who may read. Functions here read through a session and return rows, lines or an Outcome. Nothing here writes to a
store, asks a question or makes paper; how an answer is printed is `output`'s.
"""
