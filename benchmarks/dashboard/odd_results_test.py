"""Results whose values are of odd kinds: they are told, and never end a tool in the middle.

A value somewhere in a file of results is replaced by another: a list for a number, text for an
object. Each tool then either reads the file or says why not.
"""

import json
import os
import random
import unittest

from benchmarks.dashboard import site
from benchmarks.dashboard.snapshot import run_of
from benchmarks.formats import results as results_of
from benchmarks.formats.conversion import FORMATS
from benchmarks.formats.errors import InputError
from benchmarks.formats.testing import samples, unittests
from benchmarks.formats.testing.odd import ODD, changed, places_of

DOCUMENTS = {
    "lock.json": samples.report({"BM_Lock<weft::Lock>/threads:2": [10.0, 12.0],
                                 "BM_Lock<std::mutex>/threads:2": [20.0]}),
    "testlogs/a/b/test.outputs/x.finding.json": samples.finding(),
    "testlogs/a/b/test.outputs/x.finding.sarif": samples.sarif(),
    "bugs.json": {"seeds": 2, "executions_at_most": 10, "programs": {
        "p": {"stress": {"found": 1, "mean": 2.0, "executions_to_failure": [2]}}}},
}


class OddResults(unittest.TestCase):
    def read_and_write(self, name, content):
        root = unittests.folder()
        samples.write(root, "testlogs/a/b/test.xml", samples.test_xml([("Fails", "failure", {})]))
        samples.write(root, name, content)
        results = results_of.read([root])
        for convert in FORMATS.values():
            try:
                convert(results)
            except InputError:
                pass
        site.write(os.path.join(root, "site"), results, "x", run_of(results), [], results.problems)
        return results

    def test_every_value_of_every_kind_of_file_may_be_odd(self):
        draw = random.Random(20260101)
        tried = refused = 0
        for name, document in DOCUMENTS.items():
            paths = list(places_of(document))
            for path in paths:
                for value in draw.sample(ODD, 4):
                    with self.subTest(file=name, path=path, value=repr(value)[:40]):
                        results = self.read_and_write(name, changed(document, path, value))
                        tried += 1
                        refused += bool(results.problems)
        print(f"{tried} odd values, {refused} refused")
        self.assertGreater(tried, 300)
        self.assertGreater(refused, 20)

    def test_every_event_may_be_odd(self):
        text = samples.events({"//a:b": "PASSED", "//a:c": None, "//a:d": "SKIPPED"})
        lines = [json.loads(line) for line in text.splitlines()]
        draw = random.Random(7)
        for path in list(places_of(lines)):
            if len(path) < 2:
                continue
            for value in draw.sample(ODD, 4):
                odd = changed(lines, path, value)
                with self.subTest(path=path, value=repr(value)[:40]):
                    self.read_and_write("events.json", "".join(
                        json.dumps(e, separators=(",", ":")) + "\n" for e in odd))


if __name__ == "__main__":
    unittests.main()
