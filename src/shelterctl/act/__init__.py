"""The changes that commands make to a client's file or a register, with the findings about them and the lists computed
from them. A step gathers, decides, then writes if there is anything to write; cli, prompts and the other packages
above share it. Reading --from, writing --out and leaving out names belong here too. Keys, the trust list, backups
and repair belong in custody, below. Nothing here asks a question or prints.
"""
