"""Estimates, intervals and tests: with scipy where it has them, and else from their definition, by counting every case or
with exact fractions."""

import itertools
import math
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
from scipy import stats

sys.path.append(str(Path(__file__).parents[3] / "core" / "tests" / "oracle"))
from literals import show, wave


def mean_case(values, bound):
    interval = stats.ttest_1samp(values, bound).confidence_interval(0.95)
    return {
        "values": values,
        "bound": bound,
        "low": float(interval.low),
        "high": float(interval.high),
        "p": float(stats.ttest_1samp(values, bound).pvalue),
    }


def share_case(k, n, bound):
    result = stats.binomtest(k, n)
    wilson, exact = result.proportion_ci(0.95, "wilson"), result.proportion_ci(0.95, "exact")
    tails = stats.binom.cdf(k, n, bound), stats.binom.sf(k - 1, n, bound)
    return {
        "k": k,
        "n": n,
        "bound": bound,
        "wilson_low": float(wilson.low),
        "wilson_high": float(wilson.high),
        "exact_low": float(exact.low),
        "exact_high": float(exact.high),
        "p": float(min(1.0, 2.0 * min(tails))),
    }


def median_case(values):
    """The pair of order statistics that is narrowest and reaches 0.95, its level as an exact fraction."""
    ordered, n = sorted(values), len(values)
    levels = {}
    for j in range(1, n // 2 + 1):
        below = sum(Fraction(math.comb(n, i), 2**n) for i in range(j))
        levels[j] = 1 - 2 * below
    j = max(j for j, level in levels.items() if level >= Fraction(95, 100))
    middle = ordered[n // 2] if n % 2 else ordered[n // 2 - 1] + (ordered[n // 2] - ordered[n // 2 - 1]) / 2
    text = lambda value: value if math.isfinite(value) else str(value)
    return {
        "values": [text(value) for value in values],
        "low": text(ordered[j - 1]),
        "high": text(ordered[n - j]),
        "level": float(levels[j]),
        "median": text(middle),
    }


def sign_flip_case(differences):
    """Every way to give the differences signs, in whole numbers so that no sum is rounded."""
    whole = [Fraction(difference) for difference in differences]
    observed = abs(sum(whole))
    sizes = [abs(difference) for difference in whole]
    hits = sum(abs(sum(s * x for s, x in zip(signs, sizes))) >= observed
               for signs in itertools.product((1, -1), repeat=len(sizes)))
    return {"differences": differences, "p": hits / 2 ** len(sizes)}


def sign_flip_whole(differences):
    """The same of whole numbers, by the number of ways to reach each sum: exact however many they are."""
    ways = {0: 1}
    for difference in differences:
        following = {}
        for total, count in ways.items():
            for signed in (total + abs(difference), total - abs(difference)):
                following[signed] = following.get(signed, 0) + count
        ways = following
    observed = abs(sum(differences))
    hits = sum(count for total, count in ways.items() if abs(total) >= observed)
    return {"differences": differences, "p": float(Fraction(hits, 2 ** len(differences)))}


def holm_case(p):
    order = sorted(range(len(p)), key=lambda i: p[i])
    adjusted = [0.0] * len(p)
    for rank, i in enumerate(order):
        adjusted[i] = min(1.0, max((len(p) - j) * p[order[j]] for j in range(rank + 1)))
    return {"p": p, "adjusted": adjusted}


def pairs_needed(effect, spread, level):
    n = max(6, math.ceil(1 - math.log2(level)))
    while (stats.t.ppf(1 - level / 2, n - 1) + stats.t.ppf(0.8, n - 1)) * spread > abs(effect) * math.sqrt(n):
        n += 1
    return {"effect": effect, "spread": spread, "level": level, "n": n}


def share_needed(share, bound, level):
    spread = lambda x: math.sqrt(x * (1 - x))
    root = (stats.norm.ppf(1 - level / 2) * spread(bound) + stats.norm.ppf(0.8) * spread(share)) / abs(share - bound)
    n = math.ceil(root**2)
    extreme = bound if share > bound else 1 - bound
    while 2 * extreme**n > level:
        n += 1
    return {"share": share, "bound": bound, "level": level, "n": n}


def equivalence_needed(effect, spread, margin):
    n = 6
    while (stats.t.ppf(0.975, n - 1) + stats.t.ppf(0.9, n - 1)) * spread > (margin - abs(effect)) * math.sqrt(n):
        n += 1
    return {"effect": effect, "spread": spread, "margin": margin, "n": n}


def shape_case(values):
    return {
        "values": values,
        "skewness": float(stats.skew(values)),
        "interquartile_mean": float(stats.trim_mean(values, 0.25)),
    }


def bootstrap_case(values):
    """The ends by so many draws that they hardly depend on them; those of 2,000 draws scatter about them."""
    trim = lambda x, axis: stats.trim_mean(x, 0.25, axis=axis)
    result = stats.bootstrap((values,), trim, n_resamples=100_000, confidence_level=0.95, method="percentile",
                             batch=10_000, random_state=np.random.default_rng(0), vectorized=True)
    interval = result.confidence_interval
    return {"values": values, "low": float(interval.low), "high": float(interval.high)}


show({
    "equivalence_needed": [
        equivalence_needed(effect, spread, margin)
        for effect, spread, margin in [(0.0, 1.0, 1.0), (-0.3, 0.5, 0.6), (0.01, 0.02, 0.1), (0.0, 0.03, 0.01)]
    ],
    "shape": [
        shape_case(wave(5, 0)),
        shape_case([x**2 for x in wave(30, 1)]),
        shape_case([math.exp(3 * x) for x in wave(43, 2)]),
    ],
    "bootstrap": [bootstrap_case(wave(30, 4)), bootstrap_case([math.exp(2 * x) for x in wave(50, 5)])],
    "mean": [
        mean_case(wave(2, 0), 0.1),
        mean_case(wave(5, 1), -0.3),
        mean_case([1e-6 * x for x in wave(10, 2)], 0.0),
        mean_case([100 + x for x in wave(40, 3)], 99.9),
        mean_case([1 + 0.01 * x for x in wave(12, 4)], 0.95),
    ],
    "share": [
        share_case(k, n, bound)
        for k, n, bound in [(0, 1, 0.5), (1, 1, 0.9), (3, 10, 0.5), (19, 20, 0.5), (20, 20, 0.9), (0, 20, 0.05),
                            (50, 1000, 0.07), (999, 1000, 0.99), (7, 8, 0.3)]
    ],
    "median": [
        median_case(wave(6, 0)),
        median_case(wave(9, 1)),
        median_case(wave(20, 2) + [math.inf] * 9),
        median_case(wave(12, 5) + [-math.inf] * 2),
        median_case(wave(101, 3)),
    ],
    "sign_flip": [
        sign_flip_case(wave(6, 0)),
        sign_flip_case([0.2 + x for x in wave(7, 1)]),
        sign_flip_case([0.3 + x for x in wave(12, 2)]),
        sign_flip_case([-0.5 + x for x in wave(13, 6)]),
        sign_flip_case([0.25, 0.25, 0.5, -0.25, 0.0, 0.75, 0.5, -0.5, 0.25, 0.25]),
    ],
    "sign_flip_many": [
        sign_flip_whole([round(1000 * (0.25 + x)) for x in wave(n, n)]) for n in (41, 60, 100, 200)
    ],
    "holm": [
        holm_case([0.04]),
        holm_case([0.01, 0.04, 0.03, 0.005]),
        holm_case([0.5, 0.6, 0.02, 0.02]),
    ],
    "pairs_needed": [
        pairs_needed(effect, spread, level)
        for effect, spread, level in [(0.5, 1.0, 0.05), (-0.02, 0.1, 0.05), (1.0, 0.8, 0.01), (3.0, 1.0, 0.001)]
    ],
    "share_needed": [
        share_needed(share, bound, level)
        for share, bound, level in [(0.8, 0.5, 0.05), (0.95, 0.9, 0.05), (0.05, 0.2, 0.01), (1.0, 0.9, 0.05)]
    ],
})
