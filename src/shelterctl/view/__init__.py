"""What people and programs see of a store: lists, a client's card, her whole file, money, deadlines, the houses, and
who may read. Functions here read through a session and return rows, lines or an Outcome; the first screen of the menu
alone is printed here, as much of it as there is room for. Nothing here writes to a store, asks a question or makes
paper; how the answer of a command is printed is `output`'s.
"""
