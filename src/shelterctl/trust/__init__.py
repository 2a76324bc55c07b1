"""Who may read and write in a store, and why a key believes it: the signed trust list, its branches, and what this
computer remembers of it. What was changed in the store is in `journal`; files themselves are in `vault`.
"""
