"""The types of the rulebook: fields, rules and rulings, tracks, and what is printed. They are read from the manual's
data and never changed. What judges an entry by them belongs in `core.rules`; what reads the data files belongs in
`rulebook`.
"""
