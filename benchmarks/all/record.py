"""The figures of a run as one dated document: what summary.json and benchmarks/results hold.

    weft_results  1, the format
    when          as 2026-01-31T12:00:00Z, the end of the run
    commit        what was measured, as --commit said; or empty
    machine       its facts, by name; peers: {name: "present" or "absent"}
    doubts        sentences, each a reason not to trust the figures; empty on a quiet machine
    run           {"min_time_s", "rounds", "others_share"}
    families      {name: {"title", "rounds", "others_share", "problems", "benchmarks": [...]}}
    benchmark     {"name", "figure", "unit", "median", "min", "max", "n"} and, of ours with a peer,
                  "best" (the peer's benchmark), "best_median", "best_min", "best_max", "ratio" (null:
                  the peer's cost is nothing), "outcome" (ahead, level, behind, undecided);
                  "also": {figure: median} of others that goals ask for, if it has any
Thread safety: pure functions.
Invariants:    (I1) figures have six digits: a document's text is a few bytes a figure, and the same
                    document gives the same text.
"""

import collections
import datetime
import json
import re

from benchmarks.all.families import FAMILIES
from benchmarks.all.interference import DISTURBED, TAKEN
from benchmarks.formats import strict_json
from benchmarks.formats.contests import AHEAD, BEHIND, LEVEL, UNDECIDED, contests_of, main_figures
from benchmarks.formats.errors import InputError
from benchmarks.formats.figures import figures_of
from benchmarks.goals.reached import asked_of

FORMAT = 1
FACTS = ("cpu", "processors", "processor_quota", "virtual_machine", "smt", "governor", "kernel",
         "compiler", "build", "load")
OUTCOMES = (AHEAD, LEVEL, BEHIND, UNDECIDED)


def _digits(value):
    return None if value is None else float(f"{value:.6g}")


def _span(figure, prefix=""):
    return {prefix + name: _digits(value) for name, value in (
        ("median", figure.median), ("min", min(figure.values)), ("max", max(figure.values)))}


def _family(outcome):
    benchmarks = []
    if outcome.report:
        figures = figures_of([outcome.report])
        contests = {each.ours.benchmark: each for each in contests_of(figures)}
        asked, medians = asked_of(outcome.family.name), collections.defaultdict(dict)
        for figure in figures:
            if figure.name in asked[figure.benchmark]:
                medians[figure.benchmark][figure.name] = _digits(figure.median)
        for figure in main_figures(figures):
            entry = {"name": figure.benchmark, "figure": figure.name, "unit": figure.unit,
                     **_span(figure), "n": len(figure.values)}
            also = {name: median for name, median in medians[figure.benchmark].items()
                    if name != figure.name}
            if also:
                entry["also"] = also
            contest = contests.get(figure.benchmark)
            if contest:
                entry.update(best=contest.best.benchmark, **_span(contest.best, "best_"),
                             ratio=_digits(contest.ratio), outcome=contest.outcome)
            benchmarks.append(entry)
    return {"title": outcome.family.title, "rounds": outcome.rounds,
            "others_share": _digits(outcome.share_of_others), "problems": outcome.problems,
            "benchmarks": benchmarks}


def _peers(reports):
    """What any program says of each: a peer that one program does not use is not absent."""
    return {key[len("peer_"):]: str(value) for report in reports
            for key, value in sorted(report.context.items()) if key.startswith("peer_")}


def _names(some, outcomes):
    measured = [o for o in outcomes if o.whole_s]  # a table of an earlier run has no share
    return "every family" if len(some) == len(measured) else ", ".join(o.family.name for o in some)


def _doubts(outcomes, reports, share):
    doubts = []
    disturbed = [o for o in outcomes if o.is_disturbed]
    if share is None:
        doubts.append("what other processes took is unknown here")
    elif disturbed:
        doubts.append(f"others took {100 * share:.0f} % of the processor time, and more than"
                      f" {100 * DISTURBED:.0f} % in {_names(disturbed, outcomes)}")
    for report in reports:
        # A report says what others took while its family was measured.
        doubts += [text for text in report.warnings
                   if text not in doubts and not text.startswith(TAKEN)]
    repeated = [o for o in outcomes if not o.family.is_bug_table]
    few = [o for o in repeated if 0 < o.rounds < 5]
    if few:
        doubts.append("fewer than five repetitions, which decide nothing, in "
                      + _names(few, repeated))
    return doubts


def record_of(outcomes, min_time, commit, now):
    reports = [o.report for o in outcomes if o.report]
    known = [o for o in outcomes if o.whole_s and o.others_s is not None]
    whole = sum(o.whole_s for o in known)
    share = sum(o.others_s for o in known) / whole if whole else None
    context = reports[0].context if reports else {}
    return {
        "weft_results": FORMAT,
        "when": now.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "commit": commit,
        "machine": {fact: str(context.get(fact, "unknown")) for fact in FACTS},
        "peers": _peers(reports),
        "doubts": _doubts(outcomes, reports, share),
        "run": {"min_time_s": min_time, "rounds": max((o.rounds for o in outcomes), default=0),
                "others_share": _digits(share)},
        "families": {o.family.name: _family(o) for o in outcomes if o.rounds or o.problems},
    }


def text_of(record):
    """JSON, a benchmark a line, so that two of them can be compared."""
    families = {name: dict(family, benchmarks=[f"\0{name}\0{i}" for i in range(
        len(family["benchmarks"]))]) for name, family in record["families"].items()}
    text = json.dumps(dict(record, families=families), indent=1, allow_nan=False)

    def line(match):
        entry = record["families"][match[1]]["benchmarks"][int(match[2])]
        return json.dumps(entry, allow_nan=False)

    return re.sub(r'"\\u0000([^"\\]*)\\u0000(\d+)"', line, text) + "\n"


def _require(condition, path, sentence):
    if not condition:
        raise InputError(f"{path}: {sentence}")


def loaded(path):
    """A record from a file. Raises InputError."""
    record = strict_json.document_in(path)
    _require(isinstance(record, dict) and record.get("weft_results") == FORMAT, path,
             f"this is no record of a run of all the benchmarks in format {FORMAT}, which"
             " //benchmarks:all -- --record=FILE makes")
    for key, kind in (("when", str), ("commit", str), ("machine", dict), ("peers", dict),
                      ("doubts", list), ("run", dict), ("families", dict)):
        _require(isinstance(record.get(key), kind), path, f"it has no {key!r}")
    for name, family in record["families"].items():
        _require(isinstance(family, dict) and isinstance(family.get("benchmarks"), list)
                 and isinstance(family.get("title"), str), path, f"its family {name!r} is odd")
        for entry in family["benchmarks"]:
            _require(isinstance(entry, dict) and isinstance(entry.get("name"), str)
                     and all(strict_json.is_number(entry.get(key))
                             for key in ("median", "min", "max", "n"))
                     and isinstance(entry.get("also", {}), dict)
                     and all(map(strict_json.is_number, entry.get("also", {}).values()))
                     and entry.get("outcome", LEVEL) in OUTCOMES, path,
                     f"a benchmark of its family {name!r} is odd")
    return record


def file_name_of(record):
    """As 2026-01-31-intel-xeon-2-processors.json"""
    machine = f"{record['machine']['cpu']} {record['machine']['processors']} processors"
    words = re.sub(r"[^a-z0-9]+", "-", re.sub(r"\((R|TM)\)", "", machine).lower()).strip("-")
    return f"{record['when'][:10]}-{words[:60]}.json"


def in_order(record):
    """[(name, family)] in the order of families.py; others after them."""
    order = {family.name: i for i, family in enumerate(FAMILIES)}
    return sorted(record["families"].items(), key=lambda item: (order.get(item[0], 999), item[0]))
