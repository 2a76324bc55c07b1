"""The acts of commands on the store itself: keys, the list of who may read and write, backups, restoring, repair and
re-encryption, and the warnings about them. Acts on a client's file belong in act, above, and nothing here imports
it. The formats and primitives belong in store, vault, journal and trust, below.
"""
