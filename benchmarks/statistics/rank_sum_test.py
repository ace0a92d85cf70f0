"""The U test against published tables, against all orders counted out, and against SciPy."""

import itertools
import random
import unittest

from benchmarks.formats.testing import unittests
from benchmarks.statistics.rank_sum import EXACT_VALUES_MAX, doubled_midranks, least_p, u_test

# The largest U that is significant at 0.05, two-sided, by the sizes of the samples: S. Siegel,
# "Nonparametric Statistics for the Behavioral Sciences", 1956, table K; H. B. Mann and
# D. R. Whitney, 1947, have the distribution for up to 8.
CRITICAL = {
    (4, 4): 0, (5, 5): 2, (6, 6): 5, (7, 7): 8, (8, 8): 13, (9, 9): 17, (10, 10): 23,
    (12, 12): 37, (15, 15): 64, (20, 20): 127, (5, 10): 8, (8, 12): 22, (10, 20): 55,
}


def samples_with_u(u, first_size, second_size):
    """Two samples without ties where U of the first is u."""
    second = [10.0 * i for i in range(1, second_size + 1)]
    first, left = [], u
    for i in range(first_size):
        beaten = min(second_size, left)
        left -= beaten
        first.append(10.0 * beaten + 1 + 0.1 * i)
    return first, second


def counted_p(first, second):
    """p as its definition has it: over all ways to choose which values are the first's."""
    values = first + second

    def u_of(chosen):
        rest = [v for i, v in enumerate(values) if i not in chosen]
        return sum((values[i] > b) + 0.5 * (values[i] == b) for i in chosen for b in rest)

    observed = u_of(range(len(first)))
    all_u = [u_of(c) for c in itertools.combinations(range(len(values)), len(first))]
    below = sum(u <= observed for u in all_u) / len(all_u)
    above = sum(u >= observed for u in all_u) / len(all_u)
    return min(1.0, 2 * min(below, above))


class RankSum(unittest.TestCase):
    def test_critical_values_are_those_of_the_published_table(self):
        for (m, n), critical in CRITICAL.items():
            with self.subTest(m=m, n=n):
                u, p = u_test(*samples_with_u(critical, m, n))
                self.assertEqual(u, critical)
                self.assertLessEqual(p, 0.05)
                self.assertGreater(u_test(*samples_with_u(critical + 1, m, n))[1], 0.05)

    def test_p_is_that_of_all_orders_counted_out_with_ties_too(self):
        draw = random.Random(20260101)
        for _ in range(60):
            top = draw.choice([2, 4, 1000])
            first = [float(draw.randint(0, top)) for _ in range(draw.randint(1, 5))]
            second = [float(draw.randint(0, top)) for _ in range(draw.randint(1, 5))]
            self.assertAlmostEqual(u_test(first, second)[1], counted_p(first, second), places=12,
                                   msg=f"{first} {second}")

    def test_both_samples_are_treated_alike(self):
        draw = random.Random(5)
        for size in (6, 30):
            first = [draw.gauss(0, 1) for _ in range(size)]
            second = [draw.gauss(0.5, 1) for _ in range(size + 3)]
            u, p = u_test(first, second)
            other_u, other_p = u_test(second, first)
            self.assertAlmostEqual(p, other_p, places=12)
            self.assertEqual(u + other_u, size * (size + 3))

    def test_ties_share_the_mean_of_their_ranks(self):
        self.assertEqual(doubled_midranks([3.0, 1.0, 3.0, 2.0]), [7, 2, 7, 4])

    def test_no_spread_at_all_is_no_difference(self):
        self.assertEqual(u_test([1.0] * 30, [1.0] * 30)[1], 1.0)
        self.assertEqual(u_test([1.0] * 5, [1.0] * 5)[1], 1.0)

    def test_the_least_p_is_that_of_separate_samples(self):
        for m, n in ((3, 3), (5, 10), (10, 10)):
            separate = u_test([float(i) for i in range(m)], [100.0 + i for i in range(n)])[1]
            self.assertAlmostEqual(separate, least_p(m, n), places=12)

    def test_the_approximation_meets_the_exact_values(self):
        draw = random.Random(9)
        first = [draw.gauss(0, 1) for _ in range(EXACT_VALUES_MAX // 2)]
        for shift in (0.0, 0.5, 1.0):
            second = [draw.gauss(shift, 1) for _ in range(EXACT_VALUES_MAX // 2)]
            exact = u_test(first, second)[1]
            approximate = u_test(first + first, second + second)[1]
            self.assertLessEqual(approximate, exact + 0.02)
            # One value more switches to the approximation; the value is far off, on one side.
            near = u_test(first + [0.0], second)[1]
            self.assertAlmostEqual(near, exact, delta=0.15)

    def test_large_samples_with_ties_have_the_p_that_scipy_printed(self):
        # mannwhitneyu(..., method="asymptotic") of SciPy 1.10.1.
        for first, second, u, p in (
            ([i * i % 23 for i in range(30)], [(i * i * 3 + 4) % 29 for i in range(35)],
             288.0, 0.001821816227387016),
            ([i * i % 7 for i in range(45)], [(i * i * 3 + 1) % 9 for i in range(35)],
             527.5, 0.007115325845368832),
        ):
            ours = u_test(first, second)
            self.assertEqual(ours[0], u)
            self.assertAlmostEqual(ours[1], p, places=12)

    def test_p_is_scipys(self):
        try:
            from scipy.stats import mannwhitneyu
        except ImportError:
            self.skipTest("python3-scipy is not installed; the tables above were compared")
        draw = random.Random(77)
        for _ in range(200):
            m, n = draw.randint(2, 20), draw.randint(2, 20)
            first = [draw.gauss(0, 1) for _ in range(m)]
            second = [draw.gauss(draw.choice([0, 0.7]), 1) for _ in range(n)]
            theirs = mannwhitneyu(first, second, alternative="two-sided", method="exact")
            ours = u_test(first, second)
            self.assertEqual(ours[0], theirs.statistic)
            self.assertAlmostEqual(ours[1], theirs.pvalue, places=10)
        for _ in range(100):
            first = [float(draw.randint(0, 30)) for _ in range(draw.randint(25, 60))]
            second = [float(draw.randint(2, 32)) for _ in range(draw.randint(25, 60))]
            theirs = mannwhitneyu(first, second, alternative="two-sided", method="asymptotic")
            ours = u_test(first, second)
            self.assertEqual(ours[0], theirs.statistic)
            self.assertAlmostEqual(ours[1], theirs.pvalue, places=10)


if __name__ == "__main__":
    unittests.main()
