"""Runs a benchmark's program once, as a process group of its own.

Thread safety: one thread.
Invariants:    (I1) when run() is left, however, nothing of the group runs any more.
"""

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import tempfile

from benchmarks.formats import strict_json
from benchmarks.formats.errors import InputError
from benchmarks.formats.google_benchmark import report_of


_PR_SET_CHILD_SUBREAPER = 36


class Failed(Exception):
    """Why a run gave no figures, as a sentence's end."""


def _flags(family, out, min_time, only):
    if family.is_bug_table:
        # The published programs alone, and few searches: it would take an hour, otherwise.
        return ["--programs=published", "--strategies=random_walk,pct:3,pos,mixed,portfolio",
                "--seeds=3", "--executions=2000", "--seconds=0.3", f"--json={out}"]
    return [f"--benchmark_min_time={min_time:g}", f"--benchmark_out={out}",
            "--benchmark_out_format=json", *([f"--benchmark_filter={only}"] if only else [])]


def _adopt_orphans():
    """From now on this process is the parent of all whose parents end, and can wait for them."""
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), "prctl")


def _ended(process, time_limit):
    """Its exit code, or None if it was not done in time; either way its group is gone."""
    ending = os.pidfd_open(process.pid)
    try:
        is_done = bool(select.select([ending], [], [], time_limit)[0])
    finally:
        os.close(ending)
        # Not reaped yet, so the number is still that of its group.
        os.killpg(process.pid, signal.SIGKILL)
        code = process.wait()
        # Who is killed may still run for a moment. The rest of the group are our children by now.
        with contextlib.suppress(ChildProcessError):
            while True:
                os.waitpid(-process.pid, 0)
    return code if is_done else None


def run(root, family, min_time, time_limit, only=None):
    """The JSON that the program wrote, of the benchmarks whose names fit `only`. Raises Failed."""
    program = os.path.join(root, family.program)
    if not os.path.exists(program):
        raise Failed(f"the program {family.program} was not built")
    _adopt_orphans()
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "report.json")
        with open(os.path.join(folder, "said"), "w+b") as said:
            try:
                # A terminal's interrupt is for this process, which then ends the group itself.
                process = subprocess.Popen(
                    [program, *_flags(family, out, min_time, only)], cwd=root, stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL, stderr=said, start_new_session=True,
                    env={k: v for k, v in os.environ.items() if k != "BUILD_WORKING_DIRECTORY"})
            except OSError as error:
                raise Failed(f"it cannot be started: {error.strerror}") from error
            code = _ended(process, time_limit)
            said.seek(0)
            last = said.read()[-2000:].decode("utf-8", errors="replace").strip().splitlines()
        if code is None:
            raise Failed(f"it was not done after {time_limit:g} s, and was killed")
        if code != 0:
            how = f"signal {-code}" if code < 0 else f"exit code {code}"
            raise Failed(f"it ended with {how}" + (f": {last[-1]}" if last else ""))
        try:
            with open(out, encoding="utf-8", errors="replace") as stream:
                document = strict_json.document_of(stream.read(), "its report")
            if not family.is_bug_table:
                report_of(document, "its report")  # refuses what is none
        except OSError as error:
            raise Failed(f"it wrote no report: {error.strerror}") from error
        except InputError as error:
            raise Failed(str(error)) from error
        return document
