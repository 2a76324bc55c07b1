"""The columns of lists: columns read from a field, computed columns, and the columns of each list. A cell never shows a
name, a contact or free text. Filtering, counting and layout of lists belong in `view`.
"""
