"""Who is compared with whom, by which figure, and what is said of it."""

import unittest

from benchmarks.formats import contests
from benchmarks.formats.contests import AHEAD, BEHIND, LEVEL, UNDECIDED, contests_of
from benchmarks.formats.figures import figures_of
from benchmarks.formats.google_benchmark import report_of
from benchmarks.formats.names import name_of
from benchmarks.formats.testing import samples, unittests


def figures(benchmarks, counters=None):
    """Of {name: [real_time]}; `counters` replaces those of the samples: {name: {counter: value}}."""
    document = samples.report(benchmarks)
    for entry in document["benchmarks"]:
        for name in ("p50_ns", "p99_ns"):
            del entry[name]
        entry.update((counters or {}).get(entry["name"], {}))
    return figures_of([report_of(document, "x.json")])


def only(benchmarks, counters=None):
    found = contests_of(figures(benchmarks, counters))
    assert len(found) == 1, found
    return found[0]


FIVE = [10.0, 10.1, 10.2, 10.3, 10.4]


def times(factor):
    return [factor * value for value in FIVE]


class Contests(unittest.TestCase):
    def test_the_best_peer_at_the_same_work_is_who_we_are_compared_with(self):
        found = only({"BM_L<weft::Lock>/ns:5/real_time": FIVE, "BM_L<slow>/ns:5/real_time": times(3),
                      "BM_L<fast>/ns:5/real_time": times(2), "BM_L<other>/ns:9/real_time": times(0.1),
                      "BM_M<other>/ns:5/real_time": times(0.1)})
        self.assertEqual(found.best.benchmark, "BM_L<fast>/ns:5/real_time")
        self.assertAlmostEqual(found.ratio, 0.5)
        self.assertEqual(found.outcome, AHEAD)

    def test_how_it_was_measured_is_no_part_of_the_work(self):
        self.assertEqual(name_of("B<a>/n:2/iterations:3/manual_time/threads:4").contest,
                         name_of("B<b>/n:2/real_time/threads:4").contest)
        for knob in ("iterations_of:3", "real_time_of:3", "not_real_time"):
            self.assertEqual(name_of(f"B<a>/{knob}").contest, ("B", "/" + knob))

    def test_a_limit_is_no_peer(self):
        found = contests_of(figures({"B<weft::A>": FIVE, "B<LimitSpin>": times(0.1)}))
        self.assertEqual(found, [])

    def test_what_chance_may_have_done_is_undecided(self):
        apart = only({"B<weft::A>": times(2), "B<b>": FIVE})
        self.assertEqual(apart.outcome, BEHIND)
        few = only({"B<weft::A>": times(2)[:3], "B<b>": FIVE[:3]})
        self.assertEqual(few.outcome, UNDECIDED)
        mixed = only({"B<weft::A>": [5.0, 50.0, 6.0, 60.0, 61.0], "B<b>": [7.0, 8.0, 9.0, 55.0, 70.0]})
        self.assertEqual(mixed.outcome, UNDECIDED)
        self.assertEqual(only({"B<weft::A>": times(1.04), "B<b>": FIVE}).outcome, LEVEL)

    def test_a_counter_that_a_benchmark_is_about_counts_instead_of_its_time(self):
        found = only({"B<weft::A>": times(9), "B<b>": FIVE, "B<c>": FIVE},
                     {"B<weft::A>": {"efficiency": 0.9}, "B<b>": {"efficiency": 0.6},
                      "B<c>": {"efficiency": 0.75}})
        self.assertEqual(found.best.benchmark, "B<c>")
        self.assertAlmostEqual(found.ratio, 0.75 / 0.9)

    def test_a_counter_counts_only_if_all_have_it(self):
        found = only({"B<weft::A>": times(2), "B<b>": FIVE}, {"B<weft::A>": {"p50_us": 1.0}})
        self.assertEqual((found.ours.name, found.best.name), ("real_time", "real_time"))

    def test_of_nothing_there_is_no_ratio_but_a_verdict(self):
        both = {"B<weft::A>": FIVE, "B<b>": FIVE}
        none = {"allocations": 0.0}
        some = {"allocations": 1.0}
        self.assertEqual(only(both, {"B<weft::A>": none, "B<b>": none}).outcome, LEVEL)
        worse = only(both, {"B<weft::A>": some, "B<b>": none})
        self.assertEqual((worse.ratio, worse.outcome), (None, BEHIND))
        better = only(both, {"B<weft::A>": none, "B<b>": some})
        self.assertEqual((better.ratio, better.outcome), (0.0, AHEAD))

    def test_ours_are_no_peers_of_each_other(self):
        found = contests_of(figures({"B<weft::A>": FIVE, "B<weft::B>": times(2)}))
        self.assertEqual(found, [])
        self.assertEqual(contests.main_figure(["threads"]), None)


if __name__ == "__main__":
    unittests.main()
