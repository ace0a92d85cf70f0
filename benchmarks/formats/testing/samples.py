"""A folder of results as Bazel and Weft leave it, with names of the caller's choice.

Thread safety: one thread a folder.
"""

import io
import json
import os
import xml.etree.ElementTree as xml
import zipfile


def report(benchmarks, program="lock_benchmark_raw_", **context):
    """{name: [real_time in ns]} as Google Benchmark would write it; names are as given."""
    entries = []
    for name, values in benchmarks.items():
        for index, value in enumerate(values):
            entries.append({
                "name": name, "run_name": name, "run_type": "iteration",
                "repetitions": len(values), "repetition_index": index, "threads": 2,
                "iterations": 1000, "real_time": value, "cpu_time": value, "time_unit": "ns",
                "items_per_second": 1e9 / value, "p99_ns": 3 * value, "p50_ns": value,
            })
    return {
        "context": dict({"date": "2026-01-02T03:04:05+00:00", "host_name": "alpha",
                         "executable": "./benchmarks/" + program, "num_cpus": 2,
                         "library_build_type": "release", "cpu": "A Processor",
                         "kernel": "Linux 6"}, **context),
        "benchmarks": entries,
    }


def finding(test="Box.Sells", kind="deadlock", **fields):
    return dict({
        "weft_finding": 1, "kind": kind, "sentence": "two threads wait for each other",
        "test": test, "verdict": "violated", "strategy": "exhaustive", "seed": "7", "execution": 6,
        "schedule": "w1-1-2-3", "replay": "bazel test //a:b --test_env=WEFT_SCHEDULE=w1-1-2-3",
        "executions": 7, "distinct": 4, "seconds": 0.004, "bounds": "at most 10000 steps",
        "threads": [], "steps": [], "frames": [], "objects": [],
    }, **fields)


def sarif(test="Box.Sells", kind="deadlock", uri="primitives/box.h", fingerprint="f1",
          message="two threads wait"):
    location = {"physicalLocation": {"artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"},
                                     "region": {"startLine": 12}}}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "Weft", "rules": [
                {"id": kind, "shortDescription": {"text": kind},
                 "defaultConfiguration": {"level": "error"}}]}},
            "automationDetails": {"id": f"weft/{test}/"},
            "results": [{"ruleId": kind, "ruleIndex": 0, "level": "error",
                         "message": {"text": message}, "locations": [location] if uri else [],
                         "partialFingerprints": {"weftFinding/v1": fingerprint},
                         "properties": {"test": test}}],
        }],
    }


def test_xml(cases, suite="Box"):
    """[(name, outcome, properties)] as GoogleTest writes it; bytes. A name that XML has no
    characters for is to be left out by the caller."""
    root = xml.Element("testsuites", name="AllTests")
    into = xml.SubElement(root, "testsuite", name=suite, tests=str(len(cases)))
    for name, outcome, properties in cases:
        case = xml.SubElement(into, "testcase", name=name, classname=suite, status="run",
                              result="completed", time="0.25", file="stress/box_test.cc", line="7")
        if properties:
            parent = xml.SubElement(case, "properties")
            for key, value in properties.items():
                xml.SubElement(parent, "property", name=key, value=value)
        if outcome in ("failure", "error", "skipped"):
            xml.SubElement(case, outcome, message="it went wrong").text = "it went wrong\nhere"
        elif outcome == "disabled":
            case.set("status", "notrun")
            case.set("result", "suppressed")
    return xml.tostring(root)


def events(targets, end=True):
    """{label: overallStatus, or None for one without a verdict} as lines of Bazel's events."""
    lines = [{"id": {"started": {}}, "started": {"startTimeMillis": "1767323045000",
                                                 "command": "test"}}]
    for label, status in targets.items():
        lines.append({"id": {"targetConfigured": {"label": label}},
                      "configured": {"testSize": "SMALL"}})
        if status == "SKIPPED":
            lines.append({"id": {"targetCompleted": {"label": label}},
                          "aborted": {"reason": "SKIPPED"}})
        elif status:
            lines.append({"id": {"testResult": {"label": label, "run": 1}},
                          "testResult": {"status": status, "testAttemptDurationMillis": "1500"}})
            lines.append({"id": {"testSummary": {"label": label}},
                          "testSummary": {"overallStatus": status, "attemptCount": 1,
                                          "totalRunDurationMillis": "1500"}})
    if end:
        lines.append({"id": {"buildFinished": {}}, "finished": {"exitCode": {"code": 0}}})
    return "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)


def write(folder, path, content):
    """A file below the folder; documents are written as JSON. Returns its path."""
    path = os.path.join(folder, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if not isinstance(content, (str, bytes)):
        content = json.dumps(content)
    with open(path, "wb") as stream:
        stream.write(content if isinstance(content, bytes) else content.encode("utf-8", "replace"))
    return path


def zipped(members):
    """{name: content} as the bytes of a zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(
                name, content if isinstance(content, (str, bytes)) else json.dumps(content))
    return stream.getvalue()


VIOLATED = {"verdict": "violated", "executions": "7", "seed": "41", "kind": "deadlock",
            "strategy": "exhaustive", "schedule": "w1-1-2-3"}
HOLDS = {"verdict": "holds", "executions": "327", "seed": "20260101", "distinct": "8",
         "bounds": "at most 10000 steps"}


def write_all(folder):
    """One of each kind of result."""
    write(folder, "testlogs/stress/box_test/test.xml",
          test_xml([("Holds", "", {"verdict": "undecided", "executions": "100"}),
                    ("IsOff", "disabled", {}), ("HasNoPeer", "skipped", {})]))
    write(folder, "testlogs/stress/box_test_explore/test.xml",
          test_xml([("Holds", "", HOLDS), ("Sells", "failure", VIOLATED)]))
    write(folder, "testlogs/stress/box_test_explore/test.outputs/outputs.zip", zipped({
        "Box.Sells.finding.json": finding(), "Box.Sells.finding.sarif": sarif(),
        "Box.Sells.finding.html": "<!DOCTYPE html><title>Box.Sells</title><p>the page</p>"}))
    write(folder, "testlogs/stress/box_test_tsan/test.xml", test_xml([("Holds", "", {})]))
    write(folder, "testlogs/stress/control_test_explore/test.xml",
          test_xml([("IsFound", "", VIOLATED)], suite="Control"))
    write(folder, "testlogs/stress/control_test_explore/test.outputs/outputs.zip", zipped({
        "Control.IsFound.finding.json": finding("Control.IsFound"),
        "Control.IsFound.finding.sarif": sarif("Control.IsFound", fingerprint="f2")}))
    write(folder, "testlogs/benchmarks/lock_benchmark_smoke/test.outputs/smoke.json",
          report({"BM_Smoke": [1.0]}))
    write(folder, "lock.json", report({"BM_Lock<weft::Lock>/threads:2": [10.0, 12.0, 11.0],
                                       "BM_Lock<std::mutex>/threads:2": [20.0, 21.0, 22.0]}))
    write(folder, "bugs.json", {
        "seeds": 10, "executions_at_most": 10000, "programs": {"published/account": {
            "stress": {"found": 4, "mean": 376.5, "executions_to_failure": [1, 2, 3, 1500],
                       "executions": 60000, "seconds": 2.0},
            "portfolio": {"found": 10, "mean": 1.0, "executions_to_failure": [1] * 10,
                          "executions": 10, "seconds": 0.1}}}})
    write(folder, "events.json", events({
        "//stress:box_test": "PASSED", "//stress:box_test_explore": "FAILED",
        "//stress:box_test_tsan": "PASSED", "//stress:control_test_explore": "PASSED",
        "//stress:broken_test": None, "//stress:other_machine_test": "SKIPPED"}))
    return folder
