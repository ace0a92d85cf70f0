"""In which mode a target was built: stress/defs.bzl gives each mode its suffix.

Thread safety: pure functions.
"""

STRESS, TSAN, EXPLORE, ASAN, PLAIN = "stress", "tsan", "explore", "asan", "plain"
MODES = (STRESS, TSAN, EXPLORE, ASAN, PLAIN)


def mode_finder(labels):
    """A function from a label to its mode, given all labels: the one of a family that has no
    suffix is on real threads; one without such siblings is a plain test."""
    known = set(labels)

    def mode_of(label):
        for mode in (TSAN, EXPLORE, ASAN):
            if label.endswith("_" + mode):
                return mode
        return STRESS if any(f"{label}_{m}" in known for m in (TSAN, EXPLORE, ASAN)) else PLAIN

    return mode_of
