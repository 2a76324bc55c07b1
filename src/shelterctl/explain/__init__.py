"""Pages of `explain` and `help`, and of the `?` at a question: the meaning of a clause, code, word, state, deadline,
track or topic.

Everything comes from the rulebook and the texts shipped with the program; no store is opened.
"""
