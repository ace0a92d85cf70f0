"""bazel run //benchmarks:compare -- BASE NEW: did benchmarks become slower?

BASE and NEW are reports of Google Benchmark in JSON, or folders of them. Prints Markdown. Exit
status: 0 no regression, 10 at least one, 1 the inputs cannot be compared, 2 wrong usage.
"""

import argparse
import sys

from benchmarks.compare.comparison import REGRESSION, Settings, compare
from benchmarks.compare.interleaved import run_in_turn
from benchmarks.compare.report import markdown
from benchmarks.formats.command_line import parser_of, stand_where_the_user_stands
from benchmarks.formats.errors import InputError
from benchmarks.formats.figures import is_rate
from benchmarks.formats.google_benchmark import read

NO_REGRESSION, CANNOT_COMPARE, SLOWER = 0, 1, 10


def _share(text):
    value = float(text)
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return value


def _parser():
    parser = parser_of("compare", __doc__)
    parser.add_argument("base")
    parser.add_argument("new")
    parser.add_argument("--alpha", type=_share, default=0.05,
                        help="chance of a false alarm in the whole comparison (0.05)")
    parser.add_argument("--effect", type=_share, default=0.05,
                        help="a smaller change is none, as a share of the base (0.05)")
    parser.add_argument("--figure", default="real_time",
                        help="real_time, cpu_time, items_per_second or a counter")
    parser.add_argument("--more-is-better", action="store_true",
                        help="of the figure; rates, whose names end in _per_second, are so anyway")
    parser.add_argument("--only", default="", metavar="TEXT",
                        help="benchmarks whose names contain it")
    parser.add_argument("--out", metavar="FILE", help="the Markdown goes there too")
    parser.add_argument("--same-machine", action="store_true",
                        help="refuse reports of unequal machines (exit status 1)")
    parser.add_argument("--run", type=int, metavar="ROUNDS", default=0,
                        help="BASE and NEW are two builds of a program; run them in turn so often")
    parser.add_argument("--flag", action="append", default=[], metavar="FLAG",
                        help="with --run: a flag for both programs; may be given again")
    parser.add_argument("--keep", metavar="FOLDER", help="with --run: the reports go there too")
    return parser


def main(arguments=None):
    options = _parser().parse_args(arguments)
    settings = Settings(
        alpha=options.alpha,
        effect=options.effect,
        figure=options.figure,
        only=options.only,
        more_is_better=options.more_is_better or is_rate(options.figure),
    )
    try:
        stand_where_the_user_stands()
        if options.run > 0:
            base, new = run_in_turn(options.base, options.new, options.run, options.flag,
                                    options.keep)
        else:
            base, new = read(options.base), read(options.new)
        comparison = compare(base, new, settings)
        if options.same_machine and comparison.unequal:
            raise InputError("the machines are not equal: " + "; ".join(
                f"{fact}: {', '.join(a)} and {', '.join(b)}" for fact, a, b in comparison.unequal))
        text = markdown(comparison)
        if options.out:
            with open(options.out, "w", encoding="utf-8") as stream:
                stream.write(text)
    except InputError as error:
        print(f"compare: {error}", file=sys.stderr)
        return CANNOT_COMPARE
    except OSError as error:
        print(f"compare: {error.filename}: {error.strerror}", file=sys.stderr)
        return CANNOT_COMPARE
    sys.stdout.write(text)
    return SLOWER if comparison.of(REGRESSION) else NO_REGRESSION


if __name__ == "__main__":
    sys.exit(main())
