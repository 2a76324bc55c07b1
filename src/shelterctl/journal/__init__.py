"""The record of who changed which file, and when: one signed, append-only journal a device, holding codes and hashes
only. It decides which bytes each file must have, but never reads the files themselves.
"""
