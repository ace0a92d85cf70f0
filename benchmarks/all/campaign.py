"""Measures the families in rounds: one repetition of each a round, so that what disturbs the
machine for a while disturbs ours and the peers alike, and all families have as many repetitions.

Thread safety: one thread.
Invariants:    (I1) what was measured is in a file before the next program starts.
               (I2) a program that failed is not started again; all others go on.
               (I3) the first round is measured whole, whatever the budget; no later program is
                    started that would, by its last run, pass it.
"""

import sys
import time

from benchmarks.all import programs
from benchmarks.all.interference import Interference


def _say(text):
    print(text, file=sys.stderr, flush=True)


class Campaign:
    def __init__(self, root, outcomes, options, load):
        self.root, self.outcomes, self.options, self.load = root, outcomes, options, load
        self.began = time.monotonic()

    @property
    def spent(self):
        return time.monotonic() - self.began

    def _has_time_for(self, outcome):
        return outcome.rounds == 0 or self.spent + outcome.round_s <= self.options.budget

    def _wants(self, outcome):
        most = 1 if outcome.family.is_bug_table else self.options.repetitions
        return not outcome.has_failed and outcome.rounds < most

    def _measure(self, outcome, number, of):
        name = outcome.family.name
        _say(f"[{self.spent:4.0f} s of {self.options.budget:g}] round {outcome.rounds + 1}:"
             f" {name} ({number}/{of})")
        interference, begin = Interference(), time.monotonic()
        try:
            document = programs.run(self.root, outcome.family, self.options.min_time,
                                    self.options.time_limit)
        except programs.Failed as failed:
            outcome.has_failed = True
            self._note(outcome, f"{name}: {failed}")
            return
        outcome.round_s = time.monotonic() - begin
        outcome.add(document, *interference.seconds())
        outcome.save(self.load)
        if outcome.report:
            for benchmark, message in outcome.report.errors:
                self._note(outcome, f"{name}: {benchmark} failed: {message}")

    def _note(self, outcome, problem):
        if problem not in outcome.problems:
            outcome.problems.append(problem)
            _say(f"*** {problem}")

    def run(self):
        while True:
            wanting = [o for o in self.outcomes if self._wants(o)]
            # Who was measured least goes first: a run that goes on makes up for the one before.
            least = min((o.rounds for o in wanting), default=0)
            turn = [o for o in wanting if o.rounds == least and self._has_time_for(o)]
            if not turn:
                return
            for number, outcome in enumerate(turn, 1):
                if self._has_time_for(outcome):
                    self._measure(outcome, number, len(turn))
