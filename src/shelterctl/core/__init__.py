"""Domain logic that depends only on its arguments. Nothing here opens a file, writes to the terminal or reads the
clock: callers pass in today's date, the registers and the rulebook. The packages import in this order, lowest first:
values, finding, manual, record, people, candidates, name_keys, rules, merge, money, tables. What a screen, a page or a
command shows belongs in the packages above.
"""
