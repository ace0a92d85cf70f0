"""The goals, judged by what was measured anyway: by a run's record, or by the figures of a history.

Thread safety: pure functions.
Invariants:    (I1) a goal is listed if its own benchmark was measured, and only then.
"""

import collections

from benchmarks.goals.goal import judged
from benchmarks.goals.table import GOALS

FIGURES = frozenset(goal.figure for goal in GOALS)


def asked_of(family, goals=GOALS):
    """{benchmark: {figure}} of what the goals look at in a family's report."""
    asked = collections.defaultdict(set)
    for goal in goals:
        if goal.family == family:
            for benchmark in goal.benchmarks:
                asked[benchmark].add(goal.figure)
    return asked


def listed(has, median_of, goals=GOALS):
    """[Judgement] of those goals whose benchmark `has(family, benchmark)`; `median_of(family, benchmark,
    figure=...)` is None of what was not measured."""
    def of(goal):
        # A program that was not bound to so many processors measured something else.
        if goal.processors:
            return judged(goal, lambda benchmark: None)
        return judged(goal, lambda benchmark: median_of(goal.family, benchmark, figure=goal.figure))

    return [of(goal) for goal in goals if has(goal.family, goal.benchmark)]


def in_record(record, goals=GOALS):
    """[Judgement] by a record of //benchmarks/all:record."""
    medians = {}
    for name, family in record["families"].items():
        for entry in family["benchmarks"]:
            medians[name, entry["name"]] = {entry["figure"]: entry["median"], **entry.get("also", {})}
    return listed(lambda *benchmark: benchmark in medians,
                  lambda *benchmark, figure: medians.get(benchmark, {}).get(figure), goals)
