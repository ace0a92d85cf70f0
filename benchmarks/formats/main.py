"""bazel run //benchmarks:formats -- --to=FORMAT --out=FILE INPUT...: results as others read them.

INPUT is a file or a folder: reports of Google Benchmark, test.xml, findings and SARIF (also in
Bazel's outputs.zip), build events; `bazel-testlogs` is one. FORMAT is one of

  googlecpp                github-action-benchmark, tool googlecpp: one entry a benchmark
  customSmallerIsBetter    the same, tool of that name: times, failed tests, findings
  customBiggerIsBetter     the same, tool of that name: items and bytes per second
  bencher                  Bencher Metric Format
  openmetrics              OpenMetrics text; name it *.prom for Prometheus' textfile collector
  junit                    one JUnit XML of all tests
  sarif                    one SARIF log of all findings

Exit status: 0 all is converted, 1 something could not be read or does not fit: it is named, and
what was read is written nevertheless; 2 wrong usage.
"""

import sys

from benchmarks.formats import results as results_of
from benchmarks.formats.command_line import parser_of, stand_where_the_user_stands
from benchmarks.formats.conversion import FORMATS
from benchmarks.formats.errors import InputError
from benchmarks.formats.files import write_whole


def main(arguments=None):
    parser = parser_of("formats", __doc__)
    parser.add_argument("--to", required=True, choices=FORMATS, metavar="FORMAT")
    parser.add_argument("--out", metavar="FILE", help="without it, the standard output")
    parser.add_argument("inputs", nargs="+", metavar="INPUT")
    options = parser.parse_args(arguments)
    stand_where_the_user_stands()
    try:
        results = results_of.read(options.inputs)
        if results.files == 0:
            results.problems.append(f"{', '.join(options.inputs)}: no results are there")
        content = FORMATS[options.to](results)
        data = content if isinstance(content, bytes) else content.encode("utf-8", errors="replace")
        if options.out:
            write_whole(options.out, data)
        else:
            sys.stdout.buffer.write(data)
    except InputError as error:
        print(f"formats: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"formats: {error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    for problem in results.problems:
        print(f"formats: {problem}", file=sys.stderr)
    return 1 if results.problems else 0


if __name__ == "__main__":
    sys.exit(main())
