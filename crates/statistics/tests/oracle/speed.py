"""Times to a target, ranks over problems and the best of random trials: with statsmodels and scipy where they have them, and
else by counting every case with exact fractions."""

import itertools
import math
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
from scipy import stats
from statsmodels.duration.survfunc import SurvfuncRight

sys.path.append(str(Path(__file__).parents[3] / "core" / "tests" / "oracle"))
from literals import show, wave


def text(value):
    return value if math.isfinite(value) else str(value)


def survival_case(times, arrived):
    """What never arrives is watched until after everything else. The median is that of exact shares: those of statsmodels miss
    1/2 by rounding where they are 1/2."""
    last = max(time for time in times if math.isfinite(time)) + 1
    curve = SurvfuncRight([min(time, last) for time in times], arrived)
    waiting, median = Fraction(1), math.inf
    for time in sorted({time for time, there in zip(times, arrived) if there}):
        watched = sum(other >= time for other in times)
        waiting *= 1 - Fraction(sum(other == time and there for other, there in zip(times, arrived)), watched)
        median = time if waiting <= Fraction(1, 2) and median == math.inf else median
    with np.errstate(all="ignore"):
        low, high = curve.quantile_ci(0.5, method="cloglog")
    return {
        "times": [text(time) for time in times],
        "arrived": arrived,
        "step": [float(time) for time in curve.surv_times],
        "waiting": [float(share) for share in curve.surv_prob],
        "median": text(median),
        "low": text(float(low)),
        "high": text(float(high)),
    }


def friedman_case(rows):
    return {"rows": rows, "p": float(stats.friedmanchisquare(*zip(*rows)).pvalue),
            "mean_ranks": [float(rank) for rank in np.mean([stats.rankdata(row) for row in rows], axis=0)]}


def trials_case(values, trials):
    """Every way to draw."""
    draws = [min(draw) for draw in itertools.product(values, repeat=trials)]
    exact = sum(Fraction(value) for value in draws) / len(draws) if all(map(math.isfinite, values)) else None
    ordered = sorted(draws)
    # The smallest value that at least half of the draws do not exceed.
    median = ordered[(len(ordered) + 1) // 2 - 1]
    return {"values": [text(value) for value in values], "trials": trials, "median": text(median),
            "expected": None if exact is None else float(exact)}


never = math.inf
columns = lambda n, k, salt, digits: [[round(x, digits) for x in wave(k, salt + 7 * i)] for i in range(n)]

show({
    "survival": [
        survival_case([3, 4, 5, 6, 7, 8, 9, 10], [1] * 8),
        survival_case([3, 3, 5, 6, 6, 8, never, never], [1, 1, 1, 0, 1, 1, 0, 0]),
        # The times of remission under 6-MP of Freireich and others (1963): their median is 23.
        survival_case([6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35],
                      [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]),
        survival_case([2, 2, 2, 2, 2, 2, 4, 4, 4, 30, 30, 30], [1] * 9 + [0] * 3),
        survival_case([1, 2, never, never, never, never], [1, 1, 0, 0, 0, 0]),
        survival_case([10 * (1 + x) for x in wave(40, 3)], [int(x > -0.5) for x in wave(40, 8)]),
    ],
    "friedman": [
        friedman_case(columns(11, 3, 0, 6)),
        friedman_case([[x + 0.3 * j for j, x in enumerate(row)] for row in columns(14, 4, 2, 6)]),
        friedman_case(columns(20, 7, 5, 1)),
    ],
    "trials": [
        trials_case([0.5, 0.25, 1.0, 0.125], 1),
        trials_case([0.5, 0.25, 1.0, 0.125], 3),
        trials_case([round(x, 3) for x in wave(7, 1)], 4),
        trials_case([0.3, never, 0.2, never, 0.4], 2),
        trials_case([never, never, never, 0.4], 2),
    ],
})
