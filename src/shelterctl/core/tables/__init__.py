"""The columns of lists: those read from a field, those that are computed, and which columns each list has. A cell never
shows a name, a contact or free text. Filtering, counting and layout of a list belong in `view`.
"""
