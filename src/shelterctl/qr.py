"""Draws a text as a QR code, in lines of text or as SVG. The only module that imports segno."""

QR_BLOCKS = " ▄▀█"
"""Characters for two modules, one above the other: none, the lower, the upper or both dark. Shown dark on light."""

QR_BORDER = 4
"""The quiet zone that a camera needs around the code, in modules."""


def draw_qr_code(text: str) -> list[str]:
    """Return the code of *text* as lines with two rows of modules each; 19 lines of 37 columns for a recovery key."""
    import segno  # noqa: PLC0415 - only where a key is shown

    rows = [list(row) for row in segno.make(text, error="l", micro=False).matrix_iter(border=QR_BORDER)]
    rows += [[0] * len(rows[0])] * (len(rows) % 2)
    return [
        "".join(QR_BLOCKS[2 * bool(upper) + bool(lower)] for upper, lower in zip(*pair, strict=True))
        for pair in zip(rows[::2], rows[1::2], strict=True)
    ]


def qr_code_svg(text: str, wide: int = 3) -> str:
    """Return the code of *text* as SVG, at the left of an area that is *wide* times as wide as the code."""
    import segno  # noqa: PLC0415 - only where a key is printed

    rows = [list(row) for row in segno.make(text, error="m", micro=False).matrix_iter(border=QR_BORDER)]
    dark = (f"M{column} {line}h1v1h-1z" for line, row in enumerate(rows) for column, one in enumerate(row) if one)
    size = f"0 0 {len(rows[0]) * wide} {len(rows)}"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size}"><path d="{"".join(dark)}" fill="#000"/></svg>'


def can_draw_qr_code(encoding: str | None) -> bool:
    """Whether a terminal with this encoding can show the blocks; code page 1251 cannot."""
    try:
        return bool(QR_BLOCKS.encode(encoding or "ascii"))
    except (UnicodeEncodeError, LookupError):
        return False
