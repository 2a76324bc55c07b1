"""Everything that is shown or typed at the terminal: lines and screens, waiting for a key, questions with typed
answers, passphrases, and a recorded sitting played as a film. Nothing here knows a store, a client or the
rulebook: it gets sentences and questions handed in. What is asked about, and in which order, belongs to prompts;
the answer of a command on standard output belongs to output.
"""
