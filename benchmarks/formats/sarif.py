"""Several SARIF logs as one, within what GitHub's code scanning takes.

Thread safety: pure functions.
Invariants:    (I1) one run for each tool, so that many findings are few runs; rules are united by
                   their ids, and each result's ruleIndex is that of the united list.
               (I2) each result has a location: without one GitHub refuses the file.
               (I3) a result that is there twice by its fingerprints is there once.
               (I4) Weft's run is there even without results: GitHub refuses a file without runs, and
                    only a run without a result closes what an earlier one of that tool and name has told.
"""

import copy
import json

from benchmarks.formats.errors import InputError

# GitHub: "SARIF support for code scanning", limits.
RUNS_MAX = 20
RESULTS_MAX = 5_000

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_OURS = "Weft"


# What is looked into, by the kinds that its values must have: a list of one kind, an object's members,
# or a kind. All but the first two may be absent.
_TEXT = {"text": str}
_SHAPE = {
    "version": str,
    "runs": [{
        "tool": {"driver": {"name": str, "rules": [{"id": str, "shortDescription": _TEXT}]}},
        "results": [{
            "ruleId": str, "ruleIndex": int, "message": _TEXT, "partialFingerprints": dict,
            "properties": dict, "locations": [{"physicalLocation": dict}],
        }],
    }],
}


def _is_odd(value, shape):
    if isinstance(shape, list):
        return not isinstance(value, list) or any(_is_odd(each, shape[0]) for each in value)
    if isinstance(shape, dict):
        return not isinstance(value, dict) or any(
            key in value and _is_odd(value[key], inner) for key, inner in shape.items())
    return not isinstance(value, shape) or isinstance(value, bool)


def refuse_odd(path, document):
    """Raises InputError unless this is SARIF 2.1.0 as far as it is looked into here."""
    if _is_odd(document, _SHAPE) or document.get("version") != "2.1.0" or "runs" not in document:
        raise InputError(f"{path}: no SARIF 2.1.0, or one with values of other kinds")
    for run in document["runs"]:
        if not run.get("tool", {}).get("driver", {}).get("name"):
            raise InputError(f"{path}: a run has no tool with a name")


class _Run:
    def __init__(self):
        self.run, self.driver = {}, {}
        self.rules, self.index, self.results, self.seen = [], {}, [], set()

    def add_facts(self, run, driver):
        """What the first one that says it says of the tool and of the run."""
        for key in ("columnKind", "originalUriBaseIds"):
            if key in run:
                self.run.setdefault(key, copy.deepcopy(run[key]))
        for key, value in driver.items():
            if key != "rules":
                self.driver.setdefault(key, copy.deepcopy(value))

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
    runs, left_out = {_OURS: _Run()}, []
    runs[_OURS].add_facts({}, {"name": _OURS})
    for path, document in logs:
        refuse_odd(path, document)
        for run in document["runs"]:
            driver = run["tool"]["driver"]
            into = runs.setdefault(driver["name"], _Run())
            into.add_facts(run, driver)
            rules = driver.get("rules", [])
            for rule in rules:
                into.add_rule(rule)
            for result in run.get("results", []):
                into.add(result, rules, place_of)
    names = sorted(runs, key=lambda tool: (tool != _OURS, tool))
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
        "runs": [runs[tool].document(name if tool == _OURS else f"{name}/{tool}")
                 for tool in names[:RUNS_MAX]],
    }
    return document, left_out
