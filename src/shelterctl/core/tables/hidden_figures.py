"""Hidden figures of tables that add up, and how far a reader who knows every sum can narrow one of them.

A reader knows the figures that are shown, every sum, and that no figure is below its least value. Which of the tables
that fit is the true one, he does not know. `widen_range` therefore walks from the true table to others that show the
same figures. Each table on the way has whole numbers and cannot be ruled out by the reader, so the distance walked is
proven, not estimated.
"""

import math
from collections.abc import Mapping, Sequence
from heapq import heappop, heappush
from itertools import count

from shelterctl.immutable import immutable

Move = dict[int, int]
"""A change of figures by index that leaves every sum as it is."""

MOST_STEPS = 400
"""The most half-made moves that are followed in one search. Where it gives up, more is hidden, not less."""

COST_OF_LENGTH = 0.01
"""The cost of one more hidden figure in a move, so that short moves are tried first."""

COST_OF_OPEN_SUM = 0.3
"""The estimated cost of each sum that a half-made move still breaks."""


@immutable
class Figures:
    """Figures by index: their true *values*, the *least* that a reader knows of each, and the *sums* that he knows.

    A sum is a mapping from index to coefficient; the figures times their coefficients add up to 0. *cost* says what is
    lost if a figure that is shown now is hidden; None where it must not be hidden. *unit* is a change of one figure
    that every sum can take up in whole numbers.
    """

    values: Sequence[int]
    least: Sequence[int]
    sums: Sequence[Mapping[int, int]]
    cost: Sequence[float | None]
    sums_with: Sequence[Sequence[int]]
    unit: int


def make_figures(
    values: Sequence[int], least: Sequence[int], sums: Sequence[Mapping[int, int]], cost: Sequence[float | None]
) -> Figures:
    """Return figures with the sums in which each of them stands; raises ValueError if a sum is wrong."""
    sums_with: list[list[int]] = [[] for _ in values]
    for number, terms in enumerate(sums):
        if sum(values[figure] * factor for figure, factor in terms.items()):
            raise ValueError(f"sum {number} does not add up")
        for figure in terms:
            sums_with[figure].append(number)
    unit = math.lcm(*(factor for terms in sums for factor in terms.values()))
    return Figures(values, least, sums, cost, sums_with, unit)


def widen_range(
    figures: Figures, figure: int, hidden: set[int], wanted: int, *, hide_more: bool
) -> tuple[int, set[int]]:
    """Return how wide the range of a hidden figure is proven to be, up to *wanted*, and the figures that this needs
    hidden.

    With *hide_more* further figures are added to *hidden*, the cheapest that help.
    """
    width, needed = 0, {figure}
    for direction in (1, -1):
        now = list(figures.values)
        while width < wanted:
            left = wanted - width
            move = _find_move(figures, now, figure, direction, left, hidden, may_hide=False)
            move = move or _find_move(figures, now, figure, direction, 1, hidden, may_hide=False)
            came = _carry_out(figures, now, figure, move, left) if move else 0
            if not move or not came:
                break
            width += came
            needed.update(move)
    if width >= wanted or not hide_more:
        return width, needed
    for direction, least in ((1, wanted), (-1, wanted), (1, 1), (-1, 1)):
        move = _find_move(figures, figures.values, figure, direction, least, hidden, may_hide=True)
        if move is not None and not move.keys() <= hidden:
            hidden.update(move)
            return widen_range(figures, figure, hidden, wanted, hide_more=True)
    return width, needed


def connected_figures(figures: Figures, figure: int) -> set[int]:
    """Return every figure above 0 that sums connect with this one, and this one."""
    found, waiting = {figure}, [figure]
    while waiting:
        for number in figures.sums_with[waiting.pop()]:
            new = {each for each in figures.sums[number] if figures.values[each]} - found
            found |= new
            waiting += new
    return found


def _carry_out(figures: Figures, now: list[int], figure: int, move: Move, left: int) -> int:
    """Change the figures by a move, as often as they stay at their least values or above and *left* is not exceeded by
    a whole step; return how far *figure* came.
    """
    step = abs(move[figure])
    times = min(
        (-(-left // step), *((now[each] - figures.least[each]) // -by for each, by in move.items() if by < 0)),
    )
    for each, by in move.items():
        now[each] += by * times
    return step * times


def _find_move(
    figures: Figures,
    now: Sequence[int],
    figure: int,
    direction: int,
    reach: int,
    hidden: set[int],
    *,
    may_hide: bool,
) -> Move | None:
    """Return the cheapest move found that changes *figure* by *reach* in that direction, or None.

    A move begins with the figure alone. Each sum that it breaks is mended by one more figure, until no sum is broken.
    """
    begun: Move = {figure: direction * figures.unit}
    if not _has_room(figures, now, figure, begun[figure], reach):
        return None
    order = count()
    broken = _broken_sums(figures, {}, figure, begun[figure])
    waiting = [(0.0, next(order), 0.0, begun, broken)]
    seen: set[frozenset[tuple[int, int]]] = set()
    for _ in range(MOST_STEPS):
        if not waiting:
            return None
        _, _, cost, move, broken = heappop(waiting)
        if not broken:
            return _in_smallest_steps(move)
        mended = min(broken, key=lambda number: (len(figures.sums[number]), number))
        for each, factor in figures.sums[mended].items():
            by, rest = divmod(-broken[mended], factor)
            price = _price(figures, each, hidden, may_hide=may_hide)
            if price is None or each in move or rest or not _has_room(figures, now, each, by, reach):
                continue
            longer = {**move, each: by}
            known = frozenset(longer.items())
            if known not in seen:
                seen.add(known)
                still = _broken_sums(figures, broken, each, by)
                dear = cost + price
                heappush(waiting, (dear + COST_OF_OPEN_SUM * len(still), next(order), dear, longer, still))
    return None


def _price(figures: Figures, figure: int, hidden: set[int], *, may_hide: bool) -> float | None:
    """Return what it costs to use a figure in a move; None if it is shown and stays so."""
    if figure in hidden:
        return COST_OF_LENGTH
    return figures.cost[figure] if may_hide else None


def _has_room(figures: Figures, now: Sequence[int], figure: int, by: int, reach: int) -> bool:
    """Whether a figure stays at its least value or above when the move is made until it reached *reach*."""
    return by > 0 or (now[figure] - figures.least[figure]) * figures.unit >= -by * reach


def _broken_sums(figures: Figures, broken: Mapping[int, int], figure: int, by: int) -> dict[int, int]:
    """Return by how much each sum is broken after one more figure is changed."""
    after = dict(broken)
    for number in figures.sums_with[figure]:
        after[number] = after.get(number, 0) + figures.sums[number][figure] * by
        if not after[number]:
            del after[number]
    return after


def _in_smallest_steps(move: Move) -> Move:
    """Return a move in whole numbers that have no common divisor."""
    divisor = math.gcd(*move.values())
    return {figure: by // divisor for figure, by in move.items()}
