"""bazel run //benchmarks:performance: writes docs/performance.md from the newest file of
benchmarks/results and from benchmarks/performance/why.md.

Exit status: 0 it is written (with --check: it is what it should be), 1 it is not, 2 wrong usage.
"""

import os
import sys

from benchmarks.all.record import loaded
from benchmarks.formats.command_line import parser_of
from benchmarks.formats.errors import InputError
from benchmarks.performance.page import page, texts_of

RESULTS, WHY, PAGE = "benchmarks/results", "benchmarks/performance/why.md", "docs/performance.md"


def newest(folder):
    """(path, record) of the latest `when`, whatever the files are called."""
    records = [(path, loaded(path)) for path in sorted(
        os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".json"))]
    if not records:
        raise InputError(f"{folder}: there are no results; //benchmarks:all -- --record={folder}"
                         " makes some")
    return max(records, key=lambda item: item[1]["when"])


def wanted(root):
    """The page as it should be, in the tree at `root`."""
    path, record = newest(os.path.join(root, RESULTS))
    with open(os.path.join(root, WHY), encoding="utf-8") as stream:
        texts = texts_of(stream.read(), WHY)
    return page(record, f"{RESULTS}/{os.path.basename(path)}", texts)


def main(arguments=None):
    parser = parser_of("performance", __doc__)
    parser.add_argument("--root", default=os.environ.get("BUILD_WORKSPACE_DIRECTORY", "."),
                        metavar="DIR", help="of the tree; bazel run knows it")
    parser.add_argument("--check", action="store_true", help="writes nothing")
    options = parser.parse_args(arguments)
    path = os.path.join(options.root, PAGE)
    try:
        text = wanted(options.root)
        if not options.check:
            with open(path, "w", encoding="utf-8") as stream:
                stream.write(text)
            print(f"performance: {path}")
            return 0
        with open(path, encoding="utf-8") as stream:
            if stream.read() == text:
                return 0
        raise InputError(f"{PAGE}: it is not what the newest results give: bazel run"
                         " //benchmarks:performance")
    except InputError as error:
        print(f"performance: {error}", file=sys.stderr)
    except OSError as error:
        print(f"performance: {error.filename}: {error.strerror}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
