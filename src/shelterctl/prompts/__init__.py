"""Questions asked one after the other at the terminal, each answer judged and saved before the next one is asked: a
module for each command that asks, named like the command, and the modules they share (steps, fields, review,
client_file). What a command does without asking belongs to act or custody; how one question is asked belongs to
terminal.
"""
