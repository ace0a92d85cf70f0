"""What is read from a folder of results, and what is said of all that cannot be read."""

import json
import os
import shutil
import unittest

from benchmarks.formats import junit
from benchmarks.formats import results as results_of
from benchmarks.formats.build_events import events_of, path_of
from benchmarks.formats.errors import InputError
from benchmarks.formats.google_benchmark import report_of
from benchmarks.formats.junit import cases_of
from benchmarks.formats.modes import mode_finder
from benchmarks.formats.results import label_of
from benchmarks.formats.testing import samples, unittests


class Folder(unittest.TestCase):
    def setUp(self):
        self.results = results_of.read([samples.write_all(unittests.folder())])

    def test_all_kinds_are_read_without_a_problem(self):
        r = self.results
        self.assertEqual(r.problems, [])
        self.assertEqual(len(r.cases), 7)
        self.assertEqual((len(r.findings), len(r.sarif), len(r.bug_tables)), (2, 2, 1))
        self.assertEqual(len(r.targets), 6)
        self.assertEqual(r.started_ms, 1767323045000)

    def test_a_job_that_keeps_copies_counts_each_case_once(self):
        results = unittests.folder()
        logs = os.path.join(results, "away/testlogs")
        for path, case in (("a/b_test", "One"), ("a/b_test_tsan", "One"), ("a/c_test", "Other")):
            samples.write(logs, f"{path}/test.xml", samples.test_xml([(case, "", {})]))
        labels = ["//a:b_test", "//a:b_test_tsan", "//a:c_test"]
        own = [(label, "One" if "b_test" in label else "Other") for label in labels]
        merged = junit.merged(results_of.read([logs]).cases)
        events = samples.events({label: "PASSED" for label in labels})
        lines = [{"id": {"testResult": {"label": label, "run": 1, "shard": 1, "attempt": 1}},
                  "testResult": {"status": "PASSED", "testActionOutput": [
                      {"name": "test.xml", "uri": f"file://{logs}/{label[2:].replace(':', '/')}/test.xml"}]}}
                 for label in labels]
        events += "".join(json.dumps(line) + "\n" for line in lines)
        for link in ("testlogs", "bazel-testlogs"):
            job = unittests.folder()
            # Read before the logs, and after them.
            for name in ("a.json", "z.json"):
                samples.write(job, f"from-test/{name}", events)
            samples.write(job, "from-test/results/a.xml", merged)
            got = [(c.target, c.name) for c in results_of.read([job]).cases]
            self.assertEqual(sorted(got), own, "of the events alone")
            shutil.copytree(logs, os.path.join(job, "from-test/results", link))
            samples.write(job, "from-test/results/z.xml", merged)
            got = [(c.target, c.name) for c in results_of.read([job]).cases]
            self.assertEqual(sorted(got), own, link)

    def test_the_merged_file_alone_has_every_case(self):
        logs, job = unittests.folder(), unittests.folder()
        samples.write(logs, "testlogs/a/b_test/test.xml", samples.test_xml([("One", "", {}), ("Two", "", {})]))
        samples.write(job, "junit.xml", junit.merged(results_of.read([logs]).cases))
        self.assertEqual([c.name for c in results_of.read([job]).cases], ["One", "Two"])

    def test_smoke_runs_of_benchmarks_are_no_figures(self):
        self.assertEqual({row.name for report in self.results.reports for row in report.rows},
                         {"BM_Lock<weft::Lock>/threads:2", "BM_Lock<std::mutex>/threads:2"})

    def test_a_finding_of_a_test_that_passed_is_a_control_and_no_alarm(self):
        expected = {f.test: f.expected for f in self.results.findings}
        self.assertEqual(expected, {"Box.Sells": False, "Control.IsFound": True})
        self.assertEqual([log["runs"][0]["results"][0]["properties"]["test"]
                          for _, log in self.results.sarif_to_tell()], ["Box.Sells"])

    def test_a_program_that_a_test_ran_may_have_the_finding(self):
        root = unittests.folder()
        for name, outcome in (("good", ""), ("bad", "failure"), ("off", "skipped")):
            samples.write(root, f"a/{name}/test.xml", samples.test_xml([("RunsIt", outcome, {})]))
            samples.write(root, f"a/{name}/test.outputs/x.finding.json", samples.finding("Its.Own"))
        expected = {f.target: f.expected for f in results_of.read([root]).findings}
        self.assertEqual(expected, {"//a:good": True, "//a:bad": False, "//a:off": False})

    def test_a_finding_has_its_page(self):
        pages = {f.test: f.page for f in self.results.findings}
        self.assertIn(b"the page", pages["Box.Sells"])
        self.assertEqual(pages["Control.IsFound"], b"")

    def test_what_did_not_build_has_failed_and_what_cannot_run_is_skipped(self):
        outcomes = {label: t.outcome for label, t in self.results.targets.items()}
        self.assertEqual(outcomes["//stress:broken_test"], "failed")
        self.assertEqual(outcomes["//stress:other_machine_test"], "skipped")
        self.assertEqual(outcomes["//stress:box_test_explore"], "failed")
        self.assertEqual(outcomes["//stress:box_test"], "passed")

    def test_an_unreadable_file_is_named_and_the_others_are_read(self):
        root = samples.write_all(unittests.folder())
        for path, content in (
            ("a/test.xml", b"<testsuites><testsuite"), ("b/test.xml", b"<html/>"),
            ("c/test.outputs/outputs.zip", b"PK no zip"), ("d.json", b'{"context": '),
            ("e.json", {"context": {}, "benchmarks": [{"x": 1}]}),
            ("f.finding.json", {"weft_finding": 2}), ("g.json", b"[" * 100000),
            ("h.sarif", {"version": "2.1.0", "runs": [{"tool": 5}]}),
            ("i.json", '{"context": {"x": 1e999}, "benchmarks": []}'),
        ):
            samples.write(root, path, content)
        r = results_of.read([root])
        for name in ("a/test.xml", "b/test.xml", "outputs.zip", "d.json", "e.json", "g.json",
                     "f.finding.json", "h.sarif", "i.json"):
            self.assertTrue(any(name in problem for problem in r.problems), name)
        self.assertEqual(len(r.problems), 9)
        self.assertEqual((len(r.cases), len(r.sarif)), (7, 2))

    def test_a_number_that_no_double_holds_is_told(self):
        report = samples.report({"b": [1.0]})
        entry = report["benchmarks"][0]
        for change in ({"real_time": 10 ** 400}, {"p99_ns": 10 ** 400},
                       {"cpu_time": 1e308, "time_unit": "s"}):
            root = unittests.folder()
            samples.write(root, "x.json", dict(report, benchmarks=[dict(entry, **change)]))
            r = results_of.read([root])
            self.assertEqual((len(r.problems), r.reports), (1, []), change)
            self.assertIn("too large", r.problems[0])

    def test_a_folder_that_is_not_there_is_an_error(self):
        with self.assertRaisesRegex(InputError, "no such file"):
            results_of.read([os.path.join(unittests.folder(), "absent")])

    def test_a_file_that_the_events_name_is_read_once(self):
        root = unittests.folder()
        path = samples.write(root, "testlogs/a/b/test.xml", samples.test_xml([("Holds", "", {})]))
        text = samples.events({"//a:b": "PASSED"}).replace(
            '"status":"PASSED"',
            '"status":"PASSED","testActionOutput":[{"name":"test.xml","uri":"file://%s"}]' % path)
        samples.write(root, "events.json", text)
        self.assertEqual(len(results_of.read([root]).cases), 1)
        alone = results_of.read([os.path.join(root, "events.json")])
        self.assertEqual([c.target for c in alone.cases], ["//a:b"])


class Labels(unittest.TestCase):
    def test_the_label_is_the_folder_below_testlogs(self):
        for path, label in (
            ("stress/queue/queue_test/test.xml", "//stress/queue:queue_test"),
            ("/x/testlogs/queue_test/test.xml", "//:queue_test"),
            ("/x/testlogs/a/b/shard_1_of_4/test.xml", "//a:b"),
            ("a/b/run_2_of_3/test.xml", "//a:b"),
            ("a/b/shard_1_of_2_run_1_of_3/test.xml", "//a:b"),
            ("a/b/test.outputs/deep/x.finding.json", "//a:b"),
            ("loose.xml", "loose"),
        ):
            self.assertEqual(label_of(path), label, path)

    def test_the_mode_is_the_suffix_and_a_family_without_one_is_on_real_threads(self):
        mode = mode_finder(["//a:b", "//a:b_tsan", "//a:b_asan", "//a:b_explore", "//a:c"])
        self.assertEqual([mode(f"//a:{n}") for n in ("b", "b_tsan", "b_asan", "b_explore", "c")],
                         ["stress", "tsan", "asan", "explore", "plain"])


class Cases(unittest.TestCase):
    def cases(self, *cases):
        return cases_of(samples.test_xml(list(cases)), "//a:b", "test.xml")

    def test_each_outcome_is_told_apart(self):
        cases = self.cases(("A", "", {}), ("B", "failure", {}), ("C", "error", {}),
                           ("D", "skipped", {}), ("E", "disabled", {}))
        self.assertEqual([c.outcome for c in cases],
                         ["passed", "failed", "error", "skipped", "skipped"])
        self.assertEqual(cases[1].message, "it went wrong\nhere")
        self.assertEqual((cases[0].test, cases[0].file, cases[0].line, cases[0].seconds),
                         ("Box.A", "stress/box_test.cc", 7, 0.25))

    def test_each_check_of_a_test_has_its_verdict(self):
        case, = self.cases(("A", "", {"verdict": "holds", "executions": "3", "bounds": "b",
                                      "verdict_2": "violated", "executions_2": "5", "mine": "x"}))
        self.assertEqual(case.checks, [{"verdict": "holds", "executions": "3", "bounds": "b"},
                                       {"verdict": "violated", "executions": "5"}])
        self.assertEqual(case.properties, {"mine": "x"})
        case, = self.cases(("A", "", {"executions": "9", "programs": "4"}))
        self.assertEqual((case.checks, case.properties), ([], {"executions": "9", "programs": "4"}))


    def test_what_is_no_count_counts_nothing(self):
        for text, count in (("0327", 327), ("9" * 15, 10 ** 15 - 1), ("9" * 400, 0), ("9" * 5000, 0),
                            ("\u00b2", 0), ("\u0663", 0), ("-1", 0), ("1.5", 0), ("1_000", 0),
                            (" 1", 0), ("", 0)):
            case, = self.cases(("A", "", {"verdict": "holds", "executions": text}))
            self.assertEqual((case.executions, len(case.checks)), (count, 1), text[:20])
            xml = samples.test_xml([("A", "", {})]).replace(b'line="7"', f'line="{text}"'.encode())
            self.assertEqual(cases_of(xml, "//a:b", "test.xml")[0].line, count, text[:20])


class Events(unittest.TestCase):
    def test_a_torn_last_line_is_told_and_the_others_count(self):
        text = samples.events({"//a:b": "PASSED", "//a:c": "FAILED"}, end=False)
        events = events_of(text + '{"id":{"testSumm', "e.json")
        self.assertEqual({l: t.outcome for l, t in events.targets.items()},
                         {"//a:b": "passed", "//a:c": "failed"})
        self.assertEqual(len(events.problems), 2)
        self.assertIn("is torn", events.problems[0])
        self.assertIn("did not come to its end", events.problems[1])

    def test_what_is_no_event_is_told(self):
        text = samples.events({"//a:b": "PASSED"}).split("\n")
        text[2:2] = ["[]", "nonsense", '{"id":{"testSummary":{"label":"//a:b"}},"testSummary":3}']
        self.assertEqual(len(events_of("\n".join(text), "e.json").problems), 3)
        with self.assertRaises(InputError):
            events_of('{"a": 1}', "e.json")

    def test_a_time_that_is_none_is_told(self):
        text = samples.events({"//a:b": "PASSED"})
        for time in ("-1", "9" * 30, "soon"):
            events = events_of(text.replace("1767323045000", time), "e.json")
            self.assertEqual((len(events.problems), events.started_ms), (1, 0), time)
            self.assertEqual(events.targets["//a:b"].outcome, "passed")

    def test_only_files_of_this_machine_have_a_path(self):
        self.assertEqual(path_of("file:///a%20b/test.xml"), "/a b/test.xml")
        self.assertEqual(path_of("bytestream://host/blobs/x"), "")
        self.assertEqual(path_of("https://example.invalid/x"), "")


class Reports(unittest.TestCase):
    def test_aggregates_and_errors_are_no_repetitions(self):
        document = samples.report({"b": [1.0, 2.0]})
        document["benchmarks"] += [
            {"name": "b_mean", "run_name": "b", "run_type": "aggregate", "real_time": 1,
             "cpu_time": 1, "time_unit": "ns"},
            {"name": "broken", "run_type": "iteration", "error_occurred": True,
             "error_message": "no"},
            {"name": "off", "run_type": "iteration", "skipped": "error", "error_message": "off"}]
        report = report_of(document, "x")
        self.assertEqual([row.real_time_ns for row in report.rows], [1.0, 2.0])
        self.assertEqual(report.errors, [("broken", "no"), ("off", "off")])
        self.assertEqual(report.program, "lock_benchmark")


if __name__ == "__main__":
    unittests.main()
