"""The history loses no line: not by a cut anywhere, not by several who write, not by a merge."""

import json
import os
import subprocess
import sys
import unittest

from benchmarks.dashboard import history
from benchmarks.formats.testing import hostile, unittests


def run(number, **fields):
    return dict({"weft_history": 1, "when": f"2026-01-{number:02d}T00:00:00Z", "commit": f"c{number}",
                 "machine": "alpha", "tests": {"tsan": {"passed": number}}, "executions": {"tsan": 5},
                 "findings": 0, "figures": {"b": {"real_time": [1.0, 0.9, 1.1, 3]}}}, **fields)


def numbers(runs):
    return [each["commit"] for each in runs]


class History(unittest.TestCase):
    def setUp(self):
        self.path = os.path.join(unittests.folder(), "h.jsonl")

    def content(self):
        with open(self.path, "rb") as stream:
            return stream.read()

    def write(self, content):
        with open(self.path, "wb") as stream:
            stream.write(content)

    def test_what_was_appended_is_read_in_the_order_of_time(self):
        self.assertEqual(history.read(self.path), ([], []))
        self.assertEqual(history.append(self.path, [run(2)]), 1)
        self.assertEqual(history.append(self.path, [run(3), run(1)]), 2)
        runs, problems = history.read(self.path)
        self.assertEqual((numbers(runs), problems), (["c1", "c2", "c3"], []))
        self.assertEqual({k: v for k, v in runs[0].items() if k != "id"}, run(1))

    def test_a_run_is_there_once_however_often_it_is_appended(self):
        history.append(self.path, [run(1), run(1)])
        before = self.content()
        self.assertEqual(history.append(self.path, [run(1)]), 0)
        self.assertEqual(self.content(), before)

    def test_a_cut_at_any_byte_loses_the_torn_line_alone(self):
        history.append(self.path, [run(n) for n in (1, 2, 3)])
        whole = self.content()
        ends = [i + 1 for i, byte in enumerate(whole) if byte == ord("\n")]
        for cut in range(len(whole)):
            self.write(whole[:cut])
            # The newline alone may be missing: then the line is whole.
            complete = sum(end - 1 <= cut for end in ends)
            runs, problems = history.read(self.path)
            self.assertEqual(len(runs), complete, cut)
            is_torn = cut not in ends and cut + 1 not in ends and cut != 0
            self.assertEqual(len(problems), int(is_torn), cut)
            # What is appended then is whole, and so is the rest; a torn line is no longer the last.
            history.append(self.path, [run(9)])
            runs, problems = history.read(self.path)
            self.assertEqual(numbers(runs), [f"c{n}" for n in range(1, complete + 1)] + ["c9"], cut)
            self.assertEqual(len(problems), int(is_torn), cut)
            self.assertTrue(self.content().startswith(whole[:cut]))

    def test_a_torn_line_is_told_by_its_number(self):
        history.append(self.path, [run(1), run(2)])
        self.write(self.content()[:-20])
        self.assertIn("line 2 is torn", history.read(self.path)[1][0])

    def test_several_who_append_at_once_lose_nothing(self):
        program = ("import sys; from benchmarks.dashboard import history\n"
                   "from benchmarks.dashboard.history_test import run\n"
                   "w = int(sys.argv[2])\n"
                   "for n in range(1, 9): history.append(sys.argv[1], [run(n, commit=f'{w}-{n}',"
                   " machine='x' * 20000)])\n")
        root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        writers = [subprocess.Popen([sys.executable, "-B", "-c", program, self.path, str(w)],
                                    env=dict(os.environ, PYTHONPATH=root)) for w in range(4)]
        self.assertEqual([w.wait() for w in writers], [0] * 4)
        runs, problems = history.read(self.path)
        self.assertEqual((len(runs), problems), (32, []))

    def test_several_who_append_the_same_write_it_once(self):
        program = ("import sys; from benchmarks.dashboard import history\n"
                   "from benchmarks.dashboard.history_test import run\n"
                   "for n in range(1, 29): history.append(sys.argv[1], [run(n)])\n")
        root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        writers = [subprocess.Popen([sys.executable, "-B", "-c", program, self.path],
                                    env=dict(os.environ, PYTHONPATH=root)) for _ in range(6)]
        self.assertEqual([w.wait() for w in writers], [0] * 6)
        self.assertEqual(self.content().count(b"\n"), 28)

    def test_histories_of_several_machines_are_merged_in_any_order_to_the_same(self):
        other = self.path + ".other"
        history.append(self.path, [run(1), run(3)])
        history.append(other, [run(2, machine="beta"), run(3)])
        for one, two in ((self.path, other), (other, self.path)):
            history.append(one, history.read(two)[0])
            history.append(one, history.read(two)[0])
        self.assertEqual(history.read(self.path), history.read(other))
        self.assertEqual(numbers(history.read(self.path)[0]), ["c1", "c2", "c3"])

    def test_what_is_no_run_is_told_and_passed_over(self):
        history.append(self.path, [run(1)])
        good = json.loads(self.content())
        bad = [b"[]", b"3", b"null", b"nonsense", b'{"weft_history": 1}', b"\xff\xfe", b"[" * 50000]
        for change in ({"weft_history": 2}, {"when": 3}, {"commit": "changed"}):
            bad.append(json.dumps(dict(good, **change)).encode())
        for change in ({"tests": []}, {"tests": {"a": {"b": "c"}}}, {"figures": {"b": {"r": [1]}}},
                       {"figures": {"b": {"r": [1, 2, 3, None]}}}, {"executions": {"a": "b"}},
                       {"executions": []}, {"figures": {"b": {"r": [10 ** 400, 2, 3, 4]}}},
                       {"figures": {"b": {"r": [1, 2, 3, float("nan")]}}},
                       {"figures": {"b": {"r": [True, 2, 3, 4]}}}):
            # With an id of its own: only its shape is wrong.
            changed = dict(good, **change)
            bad.append(json.dumps(dict(changed, id=history.identity_of(changed))).encode())
        for line in bad:
            self.write(line + b"\n")
            history.append(self.path, [run(1)])
            runs, problems = history.read(self.path)
            self.assertEqual((numbers(runs), len(problems)), (["c1"], 1), line[:80])
            self.assertIn("line 1 is passed over", problems[0])

    def test_names_come_back_as_they_were(self):
        figures = {name: {"real_time": [1.0, 1.0, 1.0, 1]} for name in hostile.names()}
        history.append(self.path, [run(1, figures=figures)])
        self.assertEqual(self.content().count(b"\n"), 1)
        self.assertEqual(history.read(self.path)[0][0]["figures"], figures)


if __name__ == "__main__":
    unittests.main()
