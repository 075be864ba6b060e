"""Hessians of small networks and their probes by PyTorch, in double precision on the processor.

For each network, `probes.json` contains its parameters and data as literals. It also contains a vector and its product with
the Hessian of the cost (mean over the samples, penalty included). For each probe it has the values, per layer or for the
network as a whole. Parameters have the same order as in `updates.json`. δ is the gradient of each sample's own loss, so
autograd computes it from the sum of the losses.
"""

import torch
from torch.nn import functional as f

from literals import show, torch_version, wave

BATCH = 6
NETWORKS = [
    {"widths": [4, 5, 3], "activation": "tanh", "output": "softmax", "loss": "cross_entropy", "penalty": {"l2": {"strength": 0.1}}},
    {"widths": [4, 5, 3], "activation": "sigmoid", "output": "sigmoid", "loss": "half_squared_error"},
    {"widths": [3, 4, 4, 1], "activation": "relu", "output": "sigmoid", "loss": "binary_cross_entropy"},
    {"widths": [3, 4, 4, 3], "activation": "prelu", "output": "softmax", "loss": "cross_entropy"},
    {
        "widths": [3, 4, 4, 1],
        "activation": {"learnt_sigmoid": {"c": 1.5, "beta": 0.8}},
        "output": "sigmoid",
        "loss": "binary_cross_entropy",
        "penalty": {"elastic_net": {"l1": 0.01, "l2": 0.1}},
    },
]
ACTIVATIONS = {
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
    "prelu": lambda z, learnt: torch.where(z > 0, z, learnt[0] * z),
    "learnt_sigmoid": lambda z, learnt: learnt[0] * torch.sigmoid(learnt[1] * z),
}
LEARNT = {"prelu": [0.25], "learnt_sigmoid": [1.5, 0.8]}


def name_of(item):
    return item if isinstance(item, str) else next(iter(item))


def shapes(network):
    """The lengths of W, b and the learnt parameters of each layer."""
    widths, learnt = network["widths"], LEARNT.get(name_of(network["activation"]), [])
    pairs = list(zip(widths, widths[1:]))
    return [(n_in, n_out, learnt if i + 1 < len(pairs) else []) for i, (n_in, n_out) in enumerate(pairs)]


def start_of(network, salt):
    count = sum((n_in + 1) * n_out for n_in, n_out, _ in shapes(network))
    drawn, parameters = iter(wave(count, salt)), []
    for n_in, n_out, learnt in shapes(network):
        parameters += [next(drawn) for _ in range((n_in + 1) * n_out)] + learnt
    return parameters


def split(network, vector):
    """W, b and the learnt parameters of each layer, as views of the vector."""
    layers, at = [], 0
    for n_in, n_out, learnt in shapes(network):
        parts = []
        for count in (n_in * n_out, n_out, len(learnt)):
            parts.append(vector[at : at + count])
            at += count
        layers.append((parts[0].reshape(n_in, n_out), parts[1], parts[2]))
    return layers


def forward(network, layers, features):
    """z and a of each layer."""
    activation, a, trace = ACTIVATIONS[name_of(network["activation"])], features, []
    for index, (w, b, learnt) in enumerate(layers):
        z = a @ w + b
        if index + 1 < len(layers):
            a = activation(z, learnt) if len(learnt) else activation(z)
        else:
            a = torch.softmax(z, dim=1) if network["output"] == "softmax" else torch.sigmoid(z)
        trace.append((z, a))
    return trace


def losses(network, logits, targets):
    if network["loss"] == "cross_entropy":
        return f.cross_entropy(logits, targets, reduction="none")
    if network["loss"] == "binary_cross_entropy":
        return f.binary_cross_entropy_with_logits(logits, targets, reduction="none").sum(dim=1)
    return 0.5 * ((torch.sigmoid(logits) - targets) ** 2).sum(dim=1)


def penalty_of(network, layers):
    if "penalty" not in network:
        return 0.0
    (name, numbers), = network["penalty"].items()
    weights = [layer[0] for layer in layers]
    squares, sizes = sum((w**2).sum() for w in weights), sum(w.abs().sum() for w in weights)
    return {
        "l2": lambda strength: 0.5 * strength * squares,
        "elastic_net": lambda l1, l2: l1 * sizes + 0.5 * l2 * squares,
    }[name](**numbers)


def case(salt, network):
    start, width = torch.tensor(start_of(network, salt)), network["widths"][-1]
    features = wave(BATCH * network["widths"][0], salt + 100)
    if width == 1:
        targets = [float(i % 2) for i in range(BATCH)]
    else:
        targets = [float(i % width == j) for i in range(BATCH) for j in range(width)]
    x, y = torch.tensor(features).reshape(BATCH, -1), torch.tensor(targets).reshape(BATCH, -1)

    def cost(vector):
        layers = split(network, vector)
        return losses(network, forward(network, layers, x)[-1][0], y).mean() + penalty_of(network, layers)

    hessian = torch.autograd.functional.hessian(cost, start)
    eigenvalues = torch.linalg.eigvalsh(hessian).flip(0)
    v = torch.tensor(wave(len(start), salt + 200))

    leaf = start.clone().requires_grad_()
    gradient = split(network, torch.autograd.grad(cost(leaf), leaf)[0])
    layers = split(network, leaf)
    trace = forward(network, layers, x)
    deltas = torch.autograd.grad(losses(network, trace[-1][0], y).sum(), [z for z, _ in trace])
    singular = [torch.linalg.svdvals(w.detach()) for w, _, _ in layers]
    probes = {
        "gradient_norm": [[g[0].norm()] for g in gradient],
        "delta_rms": [[(d**2).mean().sqrt()] for d in deltas],
        "activation_mean": [[a.mean()] for _, a in trace],
        "activation_standard_deviation": [[a.std(correction=0)] for _, a in trace],
        "weight_norm": [[w.norm()] for w, _, _ in layers],
        "singular_values": [[s[0], s[-1], s[0] / s[-1]] for s in singular],
        "sharpness": [[eigenvalues[0]]],
        "hessian_spectrum": [[eigenvalues[0], eigenvalues[-1]]],
    }
    return network | {
        "start": start.tolist(),
        "features": features,
        "targets": targets,
        "v": v.tolist(),
        "product": (hessian @ v).tolist(),
        "spectrum": eigenvalues.tolist(),
        "probes": [
            {"measure": name, "values": [[x.item() for x in row] for row in rows]} for name, rows in probes.items()
        ],
    }


torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
cases = [case(salt, network) for salt, network in enumerate(NETWORKS)]
show({"torch": torch_version(), "cases": cases})
