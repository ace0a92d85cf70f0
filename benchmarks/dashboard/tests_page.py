"""Tests by mode, what sanitizers said, the verdicts of checks, and the findings.

Thread safety: pure functions.
"""

import collections

from benchmarks.dashboard.markup import named, tag
from benchmarks.dashboard.page import Column, Row, amount, frame, mark, section, table
from benchmarks.formats.junit import executions_of
from benchmarks.formats.modes import ASAN, EXPLORE, MODES, PLAIN, STRESS, TSAN

BAD = ("failed", "error")
# Of a failure's message so much is shown.
MESSAGE_MAX = 4000


def family_of(label, mode):
    suffix = "_" + mode
    return label[: -len(suffix)] if label.endswith(suffix) else label


class _Target:
    def __init__(self):
        self.counts = collections.Counter()
        self.seconds = 0.0
        self.executions = 0
        self.build = None  # of the build events

    @property
    def outcome(self):
        if any(self.counts[o] for o in BAD) or (self.build and self.build.outcome == "failed"):
            return "failed"
        if self.counts["passed"] or (self.build and self.build.outcome == "passed"):
            return "passed"
        return "skipped"

    def shown(self):
        parts = [f"{amount(self.counts[o])} {o}" for o in ("failed", "error", "passed", "skipped")
                 if self.counts[o]]
        if not parts and self.build:
            parts = [self.build.status.lower().replace("_", " ")]
        if self.executions:
            parts.append(f"{amount(self.executions)} executions")
        return [mark(self.outcome), " ", tag("span", ", ".join(parts), class_="soft")]


def targets_of(results):
    """{label: what it did}"""
    targets = collections.defaultdict(_Target)
    for case in results.cases:
        target = targets[case.target]
        target.counts[case.outcome] += 1
        target.seconds += case.seconds
        target.executions += case.executions
    for label, build in results.targets.items():
        targets[label].build = build
    return targets


def _targets(targets, mode_of):
    families = collections.defaultdict(dict)
    for label in targets:
        mode = mode_of(label)
        families[family_of(label, mode)][mode] = targets[label]
    modes = [mode for mode in MODES if any(mode in family for family in families.values())]
    rows = []
    for name in sorted(families):
        family = families[name]
        outcomes = {target.outcome for target in family.values()}
        status = next(o for o in ("failed", "passed", "skipped") if o in outcomes)
        rows.append(Row(named(name), *[family[m].shown() if m in family else "" for m in modes],
                        status=status))
    rows.sort(key=lambda row: row.status != "failed")
    return section("targets", "Targets", table(
        "target-table", "Test targets by mode", [Column("target")] + [Column(m) for m in modes],
        rows, ("failed", "passed", "skipped")))


def _sanitizers(targets, mode_of):
    what = {TSAN: "ThreadSanitizer: data races, on real threads",
            ASAN: "AddressSanitizer, LeakSanitizer, UndefinedBehaviorSanitizer",
            STRESS: "none: real threads, optimised",
            EXPLORE: "the explorer: its own detectors of races, leaks and freed memory",
            PLAIN: "none: tests of one thread, and of tools"}
    rows = []
    for mode in (TSAN, ASAN, EXPLORE, STRESS, PLAIN):
        those = [t for label, t in targets.items() if mode_of(label) == mode]
        if not those:
            continue
        counts = sum((t.counts for t in those), collections.Counter())
        failed = sum(t.outcome == "failed" for t in those)
        rows.append(Row(mode, what[mode], mark("failed", f"{failed} failed") if failed
                        else mark("passed", "clean"), amount(len(those)), amount(counts["passed"]),
                        amount(counts["failed"] + counts["error"]), amount(counts["skipped"]),
                        amount(sum(t.executions for t in those))))
    return section("sanitizers", "Sanitizers and modes", table(
        "sanitizer-table", "What each mode watched, and what it said",
        [Column("mode"), Column("watched by"), Column("status"), Column("targets", True),
         Column("tests passed", True), Column("failed", True), Column("skipped", True),
         Column("executions", True)], rows))


def _failures(results, mode_of):
    rows = []
    for case in results.cases:
        if case.outcome not in BAD:
            continue
        message = case.message or case.output or "no message"
        # GoogleTest's first line is the place.
        first = " ".join(message.strip().split("\n")[:3])[:160]
        cut = message[:MESSAGE_MAX] + ("\n..." if len(message) > MESSAGE_MAX else "")
        seeds = ", ".join(check["seed"] for check in case.checks if "seed" in check)
        rows.append(Row(named(case.test), mode_of(case.target), mark(case.outcome),
                        tag("details", tag("summary", named(first)), tag("pre", cut)),
                        named(case.target), named(seeds), status=case.outcome))
    if not rows:
        return section("failures", "Failures", tag("p", "No test failed."))
    return section("failures", "Failures", table(
        "failure-table", "Tests that failed", [Column("test"), Column("mode"), Column("outcome"),
        Column("what it said", wide=True), Column("target"), Column("seed")], rows, BAD))


def findings(results, files):
    """`files` tells the page of each finding, by its place in the list."""
    if not results.findings:
        return section("findings", "Findings", tag("p", "The explorer left no finding here."))
    rows = []
    for index, finding in enumerate(results.findings):
        status = "control" if finding.expected else "open"
        rows.append(Row(
            tag("a", named(finding.test or "?"), href=files[index]), named(finding.kind),
            mark("soft" if finding.expected else "failed", status), named(finding.sentence[:300]),
            tag("details", tag("summary", "repeat"), tag("pre", finding.replay or "no line")),
            named(finding.target), status=status))
    rows.sort(key=lambda row: row.status != "open")
    return section("findings", "Findings", tag(
        "p", "A control is a bug that a test is to find: that test passed."), table(
        "finding-table", "Findings of the explorer",
        [Column("test"), Column("kind"), Column("is"), Column("what", wide=True), Column("replay"),
         Column("target")], rows, ("open", "control")))


def _verdict_of(check):
    words = [check["verdict"]]
    if executions_of(check) is not None:
        words.append(f"{amount(executions_of(check))} executions")
    if check.get("kind"):
        words.append(check["kind"])
    return [mark(check["verdict"] if check["verdict"] == "holds" else "soft", words[0]), " ",
            tag("span", ", ".join(words[1:]), class_="soft", title=check.get("bounds"))]


def _checks(results, mode_of):
    tests = collections.defaultdict(dict)
    for case in results.cases:
        for number, check in enumerate(case.checks, 1):
            name = case.test + (f"#{number}" if number > 1 else "")
            mode = mode_of(case.target)
            tests[family_of(case.target, mode), name].setdefault(mode, check)
    if not tests:
        return section("checks", "Checks", tag("p", "No test recorded a verdict."))
    modes = [m for m in MODES if any(m in checks for checks in tests.values())]
    rows = []
    for family, name in sorted(tests):
        checks = tests[family, name]
        verdicts = {check["verdict"] for check in checks.values()}
        status = next((v for v in ("violated", "holds", "undecided") if v in verdicts), "other")
        rows.append(Row(named(name), *[_verdict_of(checks[m]) if m in checks else ""
                                       for m in modes], named(family), status=status))
    return section("checks", "Checks", tag(
        "p", "Real threads never say that a property holds: undecided means that so many executions"
        " did not violate it. A violation in a test that passed was asked for."), table(
        "check-table", "Verdicts of checked bodies by mode",
        [Column("test")] + [Column(m) for m in modes] + [Column("target")], rows,
        ("violated", "holds", "undecided")))


def page(results, site_title, targets, finding_files):
    mode_of = results.mode_finder()
    if not targets:
        return frame("tests.html", "Tests", site_title,
                     tag("p", "There are no test results."), findings(results, finding_files))
    return frame("tests.html", "Tests", site_title, _sanitizers(targets, mode_of),
                 _failures(results, mode_of), findings(results, finding_files),
                 _targets(targets, mode_of), _checks(results, mode_of))
