"""A client's file as it is stored: client, stays, entries, the tree of all fields, changes of an entry, and how many
people sleep in a house. Everything here reads facts that are given. What judges them belongs in `core.rules`; what
changes a file belongs in `core.merge`.
"""
