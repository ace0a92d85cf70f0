"""Two sets of reports, benchmark by benchmark: what became slower, faster, or cannot be told.

Thread safety: pure functions.
Invariants:    (I1) if nothing changed, the chance that any benchmark of the comparison is called a
                   regression or an improvement is at most `alpha`: Holm's procedure (S. Holm, "A
                   simple sequentially rejective multiple test procedure", Scandinavian Journal of
                   Statistics 6, 1979, pages 65 to 70) over the U tests of all benchmarks.
               (I2) a change below the minimum effect is none, however certain.
               (I3) samples that could not show any change are refused, not called unchanged.
"""

import statistics
from dataclasses import dataclass, field

from benchmarks.formats.errors import InputError
from benchmarks.formats.figures import figures_of
from benchmarks.formats.strict_json import is_number
from benchmarks.statistics.intervals import RESAMPLES, ratio_interval
from benchmarks.statistics.rank_sum import least_p, u_test

REGRESSION = "regression"
IMPROVEMENT = "improvement"
UNCHANGED = "unchanged"

# Facts of a report's context that make figures of two machines differ.
MACHINE_FACTS = (
    "cpu", "num_cpus", "processors", "processor_quota", "mhz_per_cpu", "virtual_machine", "smt",
    "governor", "cpu_scaling_enabled", "kernel", "compiler", "build", "library_build_type",
    "host_name",
)


@dataclass
class Settings:
    alpha: float = 0.05
    effect: float = 0.05  # at least so much of the base's median
    confidence: float = 0.95
    resamples: int = RESAMPLES  # for the interval
    figure: str = "real_time"
    more_is_better: bool = False
    only: str = ""  # benchmarks whose names contain it


@dataclass
class Change:
    name: str
    base: list
    new: list
    u: float
    p: float
    low: float
    high: float
    adjusted_p: float = 1.0
    verdict: str = UNCHANGED

    @property
    def ratio(self):
        return statistics.median(self.new) / statistics.median(self.base)


@dataclass
class Comparison:
    settings: Settings
    changes: list
    only_in_base: list
    only_in_new: list
    doubts: list = field(default_factory=list)  # sentences
    unequal: list = field(default_factory=list)  # (fact, base's values, new's values)

    def of(self, verdict):
        return [change for change in self.changes if change.verdict == verdict]


def _samples(reports, figure, only):
    """{name: {program: values}}"""
    samples = {}
    for each in figures_of(reports):
        if each.name == figure and only in each.benchmark:
            samples.setdefault(each.benchmark, {})[each.program] = each.values
    return samples


def _keyed(base, new):
    """The same as two {label: values}; the program is part of a label where a name needs it."""
    def is_ambiguous(name):
        return any(len(side.get(name, {})) > 1 for side in (base, new))

    def labelled(side):
        values = {}
        for name, programs in side.items():
            for program, sample in programs.items():
                values[f"{program}: {name}" if is_ambiguous(name) else name] = sample
        return values

    return labelled(base), labelled(new)


def _is_one_frequency(values):
    """It is that of the moment; a few per cent are no other machine."""
    return all(map(is_number, values)) and max(values) <= 1.05 * min(values)


def _unequal_facts(base, new):
    """Facts of the machines that are not the same in all reports of both."""
    unequal = []
    for fact in MACHINE_FACTS:
        values = [[r.context[fact] for r in side if fact in r.context] for side in (base, new)]
        if fact == "mhz_per_cpu" and all(values) and _is_one_frequency(values[0] + values[1]):
            continue
        sides = [sorted(set(map(str, side))) for side in values]
        if sides[0] != sides[1] or len(sides[0]) > 1:
            unequal.append((fact, sides[0], sides[1]))
    return unequal


def _doubts(base, new):
    doubts = []
    for side, reports in (("base", base), ("new", new)):
        for report in reports:
            doubts += [f"{side}, {report.program}: {warning}" for warning in report.warnings]
            if str(report.context.get("library_build_type", "")) == "debug":
                doubts.append(f"{side}, {report.program}: Google Benchmark is a debug build")
            for name, message in report.errors:
                doubts.append(f"{side}: {name} failed: {message}")
    return doubts


def _refuse_small(samples, alpha):
    """Raises unless each benchmark alone could still be told after the correction for all."""
    bound = alpha / len(samples)
    small = [each for each in samples if least_p(len(each[1]), len(each[2])) > bound]
    if not small:
        return
    name, base, new = small[0]
    wanted = next(n for n in range(2, 1000) if least_p(n, n) <= bound)
    raise InputError(
        f"too few repetitions: {len(small)} of {len(samples)} benchmarks could not show any change,"
        f" as {name!r} with {len(base)} in the base and {len(new)} in the new. To compare"
        f" {len(samples)} at alpha {alpha:g}, run both with --benchmark_repetitions={wanted}"
        " or more (10 or more see small changes) and"
        " --benchmark_enable_random_interleaving=true, or compare fewer with --only=TEXT"
    )


def _adjust(changes):
    """Sets adjusted_p by Holm's procedure."""
    largest = 0.0
    for index, change in enumerate(sorted(changes, key=lambda each: each.p)):
        largest = max(largest, min(1.0, change.p * (len(changes) - index)))
        change.adjusted_p = largest


def _verdict(change, settings):
    certain = change.adjusted_p <= settings.alpha and not change.low <= 1 <= change.high
    if not certain or abs(change.ratio - 1) < settings.effect:
        return UNCHANGED
    worse = (change.ratio < 1) if settings.more_is_better else (change.ratio > 1)
    return REGRESSION if worse else IMPROVEMENT


def compare(base_reports, new_reports, settings):
    """Raises InputError where there is nothing to compare or no change could be told."""
    base, new = _keyed(
        _samples(base_reports, settings.figure, settings.only),
        _samples(new_reports, settings.figure, settings.only),
    )
    both = [(name, base[name], new[name]) for name in sorted(base) if name in new]
    if not both:
        raise InputError(
            f"no benchmark has the figure {settings.figure!r} in both; the base has"
            f" {len(base)} with it, the new {len(new)}"
        )
    for name, values, others in both:
        if min(values) <= 0 or min(others) <= 0:
            raise InputError(f"{name}: {settings.figure} is not above 0, so ratios mean nothing")
    _refuse_small(both, settings.alpha)
    changes = []
    for name, values, others in both:
        u, p = u_test(values, others)
        low, high = ratio_interval(values, others, settings.confidence,
                                   resamples=settings.resamples)
        changes.append(Change(name, values, others, u, p, low, high))
    _adjust(changes)
    for change in changes:
        change.verdict = _verdict(change, settings)
    return Comparison(
        settings=settings,
        changes=changes,
        only_in_base=sorted(set(base) - set(new)),
        only_in_new=sorted(set(new) - set(base)),
        doubts=_doubts(base_reports, new_reports),
        unequal=_unequal_facts(base_reports, new_reports),
    )
