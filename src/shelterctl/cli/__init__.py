"""The command line. A module for each command, named like it, takes the words that were typed and returns one Outcome;
`register` is that of facility, ngo, staff and provider, `entry_act` that of approve, start, authorise, permit and
close. `app` finds the command, `options` declares what commands share, `commands` says what is known of them before
they are imported, `usage_errors` words what is typed wrongly. Judging, changing, showing and asking belong in act,
custody, view and prompts. Only `cli` and `menu` import typer, and a module of a command is imported only when that
command is named.
"""
