"""Runs the tests of the calling file under Bazel.

Writes JUnit XML with a reason for each test that was skipped; fails if there was no test to run.
Honours --test_filter (TESTBRIDGE_TEST_ONLY), a part of the names to run.
"""

import os
import re
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree as xml

from benchmarks.formats.junit import xml_text


def _names_of(test):
    """(class, name) of a test, or of what a class sets up: "setUpClass (module.Class)"."""
    of_a_class = re.fullmatch(r"(\w+) \((.*)\)", test.id())
    kind, name = (of_a_class[2], of_a_class[1]) if of_a_class else test.id().rsplit(".", 1)
    return kind.rsplit(".", 1)[-1], name


class _Result(unittest.TextTestResult):
    """Keeps what the XML says of each test.

    Invariants: (I1) each test that began is a case, and so is each outcome outside of one: a class whose
                     set-up fails, or is skipped, has none of its tests begin.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.cases = []
        self._outcome = None  # of the test that runs

    def startTest(self, test):
        super().startTest(test)
        self._began = time.monotonic()
        self._outcome = []

    def stopTest(self, test):
        super().stopTest(test)
        self.cases.append((*_names_of(test), time.monotonic() - self._began, self._outcome))
        self._outcome = None

    def _note(self, test, tag, text):
        if self._outcome is None:
            self.cases.append((*_names_of(test), 0.0, [(tag, text)]))
        else:
            self._outcome.append((tag, text))

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._note(test, "failure", self._exc_info_to_string(err, test))

    def addError(self, test, err):
        super().addError(test, err)
        self._note(test, "error", self._exc_info_to_string(err, test))

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._note(test, "failure", f"{subtest}\n{self._exc_info_to_string(err, test)}")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        print(f"SKIPPED: {test.id()}: {reason}", flush=True)
        self._note(test, "skipped", reason)


def _write_xml(path, result):
    suites = xml.Element("testsuites")
    for kind in sorted({case[0] for case in result.cases}):
        cases = [case for case in result.cases if case[0] == kind]
        suite = xml.SubElement(suites, "testsuite", name=kind, tests=str(len(cases)))
        for tag in ("failure", "error", "skipped"):
            count = sum(any(o[0] == tag for o in case[3]) for case in cases)
            suite.set({"failure": "failures", "error": "errors"}.get(tag, tag), str(count))
        for _, name, seconds, outcomes in cases:
            case = xml.SubElement(suite, "testcase", name=name, classname=kind,
                                  time=f"{seconds:.3f}")
            for tag, text in outcomes:
                text = xml_text(text)
                xml.SubElement(case, tag, message=text[:300]).text = text
    xml.ElementTree(suites).write(path, encoding="utf-8", xml_declaration=True)


def folder():
    """A new one for the calling test."""
    return tempfile.mkdtemp(dir=os.environ.get("TEST_TMPDIR"))


def main():
    """To be called by a test's file, if it is the program."""
    wanted = os.environ.get("TESTBRIDGE_TEST_ONLY")
    loader = unittest.TestLoader()
    if wanted:
        loader.testNamePatterns = [f"*{wanted.strip('*')}*"]
    suite = loader.loadTestsFromModule(sys.modules["__main__"])
    result = unittest.TextTestRunner(
        stream=sys.stdout, verbosity=2, resultclass=_Result).run(suite)
    if os.environ.get("XML_OUTPUT_FILE"):
        _write_xml(os.environ["XML_OUTPUT_FILE"], result)
    if not result.cases:
        print("FAILED: no test was there to run")
    sys.exit(0 if result.wasSuccessful() and result.cases else 1)
