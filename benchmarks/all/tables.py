"""A record's figures as Markdown.

Thread safety: pure functions.
"""

import collections
import re

from benchmarks.all.record import OUTCOMES, in_order
from benchmarks.formats import markdown
from benchmarks.formats.markdown import inert
from benchmarks.formats.names import name_of
from benchmarks.formats.quantities import in_words
from benchmarks.goals.goal import BELOW, VERDICTS, in_digits
from benchmarks.goals.reached import in_record


# What stands between backticks as it is, in a table too; most names do, and then the file can be read
# as it is.
_PLAIN = re.compile(r"[A-Za-z0-9_<>:,/.=*&()~ -]*[A-Za-z0-9>)]", re.ASCII)


GOALS_IN_WORDS = """What is wanted of some of the figures: at most so many times what the best peer costs, or at least so many times as
fast; the value itself where there is no peer. Here they are judged by the medians of this run.
`bazel run //benchmarks:ratios` measures the same goals alone, longer, and on as many processors as they ask for.
"""


def code(text):
    """The text in the typeface of code, and no Markdown in it."""
    return f"`{text}`" if _PLAIN.fullmatch(text) else markdown.code(text)


def _span(entry, prefix=""):
    unit = entry.get("unit", "")
    median, low, high = (entry[prefix + key] for key in ("median", "min", "max"))
    return f"{in_words(unit, median)} ({in_words(unit, low)} to {in_words(unit, high)})"


def _short(benchmark):
    """Ours without what all benchmarks of the table's column have."""
    name = name_of(benchmark)
    _, knobs = name.contest
    base = name.base[3:] if name.base.startswith("BM_") else name.base
    return base + (f"<{name.subject}>" if name.subject else "") + knobs


def _figure(entry):
    return "" if entry["figure"] == "real_time" else f", {inert(entry['figure'])}"


def _ratio(entry):
    return "-" if entry.get("ratio") is None else f"{entry['ratio']:.3g}"


def contests(family):
    """The table of ours beside the best peer; empty if there is none."""
    rows = [entry for entry in family["benchmarks"] if "outcome" in entry]
    if not rows:
        return ""
    lines = ["| benchmark | ours | best peer | ratio | outcome |", "|---|---:|---|---:|---|"]
    lines += [
        f"| {code(_short(entry['name']))}{_figure(entry)} | {_span(entry)} |"
        f" {code(name_of(entry['best']).subject)} {_span(entry, 'best_')} | {_ratio(entry)} |"
        f" {entry['outcome']} |" for entry in rows]
    return "\n".join(lines) + "\n"


def alone(family):
    """The table of those that nobody is compared with and that are no peers; empty if none is."""
    named = [(entry, name_of(entry["name"])) for entry in family["benchmarks"]]
    contested = {name.contest for entry, name in named if "outcome" in entry}
    rows = [entry for entry, name in named if "outcome" not in entry and (
        name.contest not in contested or name.is_limit)]
    if not rows:
        return ""
    lines = ["| without a peer | |", "|---|---:|"]
    lines += [f"| {code(_short(entry['name']))}{_figure(entry)} | {_span(entry)} |"
              for entry in rows]
    return "\n".join(lines) + "\n"


def counts(families):
    """{outcome: how many}"""
    found = collections.Counter(entry["outcome"] for family in families
                                for entry in family["benchmarks"] if "outcome" in entry)
    return {outcome: found[outcome] for outcome in OUTCOMES}


def overview(record):
    lines = ["| family | " + " | ".join(OUTCOMES) + " | rounds |",
             "|---|" + "---:|" * (len(OUTCOMES) + 1)]
    for _, family in in_order(record):
        cells = counts([family])
        lines.append(f"| {inert(family['title'])} | "
                     + " | ".join(str(cells[o] or "") for o in OUTCOMES)
                     + f" | {family.get('rounds', '')} |")
    total = counts(record["families"].values())
    lines.append("| **all** | " + " | ".join(f"**{total[o]}**" for o in OUTCOMES) + " | |")
    return "\n".join(lines) + "\n"


def goal_counts(judgements):
    """As "3 aim, 1 below the floor"."""
    found = collections.Counter(judgement.verdict for judgement in judgements)
    return ", ".join(f"{found[verdict]} {verdict}" for verdict in VERDICTS if found[verdict])


def goals(record):
    """What the figures are to be, and are; empty if no goal's benchmark was measured."""
    judgements = in_record(record)
    if not judgements:
        return ""
    lines = [f"{goal_counts(judgements)}.\n",
             "| goal | floor | aim | measured | best peer | reached |", "|---|---:|---:|---:|---|---|"]
    for judgement in judgements:
        goal, measured = judgement.goal, judgement.measured
        verdict = f"**{judgement.verdict}**" if judgement.verdict == BELOW else judgement.verdict
        lines.append(
            f"| {goal.name} | {goal.bound} {in_digits(goal.floor)} | {in_digits(goal.aim)} |"
            f" {'' if measured is None else in_digits(measured)} |"
            f" {code(name_of(judgement.best).subject) if judgement.best else ''} | {verdict} |")
    return "\n".join(lines) + "\n"


def machine(record):
    absent = sorted(peer for peer, state in record["peers"].items() if state == "absent")
    present = sorted(peer for peer, state in record["peers"].items() if state != "absent")
    lines = ["| | |", "|---|---|", f"| when | {inert(record['when'])} |"]
    if record["commit"]:
        lines.append(f"| commit | {inert(record['commit'])} |")
    lines += [f"| {inert(fact.replace('_', ' '))} | {code(value)} |"
              for fact, value in record["machine"].items()]
    share = record["run"].get("others_share")
    lines.append("| taken by others | " + ("unknown" if share is None else
                 f"{100 * share:.1f} % of the processors' time") + " |")
    lines.append(f"| peers here | {inert(', '.join(present)) or 'none'} |")
    lines.append(f"| peers absent, so not compared with | {inert(', '.join(absent)) or 'none'} |")
    return "\n".join(lines) + "\n"


def doubts(record):
    if not record["doubts"]:
        return ""
    return ("**Do not trust these figures:**\n\n"
            + "\n".join(f"- {inert(text)}" for text in record["doubts"]) + "\n")


def problems(record):
    """What failed; empty if nothing has."""
    found = [text for _, family in in_order(record) for text in family.get("problems", ())]
    return "".join(f"- {inert(text)}\n" for text in found)


def summary(record):
    """All of it."""
    parts = ["# Benchmarks, beside the best peer\n", machine(record), doubts(record)]
    failed = problems(record)
    if failed:
        parts.append("## What was not measured\n\n" + failed)
    parts.append(overview(record))
    parts.append("A ratio is of costs, ours over the best peer's: below 1 is ahead.\n")
    goals_reached = goals(record)
    if goals_reached:
        parts.append("## Goals\n\n" + GOALS_IN_WORDS + "\n" + goals_reached)
    for _, family in in_order(record):
        tables_of_family = [table for table in (contests(family), alone(family)) if table]
        if tables_of_family:
            parts.append("\n".join([f"## {inert(family['title'])}\n", *tables_of_family]))
    return "\n".join(part for part in parts if part)
