"""The domain: values in, values out. Nothing here opens a file, writes on the terminal or asks the clock; today, the
registers and the rulebook are given to it. It imports in this order, lower ones first: values, finding, manual, record,
people, rules, merge, money, tables. What a screen, a page or a command shows belongs in the packages above.
"""
