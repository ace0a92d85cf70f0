"""OpenMetrics text, which Prometheus' textfile collector reads too.

Thread safety: pure functions.
Invariants:    (I1) all are gauges: a run's counts are of that run, and the next one's may be less.
               (I2) no timestamps; times are in seconds; a family stands together, and ends in "# EOF".
"""

from benchmarks.formats.figures import figures_of
from benchmarks.formats.junit import executions_of


def _label_value(text):
    text = str(text).encode("utf-8", errors="replace").decode("utf-8")
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _labels(labels):
    return "{" + ",".join(f'{key}="{_label_value(value)}"' for key, value in labels) + "}"


class _Families:
    def __init__(self):
        self.lines = []

    def add(self, name, unit, what, samples):
        """`samples` are (labels, value); a family without any is left out."""
        if not samples:
            return
        self.lines.append(f"# TYPE {name} gauge")
        if unit:
            self.lines.append(f"# UNIT {name} {unit}")
        self.lines.append(f"# HELP {name} {what}")
        self.lines += [f"{name}{_labels(labels)} {float(value)!r}" for labels, value in samples]


def _statistics(figures, factor=1.0):
    samples = []
    for figure in figures:
        for statistic, value in (("min", min(figure.values)), ("median", figure.median),
                                 ("max", max(figure.values))):
            labels = [("program", figure.program), ("benchmark", figure.benchmark),
                      ("statistic", statistic)]
            samples.append((labels, factor * value))
    return samples


def _counted(items):
    counts = {}
    for labels, amount in items:
        counts[labels] = counts.get(labels, 0) + amount
    return sorted(counts.items())


def openmetrics(results):
    families = _Families()
    mode_of = results.mode_finder()
    figures = figures_of(results.reports)
    families.add("weft_benchmark_seconds", "seconds", "Wall time of an iteration.",
                 _statistics([f for f in figures if f.name == "real_time"], 1e-9))
    families.add("weft_benchmark_items_per_second", "", "Items that a benchmark did in a second.",
                 _statistics([f for f in figures if f.name == "items_per_second"]))
    families.add("weft_targets", "", "Test targets of the build by their verdict.",
                 _counted(((("outcome", t.outcome),), 1) for t in results.targets.values()))
    families.add("weft_tests", "", "Test cases by mode and outcome.", _counted(
        ((("mode", mode_of(c.target)), ("outcome", c.outcome)), 1) for c in results.cases))
    checks = [(case, check) for case in results.cases for check in case.checks]
    families.add("weft_checks", "", "Checks of a body by mode and verdict.", _counted(
        ((("mode", mode_of(case.target)), ("verdict", check["verdict"])), 1)
        for case, check in checks))
    families.add("weft_executions", "", "Executions of checked bodies.", _counted(
        ((("mode", mode_of(case.target)),), executions_of(check))
        for case, check in checks if executions_of(check) is not None))
    families.add("weft_findings", "", "Findings of the explorer; a control is to find its own.",
                 _counted(((("kind", f.kind), ("expected", "true" if f.expected else "false")), 1)
                          for f in results.findings))
    return "\n".join(families.lines + ["# EOF"]) + "\n"
