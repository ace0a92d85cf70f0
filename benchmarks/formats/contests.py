"""Ours beside the best peer at the same work, and which of the two is ahead.

Thread safety: pure functions.
Invariants:    (I1) a ratio is of costs: below 1 is ahead, whatever the figure.
               (I2) nobody is called ahead or behind by what chance may have done: the repetitions
                    must tell the two apart at SURE, else the outcome is undecided.
"""

import collections
from dataclasses import dataclass

from benchmarks.formats.figures import Figure
from benchmarks.formats.names import name_of
from benchmarks.statistics.rank_sum import u_test

AHEAD, LEVEL, BEHIND, UNDECIDED = "ahead", "level", "behind", "undecided"

# A smaller difference of the medians is none.
SMALL = 0.05
# The chance that one verdict of "ahead" or "behind" is false where both are alike.
SURE = 0.01

# What a benchmark is about, where that is not its time: the first of these that it has.
_MAIN = ("efficiency", "allocations", "idle_cpu", "p50_ns", "p50_us", "times", "ns")
_MORE_IS_BETTER = ("efficiency",)


def is_more_better(figure):
    """Of the figures that benchmarks are compared by; a rate is none of them."""
    return figure in _MORE_IS_BETTER


def main_figure(names):
    """Which of a benchmark's figures counts; None if it has none that could."""
    return next((name for name in (*_MAIN, "real_time") if name in names), None)


def cost_ratio(figure, ours, best):
    """Ours over the best, of what costs; None if the best costs nothing and ours something."""
    above, below = (best, ours) if is_more_better(figure) else (ours, best)
    if below == 0:
        return 1.0 if above == 0 else None
    return above / below


def best_of(figure, candidates, value):
    """The candidate of the least cost; `value` tells its figure."""
    return (max if is_more_better(figure) else min)(candidates, key=value)


def is_small(ratio):
    return ratio is not None and abs(ratio - 1) <= SMALL


def groups_in(items, name, figures):
    """[([items], figure)] of all items: those that do the same work, and the figure by which they
    are compared, which all of them have. `name` tells an item's Name, `figures` the names of its
    figures."""
    groups = collections.defaultdict(list)
    for number, item in enumerate(items):
        # A name of another shape does no work that others do.
        groups[name(item).contest if name(item).subject else number].append(item)
    return [(group, main_figure(set.intersection(*(set(figures(item)) for item in group))))
            for group in groups.values()]


def contests_in(group, name):
    """[(ours, [peers])] of a group."""
    peers = [item for item in group if not name(item).is_ours and not name(item).is_limit]
    return [(ours, peers) for ours in group if name(ours).is_ours and peers]


@dataclass
class Contest:
    ours: Figure
    best: Figure

    @property
    def ratio(self):
        return cost_ratio(self.ours.name, self.ours.median, self.best.median)

    @property
    def outcome(self):
        if is_small(self.ratio):
            return LEVEL
        if u_test(self.ours.values, self.best.values)[1] > SURE:
            return UNDECIDED
        return AHEAD if self.ratio is not None and self.ratio < 1 else BEHIND


def _groups_of(figures):
    of = collections.defaultdict(dict)  # of each benchmark, by name
    for each in figures:
        of[each.program, each.benchmark][each.name] = each
    for group, figure in groups_in(list(of.values()), lambda each: name_of(
            next(iter(each.values())).benchmark), lambda each: each):
        if figure:
            yield [each[figure] for each in group]


def main_figures(figures):
    """Of each benchmark the figure that counts."""
    return [each for group in _groups_of(figures) for each in group]


def contests_of(figures):
    """A Contest of each of ours that has a peer."""
    return [
        Contest(ours, best_of(ours.name, peers, lambda each: each.median))
        for group in _groups_of(figures)
        for ours, peers in contests_in(group, lambda each: name_of(each.benchmark))
    ]
