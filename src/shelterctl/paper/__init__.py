"""What is printed on each sheet: the forms of the manual, annexes, the monitoring report, sheets of tracks, the picture
of how full the houses were, and the sheets about the store, blank or filled; the code at the foot, and where the file
goes. How sheets become PDF, HTML or text is `press`'s; `view` shows things on a screen.
"""
