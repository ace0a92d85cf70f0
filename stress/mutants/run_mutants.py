#!/usr/bin/env python3
"""Breaks the primitives on purpose, one small change at a time, and sees whether a test notices.

usage: stress/mutants/run_mutants.py [--list] [--only NAME ...] [--work DIR] [--bazel "./bazelw ..."]

Run it from the root of the tree, which it copies and does not touch. For each mutant of mutants.txt it
runs the tests named there and prints which one failed first: "caught". A mutant that no test notices
has "survived": the exit status is 1 then, and somebody owes a test. A mutant that does not compile, or
whose text does not occur exactly once, is an error of the list (exit status 2).
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

LIST = pathlib.Path(__file__).with_name("mutants.txt")
MUTANT = re.compile(
    r"^== (?P<name>\S+)\nfile (?P<file>\S+)\ntests (?P<tests>[^\n]+)\n<<<\n(?P<old>.*?)\n===\n(?P<new>.*?)\n?>>>$",
    re.MULTILINE | re.DOTALL)


def read_list(root):
    mutants = [m.groupdict() for m in MUTANT.finditer(LIST.read_text())]
    for mutant in mutants:
        count = (root / mutant["file"]).read_text().count(mutant["old"])
        if count != 1:
            print(f"{LIST}: {mutant['name']}: its text occurs {count} times in {mutant['file']}, not "
                  "once; bring the list up to date", file=sys.stderr)
            sys.exit(2)
    return mutants


def copy_tree(root, work):
    files = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=root, check=True,
                           capture_output=True, text=True).stdout.split("\n")
    for file in filter(None, files):
        source, target = root / file, work / file
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists() or target.read_bytes() != source.read_bytes():
                shutil.copy2(source, target)
    user = root / "user.bazelrc"
    if user.exists():
        shutil.copy2(user, work / "user.bazelrc")


def first_failure(bazel, work, tests):
    """Runs the tests; the label that failed, "" if none did, None if the build failed."""
    for test in tests:
        command = bazel + ["test", "--noshow_progress", "--ui_event_filters=-info,-debug", test]
        run = subprocess.run(command, cwd=work, capture_output=True, text=True)
        if run.returncode == 3:
            return test
        if run.returncode != 0:
            print(run.stderr[-2000:], file=sys.stderr)
            return None
    return ""


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="print the mutants and stop")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME")
    parser.add_argument("--work", type=pathlib.Path, help="a folder to keep between runs")
    parser.add_argument("--bazel", default="bazel", help="the command that stands for bazel")
    arguments = parser.parse_args()

    root = pathlib.Path.cwd()
    mutants = read_list(root)
    unknown = set(arguments.only) - {m["name"] for m in mutants}
    if unknown:
        sys.exit(f"no mutant is called {', '.join(sorted(unknown))}; see --list")
    if arguments.only:
        mutants = [m for m in mutants if m["name"] in arguments.only]
    if arguments.list:
        for mutant in mutants:
            print(f"{mutant['name']:45} {mutant['file']}")
        return 0

    work = arguments.work or pathlib.Path(tempfile.mkdtemp(prefix="weft_mutants_"))
    work.mkdir(parents=True, exist_ok=True)
    copy_tree(root, work)
    bazel = arguments.bazel.split()
    survived = broken = 0
    for mutant in mutants:
        path = work / mutant["file"]
        original = path.read_text()
        path.write_text(original.replace(mutant["old"], mutant["new"]))
        begun = time.monotonic()
        failed = first_failure(bazel, work, mutant["tests"].split())
        path.write_text(original)
        survived += failed == ""
        broken += failed is None
        verdict = {"": "SURVIVED", None: "DOES NOT BUILD"}.get(failed, f"caught by {failed}")
        print(f"{mutant['name']:45} {verdict} ({time.monotonic() - begun:.0f} s)", flush=True)
    print(f"{len(mutants)} mutants, {len(mutants) - survived - broken} caught, {survived} survived, "
          f"{broken} did not build")
    return 2 if broken else 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
