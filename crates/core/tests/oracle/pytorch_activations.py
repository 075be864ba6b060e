"""Values and derivatives of the activations by PyTorch, in double precision; autograd gives the derivatives.

0 is one of the points: PyTorch and the engine use the same derivative at a kink there. PyTorch has no threshold unit with a
derivative, so `step` is relu(sign z), which is the same function.
"""

import torch
from torch.nn import functional as f

from literals import show, torch_version

# Evaluated one by one, because PyTorch uses other instructions for vectors than for single numbers.
POINTS = [-40, -20, -6, -3, -2, -1.3, -1, -0.5, -0.1, -1e-3, -1e-9, 0, 1e-9, 1e-3, 0.1, 0.5, 1, 1.3, 2, 3, 6, 20, 40]


def learnt_sigmoid(z, c, beta):
    return c * torch.sigmoid(beta * z)


# The item in an experiment file, the function, and the learnt parameters.
CASES = [
    ("identity", lambda z: z, []),
    ("sigmoid", torch.sigmoid, []),
    ({"sigmoid": {"c": 1.7159, "beta": 0.6666}}, lambda z: 1.7159 * torch.sigmoid(0.6666 * z), []),
    ({"sigmoid": {"c": 0.3, "beta": 2.5}}, lambda z: 0.3 * torch.sigmoid(2.5 * z), []),
    ("tanh", torch.tanh, []),
    ("relu", torch.relu, []),
    ("leaky_relu", f.leaky_relu, []),
    ({"leaky_relu": {"slope": 0.3}}, lambda z: f.leaky_relu(z, 0.3), []),
    ("prelu", f.prelu, [0.25]),
    ({"prelu": {"slope": 0.6}}, f.prelu, [0.6]),
    ("elu", f.elu, []),
    ({"elu": {"alpha": 0.4}}, lambda z: f.elu(z, 0.4), []),
    ({"elu": {"alpha": 2.5}}, lambda z: f.elu(z, 2.5), []),
    ("selu", f.selu, []),
    ("gelu", f.gelu, []),
    ("gelu_tanh", lambda z: f.gelu(z, approximate="tanh"), []),
    ("silu", f.silu, []),
    ("softplus", f.softplus, []),
    ("softsign", f.softsign, []),
    ("learnt_sigmoid", learnt_sigmoid, [1.0, 1.0]),
    ({"learnt_sigmoid": {"c": 1.7159, "beta": 0.6666}}, learnt_sigmoid, [1.7159, 0.6666]),
    ({"learnt_sigmoid": {"c": 0.3, "beta": 2.5}}, learnt_sigmoid, [0.3, 2.5]),
    ("step", lambda z: torch.relu(torch.sign(z)), []),
]


def at(function, learnt, point):
    """phi, phi' and the derivative with respect to each learnt parameter."""
    inputs = [torch.tensor([x], requires_grad=True) for x in [float(point), *learnt]]
    value = function(*inputs)
    return [value.item(), *(x.item() for x in torch.autograd.grad(value, inputs))]


def case(activation, function, learnt):
    rows = [at(function, learnt, point) for point in POINTS]
    names = ["values", "derivatives", "of_learnt"]
    values, derivatives, *of_learnt = (list(column) for column in zip(*rows))
    return {"activation": activation} | dict(zip(names, [values, derivatives, of_learnt]))


torch.set_default_dtype(torch.float64)
show({"torch": torch_version(), "points": POINTS, "cases": [case(*one) for one in CASES]})
