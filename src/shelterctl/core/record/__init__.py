"""A client's file as it is stored: client, stays, entries, the tree of all fields, the changes of an entry, and how
many people sleep in a house. Functions here read facts that callers pass in. Code that judges them belongs in
`core.rules`; code that changes a file belongs in `core.merge`.
"""
