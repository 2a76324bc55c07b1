"""Judging an entry or an act: the context, the verbs, findings with their messages, checklists, deadlines and
monitoring. The functions take values and return findings or lists; none opens a file, writes one or reads the clock.
The types of the rulebook are in `core.manual`, the sums of agreements in `core.money`.
"""
