"""How given facts change a client's file: to which stay an entry belongs, how a fragment is merged, and how two files
of one person become one. Each function takes a file and returns a new one. Reading and saving belong in `act` and
`store`; judging the result belongs in `core.rules`.
"""
