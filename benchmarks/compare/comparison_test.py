"""What a comparison calls a change: how often wrongly, and how often not at all."""

import json
import math
import random
import re
import statistics
import unittest

from benchmarks.compare.comparison import IMPROVEMENT, REGRESSION, Settings, compare
from benchmarks.compare.report import ROWS_MAX, markdown
from benchmarks.formats import strict_json
from benchmarks.formats.errors import InputError
from benchmarks.formats.google_benchmark import Report, Row, report_of
from benchmarks.formats.markdown import code
from benchmarks.formats.quantities import scaled_number, scaled_time
from benchmarks.formats.testing import samples, unittests
from benchmarks.formats.testing.odd import ODD, changed, places_of
from benchmarks.statistics.intervals import ratio_interval
from benchmarks.statistics.rank_sum import u_test

CONTEXT = {"cpu": "one", "num_cpus": 2, "executable": "/x/lock_benchmark_raw_"}

# Noise as benchmarks have it: smooth, with a long tail, of two levels, coarse (hence ties).
NOISES = {
    "normal": lambda draw: draw.gauss(100, 3),
    "lognormal": lambda draw: 100 * math.exp(draw.gauss(0, 0.1)),
    "bimodal": lambda draw: draw.gauss(100 if draw.random() < 0.6 else 130, 1),
    "coarse": lambda draw: float(round(draw.gauss(100, 1))),
}


def report(samples, program="lock_benchmark_raw_", **facts):
    """{name: values} as a report."""
    context = dict(CONTEXT, executable="/x/" + program, **facts)
    rows = [Row(name, program.removesuffix("_raw_"), value, value, 1, {"items_per_second": value})
            for name, values in samples.items() for value in values]
    return Report("report.json", context, rows, [])


def compared(base, new, **settings):
    settings.setdefault("resamples", 200)
    return compare([report(base)], [report(new)], Settings(**settings))


def draws(draw, noise, count=10, factor=1.0):
    return [factor * noise(draw) for _ in range(count)]


class Decisions(unittest.TestCase):
    def test_equal_samples_raise_no_more_alarms_than_alpha(self):
        trials = 1000
        for name, noise in NOISES.items():
            for alpha in (0.05, 0.2):
                draw = random.Random(f"{name} {alpha}")
                alarms = sum(u_test(draws(draw, noise, 9), draws(draw, noise, 9))[1] <= alpha
                             for _ in range(trials))
                # Three standard deviations above what alpha allows.
                allowed = alpha * trials + 3 * math.sqrt(trials * alpha * (1 - alpha))
                print(f"{name}, alpha {alpha}: {alarms / trials:.3f} of {trials} are alarms")
                self.assertLessEqual(alarms, allowed, name)
                # The test is not silent for another reason: it uses up most of its alpha.
                if name == "normal":
                    self.assertGreater(alarms, 0.6 * alpha * trials)

    def test_a_comparison_of_many_unchanged_benchmarks_raises_no_more_alarms_than_alpha(self):
        trials, alpha = 60, 0.1
        draw = random.Random(31)
        alarms = 0
        for _ in range(trials):
            names = [f"b{i}" for i in range(12)]
            base = {name: draws(draw, NOISES["lognormal"]) for name in names}
            new = {name: draws(draw, NOISES["lognormal"]) for name in names}
            result = compared(base, new, alpha=alpha, effect=0.001)
            alarms += bool(result.of(REGRESSION) or result.of(IMPROVEMENT))
        print(f"{alarms} of {trials} comparisons of 12 raise an alarm, alpha {alpha}")
        self.assertLessEqual(alarms, alpha * trials + 3 * math.sqrt(trials * alpha * (1 - alpha)))

    def test_a_shift_of_a_tenth_is_nearly_always_seen(self):
        trials = 150
        draw = random.Random(8)
        seen = 0
        for _ in range(trials):
            base = draws(draw, NOISES["normal"])
            new = draws(draw, NOISES["normal"], factor=1.1)
            seen += len(compared({"b": base}, {"b": new}).of(REGRESSION))
        print(f"{seen} of {trials} shifts of 10 % at a noise of 3 % are seen, n = 10")
        self.assertGreaterEqual(seen, 0.95 * trials)

    def test_faster_is_an_improvement_and_the_figure_says_what_is_better(self):
        draw = random.Random(4)
        base = {"b": draws(draw, NOISES["normal"])}
        new = {"b": draws(draw, NOISES["normal"], factor=0.8)}
        self.assertEqual(len(compared(base, new).of(IMPROVEMENT)), 1)
        self.assertEqual(len(compared(new, base).of(REGRESSION)), 1)
        more = compared(base, new, figure="items_per_second", more_is_better=True)
        self.assertEqual(len(more.of(REGRESSION)), 1)

    def test_a_certain_change_below_the_minimum_effect_is_none(self):
        base = {"b": [100 + 0.01 * i for i in range(10)]}
        new = {"b": [102 + 0.01 * i for i in range(10)]}
        self.assertEqual(compared(base, new, effect=0.03).of(REGRESSION), [])
        self.assertEqual(len(compared(base, new, effect=0.01).of(REGRESSION)), 1)

    def test_a_large_change_that_is_uncertain_is_none(self):
        base = {"b": [100, 200, 100, 200, 100, 200]}
        new = {"b": [100, 200, 200, 200, 100, 200]}
        result = compared(base, new)
        self.assertGreater(result.changes[0].ratio, 1.2)
        self.assertEqual(result.of(REGRESSION), [])

    def test_a_change_whose_interval_has_no_change_in_it_is_none(self):
        # Each level became slower for sure; of the medians, which lie between the levels, not much
        # can be said.
        base = [100.0 + 0.1 * i for i in range(10)] + [200.0 + 0.1 * i for i in range(10)]
        new = [110.0 + 0.1 * i for i in range(9)] + [210.0 + 0.1 * i for i in range(11)]
        change = compared({"b": base}, {"b": new}).changes[0]
        self.assertLess(change.adjusted_p, 0.05)
        self.assertGreater(change.ratio, 1.05)
        self.assertLess(change.low, 1)
        self.assertEqual(change.verdict, "unchanged")

    def test_one_regression_among_many_is_named(self):
        draw = random.Random(11)
        base = {f"b{i}": draws(draw, NOISES["normal"]) for i in range(40)}
        new = {name: draws(draw, NOISES["normal"], factor=1.3 if name == "b17" else 1.0)
               for name in base}
        self.assertEqual([c.name for c in compared(base, new).of(REGRESSION)], ["b17"])


class Intervals(unittest.TestCase):
    def test_the_interval_covers_the_true_ratio_about_as_often_as_it_says(self):
        trials = 200
        draw = random.Random(2)
        covered = 0
        for number in range(trials):
            base = draws(draw, NOISES["normal"], 12)
            new = draws(draw, NOISES["normal"], 12, factor=1.2)
            low, high = ratio_interval(base, new, seed=number, resamples=400)
            covered += low <= 1.2 <= high
        print(f"{covered} of {trials} intervals of 95 % cover the ratio")
        self.assertGreaterEqual(covered, 0.90 * trials)
        self.assertLess(covered, trials)

    def test_the_interval_has_the_ratio_of_the_medians_inside_and_is_repeated_by_its_seed(self):
        draw = random.Random(3)
        base, new = draws(draw, NOISES["lognormal"]), draws(draw, NOISES["lognormal"])
        low, high = ratio_interval(base, new)
        self.assertLessEqual(low, statistics.median(new) / statistics.median(base))
        self.assertGreaterEqual(high, statistics.median(new) / statistics.median(base))
        self.assertEqual((low, high), ratio_interval(base, new))
        self.assertNotEqual((low, high), ratio_interval(base, new, seed=2))


class Inputs(unittest.TestCase):
    def test_too_few_repetitions_are_an_error_that_says_how_many_are_enough(self):
        with self.assertRaisesRegex(InputError, r"--benchmark_repetitions=4\b"):
            compared({"b": [1, 2, 3]}, {"b": [4, 5, 6]})
        # What it advises is enough, for one and for many.
        for count in (1, 30):
            names = [f"b{i}" for i in range(count)]
            with self.assertRaises(InputError) as raised:
                compared({n: [1.0] for n in names}, {n: [2.0] for n in names})
            advice = int(re.search(r"repetitions=(\d+)", str(raised.exception)).group(1))
            base = {n: [1 + 0.001 * i for i in range(advice)] for n in names}
            new = {n: [2 + 0.001 * i for i in range(advice)] for n in names}
            self.assertEqual(len(compared(base, new).of(REGRESSION)), count)

    def test_unequal_machines_are_told(self):
        sample = {"b": [float(i) for i in range(1, 9)]}
        result = compare([report(sample)], [report(sample, cpu="two")], Settings())
        self.assertEqual(result.unequal, [("cpu", ["one"], ["two"])])
        self.assertIn("**Unequal machines:** cpu is <code>one</code> in the base,"
                      " <code>two</code> in the new",
                      markdown(result))
        self.assertEqual(compared(sample, sample).unequal, [])

    def test_a_frequency_of_the_moment_is_no_other_machine(self):
        sample = {"b": [float(i) for i in range(1, 9)]}
        for mhz, unequal in ((2100, []), (1905, []), (2101, ["2101"]), (1904, ["1904"])):
            result = compare([report(sample, mhz_per_cpu=2000)], [report(sample, mhz_per_cpu=mhz)],
                             Settings())
            self.assertEqual([new for _, _, new in result.unequal], [unequal] if unequal else [])

    def test_a_library_built_for_debugging_is_told(self):
        sample = {"b": [float(i) for i in range(1, 9)]}
        both = [report(sample, library_build_type="debug")]
        self.assertEqual(compare(both, both, Settings()).doubts, [
            f"{side}, lock_benchmark: Google Benchmark is a debug build" for side in ("base", "new")])

    def test_a_machine_that_doubts_its_figures_is_quoted(self):
        sample = {"b": [float(i) for i in range(1, 9)]}
        new = report(sample, warning_1="the machine is loaded")
        self.assertIn("the machine is loaded", markdown(compare([report(sample)], [new], Settings())))

    def test_a_name_of_two_programs_is_compared_program_by_program(self):
        sample = {"b": [float(i) for i in range(1, 9)]}
        both = [report(sample, "one_raw_"), report(sample, "two_raw_")]
        result = compare(both, both, Settings())
        self.assertEqual([c.name for c in result.changes], ["one: b", "two: b"])

    def test_what_is_on_one_side_alone_is_told(self):
        sample = [float(i) for i in range(1, 9)]
        result = compared({"b": sample, "gone": sample}, {"b": sample, "made": sample})
        self.assertEqual((result.only_in_base, result.only_in_new), (["gone"], ["made"]))
        with self.assertRaisesRegex(InputError, "no benchmark has the figure"):
            compared({"gone": sample}, {"made": sample})

    def test_a_figure_that_is_not_above_zero_is_refused(self):
        with self.assertRaisesRegex(InputError, "not above 0"):
            compared({"b": [0.0] * 8}, {"b": [1.0] * 8})


    def test_every_value_of_a_report_may_be_odd(self):
        good = samples.report({"BM_Lock<weft::Lock>/threads:2": [10.0, 12.0],
                               "BM_Lock<std::mutex>/threads:2": [20.0, 21.0]},
                              mhz_per_cpu=2000, warning_1="loaded")
        settings = Settings(alpha=0.99, resamples=10)
        refused = compared_all = 0
        for path in places_of(good):
            for value in ODD:
                with self.subTest(path=path, value=repr(value)[:40]):
                    text = json.dumps(changed(good, path, value))
                    try:
                        odd = [report_of(strict_json.document_of(text, "odd.json"), "odd.json")]
                        for sides in ((odd, odd), (odd, [report_of(good, "good.json")])):
                            markdown(compare(*sides, settings))
                        compared_all += 1
                    except InputError:
                        refused += 1
        print(f"{compared_all} odd reports were compared, {refused} refused")
        self.assertGreater(compared_all, 300)
        self.assertGreater(refused, 200)


class Text(unittest.TestCase):
    def test_no_name_is_read_as_markdown(self):
        names = ["<img src=x onerror=alert(1)>", "a | b", "`x`", "[a](http://b)", "@somebody",
                 "www.example.org", "line\nbreak", "*b*", "<!-- x -->", "</details>", "\u202eabc",
                 "\ud800", "&lt;", "_b_", "http://example.org", "me@example.org", "**b", "a\\b",
                 "WWW.example.com"]
        sample = {name: [float(i) for i in range(1, 16)] for name in names}
        text = markdown(compared(sample, sample))
        text.encode("utf-8")
        rows = [line for line in text.splitlines() if line.startswith("| <code>")]
        self.assertEqual(len(rows), len(names))
        for row in rows:
            name = re.fullmatch(r"\| <code>(.*)</code>( \| [^|]*){6} \|", row).group(1)
            bare = re.sub(r"&#\d+;", "", name)
            self.assertNotRegex(bare, r"[<>&|`*\[\]()@\\~!#\x00-\x1f\u202e]|:/|\b_|_\b")
            self.assertNotIn("www.", name.lower())

    def test_what_denotes_nothing_is_shown_as_it_is(self):
        for name in ("BM_Lock/inside_ns:50/threads:2", "v1.2", "50 %", "\u00e9\u4e2d\U0001f41b"):
            self.assertEqual(code(name), f"<code>{name}</code>")

    def test_a_figure_has_four_digits_and_a_unit_of_its_size(self):
        for value, time, number in ((0.5, "0.5 ns", "0.5 "), (999.94, "999.9 ns", "999.9 "),
                                    (1e3, "1 us", "1 k"), (2345678, "2.346 ms", "2.346 M"),
                                    (1e9, "1 s", "1 G"), (1e12, "1000 s", "1000 G")):
            self.assertEqual((" ".join(scaled_time(value)), " ".join(scaled_number(value))),
                             (time, number))

    def test_a_long_comparison_is_cut_and_says_so(self):
        sample = {f"b{i}": [1.0 + 0.001 * j for j in range(12)] for i in range(ROWS_MAX + 7)}
        text = markdown(compared(sample, sample))
        self.assertIn("... and 7 more.", text)
        self.assertLess(len(text), 65536)


if __name__ == "__main__":
    unittests.main()
