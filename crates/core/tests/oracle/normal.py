"""Fits the polynomials of the normal distribution in src/math.rs. For t >= 0 its tail is

    Phi(-t) = e^(-t^2/2) * P(q) / (1 + t)    with    q = (t - CENTRE) / (t + CENTRE).

P is smooth, and neither small nor large on the whole range of q. So the error of P is the relative error of the tail, even
if the tail is small. P interpolates at Chebyshev points, with 60 digits. The script prints the centre and the coefficients,
the highest power first, as text, because every digit counts. It also prints the worst relative error of the rounded
coefficients in exact arithmetic, as a multiple of 2^-24 (single) or 2^-53 (double).
"""

import mpmath as mp

from literals import show

mp.mp.dps = 60


def exact(q, centre):
    t = centre * (1 + q) / (1 - q)
    return (1 + t) * mp.exp(t * t / 2) * mp.erfc(t / mp.sqrt(2)) / 2


def rounded(number, precision):
    """The nearest number with this number of bits."""
    with mp.workprec(precision):
        return +number


def fitted(degree, centre, end, precision):
    """The coefficients. Beyond `end` the tail is below the smallest number of the precision."""
    low, high = mp.mpf(-1), (mp.mpf(end) - centre) / (end + centre)
    coefficients = mp.chebyfit(lambda q: exact(q, centre), [low, high], degree + 1)
    polynomial = [rounded(c, precision) for c in coefficients]
    places = [low + (high - low) * i / 999 for i in range(1000)]
    worst = max(abs(mp.polyval(polynomial, q) / exact(q, centre) - 1) for q in places)
    return {
        "centre": centre,
        "coefficients": [repr(float(c)) for c in polynomial],
        "error": float(mp.nstr(worst * 2**precision, 3)),
    }


show({"single": fitted(10, 4, 15, 24), "double": fitted(22, 6, 40, 53)})
