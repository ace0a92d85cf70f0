"""Runs two builds of a benchmark program in turn, so that what disturbs the machine for a while
disturbs both alike.

Thread safety: one thread; it starts processes and waits for them.
"""

import json
import os
import subprocess
import sys
import tempfile

from benchmarks.formats.errors import InputError
from benchmarks.formats.google_benchmark import report_of
from benchmarks.formats.strict_json import document_in


def _run(program, flags, folder):
    out = os.path.join(folder, "report.json")
    command = [os.path.abspath(program), f"--benchmark_out={out}", "--benchmark_out_format=json",
               *flags]
    try:
        ended = subprocess.run(command, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                               stderr=subprocess.PIPE)
    except OSError as error:
        raise InputError(f"{program}: {error.strerror}") from error
    if ended.returncode != 0:
        said = ended.stderr.decode("utf-8", errors="replace")[-2000:]
        raise InputError(f"{program} ended with exit code {ended.returncode}\n{said}")
    document = document_in(out)
    report_of(document, program)  # Refuses what is no report.
    return document


def _merged(documents):
    """One report: the context of the first, the entries of all."""
    return dict(documents[0], benchmarks=[e for d in documents for e in d["benchmarks"]])


def run_in_turn(base, new, rounds, flags, keep=None):
    """([report of base], [report of new]); with `keep`, they are written there as JSON too."""
    documents = ([], [])
    with tempfile.TemporaryDirectory() as folder:
        for number in range(rounds):
            print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
            # Who goes first changes, as a warm machine may favour the second.
            for side in (0, 1) if number % 2 == 0 else (1, 0):
                documents[side].append(_run((base, new)[side], flags, folder))
    merged = [_merged(side) for side in documents]
    # Two builds of one program are compared name by name, whatever their files are called.
    for document in merged:
        document["context"]["executable"] = os.path.basename(base)
    if keep:
        os.makedirs(keep, exist_ok=True)
        for name, document in zip(("base", "new"), merged):
            with open(os.path.join(keep, name + ".json"), "w", encoding="utf-8") as stream:
                json.dump(document, stream, indent=1)
    return [report_of(merged[0], base)], [report_of(merged[1], new)]
