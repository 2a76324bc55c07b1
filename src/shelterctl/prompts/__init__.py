"""Questions asked one after the other at the terminal, each answer judged, and mostly saved, before the next one is
asked: a module for each command that asks, named like the command (register and entry_act have several each), and the
modules that they share (steps, fields, review, checklist, client_file, same_person, sign, printing, output_path). What
a command does without asking belongs to act or custody, which are handed answers, or functions that ask; how one
question is asked belongs to terminal.
"""
