"""What a command does to the store itself: keys, the list of who may read and write, backups, restoring, repair and
sealing anew, and the warnings about them. What happens to a client's file belongs in act, above, and nothing here
imports it. The formats and primitives belong in store, vault, journal and trust, below.
"""
