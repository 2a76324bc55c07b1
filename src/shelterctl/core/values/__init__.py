"""Values that can be read and compared without a client's file: days and periods, amounts of som, ids and codes, names,
look-alike letters, and mappings of facts with the paths into them. The whole program reads and compares them here.
Code that knows a field, a rule or a client does not belong here.
"""
