"""The Mann-Whitney U test of two samples, two-sided.

H. B. Mann and D. R. Whitney, "On a test of whether one of two random variables is stochastically
larger than the other", Annals of Mathematical Statistics 18 (1947), pages 50 to 60: U and its
distribution. With ties the distribution is that of the midranks as they are (E. L. Lehmann,
"Nonparametrics", 1975, pages 18 to 23), so the level holds for them too.

Thread safety: pure functions; the cache is of the standard library.
Invariants:    (I1) where both samples are drawn alike, P(p <= alpha) <= alpha for each alpha, up to
                   EXACT_VALUES_MAX values in all; above it, by the normal approximation, nearly so.
"""

import math
from functools import lru_cache

# So many values in both samples are still counted out; it takes a few milliseconds.
EXACT_VALUES_MAX = 40


def doubled_midranks(values):
    """For each value its rank from 1, twice, so that the mean rank of ties is whole."""
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0] * len(values)
    begin = 0
    while begin < len(order):
        end = begin
        while end < len(order) and values[order[end]] == values[order[begin]]:
            end += 1
        for each in order[begin:end]:
            ranks[each] = begin + 1 + end
        begin = end
    return ranks


# Each count has so many bits of its own in one long integer: adding a rank to all sums is a shift.
_BITS = 48
assert math.comb(EXACT_VALUES_MAX, EXACT_VALUES_MAX // 2) < 1 << _BITS


@lru_cache(maxsize=256)
def _ways(ranks, size):
    """How many choices of `size` of these ranks have the sums 0, 1, 2, ..."""
    ways = [1] + [0] * size
    for seen, rank in enumerate(ranks):
        for taken in range(min(seen + 1, size), 0, -1):
            ways[taken] += ways[taken - 1] << (rank * _BITS)
    text = ways[size].to_bytes(_BITS // 8 * (sum(ranks) + 1), "little")
    return [int.from_bytes(text[i : i + _BITS // 8], "little")
            for i in range(0, len(text), _BITS // 8)]


def _exact_p(ranks, size, observed):
    ways = _ways(tuple(sorted(ranks)), size)
    below, above = sum(ways[: observed + 1]), sum(ways[observed:])
    return min(1.0, 2 * min(below, above) / sum(ways))


def _normal_p(ranks, size, other_size, u):
    count = size + other_size
    ties = {}
    for rank in ranks:
        ties[rank] = ties.get(rank, 0) + 1
    lost = sum(t**3 - t for t in ties.values()) / (count * (count - 1))
    deviation = math.sqrt(size * other_size / 12 * (count + 1 - lost))
    if deviation == 0:
        return 1.0
    distance = max(0.0, abs(u - size * other_size / 2) - 0.5)
    return math.erfc(distance / deviation / math.sqrt(2))


def u_test(first, second):
    """(U of the first sample, two-sided p). Neither sample is empty."""
    if not first or not second:
        raise ValueError("a sample is empty")
    ranks = doubled_midranks(list(first) + list(second))
    sum_of_first = sum(ranks[: len(first)])
    u = sum_of_first / 2 - len(first) * (len(first) + 1) / 2
    if len(ranks) <= EXACT_VALUES_MAX:
        return u, _exact_p(ranks, len(first), sum_of_first)
    return u, _normal_p(ranks, len(first), len(second), u)


def least_p(first_size, second_size):
    """The least p that samples of these sizes can give: all of one below all of the other."""
    return 2 / math.comb(first_size + second_size, first_size)
