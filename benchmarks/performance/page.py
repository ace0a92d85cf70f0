"""docs/performance.md, made of a record and of why.md.

Thread safety: pure functions.
Invariants:    (I1) the same record and texts give the same page.
               (I2) each family of the record has its text in why.md, and each text its family.
"""

import re

from benchmarks.all import tables
from benchmarks.all.families import FAMILIES
from benchmarks.all.record import in_order
from benchmarks.formats.errors import InputError
from benchmarks.formats.markdown import inert

_HEAD = """# Performance

<!-- Made by `bazel run //benchmarks:performance`; edit benchmarks/performance/why.md instead. -->

What Weft costs beside what one would take instead, on one machine, on one day; another machine's figures will differ,
and where threads wait for each other by much. They are those of {file}.

    bazel run //benchmarks:all -- --out=/tmp/weft-figures
    bazel run //benchmarks:dashboard -- --results=/tmp/weft-figures --out=/tmp/weft-site

measures the same on yours and makes pages of it.

## How to read it

Each family is one program. Ours and the peers do the same work in the same process (CPython in its own), and a round
runs every family once; the figures are medians of the rounds, with the least and the most. Times are wall time of an iteration, and where
several threads take part, divided by them. A *ratio* is what ours costs over what the best peer costs: below 1 is
ahead.

| outcome | |
|---|---|
| ahead, behind | the medians differ by more than 5 %, and so do the repetitions: chance alone would tell them apart so clearly in one comparison of a hundred (Mann-Whitney U) |
| level | the medians differ by 5 % at most |
| undecided | they differ by more, and chance could have done it |

The best peer is whoever is the fastest at that one row, so a family may have several. A row whose name begins with
`Limit` is no peer: it does less, and shows how far one could go. Where the kernel decides whether a woken thread runs
here or on another processor, a row says `cpus:1`, `cpus:2` or, for as it likes, `cpus:0`; those last ones are a coin's
toss.

"""

_RECORDING = """## How to record

On a machine that does nothing else:

    bazel build //benchmarks:all
    bazel run //benchmarks:all -- --out=/tmp/weft-figures --record=$PWD/benchmarks/results --commit=$(git rev-parse HEAD)
    bazel run //benchmarks:performance

The second takes some seven minutes (`--budget=420`), the third writes this page from the newest file of
`benchmarks/results/`. A test fails while the page is not what that file gives.
"""


def texts_of(why, path):
    """{family: text} of why.md. Raises InputError if a family has none, or a text no family."""
    parts = re.split(r"^## (.*)$", why, flags=re.MULTILINE)
    texts = {name.strip(): text.strip() for name, text in zip(parts[1::2], parts[2::2])}
    known = {family.name for family in FAMILIES}
    for name in sorted(known - set(texts)):
        raise InputError(f"{path}: it has no text of the family {name}")
    for name in sorted(set(texts) - known):
        raise InputError(f"{path}: there is no family {name}")
    return texts


def _family(name, family, texts):
    parts = [f"## {inert(family['title'])}\n"]
    if name in texts:
        parts.append(texts[name] + "\n")
    parts += [table for table in (tables.contests(family), tables.alone(family)) if table]
    if name == "bug-finding":
        parts.append("The table is that of [bug-finding.md](bug-finding.md).\n")
    return "\n".join(parts)


def page(record, file, texts):
    """The page's text; `file` is the record's, from the root of the tree."""
    parts = [_HEAD.format(file=tables.code(file)) + "## The machine\n", tables.machine(record),
             tables.doubts(record)]
    failed = tables.problems(record)
    if failed:
        parts.append("## What was not measured\n\n" + failed)
    parts += ["## Overview\n", tables.overview(record)]
    goals = tables.goals(record)
    if goals:
        parts += ["## Goals\n", tables.GOALS_IN_WORDS, goals]
    parts += [_family(name, family, texts) for name, family in in_order(record)]
    parts.append(_RECORDING)
    return "\n".join(part for part in parts if part)
