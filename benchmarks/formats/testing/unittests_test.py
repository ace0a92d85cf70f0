"""What runs the tests of this tree's Python: what it takes for a pass, and what it writes of each test."""

import os
import subprocess
import sys
import unittest
import xml.etree.ElementTree as xml

from benchmarks.formats.testing import unittests

ROOT = os.path.abspath(__file__).rsplit("/benchmarks/", 1)[0]

BEGIN = """
import unittest
from benchmarks.formats.testing import unittests
class Box(unittest.TestCase):
"""


class Unittests(unittest.TestCase):
    def ran(self, body, name=None):
        """(passed, {class.test: [(tag, text)]}, output) of a class with this body."""
        folder = unittests.folder()
        path, report = os.path.join(folder, "box_test.py"), os.path.join(folder, "test.xml")
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(BEGIN + body + "\nunittests.main()\n")
        env = dict(os.environ, PYTHONPATH=ROOT, XML_OUTPUT_FILE=report)
        env.pop("TESTBRIDGE_TEST_ONLY", None)
        if name is not None:
            env["TESTBRIDGE_TEST_ONLY"] = name
        result = subprocess.run([sys.executable, "-B", path], env=env, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertIn(result.returncode, (0, 1), result.stdout)
        self.assertTrue(os.path.exists(report), result.stdout)
        cases = {f"{case.get('classname')}.{case.get('name')}": [(each.tag, each.text) for each in case]
                 for case in xml.parse(report).iter("testcase")}
        return result.returncode == 0, cases, result.stdout

    def test_each_outcome_is_told(self):
        passed, cases, _ = self.ran("""
    def test_good(self): pass
    def test_bad(self): self.fail("for this reason")
    def test_odd(self): raise KeyError("\\x1b\\ud800")
    def test_part(self):
        for i in range(3):
            with self.subTest(i=i): self.assertNotEqual(i, 1)
    def test_off(self): self.skipTest("not here")
""")
        self.assertFalse(passed)
        self.assertEqual({name: [tag for tag, _ in said] for name, said in cases.items()}, {
            "Box.test_good": [], "Box.test_bad": ["failure"], "Box.test_odd": ["error"],
            "Box.test_part": ["failure"], "Box.test_off": ["skipped"]})
        self.assertIn("for this reason", cases["Box.test_bad"][0][1])
        self.assertIn("(i=1)", cases["Box.test_part"][0][1])
        self.assertEqual(cases["Box.test_off"][0][1], "not here")

    def test_a_pass_is_a_test_that_ran_or_was_skipped_with_its_reason(self):
        self.assertTrue(self.ran("    def test_good(self): pass")[0])
        passed, cases, output = self.ran("    def test_off(self): self.skipTest('not here')")
        self.assertEqual((passed, cases), (True, {"Box.test_off": [("skipped", "not here")]}))
        self.assertIn("SKIPPED: __main__.Box.test_off: not here", output)

    def test_no_test_at_all_is_no_pass(self):
        for body, name in (("    pass", None), ("    def test_good(self): pass", "other")):
            passed, cases, output = self.ran(body, name)
            self.assertEqual((passed, cases), (False, {}))
            self.assertIn("no test was there to run", output)

    def test_a_class_that_cannot_be_set_up_is_told(self):
        body = """
    @classmethod
    def setUpClass(cls): raise %s
    def test_good(self): pass
"""
        passed, cases, output = self.ran(body % "unittest.SkipTest('no browser')")
        self.assertEqual((passed, cases), (True, {"Box.setUpClass": [("skipped", "no browser")]}))
        self.assertIn("SKIPPED: setUpClass (__main__.Box): no browser", output)
        passed, cases, _ = self.ran(body % "KeyError('no browser')")
        self.assertEqual((passed, [tag for tag, _ in cases["Box.setUpClass"]]), (False, ["error"]))

    def test_a_filter_is_a_part_of_the_names_to_run(self):
        body = "    def test_good(self): pass\n    def test_bad(self): self.fail()"
        self.assertEqual(self.ran(body, "good")[:2], (True, {"Box.test_good": []}))


if __name__ == "__main__":
    unittests.main()
