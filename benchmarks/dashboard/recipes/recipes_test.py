"""The recipes of docs/ci.md: they are YAML, their scripts are scripts, and their commands run.

Each call of a tool of benchmarks/ is run as it stands, on results as a job leaves them.
"""

import os
import re
import shlex
import subprocess
import unittest

from benchmarks.all import main as all_families
from benchmarks.formats.testing import samples, unittests

PROGRAMS = {f"//benchmarks:{name}": os.path.abspath(f"benchmarks/{name}/{name}")
            for name in ("compare", "dashboard", "formats")}
ALL = "//benchmarks:all"


def text():
    with open("docs/ci.md", encoding="utf-8") as stream:
        return stream.read()


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", text(), re.MULTILINE | re.DOTALL)


def recipes():
    import yaml
    return [yaml.safe_load(block) for block in blocks("yaml")]


def github_scripts(recipe):
    return [step["run"] for job in recipe["jobs"].values() for step in job["steps"] if "run" in step]


def gitlab_scripts(recipe):
    return ["\n".join(lines) for job in recipe.values() if isinstance(job, dict)
            for key, lines in job.items() if key in ("script", "after_script")]


def calls(script):
    """The calls of our tools in a script: [(program, arguments as the shell splits them)]."""
    script = script.replace("\\\n", " ")
    found = []
    for line in script.splitlines():
        for match in re.finditer(r"(?:\./bazelw|bazel) run (//benchmarks:\w+) (?:[^|;&]* )?-- ([^|;&]*)",
                                 line):
            found.append((match[1], shlex.split(match[2])))
    return found


class Recipes(unittest.TestCase):
    def setUp(self):
        try:
            import yaml  # noqa: F401
        except ImportError:
            self.skipTest("python3-yaml is not installed")
        self.github, self.gitlab = recipes()

    def scripts(self):
        return github_scripts(self.github) + gitlab_scripts(self.gitlab) + blocks("sh")

    def test_jobs_have_what_their_services_ask_for(self):
        self.assertEqual(set(self.github["jobs"]), {"test", "compare", "comment", "dashboard"})
        for name, job in self.github["jobs"].items():
            self.assertIn("runs-on", job, name)
            for step in job["steps"]:
                self.assertEqual(("run" in step) + ("uses" in step), 1, step)
                if "uses" in step:
                    self.assertRegex(step["uses"], r"^[\w-]+/[\w/-]+@v\d+$")
        stages = self.gitlab["stages"]
        for name, job in self.gitlab.items():
            if isinstance(job, dict) and "script" in job:
                self.assertIn(job["stage"], stages, name)

    def test_every_job_that_builds_has_the_cache_of_the_disk(self):
        for name, job in self.github["jobs"].items():
            if not any("bazelw" in step.get("run", "") for step in job["steps"]):
                continue
            self.assertEqual(job["container"], self.gitlab["default"]["image"], name)
            caches = [step["with"]["path"] for step in job["steps"]
                      if step.get("uses", "").startswith("actions/cache")]
            self.assertEqual(len(caches), 1, name)
            self.assertIn("~/.cache/bazel-disk", caches[0])
        for script in self.scripts():
            for line in script.replace("\\\n", " ").splitlines():
                if re.search(r"bazelw (test|build|run //benchmarks(/|:all))", line):
                    self.assertRegex(line, r"--disk_cache=|\$DISK", line)

    def test_what_is_cached_within_the_tree_is_no_part_of_it(self):
        # Google Benchmark's source lies there too, with packages that are not to be built.
        with open(".bazelignore", encoding="utf-8") as stream:
            ignored = stream.read().split()
        for path in self.gitlab["default"]["cache"]["paths"]:
            self.assertIn(path.rstrip("/"), ignored)
        self.assertEqual(self.gitlab["variables"]["XDG_CACHE_HOME"], "$CI_PROJECT_DIR/.cache")

    def test_each_script_is_one(self):
        for script in self.scripts():
            # An expression of GitHub is put in before the shell sees it.
            script = re.sub(r"\$\{\{.*?\}\}", "0", script)
            result = subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True)
            self.assertEqual(result.returncode, 0, script + result.stderr)

    def test_each_call_of_our_tools_does_what_the_recipe_says(self):
        folder = unittests.folder()
        samples.write_all(folder)
        os.rename(os.path.join(folder, "testlogs"), os.path.join(folder, "bazel-testlogs"))
        for name in ("results", "figures", "from-test", "pages"):
            os.makedirs(os.path.join(folder, name))
            samples.write(folder, f"{name}/x.json", samples.report({"b": [1.0, 2.0]}, "other"))
        for machine in ("arm", "x86"):
            samples.write(folder, f"from-{machine}.jsonl", "")
        # As a benchmark's program, of two builds.
        for side in ("../base/bazel-bin", "bazel-bin"):
            path = samples.write(folder + "/work", f"{side}/benchmarks/threading/lock_benchmark",
                                 "#!/bin/sh\nfor a in \"$@\"; do case $a in --benchmark_out=*)"
                                 " cp ../lock.json \"${a#*=}\" ;; esac; done\n")
            os.chmod(path, 0o755)
        for entry in os.listdir(folder):
            if entry not in ("work", "base"):
                os.rename(os.path.join(folder, entry), os.path.join(folder, "work", entry))
        samples.write(folder, "lock.json", samples.report({"BM_Uncontended": [1.0]}))
        work = os.path.join(folder, "work")
        seen = set()
        for script in self.scripts():
            for program, arguments in calls(script):
                seen.add(program)
                if program == ALL:
                    # It would take its budget: its folder is there, and its arguments are read.
                    options = all_families.parser().parse_args(arguments)
                    self.assertTrue(os.path.isdir(os.path.join(work, options.out)), options.out)
                    self.assertTrue(all_families.wanted(all_families.parser(), options.only))
                    continue
                if program != "//benchmarks:dashboard":
                    arguments = [a for a in arguments if a]
                # As `bazel run` starts them: elsewhere, with the user's folder by its name.
                result = subprocess.run([PROGRAMS[program], *arguments], cwd="/", text=True,
                                        env=dict(os.environ, BUILD_WORKING_DIRECTORY=work),
                                        capture_output=True)
                self.assertEqual(result.returncode, 0, f"{program} {arguments}\n{result.stderr}")
                for argument in arguments:
                    if argument.startswith("--out="):
                        self.assertTrue(os.path.exists(os.path.join(work, argument[6:])), argument)
        self.assertEqual(seen, {*PROGRAMS, ALL})

    def test_what_the_table_names_is_there(self):
        formats = subprocess.run([PROGRAMS["//benchmarks:formats"], "--help"], text=True,
                                 capture_output=True).stdout
        for form in re.findall(r"`(?:\.\.\. )?(?://benchmarks:formats -- )?--to=(\w+)", text()):
            self.assertIn(f"\n  {form} ", formats)


if __name__ == "__main__":
    unittests.main()
