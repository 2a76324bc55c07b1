"""The command line. Each command has a module of its name, which takes the typed words and returns one Outcome;
`register` is the module of facility, ngo, staff and provider, `entry_act` that of approve, start, authorise, permit
and close. `app` finds the command, `options` declares shared options, `commands` holds what is known about commands
before they are imported, `usage_errors` explains typing errors. Judging, changing, showing and asking belong to act,
custody, view and prompts. Only `cli` and `menu` import typer, and the module of a command is imported only when that
command is typed.
"""
