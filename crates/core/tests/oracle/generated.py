"""A second implementation of the generated data sets, with the streams of streams.py.

Prints the first rows of seed 5: the features, then the class or the number.
"""

import math

from literals import show
from streams import GENERATE, Stream

SEED = 5


def start():
    return Stream(SEED, GENERATE, 0, 0)


def circles(n, factor=0.5, noise=0.05):
    s = start()
    for i in range(n):
        r, a = [1.0, factor][i % 2], 2 * math.pi * s.uniform()
        yield r * math.cos(a) + noise * s.normal(), r * math.sin(a) + noise * s.normal(), i % 2


def moons(n, noise=0.1):
    s = start()
    for i in range(n):
        a = math.pi * s.uniform()
        x, y = [(math.cos(a), math.sin(a)), (1 - math.cos(a), 0.5 - math.sin(a))][i % 2]
        yield x + noise * s.normal(), y + noise * s.normal(), i % 2


def blobs(n, classes=3, spread=1.0):
    s = start()
    centres = [[20 * s.uniform() - 10 for _ in range(2)] for _ in range(classes)]
    for i in range(n):
        x, y = centres[i % classes]
        yield x + spread * s.normal(), y + spread * s.normal(), i % classes


def linear(n, noise=0.1):
    s = start()
    w, b = [s.normal(), s.normal()], s.normal()
    for _ in range(n):
        x = [s.normal(), s.normal()]
        yield *x, x[0] * w[0] + x[1] * w[1] + b + noise * s.normal()


def spirals(n, classes=2, turns=1.5, noise=0.02):
    s = start()
    for i in range(n):
        t = s.uniform()
        a = 2 * math.pi * (turns * t + i % classes / classes)
        yield t * math.cos(a) + noise * s.normal(), t * math.sin(a) + noise * s.normal(), i % classes


def sine(n, noise=0.1):
    s = start()
    for _ in range(n):
        x = math.pi * (2 * s.uniform() - 1)
        yield x, math.sin(x) + noise * s.normal()


rows = {
    "circles": circles(2),
    "moons": moons(2),
    "blobs": blobs(4),
    "linear": linear(2),
    "spirals": spirals(2),
    "sine": sine(2),
}
show({name: [[float(x) for x in row] for row in few] for name, few in rows.items()})
