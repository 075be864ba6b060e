"""The first ten updates of small networks as PyTorch makes them, in double precision on the processor.

    python3 -m venv /tmp/oracle && /tmp/oracle/bin/pip install -r requirements.txt
    /tmp/oracle/bin/python pytorch_updates.py > updates.json

`updates.json` holds, for each network, its starting parameters and data as literals, and for each optimizer the
parameters after each of ten steps on the full batch (mean over the samples). Parameters lie one layer after the other,
W row-major `[n_in, n_out]` (the transpose of PyTorch's), then b. The starting numbers follow the formula in `wave`.
"""

import json
import math

import torch

STEPS = 10
BATCH = 6
NETWORKS = [
    {"widths": [4, 5, 3], "activation": "tanh", "output": "softmax", "loss": "cross_entropy"},
    {"widths": [4, 5, 3], "activation": "sigmoid", "output": "sigmoid", "loss": "half_squared_error"},
    {"widths": [3, 4, 4, 1], "activation": "relu", "output": "sigmoid", "loss": "binary_cross_entropy"},
]
LEARNING_RATE = {"sgd": 0.5, "momentum": 0.2, "nesterov": 0.2, "adagrad": 0.1, "rmsprop": 0.02, "adam": 0.05}
ACTIVATIONS = {"tanh": torch.tanh, "sigmoid": torch.sigmoid, "relu": torch.relu}
OUTPUTS = {"softmax": lambda z: torch.softmax(z, dim=1), "sigmoid": torch.sigmoid}


def wave(n, salt):
    """n numbers in (-0.8, 0.8) without a pattern: 0.8 sin(k^2 + salt) for k = 1 ... n."""
    return [0.8 * math.sin(k * k + salt) for k in range(1, n + 1)]


def optimizer(name, parameters):
    rate = LEARNING_RATE[name]
    if name == "adam":
        return torch.optim.Adam(parameters, lr=rate, betas=(0.9, 0.999), eps=1e-8)
    if name == "adagrad":
        return torch.optim.Adagrad(parameters, lr=rate, eps=1e-10)
    if name == "rmsprop":
        return torch.optim.RMSprop(parameters, lr=rate, alpha=0.9, eps=1e-8)
    momentum = 0.0 if name == "sgd" else 0.9
    return torch.optim.SGD(parameters, lr=rate, momentum=momentum, nesterov=name == "nesterov")


def loss_of(network, logits, targets):
    if network["loss"] == "cross_entropy":
        return torch.nn.functional.cross_entropy(logits, targets)
    if network["loss"] == "binary_cross_entropy":
        return torch.nn.functional.binary_cross_entropy_with_logits(logits, targets)
    outputs = OUTPUTS[network["output"]](logits)
    return 0.5 * ((outputs - targets) ** 2).sum(dim=1).mean()


def split(network, vector):
    """W and b of each layer, as leaves of the graph."""
    tensors, start = [], 0
    for n_in, n_out in zip(network["widths"], network["widths"][1:]):
        weights = vector[start : start + n_in * n_out]
        biases = vector[start + n_in * n_out : start + (n_in + 1) * n_out]
        start += (n_in + 1) * n_out
        tensors.append(torch.tensor(weights).reshape(n_in, n_out).clone().requires_grad_())
        tensors.append(torch.tensor(biases).requires_grad_())
    return tensors


def forward(network, tensors, features):
    a = features
    for index in range(0, len(tensors), 2):
        z = a @ tensors[index] + tensors[index + 1]
        a = ACTIVATIONS[network["activation"]](z)
    return z


def updates(network, name, parameters, features, targets):
    tensors = split(network, parameters)
    moves = optimizer(name, tensors)
    trace = []
    for _ in range(STEPS):
        moves.zero_grad()
        loss_of(network, forward(network, tensors, features), targets).backward()
        moves.step()
        trace.append([x for tensor in tensors for x in tensor.detach().flatten().tolist()])
    return trace


def case(salt, network):
    widths = network["widths"]
    count = sum((n_in + 1) * n_out for n_in, n_out in zip(widths, widths[1:]))
    parameters = wave(count, salt)
    features = wave(BATCH * widths[0], salt + 100)
    if widths[-1] == 1:
        targets = [float(i % 2) for i in range(BATCH)]
    else:
        targets = [float(i % widths[-1] == j) for i in range(BATCH) for j in range(widths[-1])]
    x, y = torch.tensor(features).reshape(BATCH, -1), torch.tensor(targets).reshape(BATCH, -1)
    runs = {
        name: {"learning_rate": rate, "parameters": updates(network, name, parameters, x, y)}
        for name, rate in LEARNING_RATE.items()
    }
    return network | {"start": parameters, "features": features, "targets": targets, "runs": runs}


torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
cases = [case(salt, network) for salt, network in enumerate(NETWORKS)]
print(json.dumps({"torch": torch.__version__, "cases": cases}, indent=None, separators=(",", ":")))
