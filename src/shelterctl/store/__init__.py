"""The folder of a store as records: found, opened with a key, its clients' files read, checked and written, sealed
entries opened and closed. No command, question or form text belongs here; bytes, locks and signatures are in
`vault`, `journal` and `trust`.
"""
