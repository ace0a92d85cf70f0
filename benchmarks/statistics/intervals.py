"""A confidence interval of the ratio of two medians, by the percentile bootstrap.

B. Efron and R. J. Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13.

Thread safety: pure functions: the generator is seeded by the call.
Non-invariants: with few values the interval covers the true ratio somewhat less often than it says;
               the decision therefore rests on the U test, and this says how large the change is.
"""

import random
import statistics

RESAMPLES = 2000


def ratio_interval(base, new, confidence=0.95, seed=1, resamples=RESAMPLES):
    """(low, high) of median(new) / median(base). All values of `base` are above 0."""
    draw = random.Random(seed)
    median = statistics.median
    ratios = sorted(
        median(draw.choices(new, k=len(new))) / median(draw.choices(base, k=len(base)))
        for _ in range(resamples)
    )
    outside = (1 - confidence) / 2
    low = int(outside * resamples)
    return ratios[low], ratios[resamples - 1 - low]
