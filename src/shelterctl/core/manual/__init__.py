"""The types of the rulebook: fields, rules and rulings, tracks, acts with their items, and what is printed. They are
read from the manual's data and never changed. What judges an entry or an act by them belongs in `core.rules`; what
reads the data files belongs in `rulebook`.
"""
