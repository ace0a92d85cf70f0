"""bazel run //benchmarks:dashboard -- --results=DIR --history=FILE --out=SITE

Makes one static site of results: tests by mode, verdicts, findings, benchmarks beside their peers
and over time, sanitizers, the bug-finding table. Open SITE/index.html, or serve the folder.

DIR is `bazel-testlogs`, or any folder with test.xml, findings, reports of Google Benchmark, build
events (--build_event_json_file) and tables of bug_finding --json. FILE grows by one line a run; a
run that it has already adds none. Runs of other machines come in by --merge=FILE.

Exit status: 0 the site is made, 1 it is not, 2 wrong usage, 3 it is made, and something could not be
read: the site says what.
"""

import os
import sys

from benchmarks.dashboard import history, site
from benchmarks.dashboard.snapshot import run_of
from benchmarks.formats import results as results_of
from benchmarks.formats.command_line import parser_of, stand_where_the_user_stands
from benchmarks.formats.errors import InputError


def _parser():
    parser = parser_of("dashboard", __doc__)
    parser.add_argument("--results", action="append", required=True, metavar="DIR",
                        help="may be given again")
    parser.add_argument("--out", required=True, metavar="SITE")
    parser.add_argument("--history", metavar="FILE", help="JSON Lines; made if it is not there")
    parser.add_argument("--merge", action="append", default=[], metavar="FILE",
                        help="the history of another machine, added to --history")
    parser.add_argument("--commit", default="", help="what was tested")
    parser.add_argument("--machine", default="",
                        help="where; without it, what the benchmarks say. Trends are by machine")
    parser.add_argument("--when", default="", metavar="TIME",
                        help="as 2026-01-31T12:00:00Z; without it, what the results say")
    parser.add_argument("--title", default="Weft", help="of the site")
    parser.add_argument("--charts", metavar="FILE", default="",
                        help="another Chart.js than the one of npm that ./bazelw fetches")
    return parser


def _chart_library(given):
    """The one to put in place of the built one, or None."""
    if given and not os.path.exists(given):
        raise InputError(f"{given}: there is no such file")
    if not given and not site.has_charts():
        print("dashboard: Chart.js is not here (./bazelw fetches it through npm): the site has tables alone.",
              file=sys.stderr)
    return given or None


def make(options):
    """The sentences on what could not be read."""
    results = results_of.read(options.results)
    if results.files == 0:
        raise InputError(f"{', '.join(options.results)}: no results are there")
    current = run_of(results, options.commit, options.machine, options.when)
    runs, problems = [], list(results.problems)
    if options.merge and not options.history:
        raise InputError("--merge adds to --history, which is not given")
    if options.history:
        for other in options.merge:
            if not os.path.exists(other):
                raise InputError(f"{other}: there is no such file")
            others, bad = history.read(other)
            problems += bad
            history.append(options.history, others)
        history.append(options.history, [current])
        runs, bad = history.read(options.history)
        problems += bad
    site.write(options.out, results, options.title, current, runs, problems,
               _chart_library(options.charts))
    return problems


def main(arguments=None):
    options = _parser().parse_args(arguments)
    stand_where_the_user_stands()
    try:
        problems = make(options)
    except InputError as error:
        print(f"dashboard: {error}", file=sys.stderr)
        return 1
    for problem in problems:
        print(f"dashboard: {problem}", file=sys.stderr)
    print(f"dashboard: {os.path.abspath(options.out)}/index.html")
    return 3 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
