"""The site as a whole: what it shows, that names are inert in it, and what it refuses."""

import contextlib
import io
import json
import os
import re
import subprocess
import unittest
import unittest.mock
import urllib.parse

from benchmarks.dashboard import history, main
from benchmarks.dashboard import site as site_of
from benchmarks.dashboard.page import PAGES, POLICY
from benchmarks.dashboard.site_for_test import Reader, plain_names, write_results
from benchmarks.formats.names import name_of
from benchmarks.formats.testing import hostile, samples, unittests

DASHBOARD = os.path.abspath("benchmarks/dashboard/dashboard")


def dashboard(*arguments, code=0):
    result = subprocess.run([DASHBOARD, *arguments], capture_output=True, text=True)
    assert result.returncode == code, (result.returncode, result.stderr)
    return result.stderr


def read(site, page):
    with open(os.path.join(site, page), encoding="utf-8", newline="") as stream:
        return stream.read()


def pages_of(site):
    return sorted(os.path.relpath(os.path.join(at, name), site)
                  for at, _, names in os.walk(site) for name in names
                  if name.endswith(".html") and not name.startswith("page-"))


def text_of(site, page):
    return " ".join(" ".join(Reader(read(site, page)).texts).split())


def data_of(site, page):
    return json.loads(re.search(r'id="data">(.*?)</script>', read(site, page))[1])


class Site(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.results = samples.write_all(unittests.folder())
        cls.site = os.path.join(unittests.folder(), "site")
        cls.history = os.path.join(unittests.folder(), "h.jsonl")
        dashboard(f"--results={cls.results}", f"--out={cls.site}", f"--history={cls.history}",
                  "--commit=0123456789abcdef")

    def test_the_overview_counts_what_failed_and_what_was_done(self):
        text = text_of(self.site, "index.html")
        for expected in ("2 targets failed", "1 tests failed", "4 tests passed", "2 skipped",
                         "441 executions", "1 open findings", "1/1 benchmarks ahead",
                         "A Processor", "0123456789ab"):
            self.assertIn(expected, text)
        self.assertNotIn("could not be read", text)

    def test_the_tests_stand_by_mode_and_what_did_not_build_has_failed(self):
        text = text_of(self.site, "tests.html")
        self.assertIn("//stress:broken_test failed no status", text)
        self.assertIn("//stress:other_machine_test skipped", text)
        self.assertIn("tsan ThreadSanitizer: data races, on real threads clean 1 1 0 0", text)
        self.assertIn("Box.Sells explore failed", text)
        self.assertIn("Box.Holds undecided 100 executions holds 327 executions", text)

    def test_a_finding_leads_to_its_page_and_a_control_is_called_one(self):
        text = text_of(self.site, "tests.html")
        self.assertIn("Box.Sells deadlock open", text)
        self.assertIn("Control.IsFound deadlock control", text)
        self.assertEqual(read(self.site, "findings/page-0.html").count("the page"), 1)
        frame = [dict(a) for e, a in Reader(read(self.site, "findings/0.html")).elements
                 if e == "iframe"]
        self.assertEqual([(f["src"], f["sandbox"]) for f in frame], [("page-0.html", "allow-scripts")])
        self.assertIn('"weft_finding": 1', text_of(self.site, "findings/1.html"))

    def test_rows_have_the_status_that_their_table_is_filtered_by_and_heads_say_what_they_mean(self):
        elements = Reader(read(self.site, "tests.html")).elements
        rows = [dict(a)["data-status"] for e, a in elements if e == "tr" and "data-status" in dict(a)]
        self.assertEqual({status: rows.count(status) for status in sorted(set(rows))},
                         {"control": 1, "failed": 3, "holds": 1, "open": 1, "passed": 1, "skipped": 1,
                          "violated": 2})
        heads = {dict(a)["title"] for e, a in Reader(read(self.site, "performance.html")).elements
                 if e == "th" and "title" in dict(a)}
        self.assertEqual(heads, {"repetitions", "what it costs as a multiple of the best peer's",
                                 "to the last run before on this machine", "below 1 is better"})

    def test_benchmarks_stand_beside_their_best_peer(self):
        text = text_of(self.site, "performance.html")
        self.assertIn("BM_Lock<weft::Lock>/threads:2 11 ns std::mutex 21 ns \u00d70.52",
                      text.replace("\u00a0", " "))

    def test_each_of_ours_stands_beside_its_fastest_peer_and_the_furthest_ahead_first(self):
        results, site = unittests.folder(), unittests.folder() + "/site"
        samples.write(results, "x.json", samples.report({
            "BM_B<weft::Lock>": [3000.0], "BM_B<std::mutex>": [1500.0],
            "BM_C<weft::Lock>": [500.0], "BM_C<tbb::mutex>": [2000.0], "BM_C<std::mutex>": [1000.0],
            "BM_A<weft::Lock>": [1e6], "BM_A<std::mutex>": [1e6]}))
        dashboard(f"--results={results}", f"--out={site}")
        text = text_of(site, "performance.html").replace("\u00a0", " ")
        self.assertIn("1 ahead 1 level (within 5 %) 1 behind", text)
        self.assertIn("BM_C<weft::Lock> 500 ns std::mutex 1 \u00b5s \u00d70.50"
                      " BM_A<weft::Lock> 1 ms std::mutex 1 ms \u00d71.00"
                      " BM_B<weft::Lock> 3 \u00b5s std::mutex 1.5 \u00b5s \u00d72.00", text)
        self.assertIn("BM_C<weft::Lock> 500 ns 1 2 M/s \u00d70.50 Charts", text)
        self.assertIn("1/3 benchmarks ahead", text_of(site, "index.html"))
        data = data_of(site, "performance.html")
        self.assertEqual(data["ratios"], [["BM_C<weft::Lock>", 0.5, "std::mutex"],
                                          ["BM_A<weft::Lock>", 1.0, "std::mutex"],
                                          ["BM_B<weft::Lock>", 2.0, "std::mutex"]])
        # What the program finds a benchmark's row and sorts its cells by.
        elements = Reader(read(site, "performance.html")).elements
        self.assertEqual([dict(a)["id"] for e, a in elements if e == "tr" and "id" in dict(a)],
                         [f"b{i}" for i in range(len(data["benchmarks"]))])
        values = {float(dict(a)["data-value"]) for _, a in elements if "data-value" in dict(a)}
        self.assertLessEqual({0.5, 1.0, 2.0, 500.0, 1000.0, 1500.0, 2000.0, 3000.0, 1e6, 2e6}, values)

    def test_goals_stand_with_what_was_measured_of_them(self):
        results, site = unittests.folder(), unittests.folder() + "/site"
        alone, death = "BM_LockUncontended<{}>/real_time", "BM_ProcessPoolDeath<WeftPool>/deaths:20/workers:2/manual_time"
        samples.write(results, "x.json", samples.report(
            {alone.format("weft::Lock"): [8.0], alone.format("std::mutex"): [10.0]}))
        # Another program's benchmark of the same name is another one.
        samples.write(results, "y.json", samples.report({alone.format("weft::Lock"): [1.0]}, "other"))
        report = samples.report({death: [1e6]}, "process_pool_benchmark")
        report["benchmarks"][0].update(p50_us=900.0, p99_us=60_000.0)
        samples.write(results, "z.json", report)
        dashboard(f"--results={results}", f"--out={site}")
        text = text_of(site, "performance.html")
        self.assertIn("1 at their aim 0 above their floor 2 below , by medians", text)
        self.assertIn("lock: alone, time at most 0.75 0.75 0.8 std::mutex below the floor", text)
        self.assertIn("process pool: until the call of a killed process fails, median, us"
                      " at most 10,000 1,000 900 aim", text)
        self.assertIn("99 of 100, us at most 50,000 1,000 60,000 below the floor", text)
        dashboard(f"--results={self.results}", f"--out={site}")
        self.assertNotIn("Goals", text_of(site, "performance.html"))

    def test_figures_of_an_earlier_run_are_shown_where_these_results_have_none(self):
        results, site = unittests.folder(), unittests.folder() + "/site"
        samples.write(results, "testlogs/a/b/test.xml", samples.test_xml(
            [("A", "error", {}), ("B", "failure", {}), ("C", "", {})]))
        path = os.path.join(unittests.folder(), "h.jsonl")
        arguments = (f"--results={results}", f"--out={site}", "--when=2027-01-01T00:00:00Z")
        dashboard(*arguments)
        self.assertIn("There are no benchmarks here", text_of(site, "performance.html"))
        history.append(path, history.read(self.history)[0])
        dashboard(*arguments, f"--history={path}")
        text = text_of(site, "performance.html")
        self.assertIn("the figures are those of 2026-01-02T03:04:05Z", text)
        self.assertIn("BM_Lock<weft::Lock>/threads:2", text)
        runs = data_of(site, "index.html")["runs"]
        self.assertEqual([(run["failed"], run["executions"]) for run in runs], [(1, 441), (2, 0)])

    def test_the_chart_library_is_the_one_that_was_named(self):
        library = samples.write(unittests.folder(), "chart.js", "// of the test\n")
        site = unittests.folder() + "/site"
        dashboard(f"--results={self.results}", f"--out={site}", f"--charts={library}")
        self.assertEqual(read(site, "chart.js"), "// of the test\n")
        self.assertIn("no such file", dashboard(f"--results={self.results}", f"--out={site}",
                                                "--charts=/absent", code=1))

    def test_the_built_chart_library_comes_with_its_licences(self):
        if not site_of.has_charts():
            self.skipTest("the build found no Chart.js: ./bazelw fetches it through npm")
        self.assertRegex(read(self.site, "chart.js"), r"^/\*!\n \* Chart\.js v4\.")
        licences = read(self.site, "chart.LICENSE.txt")
        for whose in ("Chart.js Contributors", "Jukka Kurkela"):
            self.assertIn(whose, licences)

    def test_without_a_chart_library_there_are_tables_alone(self):
        site = os.path.join(unittests.folder(), "site")
        said = io.StringIO()
        charts = os.path.dirname(samples.write(unittests.folder(), "chart.js", ""))
        with unittest.mock.patch.object(site_of, "CHARTS", charts), \
                contextlib.redirect_stderr(said):
            self.assertEqual(main.main([f"--results={self.results}", f"--out={site}"]), 0)
        self.assertIn("tables alone", said.getvalue())
        self.assertTrue(read(site, "chart.js").startswith("// "))
        self.assertIn("BM_Lock<weft::Lock>/threads:2", text_of(site, "performance.html"))

    def test_the_bug_table_tells_how_many_found_it(self):
        text = text_of(self.site, "bugs.html")
        self.assertIn("published/account 376 (4/10) 1.0", text)
        self.assertIn("10 searches each, of at most 10000 executions", text)

    def test_every_link_and_file_leads_somewhere(self):
        seen = 0
        for page in pages_of(self.site):
            elements = Reader(read(self.site, page)).elements
            for _, attributes in elements:
                attributes = dict(attributes)
                address = attributes.get("href") or attributes.get("src")
                if address is None:
                    continue
                parts = urllib.parse.urlsplit(address)
                self.assertEqual((parts.scheme, parts.netloc), ("", ""), address)
                path = os.path.normpath(os.path.join(self.site, os.path.dirname(page), parts.path
                                                     or os.path.basename(page)))
                self.assertTrue(os.path.isfile(path), f"{page}: {address}")
                if parts.fragment:
                    ids = [dict(a).get("id") for _, a in Reader(
                        read(self.site, os.path.relpath(path, self.site))).elements]
                    self.assertIn(parts.fragment, ids)
                seen += 1
        self.assertGreater(seen, 30)

    def test_each_page_has_the_policy_and_unique_ids(self):
        for page in pages_of(self.site):
            elements = Reader(read(self.site, page)).elements
            policies = [dict(a)["content"] for e, a in elements
                        if e == "meta" and dict(a).get("http-equiv") == "Content-Security-Policy"]
            self.assertEqual(len(policies), 1, page)
            self.assertTrue(policies[0].startswith(POLICY))
            self.assertNotIn("unsafe", policies[0])
            ids = [dict(a)["id"] for _, a in elements if "id" in dict(a)]
            self.assertEqual(len(ids), len(set(ids)), page)
            current = [dict(a)["href"] for _, a in elements if "aria-current" in dict(a)]
            self.assertEqual(current, [page] if page in dict(PAGES) else [])
            for element, attributes in elements:
                self.assertFalse([k for k, _ in attributes if k.startswith("on") or k == "style"])

    def test_the_same_results_add_no_second_run_and_new_ones_do(self):
        dashboard(f"--results={self.results}", f"--out={self.site}", f"--history={self.history}",
                  "--commit=0123456789abcdef")
        run, = history.read(self.history)[0]
        self.assertEqual(run["findings"], 1)
        self.assertEqual(run["tests"], {"stress": {"passed": 1, "skipped": 2}, "tsan": {"passed": 1},
                                        "explore": {"passed": 2, "failed": 1}})
        self.assertEqual(run["figures"]["BM_Lock<weft::Lock>/threads:2"]["real_time"],
                         [11.0, 10.0, 12.0, 3])
        self.assertEqual(run["machine"], "alpha, A Processor, 2 processors")
        self.assertEqual(run["when"], "2026-01-02T03:04:05Z")
        copy = os.path.join(unittests.folder(), "h.jsonl")
        dashboard(f"--results={self.results}", f"--out={unittests.folder()}/s", f"--history={copy}",
                  "--commit=other", "--when=2027-01-01T00:00:00Z", f"--merge={self.history}")
        runs, problems = history.read(copy)
        self.assertEqual(([run["commit"] for run in runs], problems),
                         (["0123456789abcdef", "other"], []))

    def test_the_change_since_the_last_run_is_of_the_same_machine(self):
        path = os.path.join(unittests.folder(), "h.jsonl")
        current, = history.read(self.history)[0]
        for when, machine, time in (("2025-01-01T00:00:00Z", current["machine"], 22.0),
                                    ("2025-06-01T00:00:00Z", "another", 5.0)):
            before = json.loads(json.dumps(current))
            before.update(when=when, machine=machine)
            before["figures"]["BM_Lock<weft::Lock>/threads:2"]["real_time"][0] = time
            history.append(path, [before])
        site = unittests.folder() + "/site"
        dashboard(f"--results={self.results}", f"--out={site}", f"--history={path}")
        self.assertIn("-50.0 % Charts", text_of(site, "performance.html"))
        self.assertNotIn("+120.0 %", text_of(site, "performance.html"))


class Refusals(unittest.TestCase):
    def setUp(self):
        self.results = samples.write_all(unittests.folder())

    def test_a_folder_of_something_else_is_never_replaced(self):
        mine = unittests.folder()
        samples.write(mine, "thesis.txt", "mine")
        error = dashboard(f"--results={self.results}", f"--out={mine}", code=1)
        self.assertIn("is no site of the dashboard", error)
        self.assertEqual(os.listdir(mine), ["thesis.txt"])
        self.assertIn("no folder", dashboard(f"--results={self.results}",
                                             f"--out={mine}/thesis.txt", code=1))

    def test_a_site_is_replaced_as_a_whole_and_nothing_stays_beside_it(self):
        parent = unittests.folder()
        site = os.path.join(parent, "site")
        dashboard(f"--results={self.results}", f"--out={site}")
        samples.write(site, "findings/99.html", "old")
        dashboard(f"--results={self.results}", f"--out={site}")
        self.assertFalse(os.path.exists(os.path.join(site, "findings/99.html")))
        self.assertEqual(os.listdir(parent), ["site"])

    def test_what_could_not_be_read_is_on_the_first_page_and_in_the_exit_status(self):
        samples.write(self.results, "torn.json", "{")
        path = os.path.join(unittests.folder(), "h.jsonl")
        samples.write(os.path.dirname(path), "h.jsonl", '{"weft_history": 1, "when": "20')
        site = unittests.folder() + "/site"
        error = dashboard(f"--results={self.results}", f"--out={site}", f"--history={path}", code=3)
        for text in (error, text_of(site, "index.html")):
            self.assertIn("torn.json: no JSON", text)
            self.assertIn("line 1 is passed over", text)

    def test_wrong_usage_and_missing_inputs_are_told(self):
        out = f"--out={unittests.folder()}/s"
        self.assertIn("no such file", dashboard("--results=/absent", out, code=1))
        self.assertIn("no results", dashboard(f"--results={unittests.folder()}", out, code=1))
        self.assertIn("--history", dashboard(f"--results={self.results}", out, "--merge=x", code=1))
        self.assertIn("no such file", dashboard(
            f"--results={self.results}", out, "--merge=/absent",
            f"--history={unittests.folder()}/h", code=1))
        dashboard(f"--results={self.results}", code=2)


class Names(unittest.TestCase):
    def test_hostile_names_give_the_elements_that_plain_ones_give(self):
        names = hostile.names()
        sites = []
        for given in (names, plain_names(len(names))):
            site = unittests.folder() + "/site"
            dashboard(f"--results={write_results(unittests.folder(), given)}", f"--out={site}",
                      f"--history={unittests.folder()}/h.jsonl", code=3)
            sites.append(site)
        self.assertEqual(pages_of(sites[0]), pages_of(sites[1]))
        self.assertGreater(len(pages_of(sites[0])), 70)

        def shape(site, page):
            """Elements with the names of their attributes, and the values that are not names. In a
            table rows stand in the order of their names, which differs: so each as a set."""
            elements = Reader(read(site, page)).elements
            return sorted((e, tuple(k for k, _ in a), tuple(
                v for k, v in a if k in ("class", "href", "src", "type", "rel", "scope", "sandbox")))
                for e, a in elements)

        for page in pages_of(sites[0]):
            hostile_shape, plain_shape = shape(sites[0], page), shape(sites[1], page)
            if page == "performance.html":
                # Names say what is compared with what, so plain ones have other parts; no element
                # of another kind may be there.
                self.assertLessEqual({e[0] for e in hostile_shape}, {e[0] for e in plain_shape}
                                     | {"section", "figure", "canvas", "figcaption", "div"})
                continue
            self.assertEqual(hostile_shape, plain_shape, page)
        text = read(sites[0], "tests.html")
        self.assertNotRegex(text, r"<(img|svg|iframe|object|embed|base|form|math|template)\b")

    def test_a_name_is_taken_apart_or_stands_as_a_whole(self):
        name = name_of("BM_Lock<weft::Lock<int>>/inside_ns:50/threads:8")
        self.assertEqual((name.base, name.subject, name.scale, name.is_ours),
                         ("BM_Lock", "weft::Lock<int>", ("threads", 8), True))
        self.assertEqual(name.contest, name_of("BM_Lock<x>/inside_ns:50/threads:8").contest)
        self.assertEqual(name.curve, name_of("BM_Lock<x>/inside_ns:50/threads:1").curve)
        self.assertNotEqual(name.curve, name_of("BM_Lock<x>/inside_ns:0/threads:1").curve)
        for odd in hostile.names():
            self.assertTrue(name_of(odd).base)

    def test_pages_are_those_of_the_navigation(self):
        self.assertEqual([page for page, _ in PAGES],
                         ["index.html", "tests.html", "performance.html", "bugs.html"])
        self.assertTrue(all(re.fullmatch(r"[a-z]+\.html", page) for page, _ in PAGES))


if __name__ == "__main__":
    unittests.main()
