"""Runs the tests of the calling file under Bazel.

Writes JUnit XML with a reason for each test that was skipped; fails if there was no test to run.
Honours --test_filter (TESTBRIDGE_TEST_ONLY), a part of the names to run.
"""

import os
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree as xml

from benchmarks.formats.junit import xml_text


class _Result(unittest.TextTestResult):
    """Keeps what the XML says of each test."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.cases = []

    def startTest(self, test):
        super().startTest(test)
        self._began = time.monotonic()
        self._outcome = []

    def stopTest(self, test):
        super().stopTest(test)
        kind, name = test.id().rsplit(".", 1)
        self.cases.append((kind.rsplit(".", 1)[-1], name, time.monotonic() - self._began,
                           self._outcome))

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._outcome.append(("failure", self._exc_info_to_string(err, test)))

    def addError(self, test, err):
        super().addError(test, err)
        if hasattr(self, "_outcome"):
            self._outcome.append(("error", self._exc_info_to_string(err, test)))

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._outcome.append(
                ("failure", f"{subtest}\n{self._exc_info_to_string(err, test)}"))

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        print(f"SKIPPED: {test.id()}: {reason}", flush=True)
        self._outcome.append(("skipped", reason))


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
    if result.testsRun == 0:
        print("FAILED: no test was there to run")
    sys.exit(0 if result.wasSuccessful() and result.testsRun > 0 else 1)
