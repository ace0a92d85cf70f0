"""//benchmarks:all with programs that cost nothing: what it writes, what it says, and how it goes on."""

import contextlib
import io
import json
import os
import select
import signal
import unittest
from unittest import mock

from benchmarks.all import campaign, interference, main, record, tables
from benchmarks.all.families import FAMILIES, Family
from benchmarks.formats import results as results_of
from benchmarks.formats.testing import samples, unittests

FACTS = {"processors": "2", "compiler": "a compiler", "build": "optimized", "load": "9.9 9 9",
         "peer_abseil": "present", "peer_boost": "absent",
         "warning_1": "the machine is loaded: its load average is 9.90 on 2 processors",
         "warning_2": "the frequency governor is powersave, not performance"}

COPIES = '#!/bin/sh\nfor a in "$@"; do case $a in --benchmark_out=*) out=${a#*=};; esac; done\n'


def lock_report(**facts):
    return samples.report({"BM_L<weft::Lock>/threads:2": [5.0], "BM_L<std::mutex>/threads:2": [10.0],
                           "BM_L<other>/threads:2": [20.0], "BM_Alone": [7.0]},
                          "lock_raw_", **dict(FACTS, **facts))


class All(unittest.TestCase):
    def setUp(self):
        self.root, self.out = unittests.folder(), os.path.join(unittests.folder(), "out")
        self.families = [Family("lock", "Locks", "lock"), Family("queue", "Queues", "queue")]
        for family in self.families:
            self.program(family.name, lock_report())
        for name, value in (("FAMILIES", self.families), ("ROOT", self.root)):
            patched = mock.patch.object(main, name, value)
            patched.start()
            self.addCleanup(patched.stop)
        self.addCleanup(signal.signal, signal.SIGTERM, signal.getsignal(signal.SIGTERM))

    def program(self, name, report, does='cp "$0.json" "$out"\n'):
        """A program that counts its runs in NAME.runs and then does that, by default its report."""
        samples.write(self.root, name + ".json", report)
        path = samples.write(self.root, name, COPIES + 'echo >> "$0.runs"\n' + does)
        os.chmod(path, 0o755)

    def runs(self, name):
        path = os.path.join(self.root, name + ".runs")
        if not os.path.exists(path):
            return 0
        with open(path, encoding="utf-8") as stream:
            return len(stream.readlines())

    def all(self, *arguments, code=0):
        """What it says."""
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            try:
                got = main.main([f"--out={self.out}", *arguments])
            except SystemExit as exit_:
                got = exit_.code
        self.assertEqual(got, code, said.getvalue())
        return said.getvalue()

    def written(self, name):
        with open(os.path.join(self.out, name), encoding="utf-8") as stream:
            return json.load(stream) if name.endswith(".json") else stream.read()

    def test_every_family_has_as_many_repetitions_in_a_report_of_its_own(self):
        said = self.all("--repetitions=6", "--budget=1000", "--commit=abc")
        for family in self.families:
            self.assertEqual(self.runs(family.name), 6)
            entries = self.written(family.name + ".json")["benchmarks"]
            self.assertEqual(len(entries), 24)
            self.assertEqual({e["repetition_index"] for e in entries}, set(range(6)))
            self.assertEqual({e["repetitions"] for e in entries}, {6})
            self.assertIn(f"round 6: {family.name}", said)

    def test_ours_carry_the_ratio_to_the_best_peer_and_peers_do_not(self):
        self.all("--repetitions=2")
        for entry in self.written("lock.json")["benchmarks"]:
            if "weft" in entry["name"]:
                self.assertAlmostEqual(entry["ratio_to_best_peer"], 0.5)
            else:
                self.assertNotIn("ratio_to_best_peer", entry)

    def test_a_ratio_goes_when_the_peers_cost_has_become_nothing(self):
        self.all("--repetitions=1")
        report = lock_report()
        for entry in report["benchmarks"]:
            if "std::mutex" in entry["name"]:
                entry["p50_ns"] = 0.0
        self.program("lock", report)
        self.all("--repetitions=3", "--resume")
        entries = self.written("lock.json")["benchmarks"]
        self.assertEqual({e["repetition_index"] for e in entries if "weft" in e["name"]}, {0, 1, 2})
        self.assertEqual([e for e in entries if "ratio_to_best_peer" in e], [])

    def test_the_summary_has_figures_facts_ratios_and_absent_peers(self):
        folder = unittests.folder()
        said = self.all("--repetitions=6", f"--record={folder}", "--commit=abc")
        summary = self.written("summary.json")
        self.assertEqual((summary["commit"], summary["machine"]["cpu"], summary["peers"]),
                         ("abc", "A Processor", {"abseil": "present", "boost": "absent"}))
        ours = next(e for e in summary["families"]["lock"]["benchmarks"] if "weft" in e["name"])
        self.assertEqual((ours["median"], ours["n"], ours["best"], ours["ratio"], ours["outcome"]),
                         (5.0, 6, "BM_L<std::mutex>/threads:2", 0.5, "ahead"))
        text = self.written("summary.md")
        for part in ("absent, so not compared with | boost |", "0.5 | ahead |", "A Processor",
                     "`L<weft::Lock>/threads:2`", "without a peer"):
            self.assertIn(part, text)
        self.assertIn("Absent here, so not compared with: boost.", said)
        self.assertIn("2 ahead, 0 level, 0 behind, 0 undecided", said)
        name = f"{summary['when'][:10]}-a-processor-2-processors.json"
        self.assertEqual(os.listdir(folder), [name])
        self.assertEqual(record.loaded(os.path.join(folder, name)), summary)

    def test_the_summary_tells_which_goals_are_reached(self):
        # What a goal is about stands beside what the benchmark is about.
        ours, peer = "BM_LockUncontended<weft::Lock>/real_time", "BM_LockUncontended<std::mutex>/real_time"
        self.program("lock", samples.report({ours: [8.0], peer: [10.0]}, "lock_raw_", **FACTS))
        # Of one that is about its time, the time is not told twice.
        report = samples.report({"BM_QueueTransfer<WeftSimpleQueue>/capacity:0/real_time/threads:2": [9.0]})
        del report["benchmarks"][0]["p50_ns"]
        self.program("queue", report)
        said = self.all("--repetitions=3")
        self.assertIn("all: of 2 goals: 1 below the floor, 1 not measured\n", said)
        families = self.written("summary.json")["families"]
        entry, = families["queue"]["benchmarks"]
        self.assertEqual((entry["figure"], "also" in entry), ("real_time", False))
        self.assertEqual([(e["figure"], e["also"]) for e in families["lock"]["benchmarks"]],
                         [("p50_ns", {"real_time": 8.0}), ("p50_ns", {"real_time": 10.0})])
        self.assertIn("| lock: alone, time | at most 0.75 | 0.75 | 0.8 | `std::mutex` |"
                      " **below the floor** |", self.written("summary.md"))

    def test_without_a_goals_benchmark_nothing_is_said_of_goals(self):
        said = self.all("--repetitions=1")
        self.assertNotIn("goals", said + self.written("summary.md"))

    def test_few_repetitions_decide_nothing(self):
        self.all("--repetitions=3")
        summary = self.written("summary.json")
        ours = next(e for e in summary["families"]["lock"]["benchmarks"] if "weft" in e["name"])
        self.assertEqual(ours["outcome"], "undecided")
        self.assertTrue(any("fewer than five" in doubt for doubt in summary["doubts"]))

    def test_the_budget_ends_it_after_the_first_round(self):
        # The clock of the campaign: each look at it is half a second after the one before.
        ticks = iter(range(10_000))
        with mock.patch("benchmarks.all.campaign.time.monotonic", lambda: next(ticks) / 2):
            self.all("--budget=0.1")
        self.assertEqual((self.runs("lock"), self.runs("queue")), (1, 1))

    def test_no_program_is_started_that_would_pass_the_budget(self):
        # Each program takes ten seconds, so three of them thirty.
        clock, really = [0.0], campaign.programs.run

        def takes_ten(*arguments):
            clock[0] += 10
            return really(*arguments)

        for budget, rounds in ((39.9, (2, 1)), (40, (2, 2))):
            before = self.runs("lock"), self.runs("queue")
            self.out, clock[0] = os.path.join(unittests.folder(), "out"), 0.0
            with mock.patch.object(campaign.programs, "run", takes_ten), mock.patch(
                    "benchmarks.all.campaign.time.monotonic", lambda: clock[0]):
                self.all(f"--budget={budget}")
            self.assertEqual((self.runs("lock") - before[0], self.runs("queue") - before[1]), rounds,
                             budget)

    def test_a_program_that_fails_is_named_and_the_rest_goes_on(self):
        self.program("lock", lock_report(), "echo it is broken >&2\nexit 3\n")
        said = self.all("--repetitions=3", code=3)
        self.assertEqual((self.runs("lock"), self.runs("queue")), (1, 3))
        self.assertIn("lock: it ended with exit code 3: it is broken", said)
        self.assertIn("it ended with exit code 3", self.written("summary.md"))
        self.assertNotIn("lock.json", os.listdir(self.out))

    def test_a_program_that_hangs_is_killed_with_its_children_and_named(self):
        self.program("lock", lock_report(), "sleep 1000 &\necho $! > \"$0.child\"\nwait\n")

        child_file = os.path.join(self.root, "lock.child")
        really, calls = select.select, []

        def not_in_time(*arguments):
            calls.append(arguments)
            if len(calls) > 1:
                return really(*arguments[:3])
            # The time is over, but not before the program has a child.
            while not (os.path.exists(child_file) and os.path.getsize(child_file)):
                os.sched_yield()
            return [], [], []

        with mock.patch("benchmarks.all.programs.select.select", not_in_time):
            said = self.all("--repetitions=1", "--time-limit=0.5", code=3)
        self.assertIn("lock: it was not done after 0.5 s, and was killed", said)
        self.assertEqual(self.runs("queue"), 1)
        with open(child_file, encoding="utf-8") as stream:
            child = stream.read().strip()
        self.assertFalse(os.path.exists(f"/proc/{child}"))

    def test_a_program_without_a_report_or_with_none_of_google_benchmark_has_failed(self):
        self.program("lock", lock_report(), "true\n")
        self.program("queue", {"something": "else"})
        self.assertIn("it wrote no report", self.all(code=1))
        os.rename(os.path.join(self.root, "queue"), os.path.join(self.root, "gone"))
        said = self.all(code=1)
        self.assertIn("queue: the program queue was not built", said)

    def test_a_benchmark_that_reports_an_error_is_named_and_others_are_measured_on(self):
        report = lock_report()
        report["benchmarks"][3].update(error_occurred=True, error_message="it was wrong")
        self.program("lock", report)
        said = self.all("--repetitions=3", code=3)
        self.assertEqual(said.count("*** lock: BM_Alone failed: it was wrong"), 1)
        self.assertEqual(self.runs("lock"), 3)

    def test_an_interrupted_run_keeps_what_it_has_and_goes_on(self):
        self.program("queue", lock_report(), "kill -TERM $PPID\nexec sleep 1000\n")
        self.all("--repetitions=2", code=130)
        self.assertEqual(self.runs("lock"), 1)
        self.assertEqual(list(self.written("summary.json")["families"]), ["lock"])
        self.program("queue", lock_report())
        self.assertIn("--resume goes on with that", self.all("--repetitions=2", code=1))
        said = self.all("--repetitions=2", "--resume")
        # Who has least goes first.
        self.assertLess(said.index("round 1: queue"), said.index("round 2: lock"))
        # What the interrupted one had counts: one more of it, and two of the other.
        self.assertEqual((self.runs("lock"), self.runs("queue")), (2, 3))
        entries = self.written("lock.json")["benchmarks"]
        self.assertEqual(sorted(e["repetition_index"] for e in entries), [0] * 4 + [1] * 4)

    def test_a_run_goes_on_only_on_its_machine(self):
        self.all("--repetitions=1")
        self.program("lock", lock_report(compiler="another compiler"))
        said = self.all("--repetitions=2", "--resume", code=1)
        self.assertIn("its compiler is 'a compiler', and here it is 'another compiler'", said)

    def test_what_others_took_is_said_and_our_own_load_is_not(self):
        busy = mock.patch("benchmarks.all.interference.Interference.seconds", lambda _: (1.0, 4.0))
        with busy:
            said = self.all("--repetitions=6")
        self.assertIn("DO NOT TRUST THESE FIGURES: others took 25 % of the processor time, and more than"
                      " 6 % in every family.", said)
        self.assertEqual(said.count("others took"), 1)
        summary = self.written("summary.json")
        self.assertEqual(summary["run"]["others_share"], 0.25)
        self.assertNotIn("load average", json.dumps(summary))
        self.assertIn("powersave", json.dumps(summary["doubts"]))
        context = self.written("lock.json")["context"]
        self.assertIn("others took 25 %", context["warning_2"])
        self.assertNotIn("warning_3", context)

    def test_a_quiet_machine_is_not_doubted(self):
        for family in self.families:
            self.program(family.name, lock_report(warning_2=FACTS["warning_1"]))
        with mock.patch("benchmarks.all.interference.Interference.seconds", lambda _: (0.0, 4.0)):
            said = self.all("--repetitions=6")
        self.assertEqual(self.written("summary.json")["doubts"], [])
        self.assertNotIn("DO NOT TRUST", said)

    def test_only_measures_what_it_names_and_knows_what_there_is(self):
        self.all("--only=queue", "--repetitions=1")
        self.assertEqual((self.runs("lock"), self.runs("queue")), (0, 1))
        self.assertIn("--only=pipe: there is no such family; there are lock, queue",
                      self.all("--only=pipe", code=2))

    def test_wrong_usage_is_told(self):
        for argument, sentence in (("--budget=0", "0 is not above zero"), ("--budget=x", "is no number"),
                                   ("--repetitions=-1", "is not above zero"),
                                   ("--repetitions=1.5", "is no number"), ("--wrong", "unrecognized"),
                                   ("--budget=nan", "not above zero"), ("--min-time=inf", "too large")):
            self.assertIn(sentence, self.all(argument, code=2), argument)
        with open(self.out, "w", encoding="utf-8"):
            pass
        self.assertIn(f"all: {self.out}: File exists", self.all(code=1))

    def test_a_broken_report_of_an_earlier_run_is_named(self):
        samples.write(self.out, "lock.json", '{"context": ')
        self.assertIn("lock.json: no JSON", self.all("--resume", code=1))
        samples.write(self.out, "lock.json", lock_report())
        self.assertIn("no run of all the benchmarks made this", self.all("--resume", code=1))

    def test_a_table_of_bugs_is_made_once_and_read_as_one(self):
        self.families.append(Family("bug-finding", "Bugs", "x/bug_finding"))
        samples.write(self.root, "x/bug_finding", '#!/bin/sh\nfor a in "$@"; do case $a in'
                      ' --json=*) cp "$0.json" "${a#*=}";; esac; done\n')
        os.chmod(os.path.join(self.root, "x/bug_finding"), 0o755)
        samples.write(self.root, "x/bug_finding.json",
                      {"seeds": 1, "executions_at_most": 9, "programs": {"a": {}}})
        self.all("--repetitions=2")
        results = results_of.read([self.out])
        self.assertEqual((len(results.bug_tables), len(results.reports), results.problems),
                         (1, 2, []))

    def test_families_are_each_named_once(self):
        self.assertEqual(len({family.name for family in FAMILIES}), len(FAMILIES))
        for family in FAMILIES:
            self.assertRegex(family.name, r"^[a-z]+(-[a-z]+)*$")


class Interference(unittest.TestCase):
    def stat(self, *ticks):
        samples.write(self.root, "proc/stat", "cpu  " + " ".join(map(str, ticks)) + "\n")

    def setUp(self):
        self.root = unittests.folder()

    def test_what_the_kernel_counts_beyond_ours_is_of_others(self):
        self.stat(100, 0, 100, 5000, 70, 0, 0, 0, 0, 0)
        since = interference.Interference(self.root)
        with mock.patch.object(interference.time, "monotonic", lambda: since.when + 1000):
            # Idle and waiting processors are not busy; what a host stole is.
            self.stat(100, 0, 100, 99999, 9999, 0, 0, 2000, 0, 0)
            others, whole = since.seconds()
        self.assertAlmostEqual(others, 2000 / os.sysconf("SC_CLK_TCK"), delta=1)
        self.assertAlmostEqual(whole, 1000 * os.cpu_count())

    def test_where_the_kernel_does_not_say_it_is_unknown(self):
        self.assertIsNone(interference.Interference(self.root).seconds()[0])
        self.assertIsNone(interference.load_average(self.root))


class Records(unittest.TestCase):
    def test_what_is_no_record_is_refused_with_a_sentence(self):
        folder = unittests.folder()
        whole = {"weft_results": 1, "when": "", "commit": "", "machine": {}, "peers": {}, "doubts": [],
                 "run": {}, "families": {}}
        entry = {"name": "a", "figure": "real_time", "median": 1, "min": 1, "max": 1, "n": 1}
        for document, sentence in (
                ([], "no record of a run"), ({"weft_results": 2}, "no record of a run"),
                (dict(whole, machine=7), "it has no 'machine'"),
                (dict(whole, families={"x": 7}), "its family 'x' is odd"),
                (dict(whole, families={"x": {"title": "", "benchmarks": [dict(entry, n="1")]}}),
                 "a benchmark of its family 'x' is odd"),
                *((dict(whole, families={"x": {"title": "", "benchmarks": [dict(entry, **odd)]}}),
                   "a benchmark of its family 'x' is odd")
                  for odd in ({"outcome": "won"}, {"also": 7}, {"also": {"p99_us": "7"}}))):
            path = samples.write(folder, "r.json", document)
            with self.assertRaisesRegex(record.InputError, sentence):
                record.loaded(path)
        with self.assertRaisesRegex(record.InputError, "No such file"):
            record.loaded(folder + "/none.json")
        samples.write(folder, "r.json", dict(whole, families={
            "x": {"title": "", "benchmarks": [entry]}}))
        record.loaded(path)

    def test_names_are_readable_or_inert(self):
        self.assertEqual(tables.code("BM_L<weft::Lock>/n:2"), "`BM_L<weft::Lock>/n:2`")
        for name in ("a`b", "a|b", "<img src=x onerror='alert(1)'>", "a\nb", "a\\", ""):
            self.assertTrue(tables.code(name).startswith("<code>"), name)
            self.assertNotRegex(tables.code(name)[len("<code>"):-len("</code>")], r"[`|<>\n\\]")

    def test_the_text_is_json_with_a_benchmark_a_line_whatever_the_names(self):
        names = ["a", 'quo"te', "back\\slash", "\0x\0", "é", "\n"]
        whole = {"weft_results": 1, "families": {name: {"benchmarks": [{"name": n} for n in names]}
                                                 for name in ("lock", "q")}}
        text = record.text_of(whole)
        self.assertEqual(json.loads(text), whole)
        self.assertEqual(len([line for line in text.splitlines() if '{"name": ' in line]), 12)


if __name__ == "__main__":
    unittests.main()
