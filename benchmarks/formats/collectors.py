"""What collectors of benchmark figures read: github-action-benchmark and Bencher.

Thread safety: pure functions.
Invariants:    (I1) an entry is one benchmark: repetitions are its median, aggregates and failed
                   benchmarks are left out, as a collector would draw them as times.
"""

import json

from benchmarks.formats.errors import InputError
from benchmarks.formats.figures import figures_of, keys_of
from benchmarks.formats.google_benchmark import program_of

# Bencher's own measures, with its units: nanoseconds, and operations a second.
_BENCHER_MEASURES = {"real_time": "latency", "items_per_second": "throughput"}
_BENCHER_NAME_MAX = 1024
_BENCHER_MEASURE_MAX = 64


def _text(document):
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def googlecpp(reports):
    """For github-action-benchmark's tool `googlecpp`: one report, one entry a benchmark."""
    figures = figures_of(reports)
    keys = keys_of(figures)
    entries = {}
    for figure in figures:
        key = keys[figure.program, figure.benchmark]
        entry = entries.setdefault(key, {
            "name": key, "run_name": key, "run_type": "iteration", "repetitions": 1,
            "repetition_index": 0, "threads": figure.threads, "iterations": 1,
            "real_time": 0.0, "cpu_time": 0.0, "time_unit": "ns",
        })
        entry[figure.name] = figure.median
    context = dict(reports[0].context) if reports else {}
    context["executable"] = ", ".join(sorted({program_of(r.context) for r in reports}))
    return _text({"context": context, "benchmarks": [entries[key] for key in sorted(entries)]})


def _range(half):
    # The action sees no number in a single character, and would not convert it with its value.
    text = f"{half:.4g}"
    return f"± {text if len(text) > 1 else text + '.0'}"


def _custom(reports, more_is_better):
    figures = figures_of(reports)
    keys = keys_of(figures)
    entries = []
    for figure in figures:
        if figure.more_is_better != more_is_better or not figure.unit or figure.name == "cpu_time":
            continue
        entries.append({
            "name": f"{keys[figure.program, figure.benchmark]} {figure.name}",
            "unit": figure.unit,
            "value": figure.median,
            "range": _range((max(figure.values) - min(figure.values)) / 2),
            "extra": f"n={len(figure.values)}, min={min(figure.values):.6g},"
                     f" max={max(figure.values):.6g}",
        })
    return sorted(entries, key=lambda entry: entry["name"])


def custom_smaller_is_better(reports, cases, open_findings):
    """Times, and what is wrong: failed tests and findings that no control was to find."""
    entries = _custom(reports, more_is_better=False)
    if cases:
        entries.append({"name": "tests that failed", "unit": "tests",
                        "value": sum(case.outcome in ("failed", "error") for case in cases),
                        "extra": f"of {len(cases)}"})
        entries.append({"name": "findings", "unit": "findings",
                        "value": len(open_findings)})
    return _text(entries)


def custom_bigger_is_better(reports):
    return _text(_custom(reports, more_is_better=True))


def bencher(reports):
    """Bencher Metric Format, for `bencher run --adapter json --file FILE`."""
    figures = figures_of(reports)
    keys = keys_of(figures)
    document = {}
    for figure in figures:
        measure = _BENCHER_MEASURES.get(figure.name, figure.name)
        key = keys[figure.program, figure.benchmark]
        if figure.name == "cpu_time":
            continue
        if not key or len(key) > _BENCHER_NAME_MAX or len(measure) > _BENCHER_MEASURE_MAX:
            raise InputError(f"Bencher takes names of 1 to {_BENCHER_NAME_MAX} characters, and"
                             f" measures of at most {_BENCHER_MEASURE_MAX}: {key[:60]!r} {measure!r}")
        document.setdefault(key, {})[measure] = {
            "value": figure.median,
            "lower_value": min(figure.values),
            "upper_value": max(figure.values),
        }
    return _text(document)
