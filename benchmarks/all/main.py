"""bazel run //benchmarks:all -- --out=DIR: measures all families beside their peers.

Each family's program runs once a round, for as many rounds as the budget allows. DIR has then

  FAMILY.json     the repetitions, as Google Benchmark writes them; ours have ratio_to_best_peer
  summary.json    medians, ranges, ratios, the machine's facts; --record=FILE has the same
  summary.md      the same as tables

and //benchmarks:dashboard -- --results=DIR --out=SITE makes pages of it. A run that was interrupted
keeps what it has; --resume goes on with it.

Exit status: 0 all was measured, 1 nothing could be, 2 wrong usage, 3 something was not measured:
the summary names it; 130 interrupted.
"""

import datetime
import os
import signal
import sys

from benchmarks.all.campaign import Campaign
from benchmarks.all.families import FAMILIES
from benchmarks.all.interference import load_average
from benchmarks.all.outcome import Outcome
from benchmarks.all.record import file_name_of, record_of, text_of
from benchmarks.all.tables import counts, goal_counts, summary
from benchmarks.formats.command_line import parser_of, positive, stand_where_the_user_stands
from benchmarks.formats.errors import InputError
from benchmarks.formats.files import write_whole
from benchmarks.goals.reached import in_record

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ALL_MEASURED, NOTHING, PARTLY, INTERRUPTED = 0, 1, 3, 130


def parser():
    made = parser_of("all", __doc__)
    made.add_argument("--out", required=True, metavar="DIR", help="made if it is not there")
    made.add_argument("--budget", type=positive(float), default=420, metavar="SECONDS",
                        help="no program is started that would pass it, but for the first round"
                             " (420)")
    made.add_argument("--repetitions", type=positive(int), default=15, metavar="N",
                        help="rounds at most (15)")
    made.add_argument("--min-time", type=positive(float), default=0.02, metavar="SECONDS",
                        help="of each benchmark in each round (0.02)")
    made.add_argument("--time-limit", type=positive(float), default=180, metavar="SECONDS",
                        help="a program that takes longer for one round has failed (180)")
    made.add_argument("--only", action="append", default=[], metavar="FAMILY",
                        help="this one alone; may be given again: "
                             + ", ".join(family.name for family in FAMILIES))
    made.add_argument("--resume", action="store_true", help="goes on with the run in DIR")
    made.add_argument("--record", metavar="FILE",
                        help="summary.json goes there too; in a folder it is named by its date and"
                             " machine")
    made.add_argument("--commit", default="", help="what is measured")
    return made


def wanted(made, only):
    """The families of these names; ends with a sentence if there is no such one."""
    by_name = {family.name: family for family in FAMILIES}
    for name in only:
        if name not in by_name:
            made.error(f"--only={name}: there is no such family; there are {', '.join(by_name)}")
    return [family for family in FAMILIES if not only or family.name in only]


def _prepared(options, families):
    """Outcomes, with what an earlier run left of them."""
    outcomes = [Outcome(family, options.out) for family in families]
    os.makedirs(options.out, exist_ok=True)
    if options.resume:
        for outcome in outcomes:
            outcome.load()
    elif os.path.exists(os.path.join(options.out, "summary.json")) or any(
            os.path.exists(outcome.path) for outcome in outcomes):
        raise InputError(f"{options.out}: it has the results of an earlier run. --resume goes on"
                         " with that; or name another folder")
    return outcomes


def _report(options, outcomes):
    record = record_of(outcomes, options.min_time, options.commit,
                       datetime.datetime.now(datetime.timezone.utc))
    data = text_of(record).encode("utf-8")
    write_whole(os.path.join(options.out, "summary.json"), data)
    write_whole(os.path.join(options.out, "summary.md"), summary(record).encode("utf-8"))
    if options.record:
        path = options.record
        if os.path.isdir(path):
            path = os.path.join(path, file_name_of(record))
        write_whole(path, data)
        print(f"all: {os.path.abspath(path)}")
    total = counts(record["families"].values())
    print("all: " + ", ".join(f"{number} {outcome}" for outcome, number in total.items())
          + f"; {os.path.join(os.path.abspath(options.out), 'summary.md')}")
    judgements = in_record(record)
    if judgements:
        print(f"all: of {len(judgements)} goals: {goal_counts(judgements)}")
    return record


def _interrupt(*_):
    raise KeyboardInterrupt


def _measured(options, outcomes):
    load = load_average()
    interrupted = False
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        Campaign(ROOT, outcomes, options, load).run()
    except KeyboardInterrupt:
        interrupted = True
        print("all: interrupted; --resume goes on", file=sys.stderr)
    if not any(outcome.rounds for outcome in outcomes):
        raise InputError("nothing was measured: " + ("it was interrupted" if interrupted else
                         "; ".join(text for o in outcomes for text in o.problems)))
    record = _report(options, outcomes)
    for doubt in record["doubts"]:
        print(f"*** DO NOT TRUST THESE FIGURES: {doubt}.", file=sys.stderr)
    absent = [peer for peer, state in record["peers"].items() if state == "absent"]
    if absent:
        print(f"Absent here, so not compared with: {', '.join(absent)}.", file=sys.stderr)
    missing = [text for outcome in outcomes for text in outcome.problems]
    for text in missing:
        print(f"all: {text}", file=sys.stderr)
    return INTERRUPTED if interrupted else PARTLY if missing else ALL_MEASURED


def main(arguments=None):
    made = parser()
    options = made.parse_args(arguments)
    families = wanted(made, options.only)
    stand_where_the_user_stands()
    try:
        return _measured(options, _prepared(options, families))
    except InputError as error:
        print(f"all: {error}", file=sys.stderr)
    except OSError as error:
        print(f"all: {error.filename}: {error.strerror}", file=sys.stderr)
    return NOTHING


if __name__ == "__main__":
    sys.exit(main())
