"""What was measured of one family: its repetitions as one report of Google Benchmark.

Thread safety: one thread.
Invariants:    (I1) a benchmark's entries are its repetitions, one a round, numbered from 0.
               (I2) each repetition of ours that has a peer carries `ratio_to_best_peer`: its cost
                    over the median of the best peer's.
"""

import json
import os

from benchmarks.all.interference import DISTURBED, TAKEN
from benchmarks.formats import strict_json
from benchmarks.formats.contests import contests_of, cost_ratio
from benchmarks.formats.errors import InputError
from benchmarks.formats.figures import figures_of
from benchmarks.formats.files import write_whole
from benchmarks.formats.google_benchmark import report_of

RATIO = "ratio_to_best_peer"

# What must be the same for repetitions of two days to be repetitions of each other.
_SAME = ("host_name", "cpu", "processors", "kernel", "compiler", "build")


class Outcome:
    def __init__(self, family, folder):
        self.family = family
        self.path = os.path.join(folder, family.name + ".json")
        self.rounds = 0
        self.document = None
        self.problems = []  # sentences
        self.has_failed = False  # as a whole, and is not to be started again
        self.others_s = self.whole_s = 0.0  # of processor time; others_s is None if unknown
        self.round_s = 0.0  # the last one's length

    @property
    def share_of_others(self):
        """Of the processors' time; None if unknown."""
        if self.others_s is None or not self.whole_s:
            return None
        return self.others_s / self.whole_s

    @property
    def is_disturbed(self):
        return (self.share_of_others or 0) > DISTURBED

    @property
    def report(self):
        """None of a table of bugs, and if there is nothing."""
        if self.document is None or self.family.is_bug_table:
            return None
        return report_of(self.document, self.path)

    def load(self):
        """What an earlier run left. Raises InputError if that is no report of ours."""
        if not os.path.exists(self.path):
            return
        document = strict_json.document_in(self.path)
        if self.family.is_bug_table:
            self.document, self.rounds = document, 1
            return
        context = report_of(document, self.path).context
        if not isinstance(context.get("weft_rounds"), int):
            raise InputError(f"{self.path}: no run of all the benchmarks made this, so none can go"
                             " on with it")
        self.document, self.rounds = document, context["weft_rounds"]
        self.others_s, self.whole_s = context.get("others_s"), context.get("whole_s", 0.0)

    def add(self, document, others_s, whole_s):
        """A round's report. Raises InputError if it is of another machine or build."""
        if self.others_s is not None:
            self.others_s = None if others_s is None else self.others_s + others_s
        self.whole_s += whole_s
        if self.family.is_bug_table:
            self.document, self.rounds = document, 1
            return
        for entry in document["benchmarks"]:
            entry["repetition_index"] = self.rounds
        if self.document is None:
            self.document = document
        else:
            for fact in _SAME:
                old, new = (d["context"].get(fact) for d in (self.document, document))
                if old != new:
                    raise InputError(f"{self.path}: its {fact} is {old!r}, and here it is {new!r}:"
                                     " a run goes on only where it began")
            self.document["benchmarks"] += document["benchmarks"]
        self.rounds += 1
        for entry in self.document["benchmarks"]:
            entry["repetitions"] = self.rounds

    def _add_ratios(self):
        report = self.report
        best = {each.ours.benchmark: each for each in contests_of(figures_of([report]))}
        for entry in self.document["benchmarks"]:
            entry.pop(RATIO, None)
            contest = best.get(entry.get("run_name", entry["name"]))
            if contest is None or entry.get("error_occurred"):
                continue
            row = report_of({"context": {}, "benchmarks": [entry]}, self.path).rows[0]
            ratio = cost_ratio(contest.ours.name, row.figure(contest.ours.name),
                               contest.best.median)
            if ratio is not None:
                entry[RATIO] = ratio

    def _add_facts(self, load):
        """The load, and what others took, are of this run and not of the moment it began: our own
        programs make a load."""
        context = self.document["context"]
        warnings = [value for key, value in sorted(context.items())
                    if key.startswith("warning_") and "load average" not in value
                    and not value.startswith(TAKEN)]
        for key in [key for key in context if key.startswith("warning_")]:
            del context[key]
        if load is not None:
            context["load"] = f"{load:.2f} before the first program"
        context.update(weft_rounds=self.rounds, others_s=self.others_s, whole_s=self.whole_s)
        if self.is_disturbed:
            warnings.append(f"{TAKEN}{100 * self.share_of_others:.0f} % of the processor time"
                            f" while {self.family.name} was measured")
        context.update({f"warning_{n}": text for n, text in enumerate(warnings, 1)})

    def save(self, load):
        """The file is the old one or the new one, whenever this ends."""
        if self.document is None:
            return
        if not self.family.is_bug_table:
            self._add_ratios()
            self._add_facts(load)
        text = json.dumps(self.document, indent=1, allow_nan=False) + "\n"
        write_whole(self.path, text.encode("utf-8"))
