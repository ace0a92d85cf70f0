"""Results for a site whose every name is the caller's choice, and a reader of its pages.

Thread safety: one thread a folder.
"""

import html.parser

from benchmarks.formats.testing import hostile, samples

PASSED_TEST, FAILED_TEST = {"verdict": "holds", "executions": "3", "seed": "1", "bounds": "all"}, {
    "verdict": "violated", "executions": "7", "seed": "41", "kind": "deadlock"}


def _as_xml(name, number):
    """The name without what XML has no character for, and still like no other."""
    kept = "".join(c if hostile.is_of_xml(c) else "?" for c in name)
    return kept if kept == name else f"{kept}{number}"


def write_results(folder, names):
    """Results with these names of tests, benchmarks, findings, programs and machines."""
    xml_names = [_as_xml(name, i) for i, name in enumerate(names)]
    for suffix in ("", "_tsan", "_explore"):
        samples.write(folder, f"testlogs/a/b_test{suffix}/test.xml", samples.test_xml(
            [(name, "failure" if i % 5 == 0 and suffix == "_explore" else "",
              FAILED_TEST if suffix == "_explore" and i % 5 == 0 else PASSED_TEST)
             for i, name in enumerate(xml_names)]))
    for i, name in enumerate(names):
        if i % 3 == 0:
            samples.write(folder, f"testlogs/a/b_test_explore/test.outputs/{i}.finding.json",
                          samples.finding(test=name, kind=name, sentence=name, replay=name))
        samples.write(folder, f"testlogs/a/c{i}_test/test.xml", samples.test_xml(
            [("Fails", "failure", {})], suite=xml_names[i]).replace(
                b"it went wrong", xml_names[i].encode().replace(b"&", b"&amp;").replace(
                    b"<", b"&lt;").replace(b">", b"&gt;").replace(b'"', b"&quot;").replace(
                        b"]]", b"]&#93;").replace(b"\n", b"&#10;").replace(b"\r", b"&#13;").replace(
                            b"\t", b"&#9;")))
    samples.write(folder, "bench.json", samples.report(
        # From nanoseconds to milliseconds.
        {name: [(10.0 + i) * 1000 ** (i % 3), (11.0 + i) * 1000 ** (i % 3)]
         for i, name in enumerate(names)}, host_name=names[0],
        cpu=names[1], warning_1=names[2]))
    samples.write(folder, "bugs.json", {
        "seeds": 2, "executions_at_most": 10, "programs": {
            name: {names[3]: {"found": i % 3, "mean": 2.0, "executions_to_failure": [2]},
                   names[4]: {"found": 2, "mean": 1.0, "executions_to_failure": [1, 1]}}
            for i, name in enumerate(names)}})
    samples.write(folder, "broken.json", '{"context": ')
    return folder


def plain_names(count):
    """As many that nothing could be made of, distinct, and in an order of their own."""
    return [f"plain{i:04}" for i in range(count)]


class Reader(html.parser.HTMLParser):
    """What a page has: its elements with their attributes, and its texts."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.texts = [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, name, attributes):
        self.elements.append((name, attributes))
        self.texts.append("")

    def handle_endtag(self, name):
        self.texts.append("")

    def handle_data(self, text):
        self.texts[-1:] = [(self.texts[-1] if self.texts else "") + text]

    def handle_comment(self, text):
        raise AssertionError(f"a comment: {text!r}")

    def handle_pi(self, text):
        raise AssertionError(f"an instruction: {text!r}")
