"""JUnit XML: what Bazel keeps as test.xml of each test, and one file of all of them.

Thread safety: pure functions.
Invariants:    (I1) each test case has one outcome; one that did not run is skipped, never passed.
               (I2) in the merged file no two targets share a class name, as a test that is built
                    in several modes would otherwise.
"""

import re
import xml.etree.ElementTree as xml
from dataclasses import dataclass, field

from benchmarks.formats.errors import InputError

PASSED, FAILED, ERROR, SKIPPED = "passed", "failed", "error", "skipped"

# Of a test's output so much is kept, from its end.
_OUTPUT_MAX = 20_000


@dataclass
class Case:
    target: str  # a label: //stress/queue:queue_test_tsan
    suite: str
    name: str
    outcome: str
    seconds: float = 0.0
    message: str = ""  # why it did not pass
    file: str = ""
    line: int = 0
    output: str = ""
    # By check: [{"verdict": "holds", "executions": "327", ...}]; a test may check several bodies.
    checks: list = field(default_factory=list)
    # Properties that are of no check.
    properties: dict = field(default_factory=dict)

    @property
    def test(self):
        return f"{self.suite}.{self.name}" if self.suite else self.name

    @property
    def executions(self):
        """Of all its checks that say how many."""
        return sum(executions_of(check) or 0 for check in self.checks)


# No more than a double counts exactly.
_COUNT = re.compile("[0-9]{1,15}")


def _count_of(text):
    return int(text) if _COUNT.fullmatch(text) else None


def executions_of(check):
    """How many a check made, or None if it does not say."""
    return _count_of(check.get("executions", ""))


# What a check records, stress/check.cc: the second one of a test has the suffix _2.
_OF_A_CHECK = re.compile(
    r"(verdict|executions|executions_per_second|seconds|seed|kind|strategy|schedule|distinct"
    r"|bounds|reached|controlled)(?:_(\d+))?")


def _seconds(text):
    try:
        return max(0.0, float((text or "0").replace(",", "")))
    except ValueError:
        return 0.0


def _properties_of(case, element):
    checks = {}
    for each in element.iter("property"):
        name, value = each.get("name", ""), each.get("value", each.text or "")
        match = _OF_A_CHECK.fullmatch(name)
        if match:
            checks.setdefault(int(match[2] or 1), {})[match[1]] = value
        else:
            case.properties[name] = value
    # Executions without a verdict are of another kind of test, which sums them up itself.
    for number in sorted(checks):
        if "verdict" in checks[number]:
            case.checks.append(checks[number])
        else:
            suffix = "" if number == 1 else f"_{number}"
            case.properties.update({k + suffix: v for k, v in checks[number].items()})


def _case_of(element, target, suite, output):
    case = Case(
        target=target,
        suite=element.get("classname") or suite,
        name=element.get("name", ""),
        outcome=PASSED,
        seconds=_seconds(element.get("time")),
        file=element.get("file", ""),
        line=_count_of(element.get("line", "")) or 0,
    )
    if element.get("status") == "notrun" or element.get("result") in ("suppressed", "skipped"):
        case.outcome = SKIPPED
        case.message = "disabled" if element.get("result") == "suppressed" else ""
    messages = []
    # The gravest that there is.
    for tag, outcome in (("skipped", SKIPPED), ("failure", FAILED), ("error", ERROR)):
        for each in element.findall(tag):
            case.outcome = outcome
            messages.append((each.text or "").strip() or each.get("message", ""))
    case.message = "\n".join(m for m in messages if m) or case.message
    case.output = (element.findtext("system-out") or output)[-_OUTPUT_MAX:]
    _properties_of(case, element)
    return case


def cases_of(text, target, path):
    """The test cases in a file's bytes; `path` is for messages. Raises InputError."""
    try:
        root = xml.fromstring(text)
    except (xml.ParseError, ValueError, LookupError) as error:
        raise InputError(f"{path}: no XML: {error}") from error
    if root.tag not in ("testsuites", "testsuite"):
        raise InputError(f"{path}: no JUnit XML: the root is <{root.tag}>")
    cases = []
    for suite in [root] if root.tag == "testsuite" else root.findall("testsuite"):
        output = suite.findtext("system-out") or ""
        for element in suite.findall("testcase"):
            cases.append(_case_of(element, target, suite.get("name", ""), output))
    return cases


def class_name(case):
    """In the merged file: as a path with dots, which is how readers split class names."""
    target = case.target.lstrip("/").replace(":", "/").replace("/", ".")
    return f"{target}.{case.suite}" if target else case.suite


_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text):
    """Without what XML 1.0 has no character for."""
    return _NO_XML.sub("\ufffd", text)


def _add_case(parent, case, class_name):
    element = xml.SubElement(parent, "testcase", classname=xml_text(class_name),
                             name=xml_text(case.name), time=f"{case.seconds:.3f}")
    if case.file:
        element.set("file", xml_text(case.file))
        if case.line:
            element.set("line", str(case.line))
    properties = dict(case.properties)
    for number, check in enumerate(case.checks, 1):
        suffix = "" if number == 1 else f"_{number}"
        properties.update({key + suffix: value for key, value in check.items()})
    if properties:
        into = xml.SubElement(element, "properties")
        for key, value in properties.items():
            xml.SubElement(into, "property", name=xml_text(key), value=xml_text(value))
    tag = {FAILED: "failure", ERROR: "error", SKIPPED: "skipped"}.get(case.outcome)
    if tag:
        first = case.message.splitlines()[0] if case.message else case.outcome
        # Some readers show the message and no property.
        seeds = [check["seed"] for check in case.checks
                 if "seed" in check and check["verdict"] == "violated"]
        if seeds and tag != "skipped":
            first += f" (seed {', '.join(seeds)})"
        xml.SubElement(element, tag, message=xml_text(first)).text = xml_text(case.message)
    if case.output and case.outcome in (FAILED, ERROR):
        xml.SubElement(element, "system-out").text = xml_text(case.output)


def merged(cases):
    """One file of all cases, as bytes."""
    suites = {}
    for case in cases:
        suites.setdefault(class_name(case), []).append(case)
    root = xml.Element("testsuites")

    def count(element, those):
        element.set("tests", str(len(those)))
        for name, outcome in (("failures", FAILED), ("errors", ERROR), ("skipped", SKIPPED)):
            element.set(name, str(sum(c.outcome == outcome for c in those)))
        element.set("time", f"{sum(c.seconds for c in those):.3f}")

    count(root, list(cases))
    for name in sorted(suites):
        suite = xml.SubElement(root, "testsuite", name=xml_text(name))
        count(suite, suites[name])
        for case in suites[name]:
            _add_case(suite, case, name)
    return xml.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"
