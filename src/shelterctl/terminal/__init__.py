"""Everything that is shown or typed at the terminal.

This is lines and screens, waiting for a key, questions with typed answers, passphrases, and a recorded session played
as a film. Nothing here knows a store, a client or the rulebook: callers pass in sentences and questions. What is asked,
and in which order, belongs to prompts; the answer of a command on standard output belongs to output.
"""
