"""Acts of a command on a client's file or a register, with their judgements and lists: each step gathers,
decides and then writes if there is something to write, and is shared by cli, prompts and the other packages above. Also
what --from reads and --out writes, and which names may be shown. Keys, the list of devices, backups and repair belong
in custody, below. Nothing here asks a question or prints.
"""
