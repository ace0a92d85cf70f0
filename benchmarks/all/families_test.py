"""The families as they are: each has its program, and all of these together measure for real."""

import collections
import json
import os
import subprocess
import unittest

from benchmarks.all.families import FAMILIES
from benchmarks.formats.names import name_of
from benchmarks.formats.testing import unittests

ALL = os.path.abspath("benchmarks/all/all")


def benchmarks_of(family):
    program = os.path.abspath(family.program)
    told = subprocess.run([program, "--benchmark_list_tests=true"], capture_output=True, text=True,
                          check=True)
    return told.stdout.split("\n")[:-1]


class Families(unittest.TestCase):
    def test_each_has_a_program_with_benchmarks_of_ours(self):
        for family in FAMILIES:
            self.assertTrue(os.access(family.program, os.X_OK), family.program)
            if family.is_bug_table:
                continue
            names = [name_of(name) for name in benchmarks_of(family)]
            self.assertTrue(names, family.name)
            # What has no subject is the harness's alone, or a value of its own.
            for name in names:
                if family.program.split("/")[1] != "harness":
                    self.assertTrue(name.subject, f"{family.name}: {name}")

    def test_almost_all_of_ours_have_a_peer_at_the_same_work(self):
        for family in FAMILIES:
            if family.program.split("/")[1] == "harness":
                continue
            contests = collections.defaultdict(set)
            for name in map(name_of, benchmarks_of(family)):
                kind = "ours" if name.is_ours else "limit" if name.is_limit else "peer"
                contests[name.contest].add(kind)
            ours = [kinds for kinds in contests.values() if "ours" in kinds]
            beside = [kinds for kinds in ours if "peer" in kinds]
            self.assertTrue(beside, family.name)
            self.assertGreaterEqual(len(beside), len(ours) / 2, (family.name, dict(contests)))

    def test_one_is_measured_for_real(self):
        out = os.path.join(unittests.folder(), "out")
        ended = subprocess.run([ALL, f"--out={out}", "--only=future", "--repetitions=1",
                                "--min-time=0.001"], capture_output=True, text=True)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        with open(os.path.join(out, "summary.json"), encoding="utf-8") as stream:
            summary = json.load(stream)
        self.assertIn("optimized", summary["machine"]["build"])
        with_ratio = [e for e in summary["families"]["future"]["benchmarks"] if "ratio" in e]
        self.assertTrue(with_ratio)
        self.assertTrue(all(e["ratio"] > 0 for e in with_ratio))


if __name__ == "__main__":
    unittests.main()
