"""The domain: values in, values out. Nothing here opens a file, writes on the terminal or asks the clock; today, the
registers and the rulebook are given to it. Its packages import in this order, lower ones first: values, manual,
record, people, rules, merge, money, tables.
"""
