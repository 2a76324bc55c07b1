"""What a person types, read: days, times, amounts, names, codes and lines of a list, in three languages. Everything
here takes text and returns a value or a `Mistyped` that says how to write it. Asking a question on the terminal
belongs in `terminal`; what questions there are belongs in `prompts` and `questionnaire`.
"""
