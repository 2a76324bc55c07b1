"""What a command does to a client's file or to a register, and what it judges or lists of them: each step gathers,
decides and then writes if there is something to write, and is shared by cli, prompts and the other packages above. Also
what --from reads and --out writes, and which names may be shown. Keys, the list of devices, backups and repair belong
in custody, below. Nothing here asks a question or prints.
"""
