"""A text as a QR code, drawn in lines of text. The only module that knows segno."""

BLOCKS = " ▄▀█"
"""Two modules above each other: none, the lower, the upper or both dark. To be shown dark on light, always."""

BORDER = 4
"""The quiet zone, in modules, that a camera needs around the code."""


def drawn(text: str) -> list[str]:
    """The code of *text*, two rows of modules in each line; 19 lines of 37 columns for a recovery key."""
    import segno  # noqa: PLC0415 - only where a key is shown

    rows = [list(row) for row in segno.make(text, error="l", micro=False).matrix_iter(border=BORDER)]
    rows += [[0] * len(rows[0])] * (len(rows) % 2)
    return [
        "".join(BLOCKS[2 * bool(upper) + bool(lower)] for upper, lower in zip(*pair, strict=True))
        for pair in zip(rows[::2], rows[1::2], strict=True)
    ]


def can_be_drawn(encoding: str | None) -> bool:
    """Whether a terminal of that encoding has the blocks; code page 1251 has not."""
    try:
        return bool(BLOCKS.encode(encoding or "ascii"))
    except (UnicodeEncodeError, LookupError):
        return False
