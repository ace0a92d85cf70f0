"""//benchmarks:ratios with programs that cost nothing: what it runs, what it says, and how it ends."""

import contextlib
import io
import os
import unittest
from unittest import mock

from benchmarks.all.families import Family
from benchmarks.formats.testing import samples, unittests
from benchmarks.goals.goal import Goal
from benchmarks.ratios import main, measuring

OURS, PEER, ABSENT = "BM_X<weft::X>/n:1.5", "BM_X<std::x>/n:1.5", "BM_X<Absent>/n:1.5"

# Lists two benchmarks; else notes the flags and on how many processors it runs, and reports the one
# that was asked for.
PROGRAM = r'''#!/bin/sh
for a in "$@"; do case $a in
  --benchmark_list_tests=true) printf '%s\n' 'BM_X<weft::X>/n:1.5' 'BM_X<std::x>/n:1.5'; exit ;;
  --benchmark_out=*) out=${a#*=} ;;
  --benchmark_filter=*) only=${a#*=} ;;
esac; done
echo "$only $(nproc)" >> "$0.runs"
case $only in
  '^BM_X<weft::X>/n:1\.5$') cp "$0.ours" "$out" ;;
  '^BM_X<std::x>/n:1\.5$') cp "$0.peer" "$out" ;;
  *) exit 3 ;;
esac
'''


class Ratios(unittest.TestCase):
    def setUp(self):
        self.root = unittests.folder()
        path = samples.write(self.root, "lock", PROGRAM)
        os.chmod(path, 0o755)
        self.reports(ours=8.0, peer=10.0)
        for module, name, value in (
                (measuring, "FAMILIES", [Family("lock", "Locks", "lock")]),
                (main, "ROOT", self.root),
                (main, "GOALS", [self.goal("a goal", 1.0)])):
            patched = mock.patch.object(module, name, value)
            patched.start()
            self.addCleanup(patched.stop)

    def goal(self, name, floor, **more):
        return Goal(name, "lock", OURS, (ABSENT, PEER), True, floor, 2 * floor, **more)

    def goals(self, *goals):
        patched = mock.patch.object(main, "GOALS", goals)
        patched.start()
        self.addCleanup(patched.stop)

    def reports(self, **medians):
        for who, median in medians.items():
            samples.write(self.root, f"lock.{who}", samples.report({"BM_X": [median]}))

    def ratios(self, *arguments, code=0):
        """What it says."""
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            try:
                got = main.main(["--rounds=3", *arguments])
            except SystemExit as exit_:
                got = exit_.code
        self.assertEqual(got, code, said.getvalue())
        return said.getvalue()

    def runs(self):
        with open(os.path.join(self.root, "lock.runs"), encoding="utf-8") as stream:
            return stream.read().splitlines()

    def test_floor_aim_and_measured_are_told_with_the_figures(self):
        said = self.ratios()
        self.assertIn("a goal\n  floor at least 1, aim 2: measured 1.25, floor\n", said)
        self.assertRegex(said, r"BM_X<weft::X>/n:1.5 +8 \(8-8, n=3\)")
        self.assertRegex(said, r"BM_X<Absent>/n:1.5 +absent")

    def test_below_a_floor_it_ends_with_ten(self):
        self.reports(ours=10.5)
        self.assertIn("measured 0.9524, BELOW THE FLOOR", self.ratios(code=10))

    def test_an_aim_that_is_reached_is_told(self):
        self.reports(ours=5.0)
        self.assertIn("measured 2, aim", self.ratios())

    def test_without_any_peer_nothing_is_reached_or_missed(self):
        self.goals(Goal("a goal", "lock", OURS, (ABSENT,), True, 1.0, 2.0))
        self.assertIn("aim 2: not measured", self.ratios())

    def test_each_benchmark_runs_once_a_round_in_turn(self):
        self.goals(self.goal("a goal", 1.0), self.goal("another", 1.0, figure="p50_ns"))
        self.ratios()
        here = len(os.sched_getaffinity(0))
        round_ = [f"^BM_X<weft::X>/n:1\\.5$ {here}", f"^BM_X<std::x>/n:1\\.5$ {here}"]
        self.assertEqual(self.runs(), 3 * round_)

    def test_a_goal_on_one_processor_is_measured_there_and_the_next_as_before(self):
        before = os.sched_getaffinity(0)
        self.goals(self.goal("a goal", 1.0, processors=1), self.goal("another", 1.0))
        self.ratios("--rounds=1")
        self.assertEqual([int(line.split()[1]) for line in self.runs()],
                         [1, 1, len(before), len(before)])
        self.assertEqual(os.sched_getaffinity(0), before)

    def test_only_takes_goals_by_a_part_of_their_names(self):
        self.goals(self.goal("a goal", 1.0), self.goal("another", 1.0))
        said = self.ratios("--only=othe")
        self.assertIn("another\n", said)
        self.assertNotIn("a goal", said)
        self.assertIn("--only=x: no goal's name contains it", self.ratios("--only=x", code=2))

    def test_what_fails_is_named(self):
        report = samples.report({"BM_X": [1.0]})
        report["benchmarks"][0].update(error_occurred=True, error_message="it was wrong")
        samples.write(self.root, "lock.peer", report)
        self.assertIn(f"ratios: lock: {PEER}: it was wrong", self.ratios(code=1))
        samples.write(self.root, "lock.peer", samples.report({"BM_X": [1.0, 2.0]}))
        self.assertIn("2 benchmarks were measured for it", self.ratios(code=1))
        os.remove(os.path.join(self.root, "lock.peer"))
        self.assertIn("it ended with exit code 1: cp:", self.ratios(code=1))
        os.remove(os.path.join(self.root, "lock"))
        self.assertIn("lock: No such file", self.ratios(code=1))

    def test_a_figure_that_a_benchmark_has_not_is_told(self):
        self.goals(self.goal("a goal", 1.0, figure="p999_ns"))
        self.assertIn(f"ratios: lock: {OURS}: it has no figure p999_ns", self.ratios(code=1))


if __name__ == "__main__":
    unittests.main()
