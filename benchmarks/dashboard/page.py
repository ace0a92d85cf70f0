"""The frame of each page, and the parts that pages share.

Thread safety: pure functions.
Invariants:    (I1) a page asks nothing of anywhere else: its policy refuses whatever is not a file
                   of the site, and programs and styles within the page.
               (I2) without the program each page can be read: it filters, sorts and draws.
"""

from benchmarks.dashboard.markup import document, named, tag
from benchmarks.formats.figures import unit_of
from benchmarks.formats.quantities import in_words, scaled_number, scaled_time

POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          " base-uri 'none'; form-action 'none'")

PAGES = (("index.html", "Overview"), ("tests.html", "Tests"), ("performance.html", "Performance"),
         ("bugs.html", "Bug finding"))


def frame(file, title, site_title, *sections, scripts=("site.js",), up="", frames=False):
    """A page's text. `up` leads from its folder to the site's."""
    policy = POLICY + ("; frame-src 'self'" if frames else "")
    links = [
        tag("a", name, href=up + page, aria_current="page" if page == file else None)
        for page, name in PAGES
    ]
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", f"{title} - {site_title}"),
        # Before the styles, or a page of the other theme would flash up.
        tag("script", src=up + "theme.js"),
        tag("link", rel="stylesheet", href=up + "site.css"),
        tag("link", rel="icon", href=up + "icon.svg", type="image/svg+xml"),
        [tag("script", src=up + script, defer=True) for script in scripts],
    )
    theme = tag(
        "label", "Theme ",
        tag("select", tag("option", "system", value="system"), tag("option", "light", value="light"),
            tag("option", "dark", value="dark"), id="theme"),
        class_="theme needs-script",
    )
    body = tag(
        "body",
        tag("a", "Skip to the content", href="#content", class_="skip"),
        tag("header", tag("p", named(site_title), class_="site"),
            tag("nav", links, aria_label="Pages"), theme),
        tag("main", tag("h1", title), sections, id="content", tabindex="-1"),
        tag("footer", tag("p", "Made by Weft's dashboard from files alone; nothing is loaded from"
                               " elsewhere.")),
    )
    return document(tag("html", head, body, lang="en"))


def section(identity, title, *content):
    return tag("section", tag("h2", title, id=identity), content, aria_labelledby=identity)


def tiles(*items):
    """(number, words, kind of: good, bad, or none)"""
    return tag("ul", [
        tag("li", tag("strong", number), tag("span", words), class_=f"tile {kind}".strip())
        for number, words, kind in items
    ], class_="tiles")


class Column:
    def __init__(self, title, number=False, help=None, wide=False):
        self.title, self.help = title, help
        self.style = "number" if number else "wide" if wide else None


class Row:
    def __init__(self, *cells, status=None, identity=None):
        # A cell is content, or (content, value to sort by).
        self.cells, self.status, self.identity = cells, status, identity


def _cell(column, cell, is_first):
    content, value = cell if isinstance(cell, tuple) else (cell, None)
    return tag("th" if is_first else "td", content, scope="row" if is_first else None,
               class_=column.style, data_value=value)


def table(identity, caption, columns, rows, statuses=(), more=None):
    """A table that can be filtered by its text and, with `statuses`, by its rows' status."""
    head = tag("tr", [
        tag("th", column.title, scope="col", class_=column.style,
            title=column.help)
        for column in columns
    ])
    body = [
        tag("tr", [_cell(columns[i], cell, i == 0) for i, cell in enumerate(row.cells)],
            data_status=row.status, id=row.identity)
        for row in rows
    ]
    controls = [tag("label", "Filter ", tag("input", type="search", data_filters=identity,
                                            autocomplete="off", spellcheck="false"))]
    if statuses:
        options = [tag("option", "all", value="")]
        options += [tag("option", status, value=status) for status in statuses]
        controls.append(tag("label", "Show ", tag("select", options, data_selects=identity)))
    count = tag("output", f"{len(rows)} rows", id=identity + "-count", aria_live="polite")
    return [
        tag("div", controls, count, class_="controls needs-script") if len(rows) > 8 else None,
        tag("div", tag("table", tag("caption", caption), tag("thead", head), tag("tbody", body),
                       id=identity, data_sortable=True),
            class_="scroll", tabindex="0", role="region", aria_label=caption),
        tag("p", more, class_="soft") if more else None,
    ]


def mark(outcome, words=None):
    """An outcome, told by a word and not by its colour alone."""
    kind = {"passed": "good", "holds": "good", "failed": "bad", "error": "bad",
            "violated": "bad"}.get(outcome, "soft")
    return tag("span", words or outcome, class_=f"mark {kind}")


def chart(identity, caption):
    """A place for the chart that site.js draws there from the page's data."""
    return tag("figure", tag("div", tag("canvas", role="img", aria_label=caption), class_="canvas"),
               tag("figcaption", caption), class_="chart needs-script", id=identity,
               hidden=True)


def amount(number):
    return f"{number:,}".replace(",", "\u202f")


def time_in_words(nanoseconds):
    digits, unit = scaled_time(nanoseconds)
    return f"{digits}\u00a0" + unit.replace("us", "\u00b5s")


def rate_in_words(rate):
    digits, prefix = scaled_number(rate)
    return f"{digits}\u00a0{prefix}/s"


def figure_in_words(name, value):
    """Of any figure: as a time if it is one."""
    return in_words(unit_of(name), value).replace(" ", "\u00a0").replace("us", "\u00b5s")
