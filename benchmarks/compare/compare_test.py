"""The program as it is called: exit status, Markdown, what it refuses, and two builds in turn."""

import json
import os
import stat
import subprocess
import unittest

from benchmarks.formats.testing import unittests

COMPARE = os.path.abspath("benchmarks/compare/compare")


def document(times, **entry):
    rows = [dict({"name": "BM_Lock/threads:2", "run_name": "BM_Lock/threads:2",
                  "run_type": "iteration", "threads": 2, "iterations": 10, "real_time": time,
                  "cpu_time": time, "time_unit": "ns"}, **entry) for time in times]
    # What is no repetition and must not count as one.
    rows.append({"name": "BM_Lock/threads:2_mean", "run_name": "BM_Lock/threads:2",
                 "run_type": "aggregate", "aggregate_name": "mean", "real_time": 1e9,
                 "cpu_time": 1e9, "time_unit": "ns", "iterations": 9})
    rows.append({"name": "BM_Broken", "run_type": "iteration", "error_occurred": True,
                 "error_message": "no such lock"})
    return {"context": {"executable": "lock_benchmark", "num_cpus": 2}, "benchmarks": rows}


class Compare(unittest.TestCase):
    def setUp(self):
        self.folder = unittests.folder()

    def file(self, name, content):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(content if isinstance(content, str) else json.dumps(content))
        return path

    def compare(self, *arguments):
        return subprocess.run([COMPARE, *arguments], cwd=self.folder, text=True,
                              capture_output=True)

    def test_slower_exits_with_10_and_faster_or_equal_with_0(self):
        base = self.file("base.json", document([100 + i for i in range(10)]))
        new = self.file("new.json", document([150 + i for i in range(10)]))
        slower = self.compare(base, new)
        self.assertEqual(slower.returncode, 10, slower.stderr)
        self.assertIn("1 slower, 0 faster, of 1 benchmarks", slower.stdout)
        self.assertIn("**regression**", slower.stdout)
        self.assertIn("104.5 ns | 154.5 ns | +47.8 %", slower.stdout)
        self.assertIn("BM_Broken failed: no such lock", slower.stdout)
        self.assertEqual(self.compare(new, base).returncode, 0)
        self.assertEqual(self.compare(base, base).returncode, 0)

    def test_the_time_unit_counts(self):
        base = self.file("base.json", document([100.0 + i for i in range(10)]))
        new = self.file("new.json", document([0.1 + i / 1000 for i in range(10)], time_unit="us"))
        self.assertEqual(self.compare(base, new).returncode, 0)
        new = self.file("new.json", document([0.1 + i / 1000 for i in range(10)], time_unit="ms"))
        self.assertEqual(self.compare(base, new).returncode, 10)

    def test_folders_are_read_with_all_their_reports(self):
        for side in ("base", "new"):
            for part in range(2):
                self.file(f"{side}/{part}.json", document([100.0 + i for i in range(5)]))
            self.file(f"{side}/other.json", {"something": "else"})
        equal = self.compare("base", "new")
        self.assertEqual(equal.returncode, 0, equal.stderr)
        self.assertIn("No change in 1 benchmarks", equal.stdout)

    def test_the_markdown_goes_to_a_file_too(self):
        base = self.file("base.json", document([100.0 + i for i in range(10)]))
        out = self.compare(base, base, "--out", "comment.md").stdout
        with open(os.path.join(self.folder, "comment.md"), encoding="utf-8") as stream:
            self.assertEqual(stream.read(), out)

    def test_what_cannot_be_compared_is_an_error_with_its_reason(self):
        good = self.file("good.json", document([100.0 + i for i in range(10)]))
        few = self.file("few.json", document([100.0, 101.0]))
        for path, reason in (
            (few, "too few repetitions"),
            (self.file("torn.json", '{"context": {'), "no JSON"),
            (self.file("deep.json", "[" * 100000), "no JSON"),
            (self.file("other.json", {"a": 1}), "no report of Google Benchmark"),
            (self.file("text.json", document(["fast"])), "no number in 'real_time'"),
            (os.path.join(self.folder, "absent.json"), "No such file"),
            (self.folder + "/empty", "No such file"),
        ):
            result = self.compare(few if path == few else good, path)
            self.assertEqual((result.returncode, result.stdout), (1, ""), path)
            self.assertIn(reason, result.stderr)
            self.assertNotIn("Traceback", result.stderr)

    def test_unequal_machines_are_refused_on_demand(self):
        one = document([100.0 + i for i in range(10)])
        two = json.loads(json.dumps(one))
        two["context"]["num_cpus"] = 64
        one, two = self.file("one.json", one), self.file("two.json", two)
        self.assertEqual(self.compare(one, two).returncode, 0)
        refused = self.compare(one, two, "--same-machine")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("num_cpus: 2 and 64", refused.stderr)

    def test_wrong_usage_exits_with_2(self):
        for arguments in ((), ("a",), ("a", "b", "--alpha=2"), ("a", "b", "--alp=0.1")):
            self.assertEqual(self.compare(*arguments).returncode, 2, arguments)

    def build(self, name, time):
        """A program that writes a report of one repetition, as Google Benchmark would."""
        text = json.dumps(document([0])).replace('"real_time": 0', f'"real_time": {time}$(next)')
        path = self.file(name, f"""#!/bin/sh
for each in "$@"; do case $each in --benchmark_out=*) out=${{each#*=}} ;; esac; done
next() {{ echo {name} "$*" >> order; wc -l < order | tr -d ' '; }}
cat > "$out" << END
{text}
END
""")
        os.chmod(path, stat.S_IRWXU)
        return path

    def test_two_builds_run_in_turn_and_are_compared(self):
        fast, slow = self.build("fast", "1.0"), self.build("slow", "9.0")
        result = self.compare(fast, slow, "--run=6", "--keep=kept")
        self.assertEqual(result.returncode, 10, result.stderr)
        with open(os.path.join(self.folder, "order"), encoding="utf-8") as stream:
            self.assertEqual(stream.read().split(), ["fast", "slow", "slow", "fast"] * 3)
        kept = self.compare("kept/base.json", "kept/new.json")
        self.assertEqual(kept.stdout, result.stdout)
        self.assertEqual(self.compare(fast, self.file("no", "")).returncode, 1)
        failing = self.file("failing", "#!/bin/sh\necho no such lock >&2\nexit 3\n")
        os.chmod(failing, stat.S_IRWXU)
        refused = self.compare(fast, failing, "--run=2")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("exit code 3\nno such lock", refused.stderr)
        other = self.file("other", "#!/bin/sh\necho '[]' > \"${1#*=}\"\n")
        os.chmod(other, stat.S_IRWXU)
        refused = self.compare(fast, other, "--run=2")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("other: this is no report of Google Benchmark", refused.stderr)


if __name__ == "__main__":
    unittests.main()
