"""JSON as RFC 8259 has it: Python's reader takes NaN, and numbers without end, for numbers.

Thread safety: pure functions.
"""

import json
import math


def _finite(text):
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"the number {text[:20]} is too large")
    return value


def _refuse(text):
    raise ValueError(f"{text} is no number of JSON")


def loads(text):
    """Raises ValueError or RecursionError."""
    return json.loads(text, parse_float=_finite, parse_constant=_refuse)
