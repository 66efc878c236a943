"""
How a row is measured: interleaved rounds, a figure with its median and range, its printed line.

Times are CPU seconds of this process where the work only computes, so that neighbours on a shared
machine count less; what waits for a disk or a network is timed by the clock on the wall.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Side = Callable[[int], float]
"""One side of a comparison: the number of the round in, works a second out."""

ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Figure:
    """
    One measured number beside its goal.

    Args:
        samples: one value a round; the median counts.
        goal: what it must reach; with `at_most`, what it may not pass.
    """

    name: str
    samples: tuple[float, ...]
    goal: float
    unit: str = ""
    at_most: bool = False

    @property
    def median(self) -> float:
        """The middle of the rounds."""
        return statistics.median(self.samples)

    @property
    def holds(self) -> bool:
        """Whether the goal is reached."""
        return self.median <= self.goal if self.at_most else self.median >= self.goal

    def line(self, row: str) -> str:
        """`P1 ratio 23.4 (range 21.0-25.1, median of 7) goal 10 ok`."""
        low, high = shown(min(self.samples)), shown(max(self.samples))
        unit = f" {self.unit}" if self.unit else ""
        return (
            f"{row} {self.name} {shown(self.median)}{unit}"
            f" (range {low}-{high}, median of {len(self.samples)})"
            f" goal {self.goal:g} {'ok' if self.holds else 'short'}"
        )


@dataclass(frozen=True, slots=True)
class Measured:
    """What a row gave: figures that decide, and remarks that only inform."""

    figures: tuple[Figure, ...]
    remarks: tuple[str, ...] = ()


def shown(value: float) -> str:
    """Three or four digits, as many as the measurement bears."""
    if abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def interleaved(*sides: Side, rounds: int = ROUNDS) -> list[tuple[float, ...]]:
    """
    The samples of each side, one a round.

    In each round every side has its turn, in an order that turns with the rounds, so that a
    slow moment of the machine strikes all of them alike. Garbage of one side is not the other's.
    """
    samples: list[list[float]] = [[] for _ in sides]
    for number in range(rounds):
        for turn in range(len(sides)):
            which = (turn + number) % len(sides)
            gc.collect()
            samples[which].append(sides[which](number))
    return [tuple(each) for each in samples]


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, ...]:
    """Round by round, how many times their rate ours is."""
    return tuple(mine / other for mine, other in zip(ours, theirs, strict=True))


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU seconds of this process that some work takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def additions_a_second(count: int = 500_000) -> float:
    """
    How fast this machine runs plain Python just now: the yardstick to read a rate by.

    A shared machine was seen to halve its speed from one minute to the next.
    """
    return count / cpu_seconds(lambda: sum(map(int.__add__, range(count), range(count))))
