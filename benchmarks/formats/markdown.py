"""Text that is shown as it is where Markdown is read.

Thread safety: pure functions.
Invariants:    (I1) a text stays in its line, and no part of it is read as Markdown, HTML or a link:
                   characters that could be are numeric references, which denote no structure
                   (GitHub Flavored Markdown, section 6.2).
               (I2) in code() it is also no mention, reference or emoji, which GitHub looks for in
                   what the Markdown became, but not within code.
"""

import re

# "_" within a word and ":" before no "/" denote nothing, and most names of benchmarks have them.
_CODED = re.compile(
    r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:(?=/)|(?<=[Ww]{3})\.|[^A-Za-z0-9 \-,/=+.%:_]", re.ASCII)
_NO_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def inert(text):
    """The text for a sentence."""
    shown = _NO_TEXT.sub("\ufffd", str(text))
    return _CODED.sub(lambda m: f"&#{ord(m[0])};" if m[0] < "\x80" else m[0], shown)


def code(text):
    """The text in the typeface of code."""
    return f"<code>{inert(text)}</code>"
