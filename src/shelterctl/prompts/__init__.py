"""Questions asked one after another at the terminal, each answer judged, and usually saved, before the next question.

Each command that asks has a module of its name (register and entry_act serve several commands). They share steps,
fields, fill_in, checklist, client_file, same_person, sign, printing and output_path. What a command does without asking
belongs in act or custody, which receive the answers, or functions that ask for them. How a single question is asked
belongs in terminal.
"""
