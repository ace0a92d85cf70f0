"""Reads the reports of Google Benchmark: JSON files, or folders of them.

Thread safety: pure functions.
Invariants:    (I1) a Row is one repetition of one benchmark: aggregates are no rows, and neither is
                   a benchmark that reported an error, which is listed by itself.
               (I2) times are in nanoseconds, whatever the report's unit.
"""

import math
import os
from dataclasses import dataclass, field

from benchmarks.formats import strict_json
from benchmarks.formats.errors import InputError

_NANOSECONDS = {"ns": 1.0, "us": 1e3, "ms": 1e6, "s": 1e9}

# Fields of a repetition that are no figures of it, or have a place of their own in a Row; what else
# is a number is a counter.
_NO_COUNTERS = {
    "family_index", "per_family_instance_index", "repetitions", "repetition_index", "threads",
    "iterations", "real_time", "cpu_time",
}


@dataclass
class Row:
    name: str
    program: str
    real_time_ns: float
    cpu_time_ns: float
    threads: int
    # items_per_second, bytes_per_second and the benchmark's own counters.
    counters: dict = field(default_factory=dict)

    def figure(self, name):
        """The figure of that name, or None."""
        if name in ("real_time", "cpu_time"):
            return getattr(self, name + "_ns")
        return self.counters.get(name)


@dataclass
class Report:
    path: str
    context: dict
    rows: list
    errors: list  # (benchmark, message)

    @property
    def program(self):
        return program_of(self.context)

    @property
    def warnings(self):
        """Why the machine doubts its figures: what benchmarks/machine notes."""
        return [str(value) for key, value in sorted(self.context.items())
                if key.startswith("warning_")]


def program_of(context):
    """The program's name, without the suffix of the target that a wrapper builds."""
    name = os.path.basename(str(context.get("executable", "")))
    return name[: -len("_raw_")] if name.endswith("_raw_") else name


def is_report(document):
    """Whether this JSON is of Google Benchmark."""
    return (
        isinstance(document, dict)
        and isinstance(document.get("benchmarks"), list)
        and isinstance(document.get("context"), dict)
    )


def _nanoseconds(entry, key, unit, path):
    value = entry.get(key)
    if not strict_json.is_number(value):
        raise InputError(f"{path}: {entry.get('name')!r} has no number in {key!r}, but {value!r}")
    if not math.isfinite(value * unit):
        raise InputError(f"{path}: {entry.get('name')!r} has a number too large in {key!r}: {value!r}")
    return value * unit


def _row(entry, program, path):
    unit = _NANOSECONDS.get(str(entry.get("time_unit", "ns")))
    if unit is None:
        raise InputError(f"{path}: {entry.get('name')!r} has the time unit {entry['time_unit']!r}")
    threads = entry.get("threads", 1)
    counters = {
        key: float(value)
        for key, value in entry.items()
        if strict_json.is_number(value) and key not in _NO_COUNTERS
    }
    return Row(
        name=str(entry.get("run_name") or entry.get("name")),
        program=program,
        real_time_ns=_nanoseconds(entry, "real_time", unit, path),
        cpu_time_ns=_nanoseconds(entry, "cpu_time", unit, path),
        threads=threads if isinstance(threads, int) else 1,
        counters=counters,
    )


def report_of(document, path):
    """The report in this JSON; `path` is for messages. Raises InputError if it is none."""
    if not is_report(document):
        raise InputError(
            f"{path}: this is no report of Google Benchmark, which has a \"context\" and"
            " \"benchmarks\"; make one with --benchmark_out=FILE --benchmark_out_format=json"
        )
    rows, errors = [], []
    program = program_of(document["context"])
    for entry in document["benchmarks"]:
        if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
            raise InputError(f"{path}: an entry of \"benchmarks\" has no name")
        # The two spellings of a failed benchmark: before and since release 1.8.
        if entry.get("error_occurred") or entry.get("skipped"):
            errors.append((entry["name"], str(entry.get("error_message", ""))))
        elif entry.get("run_type", "iteration") == "iteration":
            rows.append(_row(entry, program, path))
    return Report(path=path, context=document["context"], rows=rows, errors=errors)


def read(path):
    """The reports in a file, or in all files of a folder that are some; never an empty list."""
    if not os.path.isdir(path):
        return [report_of(strict_json.document_in(path), path)]
    reports = []
    for folder, folders, files in os.walk(path):
        folders.sort()
        for name in sorted(files):
            if not name.endswith(".json") or name.endswith(".finding.json"):
                continue
            document = strict_json.document_in(os.path.join(folder, name))
            if is_report(document):
                reports.append(report_of(document, os.path.join(folder, name)))
    if not reports:
        raise InputError(f"{path}: no report of Google Benchmark is in this folder")
    return reports
