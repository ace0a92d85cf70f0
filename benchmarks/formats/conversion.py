"""Each format by its name, as what makes it of results.

Thread safety: pure functions, but for a result's list of problems, to which what is left out is added.
"""

import json

from benchmarks.formats import collectors, junit, sarif
from benchmarks.formats.openmetrics import openmetrics


def _sarif(results):
    document, left_out = sarif.merged(results.sarif_to_tell(), place_of=results.place_of)
    results.problems += [f"left out: {each}" for each in left_out]
    return json.dumps(document, indent=1) + "\n"


FORMATS = {
    "googlecpp": lambda r: collectors.googlecpp(r.reports),
    "customSmallerIsBetter":
        lambda r: collectors.custom_smaller_is_better(r.reports, r.cases, r.open_findings),
    "customBiggerIsBetter": lambda r: collectors.custom_bigger_is_better(r.reports),
    "bencher": lambda r: collectors.bencher(r.reports),
    "openmetrics": openmetrics,
    "junit": lambda r: junit.merged(r.cases),
    "sarif": _sarif,
}
