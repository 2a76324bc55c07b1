"""The menu: screens of numbered lines, each of which runs a command or a walk-through and comes back. It unlocks the
session and locks it when nobody types. What a line does belongs in cli or prompts; here is only what is chosen, in
which order, and how an error is shown without ending the program. Nothing imports this package; `cli.commands` loads
`menu.main` by its name when the command `menu` is run.
"""
