"""How an entry or an act is judged: the context, the verbs, the findings with their messages, checklists, deadlines
and monitoring. Everything here takes values and returns findings or lists; nothing opens a file, writes one or asks
the clock. The types of the rulebook are in `core.manual`, sums of agreements in `core.money`.
"""
