"""Words in, one Outcome out: one thin module a command. The only code that asks the date."""
