"""The verbs of a rule, each a class: the parameters of its rulings, how it checks an entry, the ways to break it and a
sentence for each. The list is closed. The other entries that a verb reads are found in `reach`.
"""
