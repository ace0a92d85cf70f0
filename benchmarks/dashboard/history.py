"""The history of results: a file of JSON Lines, one run a line, that only grows.

Thread safety: several processes may append to one file at once; each line stands whole (a lock of
the file's orders them).
Invariants:    (I1) a line that stands stays as it is: nothing is ever rewritten.
               (I2) a line that is torn, or is none, takes no other with it: it is told and passed
                    over, also if more was appended behind it.
               (I3) a run has one line, however often it is appended or merged in: its `id` is made
                    of what it says.
"""

import fcntl
import hashlib
import json
import os

from benchmarks.formats import strict_json
from benchmarks.formats.errors import InputError

FORMAT = 1


def identity_of(run):
    content = {key: value for key, value in run.items() if key != "id"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _is_count(value):
    return isinstance(value, int) and not isinstance(value, bool)


def _is_figure(value):
    """[median, min, max, repetitions]"""
    return isinstance(value, list) and len(value) == 4 and all(map(strict_json.is_number, value))


def _is_table(table, is_cell):
    return isinstance(table, dict) and all(
        isinstance(row, dict) and all(is_cell(cell) for cell in row.values())
        for row in table.values())


def _run_of(line):
    """Raises ValueError, with why this is no run."""
    run = strict_json.loads(line)
    if not isinstance(run, dict) or "weft_history" not in run:
        raise ValueError("it is no run")
    if run["weft_history"] != FORMAT:
        raise ValueError(f"it is of format {run['weft_history']!r}, not {FORMAT}")
    if not isinstance(run.get("when"), str) or not isinstance(run.get("machine"), str):
        raise ValueError("it lacks \"when\" or \"machine\"")
    if not (_is_table(run.get("tests", {}), _is_count) and _is_table(run.get("figures", {}), _is_figure)
            and all(_is_count(v) for v in run.get("executions", {}).values())):
        raise ValueError("its counts or figures are none")
    if run.get("id") != identity_of(run):
        raise ValueError("its id is not that of its content: it was changed")
    return run


def read(path):
    """(runs by time, sentences on lines that were passed over). A file that is not there has none."""
    try:
        with open(path, "rb") as stream:
            content = stream.read()
    except FileNotFoundError:
        return [], []
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
    runs, problems = {}, []
    lines = content.split(b"\n")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            run = _run_of(line.decode("utf-8"))
        except (ValueError, AttributeError, RecursionError) as error:
            torn = number == len(lines)
            problems.append(f"{path}: line {number} {'is torn' if torn else 'is passed over'}:"
                            f" {str(error)[:200]}")
            continue
        runs[run["id"]] = run
    return sorted(runs.values(), key=lambda run: (run["when"], run["id"])), problems


def append(path, runs):
    """Adds those that the file does not have; returns how many. On return they are on the disk."""
    runs = [dict(run, id=identity_of(run)) for run in runs]
    try:
        os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
        with open(path, "ab+") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            known = {run["id"] for run in read(path)[0]}
            new = {run["id"]: run for run in runs if run["id"] not in known}
            if not new:
                return 0
            text = b"".join(json.dumps(run, sort_keys=True, separators=(",", ":")).encode() + b"\n"
                            for run in new.values())
            # A torn line is closed first, or the next one would be torn with it.
            size = stream.seek(0, os.SEEK_END)
            if size > 0:
                stream.seek(size - 1)
                if stream.read(1) != b"\n":
                    text = b"\n" + text
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
            return len(new)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
