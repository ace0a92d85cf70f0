"""Measures the benchmarks that goals name, each by a process of its own.

Thread safety: one thread of a process, since the processors are the calling thread's.
Invariants:    (I1) a round runs each benchmark once, so that what disturbs the machine for a while
                    disturbs ours and the peers alike.
               (I2) a benchmark that two goals name is measured once a round.
"""

import contextlib
import os
import subprocess

from benchmarks.all import programs
from benchmarks.all.families import FAMILIES
from benchmarks.formats.errors import InputError
from benchmarks.formats.google_benchmark import report_of

_SPECIAL = frozenset("\\^$.|?*+()[]{}")


def pattern_of(name):
    """A regular expression that fits this name and no other."""
    return "^" + "".join("\\" + c if c in _SPECIAL else c for c in name) + "$"


@contextlib.contextmanager
def on_processors(count):
    """The first so many of the calling thread's, which its children inherit; 0: all of them."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[:count] if count else before)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


class Measured:
    """Values of each figure of each benchmark, on so many processors."""

    def __init__(self, root, goals, min_time, time_limit):
        self.root, self.min_time, self.time_limit = root, min_time, time_limit
        self.families = {family.name: family for family in FAMILIES}
        there = {name: self._names_of(name) for name in {goal.family for goal in goals}}
        # A peer that this machine lacks is not among its program's benchmarks.
        self.reports = {(goal.family, benchmark, goal.processors): [] for goal in goals
                        for benchmark in goal.benchmarks if benchmark in there[goal.family]}

    def _names_of(self, name):
        program = os.path.join(self.root, self.families[name].program)
        try:
            told = subprocess.run([program, "--benchmark_list_tests=true"], capture_output=True,
                                  text=True, cwd=self.root, stdin=subprocess.DEVNULL)
        except OSError as error:
            raise InputError(f"{program}: {error.strerror}") from error
        if told.returncode != 0:
            raise InputError(f"{program}: it ended with {told.returncode}: {told.stderr.strip()}")
        return set(told.stdout.splitlines())

    def round(self):
        """Raises InputError if a program fails, or a benchmark reports an error."""
        for (family, benchmark, processors), reports in self.reports.items():
            try:
                with on_processors(processors):
                    document = programs.run(self.root, self.families[family], self.min_time,
                                            self.time_limit, pattern_of(benchmark))
            except programs.Failed as failed:
                raise InputError(f"{family}: {benchmark}: {failed}") from failed
            report = report_of(document, f"{family}: {benchmark}")
            if report.errors:
                raise InputError(f"{report.path}: {report.errors[0][1]}")
            if len(report.rows) != 1:
                raise InputError(f"{report.path}: {len(report.rows)} benchmarks were measured for it")
            reports.append(report.rows[0])

    def values(self, goal, benchmark):
        """Of the goal's figure, a round each; None if this machine lacks the benchmark."""
        rows = self.reports.get((goal.family, benchmark, goal.processors))
        if rows is None:
            return None
        values = [row.figure(goal.figure) for row in rows]
        if None in values:
            raise InputError(f"{goal.family}: {benchmark}: it has no figure {goal.figure}")
        return values
