"""How soon each way of testing finds each bug: benchmarks/harness/bug_finding.cc --json.

Thread safety: pure functions.
"""

from benchmarks.dashboard.markup import named, tag
from benchmarks.dashboard.page import Column, Row, frame, section, table
from benchmarks.formats.strict_json import is_number


def _cell(cell, seeds):
    if not isinstance(cell, dict) or not is_number(cell.get("found")):
        return ""
    found, mean = cell["found"], cell.get("mean")
    if found == 0:
        return tag("span", f"0/{seeds}", class_="mark bad"), 1e18
    words = f"{mean:.1f}" if is_number(mean) and mean < 10 else f"{mean:.0f}" if is_number(mean) else "?"
    if found == seeds:
        return words, mean if is_number(mean) else None
    return [words, " ", tag("span", f"({found}/{seeds})", class_="soft")], mean


def _table(number, document):
    programs = {k: v for k, v in document["programs"].items() if isinstance(v, dict)}
    strategies = list(dict.fromkeys(s for row in programs.values() for s in row))
    seeds = document.get("seeds", "?")
    rows = []
    for program, row in programs.items():
        missed = any(isinstance(c, dict) and c.get("found") == 0 for c in row.values())
        rows.append(Row(named(program), *[_cell(row.get(s), seeds) for s in strategies],
                        status="missed by some" if missed else "found by all"))
    return table(f"bug-table-{number}", "Executions until the bug is found, on average",
                 [Column("program")] + [Column(s, True) for s in strategies], rows,
                 ("missed by some", "found by all"),
                 f"{seeds} searches each, of at most {document.get('executions_at_most')} executions."
                 " (7/10): not all of them found it; the mean is of those that did.")


def page(results, site_title):
    content = [_table(i, d) for i, d in enumerate(results.bug_tables, 1)] or tag(
        "p", "There is no table here. ", tag("code", "bug_finding --json=FILE"), " makes one.")
    return frame("bugs.html", "Bug finding", site_title, section(
        "bugs", "How soon bugs are found", content))
