"""Initial weights by torch.nn.init, with the draws of the engine's streams.

torch.nn.init fills a tensor with its methods `normal_` and `uniform_`. Here these methods take their draws from streams.py.
So the test compares PyTorch's own part weight by weight: bounds, deviations and factors of a decomposition. A weight matrix
is `[n_in, n_out]`, row-major: the transpose of PyTorch's.
"""

import torch
from torch.nn import init

from literals import show, torch_version
from streams import WEIGHTS, normals, stream, uniforms

SEED = 4
SHAPES = [(6, 4), (4, 6)]


class Layer(torch.Tensor):
    """A tensor `[n_out, n_in]`, filled in the order of `[n_in, n_out]`."""

    def normal_(self, mean=0.0, std=1.0, generator=None):
        return self.fill_from(lambda x: mean + std * x, normals)

    def uniform_(self, low=0.0, high=1.0, generator=None):
        return self.fill_from(lambda x: low + (high - low) * x, uniforms)

    def fill_from(self, change, kind):
        draws = kind(stream(SEED, WEIGHTS, 1, 0))
        filled = [change(next(draws)) for _ in range(self.numel())]
        plain = self.as_subclass(torch.Tensor)
        plain.copy_(torch.tensor(filled).reshape(plain.T.shape).T)
        return self


class Factor(Layer):
    """A tensor filled in the order of `[n, m]` with n ≥ m, like the matrix to decompose."""

    def fill_from(self, change, kind):
        plain = self.as_subclass(torch.Tensor)
        if plain.shape[0] < plain.shape[1]:
            return super().fill_from(change, kind)
        draws = kind(stream(SEED, WEIGHTS, 1, 0))
        plain.copy_(torch.tensor([change(next(draws)) for _ in range(plain.numel())]).reshape(plain.shape))
        return self


TANH = init.calculate_gain("tanh")
CASES = [
    ("zeros", Layer, init.zeros_),
    ({"constant": {"value": 0.3}}, Layer, lambda t: init.constant_(t, 0.3)),
    ({"uniform": {"limit": 0.2}}, Layer, lambda t: init.uniform_(t, -0.2, 0.2)),
    ({"normal": {"standard_deviation": 0.2}}, Layer, lambda t: init.normal_(t, 0.0, 0.2)),
    ("xavier_uniform", Layer, init.xavier_uniform_),
    ({"xavier_uniform": {"gain": TANH}}, Layer, lambda t: init.xavier_uniform_(t, gain=TANH)),
    ("xavier_normal", Layer, init.xavier_normal_),
    ({"xavier_normal": {"gain": TANH}}, Layer, lambda t: init.xavier_normal_(t, gain=TANH)),
    ("he_uniform", Layer, lambda t: init.kaiming_uniform_(t, nonlinearity="relu")),
    ("he_normal", Layer, lambda t: init.kaiming_normal_(t, nonlinearity="relu")),
    # LeCun's initialization is He's with a gain of 1.
    ("lecun_uniform", Layer, lambda t: init.kaiming_uniform_(t, nonlinearity="linear")),
    ("lecun_normal", Layer, lambda t: init.kaiming_normal_(t, nonlinearity="linear")),
    ("orthogonal", Factor, init.orthogonal_),
    ({"orthogonal": {"gain": TANH}}, Factor, lambda t: init.orthogonal_(t, gain=TANH)),
]


def case(initialization, kind, fill, n_in, n_out):
    tensor = torch.full((n_out, n_in), torch.nan).as_subclass(kind)
    fill(tensor)
    weights = tensor.as_subclass(torch.Tensor).T.flatten().tolist()
    return {"initialization": initialization, "n_in": n_in, "n_out": n_out, "weights": weights}


torch.set_default_dtype(torch.float64)
cases = [case(*one, *shape) for one in CASES for shape in SHAPES]
show({"torch": torch_version(), "seed": SEED, "cases": cases})
