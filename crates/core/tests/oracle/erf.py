"""Fits the polynomials of erf in src/math.rs: −ln(1 − erf x) = x · (1 + P(x)) for x ≥ 0, so that
erf x = −expm1(−x · (1 + P(x))). P(0) = 0.128… is rounded eight times as finely as 1.128… would be.

Remez's algorithm for the smallest worst relative error of erf, in 60 digits; the error counts as it does in erf, so that
where erf is close to 1 the polynomial need not be good. Shows the coefficients, the highest power first, as text, since
every digit counts; the worst relative error that the rounded ones leave in exact arithmetic, as a multiple of 2^-24
(single) or 2^-53 (double); and what is left of 1 - erf at the end of the range, as a multiple of half the distance from 1
to the number below it, of which it must be less than 1.
"""

import mpmath as mp

from literals import show

mp.mp.dps = 60


def exact(x):
    return (-mp.log(mp.erfc(x)) / x if x > 0 else 2 / mp.sqrt(mp.pi)) - 1


def weight(x):
    """How much a change of P changes erf, as a share of erf."""
    return mp.erfc(x) * x / mp.erf(x) if x > 0 else mp.sqrt(mp.pi) / 2


def solve(nodes, degree):
    rows = [[x**k for k in range(degree + 1)] + [(-1) ** i / weight(x)] for i, x in enumerate(nodes)]
    solution = mp.lu_solve(mp.matrix(rows), mp.matrix([exact(x) for x in nodes]))
    return list(solution)[:-1], abs(solution[degree + 1])


def value(coefficients, x):
    return mp.polyval(coefficients[::-1], x)


def extrema(errors, count):
    """The places of the largest error between changes of sign; of too many, the smallest at the ends go."""
    places = [0]
    for i in range(1, len(errors)):
        if (errors[i] > 0) == (errors[places[-1]] > 0):
            if abs(errors[i]) > abs(errors[places[-1]]):
                places[-1] = i
        else:
            places.append(i)
    while len(places) > count:
        places.pop(0 if abs(errors[places[0]]) < abs(errors[places[-1]]) else -1)
    return places


def remez(degree, end, rounds=12):
    # More points where erf changes.
    grid = [end * (mp.mpf(i) / 3000) ** mp.mpf("1.3") for i in range(3001)]
    targets, weights = [exact(x) for x in grid], [weight(x) for x in grid]
    nodes = [end * (1 - mp.cos(mp.pi * i / (degree + 1))) / 2 for i in range(degree + 2)]
    for _ in range(rounds):
        coefficients, level = solve(nodes, degree)
        errors = [(value(coefficients, x) - t) * w for x, t, w in zip(grid, targets, weights)]
        places = extrema(errors, degree + 2)
        worst = max(abs(e) for e in errors)
        if len(places) < degree + 2 or worst < level * mp.mpf("1.01"):
            break
        nodes = [grid[i] for i in places]
    return coefficients, grid, targets, weights


def rounded(number, precision):
    """The nearest number of this many bits."""
    with mp.workprec(precision):
        return +number


def fitted(degree, end, precision):
    coefficients, grid, targets, weights = remez(degree, end)
    polynomial = [rounded(c, precision) for c in coefficients]
    worst = max(abs((value(polynomial, x) - t) * w) for x, t, w in zip(grid, targets, weights))
    beyond = mp.exp(-end - end * value(polynomial, end)) * 2 ** (precision + 1)
    return {
        "coefficients": [repr(float(c)) for c in polynomial[::-1]],
        "error": float(mp.nstr(worst * 2**precision, 3)),
        "beyond": float(mp.nstr(beyond, 3)),
    }


show({"single": fitted(8, mp.mpf(4), 24), "double": fitted(24, mp.mpf(6), 53)})
