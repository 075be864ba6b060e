"""Values and derivatives of the activations as PyTorch has them, in double precision, derivatives by autograd.

0 is among the points: where an activation has a kink there, PyTorch and the engine take the same derivative. PyTorch has
no threshold unit with a derivative: `step` is relu(sign z), which is the same function.
"""

import torch
from torch.nn import functional as f

from literals import show, torch_version

# One by one: PyTorch computes whole vectors by other instructions than single numbers.
POINTS = [-40, -20, -6, -3, -2, -1.3, -1, -0.5, -0.1, -1e-3, -1e-9, 0, 1e-9, 1e-3, 0.1, 0.5, 1, 1.3, 2, 3, 6, 20, 40]


def learnt_sigmoid(z, c, beta):
    return c * torch.sigmoid(beta * z)


# What an experiment writes, the function, and the parameters that are learnt.
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
    """phi, phi' and the derivative in each learnt parameter."""
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
