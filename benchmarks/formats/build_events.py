"""The JSON of `bazel test --build_event_json_file=FILE`: one event a line.

Thread safety: pure functions.
Invariants:    (I1) a test that was asked for and has no verdict has failed, unless this machine
                   was said to be unable to run it: what did not build did not pass.
Non-invariants: a file of a build that was killed ends in the middle; what stands in it is read,
               and the torn line is told.
"""

import json
import urllib.parse
from dataclasses import dataclass, field

from benchmarks.formats.errors import InputError

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"


@dataclass
class Target:
    label: str
    status: str = ""  # as Bazel says: PASSED, FLAKY, FAILED, TIMEOUT, ...
    outcome: str = FAILED
    seconds: float = 0.0
    attempts: int = 0
    cached: bool = False


@dataclass
class Events:
    targets: dict = field(default_factory=dict)  # label -> Target
    xml_files: list = field(default_factory=list)  # (label, path)
    started_ms: int = 0
    finished: bool = False
    problems: list = field(default_factory=list)


def is_events(first_line):
    """Whether a file that begins so is one."""
    return first_line.startswith('{"id":{') and '"started"' in first_line


def path_of(uri):
    """The path of a file:// address; empty for any other."""
    parts = urllib.parse.urlsplit(uri)
    return urllib.parse.unquote(parts.path) if parts.scheme == "file" else ""


def _time_of(value):
    milliseconds = int(value)
    if not 0 <= milliseconds < 1 << 47:  # until the year 6429
        raise ValueError("its time is none")
    return milliseconds


def _take(events, event):
    identity = event.get("id", {})
    if "started" in event:
        events.started_ms = _time_of(event["started"].get("startTimeMillis", 0))
    if "finished" in event:
        events.finished = True
    for kind in ("targetConfigured", "targetCompleted", "testResult", "testSummary"):
        if kind in identity:
            label = identity[kind].get("label", "")
            if not isinstance(label, str):
                raise ValueError("its label is no text")
            break
    else:
        return
    if kind == "targetConfigured":
        if "testSize" in event.get("configured", {}):
            events.targets.setdefault(label, Target(label))
        return
    target = events.targets.get(label)
    if target is None and kind in ("testResult", "testSummary"):
        target = events.targets[label] = Target(label)
    if kind == "targetCompleted":
        if target is not None and event.get("aborted", {}).get("reason") == "SKIPPED":
            target.outcome, target.status = SKIPPED, "SKIPPED"
    elif kind == "testSummary":
        summary = event.get("testSummary", {})
        target.status = str(summary.get("overallStatus", "NO_STATUS"))
        target.outcome = PASSED if target.status in ("PASSED", "FLAKY") else FAILED
        target.attempts = int(summary.get("attemptCount", 0))
        target.seconds = int(summary.get("totalRunDurationMillis", 0)) / 1000
    elif "testResult" in event:
        result = event["testResult"]
        target.cached = bool(result.get("cachedLocally"))
        target.seconds += int(result.get("testAttemptDurationMillis", 0)) / 1000
        for output in result.get("testActionOutput", []):
            if output.get("name") == "test.xml" and path_of(output.get("uri", "")):
                events.xml_files.append((label, path_of(output["uri"])))


def events_of(text, path):
    """The events in a file's text; `path` is for messages. Raises InputError if it is none."""
    lines = text.split("\n")
    if not is_events(lines[0]):
        raise InputError(f"{path}: no build events: the first line is no \"started\"")
    events = Events()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            event = json.loads(line)
            if not isinstance(event, dict):
                raise ValueError("no object")
            _take(events, event)
        except (ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            torn = number == len(lines)
            events.problems.append(
                f"{path}: line {number} {'is torn' if torn else 'is no event'}: {error}")
    if not events.finished:
        events.problems.append(f"{path}: the build did not come to its end")
    for target in events.targets.values():
        target.status = target.status or "NO_STATUS"
    return events
