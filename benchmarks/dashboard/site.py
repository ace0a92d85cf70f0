"""The site: its pages, the pages of findings, and the files that all of them use.

Thread safety: one thread a folder.
Invariants:    (I1) a folder that is no site of this program is never replaced.
               (I2) the site is there as a whole or not at all: it is made beside, and moved.
"""

import json
import os
import shutil
import tempfile

from benchmarks.dashboard import bugs_page, overview_page, performance_page, tests_page
from benchmarks.dashboard.markup import named, tag
from benchmarks.dashboard.page import frame
from benchmarks.formats.errors import InputError

MARKER = ".weft-dashboard"
ASSETS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "assets")
# Chart.js and its licences; empty where the build found none: third_party/web.bzl.
CHARTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "charts")

# The page of a finding is as the test left it, and not made here. Its program copies and folds; the
# frame around it lets it run, and nothing else: no origin, no forms, no windows.
_FINDING_SANDBOX = "allow-scripts"


def _finding_page(finding, site_title, has_page, number):
    if has_page:
        content = tag("iframe", src=f"page-{number}.html", sandbox=_FINDING_SANDBOX, class_="finding",
                      title="The interleaving, step by step")
    else:
        text = json.dumps(finding.document, indent=1, ensure_ascii=False)
        content = tag("details", tag("summary", "The finding as JSON"), tag("pre", text[:200_000]))
    back = tag("p", tag("a", "Back to the tests", href="../tests.html"))
    # A page of its own says all that this would.
    summary = None if has_page else [
        tag("p", named(f"{finding.kind} in {finding.test}: {finding.sentence}")),
        tag("pre", finding.replay or "no line that repeats it")]
    return frame("", "Finding", site_title, back, summary, content, up="../", frames=has_page)


def _write(folder, name, content):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    data = content if isinstance(content, bytes) else content.encode("utf-8")
    with open(path, "wb") as stream:
        stream.write(data)


def _copy(path, folder, name):
    with open(path, "rb") as stream:
        _write(folder, name, stream.read())


def has_charts():
    """Whether the build found the chart library."""
    return os.path.getsize(os.path.join(CHARTS, "chart.js")) > 0


def _fill(folder, results, title, current, runs, problems, chart_library):
    files = []
    for number, finding in enumerate(results.findings):
        files.append(f"findings/{number}.html")
        _write(folder, files[-1], _finding_page(finding, title, bool(finding.page), number))
        if finding.page:
            _write(folder, f"findings/page-{number}.html", finding.page)
    figures = performance_page.Figures(current, runs)
    targets = tests_page.targets_of(results)
    _write(folder, "index.html", overview_page.page(
        results, title, current, runs, targets, figures.contests, problems))
    _write(folder, "tests.html", tests_page.page(results, title, targets, files))
    _write(folder, "performance.html", performance_page.page(results, title, current, runs, figures))
    _write(folder, "bugs.html", bugs_page.page(results, title))
    for name in ("icon.svg", "site.css", "site.js", "theme.js"):
        _copy(os.path.join(ASSETS, name), folder, name)
    if chart_library:
        _copy(chart_library, folder, "chart.js")
    elif has_charts():
        for name in ("chart.js", "chart.LICENSE.txt"):
            _copy(os.path.join(CHARTS, name), folder, name)
    else:
        _write(folder, "chart.js", "// The chart library was not installed: tables alone.\n")
    _write(folder, MARKER, "A site of Weft's dashboard: it is replaced as a whole.\n")


def write(out, results, title, current, runs, problems, chart_library=None):
    """With another chart library than the built one, if given. Raises InputError if `out` is something
    else than a site or an empty folder."""
    out = os.path.abspath(out)
    if os.path.lexists(out) and not os.path.isdir(out):
        raise InputError(f"{out}: this is no folder")
    if os.path.isdir(out) and os.listdir(out) and not os.path.exists(os.path.join(out, MARKER)):
        raise InputError(f"{out}: this folder is no site of the dashboard, and not empty; it stays"
                         " as it is. Name another one, or empty it")
    parent = os.path.dirname(out)
    try:
        os.makedirs(parent, exist_ok=True)
        made = tempfile.mkdtemp(dir=parent, prefix=".dashboard-")
        try:
            _fill(made, results, title, current, runs, problems, chart_library)
            os.chmod(made, 0o755)
            if os.path.isdir(out):
                old = tempfile.mkdtemp(dir=parent, prefix=".dashboard-old-")
                os.rename(out, os.path.join(old, "site"))
                os.rename(made, out)
                shutil.rmtree(old, ignore_errors=True)
            else:
                os.rename(made, out)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except OSError as error:
        raise InputError(f"{error.filename}: {error.strerror}") from error
