"""Benchmarks: the latest figures, beside their peers, over time, and along their knobs.

Thread safety: pure functions.
"""

import collections
import os
from dataclasses import dataclass

from benchmarks.all.families import FAMILIES
from benchmarks.dashboard.markup import Data, named, tag
from benchmarks.dashboard.page import (Column, Row, chart, figure_in_words, frame, mark,
                                       rate_in_words, section, table, time_in_words)
from benchmarks.formats.contests import best_of, contests_in, cost_ratio, groups_in, is_small
from benchmarks.formats.figures import figures_of, keys_of
from benchmarks.formats.names import name_of
from benchmarks.goals.goal import AIM, BELOW, FLOOR, in_digits
from benchmarks.goals.reached import listed

# So many of the latest runs are drawn.
RUNS_MAX = 120
PROGRAMS = {family.name: os.path.basename(family.program) for family in FAMILIES}
_GOAL_MARKS = {AIM: "passed", BELOW: "failed"}
PERCENTILES = ("p50_ns", "p90_ns", "p95_ns", "p99_ns", "p999_ns", "max_ns")


class Benchmark:
    def __init__(self, key, figures):
        self.key, self.figures = key, figures
        # A key may begin with its program.
        self.name = name_of(key.rsplit(": ", 1)[-1])

    @property
    def time(self):
        return self.figures["real_time"][0]

    def median(self, figure):
        return self.figures[figure][0]


@dataclass
class Contest:
    """One of ours and the best peer at the same work."""

    ours: Benchmark
    best: Benchmark
    figure: str  # that they are about, mostly the time

    @property
    def ratio(self):
        """Of what it costs."""
        return cost_ratio(self.figure, self.ours.median(self.figure), self.best.median(self.figure))

    def words(self, benchmark):
        """A cell for one of the two."""
        median = benchmark.median(self.figure)
        return figure_in_words(self.figure, median), median

    @property
    def outcome(self):
        return _outcome_of(self.ratio)


AHEAD, LEVEL, BEHIND = "good", "soft", "bad"


def _outcome_of(ratio):
    """By medians alone: the history has no more."""
    return LEVEL if is_small(ratio) else AHEAD if ratio < 1 else BEHIND


class Figures:
    """The latest figures that there are: of these results, or else of the last run that had any."""

    def __init__(self, current, runs):
        self.run = current if current.get("figures") else next(
            (run for run in reversed(runs) if run.get("figures")), None)
        figures = self.run["figures"] if self.run else {}
        self.benchmarks = [Benchmark(key, each) for key, each in sorted(figures.items())
                           if "real_time" in each]
        self.contests = _contests_of(self.benchmarks)


def _contests_of(benchmarks):
    """A contest of each of ours that has a peer, the one that is furthest ahead first."""
    contests = [
        Contest(ours, best_of(figure, peers, lambda each: each.median(figure)), figure)
        for group, figure in groups_in(benchmarks, lambda each: each.name, lambda each: each.figures)
        for ours, peers in contests_in(group, lambda each: each.name)
    ]
    # Where the best peer's cost is nothing, there is no ratio to draw.
    return sorted((c for c in contests if c.ratio is not None), key=lambda contest: contest.ratio)


def _change(runs, current, key):
    """(ratio, run) to the last run before on the same machine, or None."""
    for run in reversed(runs):
        before = run.get("figures", {}).get(key, {}).get("real_time")
        if (run["machine"] == current["machine"] and run["when"] < current["when"]
                and before and before[0] > 0):
            return current["figures"][key]["real_time"][0] / before[0], run
    return None


def _ratio_cell(ratio):
    if ratio is None:
        return ""
    return tag("span", f"\u00d7{ratio:.2f}", class_=f"mark {_outcome_of(ratio)}"), ratio


def _figures(benchmarks, ratios, runs, current):
    rows = []
    for index, each in enumerate(benchmarks):
        median, low, high, count = each.figures["real_time"]
        rate = each.figures.get("items_per_second")
        change = _change(runs, current, each.key)
        ratio = ratios.get(each.key)
        rows.append(Row(
            named(each.key),
            (time_in_words(median), median),
            tag("span", time_in_words(low), " to ", time_in_words(high), class_="soft")
            if count > 1 else "",
            (str(count), count),
            (rate_in_words(rate[0]), rate[0]) if rate else "",
            _ratio_cell(ratio),
            (f"{100 * (change[0] - 1):+.1f} %", change[0]) if change else "",
            tag("button", "Charts", type="button", data_draw=index, aria_label=f"Charts of {each.key}",
                class_="needs-script"),
            status="ours" if each.name.is_ours else "peers and others", identity=f"b{index}"))
    return section("figures", "Figures", table(
        "figure-table", "Wall time of an iteration, medians", [
            Column("benchmark"), Column("median", True), Column("least to most", True),
            Column("n", True, "repetitions"), Column("items", True),
            Column("to the best peer", True, "what it costs as a multiple of the best peer's"),
            Column("since the last", True, "to the last run before on this machine"),
            Column("charts")], rows, ("ours", "peers and others"),
        "Whether a change is more than noise is for compare to say; this column only shows it."))


def _contests(contests):
    if not contests:
        return None
    rows = [Row(named(c.ours.key), c.words(c.ours), named(c.best.name.subject), c.words(c.best),
                _ratio_cell(c.ratio)) for c in contests]
    counts = collections.Counter(contest.outcome for contest in contests)
    return section(
        "peers", "Beside the best peer",
        tag("p", mark("passed", f"{counts[AHEAD]} ahead"), " ",
            mark("soft", f"{counts[LEVEL]} level (within 5 %)"), " ",
            mark("failed", f"{counts[BEHIND]} behind"), ", by medians"),
        chart("ratios", "Cost as a multiple of the best peer's; below 1 is better"),
        table("peer-table", "Ours, and whoever is the best at the same work",
              [Column("benchmark"), Column("ours", True), Column("best peer"),
               Column("its figure", True), Column("ratio", True, "below 1 is better")], rows))


def goals_in(figures):
    """[Judgement] of the goals whose benchmark is in a run's figures."""
    def of(family, benchmark):
        # A key begins with its program where two programs have the benchmark.
        return figures.get(benchmark) or figures.get(f"{PROGRAMS[family]}: {benchmark}") or {}

    return listed(lambda *benchmark: bool(of(*benchmark)),
                  lambda *benchmark, figure: of(*benchmark).get(figure, (None,))[0])


def _goals(judgements):
    if not judgements:
        return None
    rows = [Row(
        named(each.goal.name), f"{each.goal.bound} {in_digits(each.goal.floor)}",
        in_digits(each.goal.aim),
        "" if each.measured is None else (in_digits(each.measured), each.measured),
        named(name_of(each.best).subject) if each.best else "",
        mark(_GOAL_MARKS.get(each.verdict, "soft"), each.verdict)) for each in judgements]
    counts = collections.Counter(each.verdict for each in judgements)
    return section(
        "goals", "Goals",
        tag("p", mark("passed", f"{counts[AIM]} at their aim"), " ",
            mark("soft", f"{counts[FLOOR]} above their floor"), " ",
            mark("failed", f"{counts[BELOW]} below"), ", by medians"),
        table("goal-table", "What is wanted: at most so many times what the best peer costs, or at least"
              " so many times as fast; the value itself where there is no peer",
              [Column("goal"), Column("floor", True), Column("aim", True), Column("measured", True),
               Column("best peer"), Column("reached")], rows))


def _percentiles(reports):
    """{key: {"p99_ns": median}}"""
    figures = figures_of(reports)
    keys = keys_of(figures)
    found = collections.defaultdict(dict)
    for figure in figures:
        if figure.name in PERCENTILES:
            found[keys[figure.program, figure.benchmark]][figure.name] = figure.median
    return found


def _curves(benchmarks):
    """([{knob, lines}], {key: index}): along how many take part, a line for each subject."""
    groups = collections.defaultdict(lambda: collections.defaultdict(list))
    members = collections.defaultdict(list)
    for each in benchmarks:
        if each.name.scale:
            knob, number = each.name.scale
            groups[each.name.curve, knob][each.name.subject or each.name.base].append(
                [number, each.time])
            members[each.name.curve, knob].append(each.key)
    curves, of = [], {}
    for group, lines in groups.items():
        if max(len({n for n, _ in points}) for points in lines.values()) < 2:
            continue
        of.update({key: len(curves) for key in members[group]})
        curves.append({"knob": group[1], "lines": [
            {"label": label, "points": sorted(points)} for label, points in sorted(lines.items())]})
    return curves, of


def _data(figures, runs, reports):
    runs = [run for run in runs if run.get("figures")][-RUNS_MAX:]
    percentiles = _percentiles(reports)
    curves, curve_of = _curves(figures.benchmarks)
    return {
        "runs": [{key: run.get(key, "") for key in ("when", "commit", "machine")} for run in runs],
        "benchmarks": [{
            "name": each.key,
            "trend": [[i, *run["figures"][each.key]["real_time"][:3]] for i, run in enumerate(runs)
                      if "real_time" in run["figures"].get(each.key, {})],
            "percentiles": sorted(percentiles.get(each.key, {}).items(),
                                  key=lambda item: PERCENTILES.index(item[0])),
            "curve": curve_of.get(each.key, -1),
        } for each in figures.benchmarks],
        "curves": curves,
        "ratios": [[c.ours.key, round(c.ratio, 4), c.best.name.subject] for c in figures.contests],
    }


def page(results, site_title, current, runs, figures):
    shown = figures.run
    if shown is None:
        return frame("performance.html", "Performance", site_title, tag(
            "p", "There are no benchmarks here: --benchmark_out=FILE --benchmark_out_format=json"
                 " makes a report."))
    ratios = {contest.ours.key: contest.ratio for contest in figures.contests}
    note = None if shown is current else tag(
        "p", f"These results have no benchmarks; the figures are those of {shown['when']}.")
    panel = tag(
        "section", tag("h2", "Charts", id="charts"), tag("p", id="charts-of"),
        chart("trend", "Over time: median with its range"),
        chart("scaling", "Along how many take part"),
        chart("percentiles", "Latency by percentile"),
        tag("p", "Neither a history nor a curve is there of this one.", id="charts-none",
            hidden=True),
        id="panel", hidden=True, aria_labelledby="charts", tabindex="-1")
    return frame(
        "performance.html", "Performance", site_title, note,
        tag("p", named(shown["machine"]), ", ", tag("time", shown["when"])),
        _contests(figures.contests), _goals(goals_in(shown["figures"])), panel, _figures(figures.benchmarks, ratios, runs, shown),
        Data("data", _data(figures, runs, results.reports)),
        scripts=("chart.js", "site.js"))
