"""Money for clients: agreements with their lines and signatures, what was spent of each, and pocket money. Amounts are
decimals in som. Caps come from the rulebook; how a page shows them belongs in `view`, how a form prints them in
`paper`.
"""
