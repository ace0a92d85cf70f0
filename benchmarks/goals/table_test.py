"""The goals as they are: each names benchmarks that there are, and a run of all of them judges it."""

import functools
import os
import subprocess
import unittest

from benchmarks.all.families import FAMILIES
from benchmarks.all.record import loaded
from benchmarks.formats.testing import unittests
from benchmarks.goals.goal import UNKNOWN
from benchmarks.goals.reached import in_record
from benchmarks.goals.table import GOALS

PROGRAMS = {family.name: os.path.abspath(family.program) for family in FAMILIES}

# What a machine may lack, as it stands in the names of benchmarks.
OPTIONAL = ("Asio", "Eigen", "Tbb", "StdPar", "Boost", "Moodycamel", "Absl", "cpus:2")


@functools.lru_cache(maxsize=None)
def benchmarks_of(family):
    told = subprocess.run([PROGRAMS[family], "--benchmark_list_tests=true"], capture_output=True,
                          text=True, check=True)
    return set(told.stdout.splitlines())


class Goals(unittest.TestCase):
    def test_each_has_a_name_of_its_own_that_every_format_can_show(self):
        self.assertEqual(len({goal.name for goal in GOALS}), len(GOALS))
        for goal in GOALS:
            self.assertRegex(goal.name, r"^[\w ,:.'()-]+$")

    def test_an_aim_is_no_easier_than_the_floor(self):
        for goal in GOALS:
            better, worse = (goal.aim, goal.floor) if goal.is_least else (goal.floor, goal.aim)
            self.assertGreaterEqual(better, worse, goal.name)
            self.assertGreater(worse, 0, goal.name)

    def test_each_benchmark_is_one_of_its_program(self):
        for goal in GOALS:
            for benchmark in goal.benchmarks:
                # A peer that this machine lacks is absent as a whole; what is there has every benchmark.
                if not any(word in benchmark for word in OPTIONAL):
                    self.assertIn(benchmark, benchmarks_of(goal.family), goal.name)

    def test_the_newest_results_of_this_tree_judge_those_that_need_no_other_measurement(self):
        newest = max((loaded("benchmarks/results/" + name) for name in os.listdir("benchmarks/results")
                      if name.endswith(".json")), key=lambda record: record["when"])
        judgements = {each.goal.name: each for each in in_record(newest)}
        for goal in GOALS:
            judgement = judgements[goal.name]
            if not goal.processors and not goal.figure.startswith("p"):
                self.assertNotEqual(judgement.verdict, UNKNOWN, goal.name)


if __name__ == "__main__":
    unittests.main()
