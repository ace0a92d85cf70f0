"""bazel run //benchmarks:ratios: what ours costs beside its peers, and whether that is what we want.

Measures the goals of benchmarks/goals/table.py: each benchmark by a process of its own, once a round,
and the medians count. //benchmarks:all shows the same goals, judged by shorter repetitions.

Exit status: 0 all floors are reached, 1 something failed, 2 wrong usage, 10 a floor is not reached.
"""

import os
import statistics
import sys

from benchmarks.formats.command_line import parser_of, positive
from benchmarks.formats.errors import InputError
from benchmarks.goals.goal import BELOW, in_digits, judged
from benchmarks.goals.table import GOALS
from benchmarks.ratios.measuring import Measured

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
REACHED, FAILED, BELOW_A_FLOOR = 0, 1, 10


def parser():
    made = parser_of("ratios", __doc__)
    made.add_argument("--rounds", type=positive(int), default=7, metavar="N", help="(7)")
    made.add_argument("--min-time", type=positive(float), default=0.2, metavar="SECONDS",
                      help="of each benchmark in each round (0.2)")
    made.add_argument("--time-limit", type=positive(float), default=180, metavar="SECONDS",
                      help="a program that takes longer has failed (180)")
    made.add_argument("--only", default="", metavar="TEXT", help="goals whose names contain it")
    return made


def _span(values):
    if values is None:
        return "absent"
    return (f"{statistics.median(values):.4g} ({min(values):.4g}-{max(values):.4g},"
            f" n={len(values)})")


def text_of(judgement, values_of):
    """The lines about a goal."""
    goal, verdict = judgement.goal, judgement.verdict
    measured = ("" if judgement.measured is None else
                f"measured {in_digits(judgement.measured)}, ")
    lines = [goal.name,
             f"  floor {goal.bound} {in_digits(goal.floor)}, aim {in_digits(goal.aim)}:"
             f" {measured}{verdict.upper() if verdict == BELOW else verdict}"]
    lines += [f"    {benchmark:62} {_span(values_of(benchmark))}" for benchmark in goal.benchmarks]
    return "\n".join(lines)


def _measured(options, goals):
    measured = Measured(ROOT, goals, options.min_time, options.time_limit)
    for number in range(options.rounds):
        print(f"round {number + 1} of {options.rounds}", file=sys.stderr, flush=True)
        measured.round()
    verdicts = set()
    for goal in goals:
        values = {benchmark: measured.values(goal, benchmark) for benchmark in goal.benchmarks}
        judgement = judged(goal, lambda benchmark: values[benchmark] and statistics.median(
            values[benchmark]))
        print(text_of(judgement, values.get))
        verdicts.add(judgement.verdict)
    return BELOW_A_FLOOR if BELOW in verdicts else REACHED


def main(arguments=None):
    made = parser()
    options = made.parse_args(arguments)
    goals = [goal for goal in GOALS if options.only in goal.name]
    if not goals:
        made.error(f"--only={options.only}: no goal's name contains it")
    try:
        return _measured(options, goals)
    except InputError as error:
        print(f"ratios: {error}", file=sys.stderr)
        return FAILED


if __name__ == "__main__":
    sys.exit(main())
