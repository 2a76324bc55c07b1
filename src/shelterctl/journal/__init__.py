"""Who changed which file, when: one signed, append-only journal a device, with codes and hashes only. It decides which
bytes each file must have. It never reads those files, and never knows what they say.
"""
