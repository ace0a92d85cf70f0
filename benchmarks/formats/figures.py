"""Repetitions of benchmarks as figures: a median with its range, under a key that lasts.

Thread safety: pure functions.
Invariants:    (I1) a key is the same in each run of one program: a collector of trends joins by it.
               (I2) no two figures of one set have the same key.
"""

import statistics
from dataclasses import dataclass


def is_rate(name):
    """Of a rate more is better; of all other figures, less."""
    return name.endswith("_per_second")


@dataclass
class Figure:
    benchmark: str
    program: str
    name: str  # real_time, cpu_time, items_per_second, or a counter
    unit: str
    values: list
    threads: int = 1

    @property
    def median(self):
        return statistics.median(self.values)

    @property
    def more_is_better(self):
        return is_rate(self.name)


# What the names of counters say of their units.
_UNITS = (("_per_second", "/s"), ("_ns", "ns"), ("_us", "us"), ("_ms", "ms"), ("_bytes", "B"))


def unit_of(name):
    if name in ("real_time", "cpu_time"):
        return "ns"
    return next((unit for suffix, unit in _UNITS if name.endswith(suffix)), "")


def figures_of(reports):
    """All figures, by benchmark and name. A program's reports are repetitions of each other."""
    values, threads = {}, {}
    for report in reports:
        for row in report.rows:
            threads[row.program, row.name] = row.threads
            for name in ("real_time", "cpu_time", *row.counters):
                values.setdefault((row.program, row.name, name), []).append(row.figure(name))
    return [
        Figure(benchmark, program, name, unit_of(name), sample, threads[program, benchmark])
        for (program, benchmark, name), sample in values.items()
    ]


def keys_of(figures):
    """{(program, benchmark): key}: the benchmark's name; with its program where two have it."""
    programs = {}
    for figure in figures:
        programs.setdefault(figure.benchmark, set()).add(figure.program)
    return {
        (figure.program, figure.benchmark): figure.benchmark
        if len(programs[figure.benchmark]) == 1 else f"{figure.program}: {figure.benchmark}"
        for figure in figures
    }
