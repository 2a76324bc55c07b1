"""Who may read and write in a store, and why a key believes it: the signed trust list, its branches, and what this
computer remembers of it. Changes to the store are recorded in `journal`; the files themselves are in `vault`.
"""
