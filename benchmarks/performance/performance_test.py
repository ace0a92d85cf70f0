"""docs/performance.md is what the newest results give; and the page says what its record says."""

import os
import subprocess
import unittest

from benchmarks.all.families import FAMILIES
from benchmarks.all.record import loaded
from benchmarks.formats.testing import samples, unittests
from benchmarks.performance.page import texts_of

PROGRAM = os.path.abspath("benchmarks/performance/performance")


def entry(name, median, **fields):
    return dict({"name": name, "figure": "real_time", "unit": "ns", "median": median, "min": median,
                 "max": 2 * median, "n": 6}, **fields)


def record(when="2026-01-02T03:04:05Z", **fields):
    ours = {"best": "BM_L<std::mutex>", "best_median": 10.0, "best_min": 9.0, "best_max": 11.0}
    return dict({
        "weft_results": 1, "when": when, "commit": "abc", "machine": {"cpu": "A | Processor"},
        "peers": {"abseil": "present", "boost": "absent"}, "doubts": ["it is loud"],
        "run": {"others_share": 0.25},
        "families": {"queue": {"title": "Queues", "rounds": 6, "problems": ["queue: it broke"],
                               "benchmarks": []},
                     "lock": {"title": "Locks", "rounds": 6, "problems": [], "benchmarks": [
                         entry("BM_L<weft::Lock>", 5.0, ratio=0.5, outcome="ahead", **ours),
                         entry("BM_L<std::mutex>", 10.0), entry("BM_L<LimitSpin>", 1.0),
                         entry("BM_M<weft::Lock>", 1500.0, ratio=None, outcome="behind", **ours),
                         entry("BM_Alone", 7e6)]}},
    }, **fields)


WHY = "".join(f"## {family.name}\n\nBecause of {family.name}.\n" for family in FAMILIES)


class Performance(unittest.TestCase):
    def tree(self, why=WHY, **records):
        root = unittests.folder()
        for name, content in records.items():
            samples.write(root, f"benchmarks/results/{name}.json", content)
        samples.write(root, "benchmarks/performance/why.md", why)
        os.makedirs(root + "/docs")
        return root

    def run_in(self, root, *arguments, code=0):
        ended = subprocess.run([PROGRAM, f"--root={root}", *arguments], capture_output=True, text=True)
        self.assertEqual(ended.returncode, code, ended.stderr)
        return ended.stderr

    def page(self, root):
        self.run_in(root)
        with open(root + "/docs/performance.md", encoding="utf-8") as stream:
            return stream.read()

    def test_the_page_of_this_tree_is_what_its_newest_results_give(self):
        self.run_in(os.getcwd(), "--check")

    def test_the_newest_results_of_this_tree_have_every_family(self):
        newest = max((loaded("benchmarks/results/" + name) for name in os.listdir("benchmarks/results")
                      if name.endswith(".json")), key=lambda record: record["when"])
        self.assertEqual(sorted(newest["families"]), sorted(f.name for f in FAMILIES))

    def test_figures_doubts_absent_peers_and_reasons_are_on_it(self):
        page = self.page(self.tree(a=record()))
        for part in (
                "| `L<weft::Lock>` | 5 ns (5 ns to 10 ns) |"
                " `std::mutex` 10 ns (9 ns to 11 ns) | 0.5 | ahead |",
                "| `M<weft::Lock>` | 1.5 us (1.5 us to 3 us) |"
                " `std::mutex` 10 ns (9 ns to 11 ns) | - | behind |",
                "| `Alone` | 7 ms (7 ms to 14 ms) |",
                "| `L<LimitSpin>` | 1 ns (1 ns to 2 ns) |",
                "- it is loud", "- queue: it broke", "| peers absent, so not compared with | boost |",
                "A &#124; Processor", "Because of lock.", "25.0 % of the processors' time",
                "| Locks | 1 |  | 1 |  | 6 |", "`benchmarks/results/a.json`"):
            self.assertIn(part, page)
        self.assertLess(page.index("## Locks"), page.index("## Queues"))
        self.assertNotIn("| `L<std::mutex>` |", page)

    def test_goals_are_on_it_if_any_was_measured(self):
        self.assertNotIn("## Goals", self.page(self.tree(a=record())))
        alone = "BM_LockUncontended<{}>/real_time"
        page = self.page(self.tree(a=record(families={
            "lock": {"title": "Locks", "rounds": 6, "problems": [], "benchmarks": [
                entry(alone.format("weft::Lock"), 7.0), entry(alone.format("std::mutex"), 10.0)]}})))
        self.assertIn("1 aim.\n", page)
        self.assertIn("| lock: alone, time | at most 0.75 | 0.75 | 0.7 | `std::mutex` | aim |", page)

    def test_the_newest_is_that_of_the_latest_time(self):
        root = self.tree(a=record("2026-03-02T00:00:00Z"), b=record("2026-03-01T00:00:00Z"))
        self.assertIn("benchmarks/results/a.json", self.page(root))

    def test_a_page_that_was_edited_or_is_of_older_results_is_told(self):
        root = self.tree(a=record())
        text = self.page(root)
        self.run_in(root, "--check")
        samples.write(root, "docs/performance.md", text.replace("0.5 | ahead", "0.4 | ahead"))
        self.assertIn("it is not what the newest results give", self.run_in(root, "--check", code=1))
        samples.write(root, "docs/performance.md", text)
        samples.write(root, "benchmarks/results/c.json", record("2027-01-01T00:00:00Z", commit="new"))
        self.assertIn("it is not what the newest results give", self.run_in(root, "--check", code=1))

    def test_texts_and_families_belong_together(self):
        with self.assertRaisesRegex(Exception, "why.md: it has no text of the family lock"):
            texts_of(WHY.replace("## lock\n", "## "), "why.md")
        with self.assertRaisesRegex(Exception, "there is no family pipe"):
            texts_of(WHY + "## pipe\n\nBecause.\n", "why.md")

    def test_without_results_or_with_others_it_says_so(self):
        root = self.tree()
        os.makedirs(root + "/benchmarks/results")
        self.assertIn("there are no results", self.run_in(root, code=1))
        samples.write(root, "benchmarks/results/x.json", {"some": "thing"})
        self.assertIn("x.json: this is no record of a run", self.run_in(root, code=1))


if __name__ == "__main__":
    unittests.main()
