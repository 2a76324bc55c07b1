"""Money for clients: agreements with their lines and signatures, outlays under each, and pocket money. Amounts are
decimals in som. Limits come from the rulebook. How a page shows amounts belongs in `view`, how a form prints them in
`paper`.
"""
