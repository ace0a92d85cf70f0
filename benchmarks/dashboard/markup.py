"""HTML as a tree: text in it is shown as it is, and there is no way to put in anything else.

Thread safety: value types.
Invariants:    (I1) what is rendered has the elements and attributes of the tree, whatever its texts
                   and values are: no text can end an element, begin one, or be a reference.
               (I2) no element holds a program or a style sheet: those are files of their own.
"""

import json
import re

_VOID = {"meta", "link", "input", "br"}
# What a browser takes for no text, or drops.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def escaped(text):
    """Text, or an attribute's value in double quotes. Carriage returns are kept as references."""
    text = _NO_TEXT.sub("\ufffd", str(text))
    for character, reference in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"),
                                 ("\r", "&#13;")):
        text = text.replace(character, reference)
    return text


class Node:
    def __init__(self, name, children, attributes):
        if not re.fullmatch(r"[a-z][a-z0-9]*", name):
            raise ValueError(f"no element: {name!r}")
        if name in ("script", "style") and children:
            raise ValueError(f"<{name}> holds nothing here")
        self.name, self.children, self.attributes = name, children, attributes

    def parts(self):
        yield "<" + self.name
        for key, value in self.attributes.items():
            if value is None or value is False:
                continue
            key = key.rstrip("_").replace("_", "-")
            yield f" {key}" if value is True else f' {key}="{escaped(value)}"'
        yield ">"
        if self.name in _VOID:
            return
        yield from _parts(self.children)
        yield f"</{self.name}>"


class Data:
    """JSON for the page's program, in an element that is never run."""

    def __init__(self, identity, document):
        self.identity, self.document = identity, document

    def parts(self):
        text = json.dumps(self.document, separators=(",", ":"), allow_nan=False)  # ASCII alone
        for character in "<>&":
            text = text.replace(character, f"\\u{ord(character):04x}")
        yield f'<script type="application/json" id="{escaped(self.identity)}">{text}</script>'


def _parts(children):
    for child in children:
        if child is None:
            continue
        if isinstance(child, (Node, Data)):
            yield from child.parts()
        elif isinstance(child, (list, tuple)):
            yield from _parts(child)
        else:
            yield escaped(child)


def tag(name, /, *children, **attributes):
    """tag("td", "text", class_="number", data_value=3)"""
    return Node(name, children, attributes)


def named(text):
    """A name of unknown direction: it does not turn around what stands beside it."""
    return tag("bdi", text)


def document(root):
    return "<!DOCTYPE html>\n" + "".join(root.parts()) + "\n"
