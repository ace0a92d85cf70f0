"""A comparison as text: Markdown, for a pull request's comment and for a terminal alike.

Thread safety: pure functions.
"""

import statistics

from benchmarks.compare.comparison import IMPROVEMENT, REGRESSION, UNCHANGED
from benchmarks.formats.markdown import code, inert
from benchmarks.formats.quantities import scaled_number, scaled_time

# Above it, a comment is cut: GitHub takes 65536 characters.
ROWS_MAX = 150


def _in_words(value, figure):
    """A figure with its unit; times are in nanoseconds."""
    is_time = figure in ("real_time", "cpu_time")
    return " ".join(scaled_time(value) if is_time else scaled_number(value)).strip()


def _percent(ratio):
    return f"{100 * (ratio - 1):+.1f} %"


def _row(change, figure):
    return "| {} | {} | {} | {} | {} to {} | {:.2g} | {} |".format(
        code(change.name),
        _in_words(statistics.median(change.base), figure),
        _in_words(statistics.median(change.new), figure),
        _percent(change.ratio),
        _percent(change.low),
        _percent(change.high),
        change.adjusted_p,
        f"**{change.verdict}**" if change.verdict != UNCHANGED else change.verdict,
    )


def _table(changes, settings):
    lines = [
        f"| benchmark | base | new | change | {settings.confidence:.0%} interval | p | verdict |",
        "|---|---:|---:|---:|---:|---:|---|",
    ]
    lines += [_row(change, settings.figure) for change in changes[:ROWS_MAX]]
    if len(changes) > ROWS_MAX:
        lines.append(f"\n... and {len(changes) - ROWS_MAX} more.")
    return lines


def _headline(comparison):
    worse, better = len(comparison.of(REGRESSION)), len(comparison.of(IMPROVEMENT))
    if not worse and not better:
        return f"No change in {len(comparison.changes)} benchmarks"
    return f"{worse} slower, {better} faster, of {len(comparison.changes)} benchmarks"


def _values(values):
    return " and ".join(code(value) for value in values) or "not told"


def _warnings(comparison):
    lines = []
    for fact, base, new in comparison.unequal:
        lines.append(
            f"- **Unequal machines:** {inert(fact)} is {_values(base)} in"
            f" the base, {_values(new)} in the new."
        )
    lines += [f"- **Doubtful:** {code(doubt)}." for doubt in comparison.doubts]
    for side, names in (("base", comparison.only_in_base), ("new", comparison.only_in_new)):
        if names:
            shown = ", ".join(code(name) for name in names[:20])
            more = f" and {len(names) - 20} more" if len(names) > 20 else ""
            lines.append(f"- Only in the {side}: {shown}{more}.")
    return lines + [""] if lines else []


def markdown(comparison):
    settings = comparison.settings
    lines = [f"### {_headline(comparison)}", ""]
    if settings.more_is_better:
        lines[0] = lines[0].replace("slower", "worse").replace("faster", "better")
    lines += _warnings(comparison)
    changed = sorted(
        comparison.of(REGRESSION) + comparison.of(IMPROVEMENT),
        key=lambda each: (each.verdict != REGRESSION, -abs(each.ratio - 1)),
    )
    if changed:
        lines += _table(changed, settings) + [""]
    same = comparison.of(UNCHANGED)
    if same:
        lines += [f"<details><summary>{len(same)} unchanged</summary>", ""]
        lines += _table(same, settings) + ["", "</details>", ""]
    sense = "more" if settings.more_is_better else "less"
    lines.append(
        f"Medians of {inert(settings.figure)} ({sense} is better). A change counts if it is at"
        f" least {settings.effect:.0%}, its interval is clear of 0, and p (Mann-Whitney U, corrected"
        f" after Holm for {len(comparison.changes)} benchmarks) is at most {settings.alpha:g}."
    )
    return "\n".join(lines) + "\n"
