"""The menu: screens of numbered lines, each of which runs a command or asks questions and then returns to the menu.

It unlocks the session, and locks it after a time without typing. The work of a line belongs in cli or prompts; this
package holds the lines, their order, and the way errors are shown without ending the program. Nothing imports this
package; `cli.commands` loads `menu.main` by name when the command `menu` is run.
"""
