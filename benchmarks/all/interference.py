"""How much of the machine others take while we measure: benchmarks/machine, for programs that were
started and have ended.

Thread safety: one thread, which starts no other processes meanwhile.
Non-invariants: processor time is counted in hundredths of a second, so a short time tells little.
"""

import os
import resource
import time

# Above this share the figures of a run are called disturbed: kDisturbed of benchmarks/machine.
DISTURBED = 0.06
# What a report says then begins so.
TAKEN = "others took "


def _busy_seconds(root):
    """Of all processors in any process; None where the kernel does not say."""
    try:
        with open(root + "/proc/stat", encoding="ascii") as stream:
            ticks = [float(word) for word in stream.readline().split()[1:9]]
        # user nice system idle iowait irq softirq steal
        return (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return None


def _own_seconds():
    times = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in times)


class Interference:
    """From construction on."""

    def __init__(self, root=""):
        self.root = root
        self.busy, self.own, self.when = _busy_seconds(root), _own_seconds(), time.monotonic()

    def seconds(self):
        """(of others, of all there was), of processor time; (None, ...) if it is unknown."""
        whole = (time.monotonic() - self.when) * (os.cpu_count() or 1)
        busy = _busy_seconds(self.root)
        if busy is None or self.busy is None:
            return None, whole
        return min(max(0.0, busy - self.busy - (_own_seconds() - self.own)), whole), whole


def load_average(root=""):
    """Of one minute, or None."""
    try:
        with open(root + "/proc/loadavg", encoding="ascii") as stream:
            return float(stream.readline().split()[0])
    except (OSError, ValueError, IndexError):
        return None
