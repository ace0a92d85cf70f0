"""A run's results in the form that the history keeps.

Thread safety: pure functions.
Invariants:    (I1) the same results give the same run: no clock is read.
"""

import collections
import datetime
import os

from benchmarks.formats.contests import main_figure
from benchmarks.formats.figures import figures_of, keys_of
from benchmarks.goals.reached import FIGURES

# Of a benchmark's figures, those that are drawn over time, and those that goals are about; the one that
# the benchmark is about is kept too.
KEPT = FIGURES | {"real_time", "items_per_second"}


def _machine(results):
    for report in results.reports:
        context = report.context
        cpu, host = str(context.get("cpu", "")), str(context.get("host_name", ""))
        count = context.get("processors", context.get("num_cpus", ""))
        return ", ".join(part for part in (host, cpu, f"{count} processors" if count else "")
                         if part)
    return "no benchmarks"


def _when(results):
    """The latest time that the results tell, else that of the newest file."""
    times = []
    for report in results.reports:
        try:
            date = datetime.datetime.fromisoformat(str(report.context.get("date", "")))
            times.append(date.astimezone(datetime.timezone.utc))
        except (ValueError, OverflowError):
            continue
    if results.started_ms:
        times.append(datetime.datetime.fromtimestamp(results.started_ms / 1000,
                                                     datetime.timezone.utc))
    if not times:
        newest = max((os.path.getmtime(path) for path in results.paths), default=0)
        times.append(datetime.datetime.fromtimestamp(int(newest), datetime.timezone.utc))
    return max(times).strftime("%Y-%m-%dT%H:%M:%SZ")


def run_of(results, commit="", machine="", when=""):
    mode_of = results.mode_finder()
    tests = collections.defaultdict(collections.Counter)
    executions = collections.Counter()
    for case in results.cases:
        tests[mode_of(case.target)][case.outcome] += 1
        if case.executions:
            executions[mode_of(case.target)] += case.executions
    figures = figures_of(results.reports)
    keys = keys_of(figures)
    kept = {}
    for figure in figures:
        if figure.name in KEPT or main_figure([figure.name]):
            kept.setdefault(keys[figure.program, figure.benchmark], {})[figure.name] = [
                float(f"{value:.6g}") for value in
                (figure.median, min(figure.values), max(figure.values))] + [len(figure.values)]
    return {
        "weft_history": 1,
        "when": when or _when(results),
        "commit": commit,
        "machine": machine or _machine(results),
        "tests": {mode: dict(counts) for mode, counts in sorted(tests.items())},
        "executions": dict(executions),
        "findings": len(results.open_findings),
        "figures": kept,
    }
