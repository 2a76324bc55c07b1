"""The index: short answers about clients' files, kept beside the key so that a list does not open every file.

An answer is believed only while its file, the journal, the rulebook and the day are those from which it was made.
A list shows what the files say, with an index and without. Nothing here is ever shown, and nothing is asked: a
missing, old, forged or damaged index is an empty one.
"""
