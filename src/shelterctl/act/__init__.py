"""What a command does to a client's file, to a register or to a paper: each step gathers, decides and then writes, and
is shared by cli and prompts. Keys, the list of devices, backups and repair belong in custody, below. Nothing here
asks a question or prints.
"""
