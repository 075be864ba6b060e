"""Activations and fused losses in arbitrary precision: 60 digits of mpmath, rounded once to double precision.

The script writes numbers as text, because every digit counts. A 0 is a value below the smallest number of double
precision.

Every point, logit, target and direction is a number of single precision, so both precisions use the same inputs.
Differences of logits are exact in both. A loss is for one sample: its value, its gradient in the logits, and the product of
its Hessian in the logits with a direction.
"""

import struct

import mpmath as mp

from literals import show, wave

mp.mp.dps = 60


def single(x):
    return struct.unpack("<f", struct.pack("<f", x))[0]


def text(x):
    return repr(float(x))


# From -30 to 30, round and other numbers, denser where functions bend.
SIZES = [1e-30, 1e-12, 1e-8, 1e-5, 1e-3, 0.01, 0.1, 0.125, 0.25, 0.5, 0.9, 1.0, 1.5, 2.0, 2.75, 3.0, 3.5, 4.0, 4.7, 5.0, 5.5]
SIZES += [6.0, 6.9, 8.0, 9.1, 10.0, 11.3, 12.0, 12.5, 13.7, 15.0, 16.9, 18.0, 20.0, 22.2, 25.0, 27.6, 30.0]
SIZES += [30.0 * abs(x) for x in wave(60, 3)]
POINTS = [single(sign * size) for sign in (-1, 1) for size in SIZES]


def sigmoid(z):
    return 1 / (1 + mp.exp(-z))


def share_below(z):
    return mp.erfc(-z / mp.sqrt(2)) / 2


ROOT, CUBIC = mp.sqrt(2 / mp.pi), mp.mpf("0.044715")


def gelu_tanh(z):
    return z * sigmoid(2 * ROOT * (z + CUBIC * z**3))


def gelu_tanh_slope(z):
    s = sigmoid(2 * ROOT * (z + CUBIC * z**3))
    return s + z * s * (1 - s) * 2 * ROOT * (1 + 3 * CUBIC * z**2)


LAMBDA, ALPHA = mp.mpf("1.0507009873554805"), mp.mpf("1.6732632423543772")


def linear(slope):
    return lambda z: z if z > 0 else slope * z, lambda z: 1 if z > 0 else slope


def exponential(scale, alpha):
    """e^z - 1. At the smallest points it has fewer than 60 digits, which is still more than enough."""
    return (
        lambda z: scale * (z if z > 0 else alpha * mp.expm1(z)),
        lambda z: scale * (1 if z > 0 else alpha * mp.exp(z)),
    )


ACTIVATIONS = [
    ("identity", lambda z: z, lambda z: 1),
    ("sigmoid", sigmoid, lambda z: sigmoid(z) * sigmoid(-z)),
    ("tanh", mp.tanh, lambda z: mp.sech(z) ** 2),
    ("relu", *linear(0)),
    ("leaky_relu", *linear(mp.mpf("0.01"))),
    ("prelu", *linear(mp.mpf("0.25"))),
    ("elu", *exponential(1, 1)),
    ({"elu": {"alpha": 2.5}}, *exponential(1, mp.mpf("2.5"))),
    ("selu", *exponential(LAMBDA, ALPHA)),
    ("gelu", lambda z: z * share_below(z), lambda z: share_below(z) + z * mp.npdf(z)),
    ("gelu_tanh", gelu_tanh, gelu_tanh_slope),
    ("silu", lambda z: z * sigmoid(z), lambda z: sigmoid(z) * (1 + z * sigmoid(-z))),
    ("softplus", lambda z: mp.log1p(mp.exp(z)), sigmoid),
    ("softsign", lambda z: z / (1 + abs(z)), lambda z: 1 / (1 + abs(z)) ** 2),
    ("learnt_sigmoid", sigmoid, lambda z: sigmoid(z) * sigmoid(-z)),
    ("step", lambda z: 1 if z > 0 else 0, lambda z: 0),
]


def activation(name, value, slope):
    columns = [[text(f(mp.mpf(z))) for z in POINTS] for f in (value, slope)]
    return {"activation": name, "values": columns[0], "derivatives": columns[1]}


def binary(logits, targets, direction):
    terms = [(1 - y) * mp.log1p(mp.exp(z)) + y * mp.log1p(mp.exp(-z)) for z, y in zip(logits, targets)]
    delta = [(1 - y) * sigmoid(z) - y * sigmoid(-z) for z, y in zip(logits, targets)]
    product = [v * sigmoid(z) * sigmoid(-z) for z, v in zip(logits, direction)]
    return sum(terms), delta, product


def cross(logits, targets, direction):
    p = [mp.exp(z) / sum(mp.exp(other) for other in logits) for z in logits]

    def others(i, values):
        return sum(value for j, value in enumerate(values) if j != i)

    def log_one_over(i):
        return mp.log1p(sum(mp.exp(z - logits[i]) for j, z in enumerate(logits) if j != i))

    indices = range(len(logits))
    value = sum(targets[i] * log_one_over(i) for i in indices)
    delta = [p[i] * others(i, targets) - targets[i] * others(i, p) for i in indices]
    # p_i (v_i - sum p_j v_j), as a sum over the others
    product = [sum(targets) * p[i] * sum(p[j] * (direction[i] - direction[j]) for j in indices) for i in indices]
    return value, delta, product


ONE = [1.0, 0.0, 0.0, 0.0]
SMOOTH = [single(x) for x in (0.0625, 0.8125, 0.125, 0.0)]
NEARLY = [1.0 - 2.0**-20, 2.0**-20, 0.0, 0.0]
ROWS = [
    (binary, [z], [y])
    for size in (0.0, 0.5, 3.0, 10.0, 16.0, 20.0, 40.0, 80.0, 87.0, 300.0, 700.0)
    for z in (-size, size)
    for y in (0.0, 1.0, 0.25, 1.0 - 2.0**-20)
] + [
    (cross, logits, targets)
    for logits in (
        [0.5, -0.25, 1.0, 0.0],
        [10.0, 0.0, -3.5, 2.0],
        [20.0, 1.0, 3.0, 0.0],
        [40.0, -40.0, 0.0, -10.0],
        [80.0, 0.0, 10.0, 79.0],
        [-80.0, 0.0, -10.0, -79.0],
        [350.0, -350.0, 0.0, 349.0],
        [700.0, 0.0, 100.0, 690.0],
        [0.0, 700.0, 100.0, 690.0],
    )
    for targets in (ONE, ONE[::-1], SMOOTH, NEARLY)
]
NAMES = {binary: ("binary_cross_entropy", "sigmoid"), cross: ("cross_entropy", "softmax")}


def loss(function, logits, targets):
    direction = [1.0, -0.5, 0.25, 3.0][: len(logits)]
    exact = [[mp.mpf(x) for x in values] for values in (logits, targets, direction)]
    value, delta, product = function(*exact)
    name, output = NAMES[function]
    return {
        "loss": name,
        "output": output,
        "logits": logits,
        "targets": targets,
        "direction": direction,
        "value": text(value),
        "delta": [text(x) for x in delta],
        "product": [text(x) for x in product],
    }


show(
    {
        "points": POINTS,
        "activations": [activation(*case) for case in ACTIVATIONS],
        "losses": [loss(*row) for row in ROWS],
    }
)
