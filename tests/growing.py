"""How a reader grows: the input doubled, and what that does to its time and its memory."""

import time
import tracemalloc
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar

Input = TypeVar("Input")

TIMES = 3.0
"""More than an input of twice the size may cost of what the other cost: a square would cost four times as much."""

NOISE, ROUNDS = (0.02, 20_000), 12
"""Seconds and bytes below which a figure says nothing, and how often what seems too slow is looked at again."""


def doubled(read: Callable[[Input], object], inputs: Sequence[Input]) -> list[str]:
    """What is wrong with a reader, whose inputs are each twice the one before; nothing where it is linear.

    Time is that of this process alone, and of several rounds the least counts: a busy machine makes none faster.
    """
    memory = [max(NOISE[1], _memory(read, given)) for given in inputs]
    wrong, times = _grown("bytes", memory), [float("inf")] * len(inputs)
    for _ in range(0 if wrong else ROUNDS):
        times = [min(before, _seconds(read, given)) for before, given in zip(times, inputs, strict=True)]
        if not (wrong := _grown("seconds", [max(NOISE[0], took) for took in times])):
            break
    return wrong


def _grown(what: str, figures: Sequence[float]) -> list[str]:
    """Where a figure is too large for the one before it."""
    return [f"{what}: {after:g} behind {before:g}" for before, after in pairwise(figures) if after >= TIMES * before]


def _seconds(read: Callable[[Input], object], given: Input) -> float:
    begun = time.process_time()
    read(given)
    return time.process_time() - begun


def _memory(read: Callable[[Input], object], given: Input) -> int:
    """The most that was held at once, beside what was there before."""
    tracemalloc.start()
    try:
        read(given)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
