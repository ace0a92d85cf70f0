"""What a goal makes of medians, and which goals a run's figures are judged by."""

import unittest

from benchmarks.formats.testing import unittests
from benchmarks.goals.goal import AIM, BELOW, FLOOR, UNKNOWN, Goal, in_digits, judged
from benchmarks.goals.reached import asked_of, in_record

OURS, FAST, SLOW = "BM_X<weft::X>", "BM_X<Fast>", "BM_X<Slow>"


def goal(is_least, floor, aim, *peers, **more):
    return Goal("a goal", "lock", OURS, peers, is_least, floor, aim, **more)


class Judgements(unittest.TestCase):
    def judge(self, wanted, **medians):
        return judged(wanted, {OURS: medians.get("ours"), FAST: medians.get("fast"),
                               SLOW: medians.get("slow")}.get)

    def test_so_many_times_as_fast_is_the_best_peers_time_over_ours(self):
        wanted = goal(True, 1, 3, SLOW, FAST)
        found = self.judge(wanted, ours=5.0, fast=10.0, slow=40.0)
        self.assertEqual((found.verdict, found.measured, found.best), (FLOOR, 2.0, FAST))
        for ours, verdict in ((10 / 3, AIM), (10.0, FLOOR), (10.1, BELOW)):
            self.assertEqual(self.judge(wanted, ours=ours, fast=10.0, slow=40.0).verdict, verdict, ours)

    def test_at_most_so_many_times_the_cost_is_our_time_over_the_best_peers(self):
        wanted = goal(False, 1.5, 0.5, SLOW, FAST)
        found = self.judge(wanted, ours=12.0, fast=10.0, slow=40.0)
        self.assertEqual((found.verdict, found.measured, found.best), (FLOOR, 1.2, FAST))
        for ours, verdict in ((5.0, AIM), (15.0, FLOOR), (15.1, BELOW)):
            self.assertEqual(self.judge(wanted, ours=ours, fast=10.0, slow=40.0).verdict, verdict, ours)

    def test_of_a_figure_that_is_better_when_it_is_more_the_best_peer_has_the_most(self):
        found = self.judge(goal(True, 0.75, 1, SLOW, FAST, figure="efficiency"),
                           ours=0.375, fast=0.5, slow=0.25)
        self.assertEqual((found.verdict, found.measured, found.best), (FLOOR, 0.75, FAST))
        found = self.judge(goal(False, 0.9, 0.5, FAST, figure="efficiency"), ours=1.6, fast=0.8)
        self.assertEqual((found.verdict, found.measured), (AIM, 0.5))

    def test_without_peers_the_value_itself_counts(self):
        for value, least, most in ((0.98, AIM, FLOOR), (0.96, FLOOR, AIM), (0.95, BELOW, AIM),
                                   (0.99, AIM, BELOW)):
            self.assertEqual(self.judge(goal(True, 0.96, 0.98), ours=value).verdict, least)
            found = self.judge(goal(False, 0.98, 0.96), ours=value)
            self.assertEqual((found.verdict, found.measured, found.best), (most, value, None))

    def test_absent_peers_are_named_and_the_others_count(self):
        wanted = goal(True, 1, 3, FAST, SLOW)
        found = self.judge(wanted, ours=10.0, slow=40.0)
        self.assertEqual((found.verdict, found.best, found.absent), (AIM, SLOW, (FAST,)))
        for medians in ({"ours": 10.0}, {"fast": 10.0, "slow": 40.0}):
            found = self.judge(wanted, **medians)
            self.assertEqual((found.verdict, found.measured, found.best), (UNKNOWN, None, None))

    def test_a_peer_that_costs_nothing_is_not_divided_by(self):
        self.assertEqual(self.judge(goal(False, 2, 1, FAST), ours=0.0, fast=0.0).verdict, AIM)
        self.assertEqual(self.judge(goal(False, 2, 1, FAST), ours=1.0, fast=0.0).verdict, BELOW)
        self.assertEqual(self.judge(goal(True, 1, 2, FAST), ours=0.0, fast=1.0).verdict, AIM)

    def test_digits_are_few_and_never_an_exponent_of_a_large_number(self):
        self.assertEqual([in_digits(value) for value in (0.75, 1.0, 1.10312, 17000.0, 0.0003876)],
                         ["0.75", "1", "1.103", "17,000", "0.0003876"])


def record(*entries, family="lock"):
    return {"families": {family: {"benchmarks": [
        {"name": name, "figure": figure, "median": median, **more}
        for name, figure, median, more in entries]}}}


class OfARecord(unittest.TestCase):
    def judge(self, wanted, *entries, family="lock"):
        return [(each.verdict, each.measured)
                for each in in_record(record(*entries, family=family), [wanted])]

    def test_a_goal_is_listed_if_its_benchmark_was_measured(self):
        wanted = goal(False, 2, 1, FAST)
        ours, peer = (OURS, "real_time", 10.0, {}), (FAST, "real_time", 8.0, {})
        self.assertEqual(self.judge(wanted, ours, peer), [(FLOOR, 1.25)])
        self.assertEqual(self.judge(wanted, ours), [(UNKNOWN, None)])
        self.assertEqual(self.judge(wanted, peer), [])
        self.assertEqual(self.judge(wanted, ours, peer, family="queue"), [])

    def test_only_the_figure_that_it_asks_for_counts(self):
        wanted = goal(False, 2, 1, figure="p99_us")
        self.assertEqual(self.judge(wanted, (OURS, "p50_us", 1.0, {})), [(UNKNOWN, None)])
        self.assertEqual(self.judge(wanted, (OURS, "p50_us", 1.0, {"also": {"p99_us": 1.5}})),
                         [(FLOOR, 1.5)])

    def test_on_so_many_processors_it_was_not_measured(self):
        wanted = goal(False, 2, 1, processors=1)
        self.assertEqual(self.judge(wanted, (OURS, "real_time", 0.5, {})), [(UNKNOWN, None)])

    def test_what_is_asked_of_a_family_are_the_figures_of_ours_and_of_the_peers(self):
        wanted = [goal(False, 2, 1, FAST), goal(False, 2, 1, figure="p99_us")]
        self.assertEqual(asked_of("lock", wanted), {OURS: {"real_time", "p99_us"}, FAST: {"real_time"}})
        self.assertEqual(asked_of("queue", wanted), {})


if __name__ == "__main__":
    unittests.main()
