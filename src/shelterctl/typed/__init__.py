"""Reading what a person types in three languages: days, times, amounts, names, codes and lines of a list. Each function
takes text and returns a value, or a `Mistyped` that says how to write it. Asking a question on the terminal belongs
in `terminal`; the questions themselves belong in `prompts` and `questionnaire`.
"""
