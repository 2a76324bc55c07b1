"""The types of the rulebook: fields, rules and rulings, tracks, acts with their items, and printed forms. They are read
from the data of the manual and never changed. Code that judges an entry or an act by them belongs in `core.rules`;
code that reads the data files belongs in `rulebook`.
"""
