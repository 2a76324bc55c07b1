"""The content of each printed sheet, blank or filled: the forms of the manual, annexes, the monitoring report, sheets
of tracks, the picture of occupancy, and the sheets about the store.

This package also makes the code at the foot of a sheet and decides where its file goes. `press` turns sheets into PDF,
HTML or text; `view` shows data on a screen.
"""
