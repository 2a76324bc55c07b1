"""Checks of a rulebook under revision: every word in its tracks and acts is looked up in the rest of it.

Each error is a BrokenRulebook with file, place, line and column. A test checks the shipped rulebook, so nothing here is
imported when that one is used. Nothing here reads a client's file.
"""
