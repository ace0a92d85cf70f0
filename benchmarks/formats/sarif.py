"""Several SARIF logs as one, within what GitHub's code scanning takes.

Thread safety: pure functions.
Invariants:    (I1) one run for each tool, so that many findings are few runs; rules are united by
                   their ids, and each result's ruleIndex is that of the united list.
               (I2) each result has a location: without one GitHub refuses the file.
               (I3) a result that is there twice by its fingerprints is there once.
"""

import copy
import json

from benchmarks.formats.errors import InputError

# GitHub: "SARIF support for code scanning", limits.
RUNS_MAX = 20
RESULTS_MAX = 5_000

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def _runs(path, document):
    runs = document.get("runs")
    if document.get("version") != "2.1.0" or not isinstance(runs, list):
        raise InputError(f"{path}: no SARIF 2.1.0")
    for run in runs:
        driver = run.get("tool", {}).get("driver", {}) if isinstance(run, dict) else {}
        if not driver.get("name"):
            raise InputError(f"{path}: a run has no tool with a name")
        yield run, driver


class _Run:
    def __init__(self, run, driver):
        self.run = {key: copy.deepcopy(run[key]) for key in
                    ("columnKind", "originalUriBaseIds") if key in run}
        self.driver = {k: copy.deepcopy(v) for k, v in driver.items() if k != "rules"}
        self.rules, self.index, self.results, self.seen = [], {}, [], set()

    def add_rule(self, rule):
        identity = rule.get("id", "")
        if identity not in self.index:
            self.index[identity] = len(self.rules)
            rule = copy.deepcopy(rule)
            # GitHub shows it, and refuses a rule without it.
            if "fullDescription" not in rule and "shortDescription" in rule:
                rule["fullDescription"] = rule["shortDescription"]
            self.rules.append(rule)

    def add(self, result, rules, place_of):
        result = copy.deepcopy(result)
        index = result.get("ruleIndex", -1)
        rule_id = result.get("ruleId") or (rules[index].get("id") if 0 <= index < len(rules) else "")
        fingerprint = (rule_id, json.dumps(result.get("partialFingerprints"), sort_keys=True))
        if result.get("partialFingerprints") and fingerprint in self.seen:
            return
        self.seen.add(fingerprint)
        if rule_id:
            result["ruleId"] = rule_id
        if rule_id in self.index:
            result["ruleIndex"] = self.index[rule_id]
        else:
            result.pop("ruleIndex", None)
        if not any("physicalLocation" in each for each in result.get("locations", [])):
            result["locations"] = [_location(result, place_of)]
        self.results.append(result)

    def document(self, name):
        # What is not said is no list: an absent rule list is another thing than an empty one.
        run = dict(self.run, tool={"driver": dict(self.driver, rules=self.rules)})
        run["automationDetails"] = {"id": f"{name}/"}
        run["results"] = self.results[:RESULTS_MAX]
        return run


def _location(result, place_of):
    test = str(result.get("properties", {}).get("test", "")).split("#")[0]
    file, line = place_of(test)
    artifact = {"uri": file or "README.md", "uriBaseId": "%SRCROOT%"}
    physical = {"artifactLocation": artifact}
    if line:
        physical["region"] = {"startLine": line}
    return {"physicalLocation": physical}


def merged(logs, name="weft", place_of=lambda test: ("", 0)):
    """(document, sentences about what is left out) of [(path, document)].

    `place_of` tells (file, line) of a test; it is asked where a result has no place of its own.
    """
    runs, left_out = {}, []
    for path, document in logs:
        for run, driver in _runs(path, document):
            into = runs.setdefault(driver["name"], _Run(run, driver))
            rules = driver.get("rules", [])
            for rule in rules:
                into.add_rule(rule)
            for result in run.get("results", []):
                into.add(result, rules, place_of)
    names = sorted(runs)
    for tool in names[RUNS_MAX:]:
        left_out.append(f"the run of {tool}: there are more than {RUNS_MAX}")
    for tool in names[:RUNS_MAX]:
        if len(runs[tool].results) > RESULTS_MAX:
            left_out.append(
                f"{len(runs[tool].results) - RESULTS_MAX} results of {tool}: there are more than"
                f" {RESULTS_MAX}")
    document = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [runs[tool].document(name if len(names) == 1 else f"{name}/{tool}")
                 for tool in names[:RUNS_MAX]],
    }
    return document, left_out
