"""Checks of a rulebook that somebody is revising: every word in its tracks and acts is looked up in the rest of it.

Each check raises BrokenRulebook with file, place, line and column. The shipped rulebook is checked by a test, so
nothing here is imported when it is used. Nothing here reads a client's file.
"""
