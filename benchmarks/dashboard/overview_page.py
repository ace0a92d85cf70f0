"""The first page: what is wrong, what was done, and how it went over time.

Thread safety: pure functions.
"""

import collections

from benchmarks.dashboard.markup import Data, named, tag
from benchmarks.dashboard.page import (Column, Row, amount, chart, frame, section, table, tiles)
from benchmarks.dashboard.performance_page import AHEAD, RUNS_MAX

# A run of all the benchmarks has one for each family, if others took much of the machine.
WARNINGS_MAX = 5

FACTS = ("cpu", "processors", "num_cpus", "processor_quota", "virtual_machine", "smt", "governor",
         "kernel", "compiler", "build", "library_build_type", "host_name")


def _tiles(results, targets, contests):
    counts = collections.Counter(case.outcome for case in results.cases)
    failed_targets = sum(target.outcome == "failed" for target in targets.values())
    open_findings = len(results.open_findings)
    executions = sum(case.executions for case in results.cases)
    failed = counts["failed"] + counts["error"]
    items = [
        (amount(failed_targets), "targets failed", "bad" if failed_targets else "good"),
        (amount(failed), "tests failed", "bad" if failed else "good"),
        (amount(counts["passed"]), "tests passed", ""),
        (amount(counts["skipped"]), "skipped", ""),
        (amount(executions), "executions", ""),
        (amount(open_findings), "open findings", "bad" if open_findings else "good"),
    ]
    if contests:
        ahead = sum(contest.outcome == AHEAD for contest in contests)
        items.append((f"{ahead}/{len(contests)}", "benchmarks ahead of the best peer", ""))
    return tiles(*items)


def _problems(problems):
    if not problems:
        return None
    return section("problems", "What could not be read", tag(
        "ul", [tag("li", named(problem)) for problem in problems[:100]], class_="problems"),
        tag("p", f"... and {len(problems) - 100} more.") if len(problems) > 100 else None)


def _machine(results):
    facts, warnings = collections.defaultdict(set), set()
    for report in results.reports:
        warnings.update(report.warnings)
        for key in FACTS:
            if key in report.context:
                facts[key].add(str(report.context[key]))
    if not facts:
        return None
    rows = [Row(key.replace("_", " "), named(" and ".join(sorted(facts[key]))))
            for key in FACTS if key in facts]
    more = len(warnings) - WARNINGS_MAX
    return section("machine", "The machine of the benchmarks", [
        tag("p", "Do not trust the figures: ", named(warning), ".", class_="warning")
        for warning in sorted(warnings)[:WARNINGS_MAX]],
        tag("p", f"... and {more} more reasons.", class_="warning") if more > 0 else None, table("machine-table", "Facts that figures depend on",
                                                [Column("fact"), Column("value")], rows))


def _tests_of(run, *outcomes):
    """How many tests of a run of the history had one of these outcomes."""
    return sum(counts.get(outcome, 0) for counts in run.get("tests", {}).values()
               for outcome in outcomes)


def _executions_of(run):
    return sum(run.get("executions", {}).values())


def _history(runs):
    if not runs:
        return section("history", "History", tag(
            "p", "There is none yet: ", tag("code", "--history=FILE"), " begins one."))
    rows = []
    for run in reversed(runs[-RUNS_MAX:]):
        failed = _tests_of(run, "failed", "error")
        rows.append(Row(
            tag("time", run["when"]), named(str(run.get("commit", ""))[:12]), named(run["machine"]),
            (amount(failed), failed), amount(_tests_of(run, "passed")),
            amount(_executions_of(run)), str(run.get("findings", "")),
            str(len(run.get("figures", {}))), status="failed" if failed else "passed"))
    return section("history", "History", chart("failed", "Tests failed, and findings, by run"),
                   chart("executions", "Executions by run"), table(
        "run-table", "Runs, the latest first",
        [Column("when"), Column("commit"), Column("machine"), Column("failed", True),
         Column("passed", True), Column("executions", True), Column("findings", True),
         Column("benchmarks", True)], rows, ("failed", "passed")))


def _data(runs):
    return {"runs": [{
        "when": run["when"], "commit": str(run.get("commit", "")), "machine": run["machine"],
        "failed": _tests_of(run, "failed", "error"), "findings": run.get("findings", 0),
        "executions": _executions_of(run)} for run in runs[-RUNS_MAX:]]}


def page(results, site_title, current, runs, targets, contests, problems):
    return frame(
        "index.html", "Overview", site_title,
        tag("p", "Results of ", tag("time", current["when"]), " ",
            [" at ", named(str(current["commit"])[:40])] if current.get("commit") else None),
        _tiles(results, targets, contests), _problems(problems), _history(runs), _machine(results),
        Data("data", _data(runs)), scripts=("chart.js", "site.js"))
