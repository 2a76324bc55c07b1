"""Values that mean something without a client's file: days and periods, amounts of som, ids and codes, names, letters
that look alike, facts by their keys and the ways to their places. Each is read from text or compared here, once for the
whole program. What knows a field, a rule or a client does not belong here.
"""
