"""What the name of a benchmark says: BM_LockContended<weft::Lock>/inside_ns:50/threads:2

Thread safety: pure functions.
"""

import re
from dataclasses import dataclass

_NAME = re.compile(r"([A-Za-z_]\w*)(<.*>)?((?:/[^/]*)*)", re.DOTALL)
# How Google Benchmark was to measure, which is no part of the work.
_MANNER = re.compile(r"/(real_time|manual_time|process_time|(iterations|repeats|min_time|min_warmup_time):[^/]*)(?=/|$)")
# The knob that a scaling curve runs along.
_SCALE = re.compile(r"/(threads|workers|producers):(\d+)")


@dataclass(frozen=True)
class Name:
    base: str  # BM_LockContended; the whole name if it is of another shape
    subject: str = ""  # weft::Lock
    knobs: str = ""  # /inside_ns:50/threads:2

    @property
    def is_ours(self):
        return "weft" in self.subject.lower()

    @property
    def is_limit(self):
        """What shows how far it could go, and does less than the others: no peer."""
        return self.subject.startswith("Limit")

    @property
    def contest(self):
        """The same of all that do the same work, however it was measured."""
        return self.base, _MANNER.sub("", self.knobs)

    @property
    def curve(self):
        """The same of all that differ in how many take part."""
        return self.base, _SCALE.sub(lambda m: f"/{m[1]}:", self.knobs)

    @property
    def scale(self):
        """(knob, number) or None."""
        found = _SCALE.search(self.knobs)
        return (found[1], int(found[2])) if found else None


def name_of(benchmark):
    match = _NAME.fullmatch(benchmark)
    if not match:
        return Name(benchmark)
    return Name(match[1], (match[2] or "")[1:-1], match[3])
