"""Names that break what is careless with them: for tests of all that writes names.

Invariants:    (I1) at least 200, no two alike.
"""

_MARKUP = [
    "<script>window.hit=1</script>", "<img src=x onerror=window.hit=1>",
    "<svg onload=window.hit=1>", "\"><script>window.hit=1</script>", "'><img src=x onerror=hit()>",
    "</title><script>window.hit=1</script>", "</script><script>window.hit=1</script>",
    "</style><script>window.hit=1</script>", "</textarea><script>window.hit=1</script>",
    "<!-- ", "-->", "<!--><script>window.hit=1</script>", "]]>", "<![CDATA[x]]>", "<?php x ?>",
    "<a href=javascript:window.hit=1>x</a>", "javascript:window.hit=1", "data:text/html,<script>",
    "<iframe srcdoc='<script>parent.hit=1</script>'>", "<base href=//example.invalid/>",
    "<meta http-equiv=refresh content=0>", "<link rel=stylesheet href=//example.invalid/a.css>",
    "<form action=//example.invalid><button>x", "<details open ontoggle=window.hit=1>",
    "<body onload=window.hit=1>", "<input autofocus onfocus=window.hit=1>",
    "<math><mi//xlink:href='data:x,<script>'>", "<template><script>window.hit=1</script>",
    "<noscript><p title='</noscript><img src=x onerror=hit()>'>", "<object data=x>", "<embed src=x>",
    "&lt;script&gt;", "&#60;script&#62;", "&amp;lt;", "&nbsp;", "&", "&&", "&#0;", "&#x0;", "&copy",
    "\" onmouseover=window.hit=1 x=\"", "' onmouseover=window.hit=1 x='", "` onmouseover=hit() `",
    "{{constructor.constructor('window.hit=1')()}}", "${window.hit=1}", "#{7*7}", "<%= 7*7 %>",
    "{% raw %}", "\\u003cscript\\u003e", "\\x3cscript\\x3e", "%3Cscript%3E", "+ADw-script+AD4-",
    "</td></tr></table><script>window.hit=1</script>", "<table><tr><td>", "</body></html>",
]
_TYPES = [
    "BM_Push<std::vector<std::pair<int, int>>>/threads:8", "Queue<int&&>", "operator<<", "operator->",
    "operator&&", "a<b", "a>b", "a<b>c", "x = y ? \"z\" : 'w'", "T<&U::v>", "[](auto&& x){return x;}",
]
_PATHS = [
    "../../etc/passwd", "..", ".", "/", "//", "/etc/passwd", "..\\..\\windows", "C:\\x", "a/../b",
    "con", "nul", "a:b", "file:///etc/passwd", "a?b=c#d", "a%2fb", "%00", "%", "%zz", "-rf", "--help",
    "$(touch hit)", "`touch hit`", "; touch hit", "| touch hit", "&& touch hit", "> hit", "*", "~",
    "a b", " leading", "trailing ", "  ", "a\tb", "a\nb", "a\r\nb", "a\x0bb", "a\x0cb", "a\x85b",
]
_LANGUAGES = [
    "\"", "'", "`", "\\", "\\\\", "\\\"", "\\n", "a\"b", "a'b", "a\\b", "a\\", "\"\"\"", "'''",
    "'; DROP TABLE tests; --", "\" OR 1=1", "{}", "{", "}", "[", "]", "[]", "null", "true", "false",
    "NaN", "Infinity", "-Infinity", "undefined", "None", "0", "-0", "00", "1e999", "__proto__",
    "constructor", "toString", "hasOwnProperty", "prototype", "then", "length", "valueOf",
    "=1+1", "+1", "-1", "@SUM(A1)", "=cmd|'/c calc'!A1", "# heading", "* item", "**bold**", "_it_",
    "[x](javascript:hit())", "![x](http://example.invalid/x.png)", "|", "a | b | c", "---", "```",
    "~~~", "> quote", "http://example.invalid", "www.example.invalid", "@everyone", "#1", ":bug:",
    "# EOF", "a\n# EOF\n", "a\"} 1\nb{c=\"d", "::error::x", "##[error]x", "::set-output name=x::y",
]
_UNICODE = [
    "\u202eevil", "\u2066x\u2069", "a\u200bb", "\ufeffx", "\u2028", "\u2029", "a\u2028b", "\ufffe",
    "\uffff", "\ufffd", "\u0000x", "\u0001", "\u0007", "\u0008", "\u001b[31mred\u001b[0m",
    "\u001b]0;x\u0007", "\u007f", "\u009b31m", "\ud800", "\udfff", "a\ud83d", "\U0001f41b",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467", "e\u0301", "\u00e9", "Z\u0351\u036b\u0343\u032a",
    "\u05d0\u05d1", "\u0627\u0644", "\u4e2d\u6587", "\u3042", "\ud55c", "\u0e01\u0e33", "\u00df",
    "\u0130", "\u0131", "\ufb01", "\u00a0", "\u3000", "\u180e", "\u034f", "\u115f", "\U000e0041",
    "\U0010ffff", "\u2060", "\u00ad", "\u061c", "\u200e", "\u200f", "\uff1cscript\uff1e",
    "\u02bascript\u02ba", "\u2039script\u203a",
]
_LONG = ["a" * 300, "<" * 200, "&" * 200, "\u202e" * 50, "a/" * 150, "\"" * 200, "w" * 60 + " " + "x" * 60]


def is_of_xml(character):
    """Whether XML 1.0 (section 2.2) has this character."""
    return (character in "\t\n\r" or " " <= character < "\ud800" or "\udfff" < character < "\ufffe"
            or character > "\uffff")


def names():
    """All of them, and none that is empty."""
    return _MARKUP + _TYPES + _PATHS + _LANGUAGES + _UNICODE + _LONG


assert len(set(names())) == len(names()) >= 200
