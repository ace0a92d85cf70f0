"""A goal: what a figure of ours is to be beside the same of its peers, and what a measurement makes of it.

Thread safety: pure functions.
Invariants:    (I1) medians are compared, with whichever of the named peers costs the least.
               (I2) what was not measured reaches nothing and misses nothing.
"""

from dataclasses import dataclass

from benchmarks.formats.contests import best_of, is_more_better

AIM, FLOOR, BELOW, UNKNOWN = "aim", "floor", "below the floor", "not measured"
VERDICTS = (AIM, FLOOR, BELOW, UNKNOWN)


def in_digits(value):
    """A floor, an aim or what was measured."""
    return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"


@dataclass(frozen=True)
class Goal:
    name: str
    family: str  # of //benchmarks/all:families
    benchmark: str  # ours
    # Benchmarks of the same program. Without any, floor and aim are plain values of the figure.
    peers: tuple
    # Whether floor and aim are the least: so many times as good as the best peer. Otherwise they are
    # the most, of what it costs as a multiple of the best peer's cost.
    is_least: bool
    floor: float
    aim: float
    # Of the benchmark; times are in nanoseconds.
    figure: str = "real_time"
    # 0: as many as there are; else the program is bound to so many, as //benchmarks:ratios alone does.
    processors: int = 0

    @property
    def benchmarks(self):
        return (self.benchmark, *self.peers)

    @property
    def bound(self):
        return "at least" if self.is_least else "at most"


@dataclass(frozen=True)
class Judgement:
    goal: Goal
    verdict: str
    measured: float = None  # as floor and aim are; None if not measured
    best: str = None  # the peer's benchmark; None if there are no peers
    absent: tuple = ()  # peers that were not measured


def _measured(goal, ours, best):
    if best is None:
        return ours
    above, below = (ours, best) if is_more_better(goal.figure) == goal.is_least else (best, ours)
    if below == 0:
        return 1.0 if above == 0 else float("inf")
    return above / below


def judged(goal, median_of):
    """By `median_of`, which tells a benchmark's median of the goal's figure; None if it was not
    measured. A goal with peers of which none was is not measured."""
    medians = {name: median_of(name) for name in goal.benchmarks}
    ours = medians.pop(goal.benchmark)
    there = [name for name in medians if medians[name] is not None]
    absent = tuple(name for name in medians if medians[name] is None)
    if ours is None or (goal.peers and not there):
        return Judgement(goal, UNKNOWN, absent=absent)
    best = best_of(goal.figure, there, medians.get) if there else None
    measured = _measured(goal, ours, medians.get(best))

    def reaches(wanted):
        return measured >= wanted if goal.is_least else measured <= wanted

    verdict = AIM if reaches(goal.aim) else FLOOR if reaches(goal.floor) else BELOW
    return Judgement(goal, verdict, measured, best, absent)
