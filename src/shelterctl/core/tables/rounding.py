"""Rounding of the figures that a release shows, after their protection: down to a multiple of a base, as CTDC rounds.

A rounded figure is made from the exact one that could be shown instead, so a reader of it can compute nothing that a
reader of the exact one could not. Each figure is rounded by itself, totals too: rounded parts never exceed their
rounded total, and no figure says more persons than there were. A hidden figure stays hidden.
"""


def round_figure(value: int, base: int, unit: int = 1) -> int:
    """Return a figure rounded down to a multiple of *base*, in *units* that make one of what is printed (100 for som).

    A figure above 0 never becomes 0, which would say that nobody is there: one below the base is shown as the base.
    """
    step = base * unit
    return max(value - value % step, step) if value else 0


def range_of_rounded(shown: int, base: int, unit: int = 1, least: int = 1) -> tuple[int, int]:
    """Return the least and the greatest figure that a rounded one may stand for.

    *least* is what a reader knows of a figure above 0: of persons the threshold, since fewer are hidden.
    """
    step = base * unit
    if not shown:
        return 0, 0
    return max(least, shown if shown > step else 1), shown + step - 1


def refuse_base(base: int | None, k: int) -> None:
    """Raise ValueError if figures cannot be rounded by a base: a figure of *k* would be shown as more than it is."""
    if base is not None and not 1 <= base <= k:
        raise ValueError(f"figures cannot be rounded to {base}: the base is 1 to {k}, the least figure that is shown")
