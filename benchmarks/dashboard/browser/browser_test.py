"""The site in Chromium: it loads, filters, switches its theme, and hostile names are inert in it.

Each check of checks.js is one of this test's. Where the machine has no Chromium, no Node.js or not the
packages of package.json, it is skipped, and says what is missing and where it comes from.
"""

import functools
import http.server
import json
import os
import re
import subprocess
import threading
import unittest

from benchmarks.dashboard.site_for_test import plain_names, write_results
from benchmarks.formats.testing import hostile, node_packages, samples, unittests

DASHBOARD = os.path.abspath("benchmarks/dashboard/dashboard")
CHECKS = os.path.abspath("benchmarks/dashboard/browser/checks.js")

MISSING = node_packages.missing("playwright-core", "axe-core", "chart.js", programs={
    "node": node_packages.NODE, "chromium": node_packages.CHROMIUM})


def made(results, *arguments, code):
    site = os.path.join(unittests.folder(), "site")
    history = os.path.join(unittests.folder(), "h.jsonl")
    for when in ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"):
        result = subprocess.run(
            [DASHBOARD, f"--results={results}", f"--out={site}", f"--history={history}",
             f"--when={when}", *arguments], capture_output=True, text=True)
        assert result.returncode == code, result.stderr
    return site


def ordinary_results():
    results = samples.write_all(unittests.folder())
    # Longer than a telephone is wide.
    names = {f"BM_Again<{lock}>/inside_ns:500/outside_ns:500/iterations:100000/real_time/threads:{n}": [10.0 * n + i for i in range(3)]
             for n in (1, 2, 4) for lock in ("std::mutex", "weft::Lock", "tbb::spin_mutex")}
    samples.write(results, "again.json", samples.report(names))
    # What goals are about.
    samples.write(results, "alone.json", samples.report({
        f"BM_LockUncontended<{lock}>/real_time": [time] for lock, time in (
            ("weft::Lock", 5.0), ("std::mutex", 10.0))}))
    return results


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


def served(site, stop):
    handler = functools.partial(_Quiet, directory=site)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    stop.append(server)
    return f"http://127.0.0.1:{server.server_port}/index.html"


def names_of_checks():
    with open(CHECKS, encoding="utf-8") as stream:
        text = stream.read()
    names = re.findall(r'^\s*check\([`"](.*?)[`"],', text, re.MULTILINE)
    return [name.replace("${kind}", kind) for name in names
            for kind in (("a server", "a file") if "${kind}" in name else ("",))]


@unittest.skipIf(MISSING, f"this machine lacks {MISSING}: wanted() and fetch_web_tools() of ./bazelw")
class Browser(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        servers = []
        site = made(ordinary_results(), code=0)
        names = hostile.names()
        sites = [made(write_results(unittests.folder(), given), code=3)
                 for given in (names, plain_names(len(names)))]
        pictures = os.environ.get("TEST_UNDECLARED_OUTPUTS_DIR") or unittests.folder()
        settings = {
            "modules": node_packages.NODE_MODULES, "chromium": node_packages.CHROMIUM,
            "site": served(site, servers), "file": f"file://{site}/index.html",
            "hostile": served(sites[0], servers), "plain": served(sites[1], servers),
            "findings": len(range(0, len(names), 3)), "pictures": pictures,
        }
        path = samples.write(unittests.folder(), "settings.json", settings)
        # Chromium writes into its home.
        result = subprocess.run([node_packages.NODE, CHECKS, path], stdout=subprocess.PIPE, text=True,
                                env=dict(os.environ, HOME=unittests.folder()))
        for server in servers:
            server.shutdown()
        cls.code = result.returncode
        for line in result.stdout.splitlines():
            print(line[:160])
        cls.results = {r["name"]: r for r in map(json.loads, result.stdout.splitlines())}

    def test_the_browser_ran_all_checks(self):
        self.assertEqual(self.code, 0)
        self.assertEqual(sorted(self.results), sorted(names_of_checks()))
        self.assertGreaterEqual(len(self.results), 15)


def _add(name):
    def body(self):
        result = self.results.get(name)
        self.assertIsNotNone(result, "the browser did not come to it")
        self.assertTrue(result["ok"], result["message"])

    setattr(Browser, "test_" + re.sub(r"\W+", "_", name), body)


for each in names_of_checks():
    _add(each)

if __name__ == "__main__":
    unittests.main()
