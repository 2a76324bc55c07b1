"""The verbs of a rule, each a class: what a ruling may ask by it, how an entry is checked, in which ways it may be
broken and what is said of each way. The list is closed. How far a verb looks beyond the entry is in `reach`.
"""
