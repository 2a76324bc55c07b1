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
from operator import sub
from typing import NamedTuple

from shelterctl.immutable import immutable

Move = dict[int, int]
"""A change of figures by index that leaves every sum as it is."""

MOST_STEPS = 400
"""The most half-made moves that are followed in one search. Where it gives up, more is hidden, not less."""

MOST_STEPS_STRAIGHT, MOST_DETOURS = 100, 2
"""The most unlikely steps on the way to a long move."""

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


class ProvenRange(NamedTuple):
    """The proven range of a hidden figure, with its width: two tables that look alike, as changes of the true one.

    The figure is as small as is proven in the table *lower*, and as great in the table *upper*.
    """

    width: int
    lower: Move
    upper: Move

    @property
    def changed(self) -> set[int]:
        """The figures that must be hidden for this proof."""
        return {*self.lower, *self.upper}


def widen_range(figures: Figures, figure: int, hidden: set[int], wanted: int, *, hide_more: bool) -> ProvenRange:
    """Return how wide the range of a hidden figure is proven to be, up to *wanted*.

    With *hide_more* further figures are added to *hidden*, the cheapest that help.
    """
    ends = {direction: list(figures.values) for direction in (1, -1)}
    width = 0
    for direction, now in ends.items():
        width += _push_figure(figures, now, figure, direction, wanted - width, hidden)
    while width < wanted and hide_more:
        direction, more = _cheapest_to_hide(figures, ends, figure, hidden, wanted - width)
        if not more:
            break
        hidden |= more
        width += _push_figure(figures, ends[direction], figure, direction, wanted - width, hidden)
    return ProvenRange(width, _change_from(figures, ends[-1]), _change_from(figures, ends[1]))


def _change_from(figures: Figures, now: Sequence[int]) -> Move:
    """Return by how much each figure was changed from its true value."""
    return {each: by for each, by in enumerate(map(sub, now, figures.values)) if by}


def _push_figure(figures: Figures, now: list[int], figure: int, direction: int, wanted: int, hidden: set[int]) -> int:
    """Change the figures *now* until *figure* came as far as *wanted* or can go no further; return how far it came."""
    came = 0
    while came < wanted:
        for reach in (wanted - came, 1):
            move = _find_move(figures, now, figure, direction, reach, hidden, may_hide=False)
            if move:
                break
        step = _carry_out(figures, now, figure, move, wanted - came) if move else 0
        if not step:
            break
        came += step
    return came


def _cheapest_to_hide(
    figures: Figures, ends: Mapping[int, Sequence[int]], figure: int, hidden: set[int], wanted: int
) -> tuple[int, set[int]]:
    """Return the figures that should be hidden besides so that *figure* goes further than the *ends* of its range, and
    in which direction; no figures if none help.

    Figures that let it go all the way at once are preferred to those that let it go one step, unless these cost less
    than half.
    """
    found: list[tuple[float, int, set[int]]] = []
    for reach, factor in ((wanted, 1.0), (1, 2.0)):
        for direction, now in ends.items():
            move = _find_move(figures, now, figure, direction, reach, hidden, may_hide=True)
            if move and (more := move.keys() - hidden):
                found.append((factor * sum(figures.cost[each] or 0 for each in more), direction, more))
    _, direction, more = min(found, key=lambda one: (one[0], -one[1], sorted(one[2])), default=(0.0, 1, set[int]()))
    return direction, more


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
    """Return a move that changes *figure* by *reach* in that direction, or None; with *may_hide* a cheap one.

    A move begins with the figure alone. Each sum that it breaks is mended by one more figure, until no sum is broken.
    """
    price = dict.fromkeys(hidden, COST_OF_LENGTH)
    if may_hide:
        price |= {each: cost for each, cost in enumerate(figures.cost) if cost is not None and each not in hidden}
    search = _MoveSearch(figures, now, reach, price)
    by = direction * figures.unit
    if not search.has_room(figure, by):
        return None
    begun, broken = {figure: by}, search.broken_after({}, figure, by)
    found = search.find_cheapest(begun, broken) if may_hide else None
    for detours in () if found else range(MOST_DETOURS + 1):
        found = search.find_straight(begun, broken, detours, [MOST_STEPS_STRAIGHT])
        if found:
            break
    return _in_smallest_steps(found) if found else None


@immutable
class _MoveSearch:
    """A search for moves that start at the figures *now* and are repeated until their first figure reached *reach*.

    Only figures with a *price* may change.
    """

    figures: Figures
    now: Sequence[int]
    reach: int
    price: Mapping[int, float]

    def has_room(self, figure: int, by: int) -> bool:
        """Whether a figure stays at its least value or above when the move is repeated."""
        room = self.now[figure] - self.figures.least[figure]
        return by > 0 or room * self.figures.unit >= -by * self.reach

    def broken_after(self, broken: Mapping[int, int], figure: int, by: int) -> dict[int, int]:
        """Return by how much each sum is broken after one more figure is changed."""
        after = dict(broken)
        for number in self.figures.sums_with[figure]:
            after[number] = after.get(number, 0) + self.figures.sums[number][figure] * by
            if not after[number]:
                del after[number]
        return after

    def mends(self, move: Move, broken: Mapping[int, int]) -> list[tuple[int, int]]:
        """Return the figures, each with its change, that mend a broken sum: that for which there are the fewest."""
        fewest: list[tuple[int, int]] = []
        for number, by in broken.items():
            mends = [
                (each, -by // factor)
                for each, factor in self.figures.sums[number].items()
                if each in self.price and each not in move and not by % factor and self.has_room(each, -by // factor)
            ]
            if not mends:
                return []
            if not fewest or len(mends) < len(fewest):
                fewest = mends
        return fewest

    def find_cheapest(self, begun: Move, broken: dict[int, int]) -> Move | None:
        """Return a cheap move: the half-made one that is likely to be the cheapest is always gone on with."""
        order = count()
        waiting = [(0.0, next(order), 0.0, begun, broken)]
        seen: set[frozenset[tuple[int, int]]] = set()
        for _ in range(MOST_STEPS):
            if not waiting:
                return None
            _, _, cost, move, broken = heappop(waiting)
            if not broken:
                return move
            for each, by in self.mends(move, broken):
                longer = {**move, each: by}
                known = frozenset(longer.items())
                if known not in seen:
                    seen.add(known)
                    still = self.broken_after(broken, each, by)
                    dear = cost + self.price[each]
                    heappush(waiting, (dear + COST_OF_OPEN_SUM * len(still), next(order), dear, longer, still))
        return None

    def find_straight(self, move: Move, broken: dict[int, int], detours: int, left: list[int]) -> Move | None:
        """Return the first move to which the likeliest mends lead, with at most so many unlikely ones; long moves are
        found like this. *left* counts the steps that may be made.
        """
        if not broken:
            return move
        left[0] -= 1
        ranked = []
        for each, by in self.mends(move, broken) if left[0] > 0 else ():
            still = self.broken_after(broken, each, by)
            ranked.append((len(still), self.price[each], each, by, still))
        ranked.sort(key=lambda one: one[:4])
        for place, (_, _, each, by, still) in enumerate(ranked):
            if place and not detours:
                break
            found = self.find_straight({**move, each: by}, still, detours - (place > 0), left)
            if found:
                return found
        return None


def _in_smallest_steps(move: Move) -> Move:
    """Return a move in whole numbers that have no common divisor."""
    divisor = math.gcd(*move.values())
    return {figure: by // divisor for figure, by in move.items()}
