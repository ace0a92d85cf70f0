"""Figures as a person reads them: four digits, and a unit of their size.

Thread safety: pure functions.
"""

_TIMES = ((1e9, "s"), (1e6, "ms"), (1e3, "us"))
_NUMBERS = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


def _scaled(value, scale, unit):
    for bound, larger in scale:
        if abs(value) >= bound:
            return f"{value / bound:.4g}", larger
    return f"{value:.4g}", unit


def scaled_time(nanoseconds):
    """("1.5", "ms")"""
    return _scaled(nanoseconds, _TIMES, "ns")


def scaled_number(value):
    """("1.5", "M"); the prefix of a small one is empty."""
    return _scaled(value, _NUMBERS, "")


_NANOSECONDS = {"ns": 1.0, "us": 1e3, "ms": 1e6}


def in_words(unit, value):
    """A figure with its unit, as "1.5 ms"."""
    if unit in _NANOSECONDS:
        return " ".join(scaled_time(value * _NANOSECONDS[unit]))
    digits, prefix = scaled_number(value)
    return digits + (" " + prefix + unit).rstrip()
