"""The screens and data that people and programs get from a store: lists, a client's card, her whole file, money,
deadlines, occupancy, and who may read.

The functions read through a session and return rows, lines or an Outcome; `output` prints them. Only the first screen
of the menu is printed here, because it must fit the screen. Nothing in this package writes to a store, asks a question
or makes paper.
"""
