"""Pages of `explain` and `help`, and of the `?` at a question: what a clause, code, word, state, deadline, track or
topic means. Everything comes from the rulebook and the texts shipped with the program; no store is opened.
"""
