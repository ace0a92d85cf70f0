"""JSON as RFC 8259 has it, with numbers that a double holds: Python's reader takes NaN, and numbers
without end, for numbers, and a whole one of any length.

Thread safety: any thread; only document_in() reads a file.
"""

import json
import math

from benchmarks.formats.errors import InputError


def _finite(text):
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"the number {text[:20]} is too large")
    return value


def _whole(text):
    _finite(text)
    return int(text)


def _refuse(text):
    raise ValueError(f"{text} is no number of JSON")


def loads(text):
    """Raises ValueError or RecursionError."""
    return json.loads(text, parse_float=_finite, parse_int=_whole, parse_constant=_refuse)


def document_of(text, path):
    """The JSON in a file's text; `path` is for the message. Raises InputError."""
    try:
        return loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: no JSON: {error}") from error


def document_in(path):
    """The JSON in a file. Raises InputError."""
    try:
        with open(path, encoding="utf-8", errors="replace") as stream:
            return document_of(stream.read(), path)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error


def is_number(value):
    """Of what was read: true and false are none, though Python counts with them."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)
