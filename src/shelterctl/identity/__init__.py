"""The keys of a device and of the recovery paper: made, kept in a file, unlocked, used to open, seal and sign; and the
word lists for passphrases and fingerprints. Who is trusted is decided in `trust`, not here.
"""
