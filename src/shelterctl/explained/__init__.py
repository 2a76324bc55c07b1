"""What a name means: clauses, readings, codes, states, deadlines, items and lines, and the topics of help."""
