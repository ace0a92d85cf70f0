"""All that a folder of results holds: tests, findings, benchmarks, build events.

A folder is Bazel's testlogs, or whatever a CI job collected: files are told apart by what is in
them, and the zip files of Bazel's undeclared outputs are looked into.

Thread safety: one thread.
Invariants:    (I1) what cannot be read is listed as a problem, and everything else is still read.
               (I2) a test's file is read once, also if the build events name it too.
"""

import io
import os
import re
import zipfile
from dataclasses import dataclass, field

from benchmarks.formats import build_events, google_benchmark, junit, sarif, strict_json
from benchmarks.formats.errors import InputError
from benchmarks.formats.modes import mode_finder

# A larger file is no result of ours.
_BYTES_MAX = 256 << 20

_OF_A_TEST = (".xml", ".json", ".sarif", ".html")
_SUFFIXES = _OF_A_TEST + (".zip", ".bep", ".jsonl")
_RUN = re.compile(r"((shard|run|attempt)_\d+(_of_\d+)?_?)+")


@dataclass
class Finding:
    """Of the explorer: docs/finding-json.md."""

    document: dict
    target: str
    path: str  # of the JSON, for messages
    page: bytes = b""  # for a browser; empty if there is none
    expected: bool = False  # of a test that passed: a control, which is to find it

    def __getattr__(self, name):
        if name in ("kind", "test", "sentence", "schedule", "replay", "strategy", "verdict"):
            return str(self.document.get(name, ""))
        raise AttributeError(name)


@dataclass
class Results:
    cases: list = field(default_factory=list)
    targets: dict = field(default_factory=dict)
    findings: list = field(default_factory=list)
    sarif: list = field(default_factory=list)  # (path, document)
    reports: list = field(default_factory=list)
    bug_tables: list = field(default_factory=list)
    started_ms: int = 0
    problems: list = field(default_factory=list)
    files: int = 0  # that were some result
    paths: list = field(default_factory=list)  # of all files that were read

    def mode_finder(self):
        """A function from the label of a target to its mode."""
        return mode_finder({case.target for case in self.cases} | set(self.targets))

    @property
    def open_findings(self):
        """Those that no control was to find."""
        return [finding for finding in self.findings if not finding.expected]

    def sarif_to_tell(self):
        """The logs, but for those of findings that a control was to find."""
        expected = {f.path[: -len(".json")] + ".sarif" for f in self.findings if f.expected}
        return [(path, log) for path, log in self.sarif if path not in expected]

    def place_of(self, test):
        """(file, line) of a test case, as its XML says; ("", 0) if none does."""
        for case in self.cases:
            if case.test == test and case.file:
                return case.file, case.line
        return "", 0


def label_of(path):
    """The label of the test whose test.xml or test.outputs lies at this path below testlogs."""
    parts = [p for p in os.path.dirname(path).split("/") if p]
    # As Bazel has it, and as its link to it is called.
    for logs in ("testlogs", "bazel-testlogs"):
        if logs in parts:
            parts = parts[len(parts) - parts[::-1].index(logs):]
    if "test.outputs" in parts:
        parts = parts[: parts.index("test.outputs")]
    if "test_attempts" in parts:
        parts = parts[: parts.index("test_attempts")]
    while parts and _RUN.fullmatch(parts[-1]):
        parts.pop()
    if not parts:
        return os.path.splitext(os.path.basename(path))[0]
    return "//" + "/".join(parts[:-1]) + ":" + parts[-1]


def _bytes_of(path):
    if os.path.getsize(path) > _BYTES_MAX:
        raise InputError(f"{path}: larger than {_BYTES_MAX >> 20} MiB")
    with open(path, "rb") as stream:
        return stream.read()


def _members(content, path):
    """(path, bytes) of the files in a zip."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for info in archive.infolist():
                if info.is_dir() or not info.filename.endswith(_OF_A_TEST):
                    continue
                if info.file_size > _BYTES_MAX:
                    raise InputError(f"{path}: {info.filename} is larger than allowed")
                yield f"{os.path.dirname(path)}/{info.filename}", archive.read(info)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise InputError(f"{path}: no zip: {error}") from error


class _Reader:
    def __init__(self):
        self.results = Results()
        self.read = set()  # real paths
        self.told = []  # (label, path) of what build events name
        self.pages = {}

    def problem(self, error):
        self.results.problems.append(str(error))

    def folder(self, root):
        for folder, folders, files in os.walk(root):
            # Attempts that a later one made up for are no results; sources are none either.
            folders[:] = sorted(d for d in folders if not d.startswith(".")
                                and d not in ("test_attempts", "node_modules"))
            for name in sorted(files):
                if name.endswith(_SUFFIXES):
                    self.file(os.path.join(folder, name), os.path.relpath(
                        os.path.join(folder, name), root))

    def file(self, path, shown, target=None):
        real = os.path.realpath(path)
        if real in self.read:
            return
        self.read.add(real)
        self.results.paths.append(path)
        try:
            # The label may lie above what was given: .../testlogs/stress/queue.
            whole = os.path.abspath(path)
            below_logs = {"testlogs", "bazel-testlogs"} & set(whole.split("/"))
            named = whole if shown == path or below_logs else shown
            self.content(_bytes_of(path), path, target or label_of(named))
        except InputError as error:
            self.problem(error)
        except OSError as error:
            self.problem(f"{path}: {error.strerror}")

    def content(self, content, path, target):
        if path.endswith(".zip"):
            for member, inside in _members(content, path):
                try:
                    self.content(inside, member, target)
                except InputError as error:
                    self.problem(error)
        elif path.endswith(".xml"):
            self.results.cases += junit.cases_of(content, target, path)
            self.results.files += 1
        elif path.endswith(".finding.html"):
            self.pages[path[: -len(".html")]] = content
        elif not path.endswith(".html"):
            self.json(content, path, target)

    def json(self, content, path, target):
        text = content.decode("utf-8", errors="replace")
        if build_events.is_events(text.split("\n", 1)[0]):
            self.events(build_events.events_of(text, path))
            return
        if path.endswith(".jsonl"):
            return  # a history, or something else of many lines
        document = strict_json.document_of(text, path)
        if not isinstance(document, dict):
            return
        results = self.results
        results.files += 1
        if "weft_finding" in document:
            if document["weft_finding"] != 1:
                raise InputError(f"{path}: a finding of format {document['weft_finding']!r}; this"
                                 " reads format 1")
            results.findings.append(Finding(document, target, path))
        elif google_benchmark.is_report(document):
            # What a test leaves is of its smoke run, a moment long: no figures.
            if "test.outputs" in path.split("/"):
                results.files -= 1
                return
            results.reports.append(google_benchmark.report_of(document, path))
        elif path.endswith(".sarif") or str(document.get("$schema", "")).find("sarif") >= 0:
            sarif.refuse_odd(path, document)
            results.sarif.append((path, document))
        elif isinstance(document.get("programs"), dict) and "executions_at_most" in document:
            results.bug_tables.append(document)
        else:
            results.files -= 1

    def events(self, events):
        results = self.results
        results.files += 1
        results.targets.update(events.targets)
        results.problems += events.problems
        results.started_ms = max(results.started_ms, events.started_ms)
        self.told += events.xml_files

    def count_once(self):
        """A job keeps copies: of the logs, which the build events name too, and in one merged file."""
        had = {case.target for case in self.results.cases}
        for label, path in self.told:
            if label not in had and os.path.exists(path):
                self.file(path, path, label)
        cases = self.results.cases
        named = {(junit.class_name(case), case.name) for case in cases}
        self.results.cases = [case for case in cases if (case.suite, case.name) not in named]

    def finish(self):
        self.count_once()
        outcomes = {}  # of each test case, and of each target as a whole
        for case in self.results.cases:
            for key in ((case.target, case.test), case.target):
                outcomes.setdefault(key, set()).add(case.outcome)

        def is_good(key):
            return junit.PASSED in outcomes.get(key, ()) and not outcomes[key] & {
                junit.FAILED, junit.ERROR}

        for finding in self.results.findings:
            # The second check of a test is "Suite.Test#2". A finding may also be of a program that
            # the test ran.
            finding.expected = is_good(finding.target) or is_good(
                (finding.target, finding.test.split("#")[0]))
            finding.page = self.pages.get(finding.path[: -len(".json")], b"")
        return self.results


def read(paths):
    """Everything in these files and folders. Raises InputError if one of them is not there."""
    reader = _Reader()
    for path in paths:
        if not os.path.exists(path):
            raise InputError(f"{path}: there is no such file or folder")
        if os.path.isdir(path):
            reader.folder(path)
        else:
            reader.file(path, path)
    return reader.finish()
