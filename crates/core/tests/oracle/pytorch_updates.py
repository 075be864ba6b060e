"""The first ten updates of small networks by PyTorch, in double precision on the processor.

For each network, `updates.json` contains its initial parameters and its data as literals. For each run it contains the
settings as in an experiment file, and the parameters after some of ten steps on the full batch (mean over the samples).
Parameters follow layer by layer: W row-major `[n_in, n_out]` (the transpose of PyTorch's), then b, then the learnt
parameters of the activation, one set per layer. The initial numbers follow the formula in `wave`.

PyTorch has no counterpart to two settings of the engine. Gradient descent with decoupled decay is SGD after the weights
were multiplied by 1 - rate * decay, as in AdamW. `clip_grad_norm_` divides by the norm + 1e-6, a visible difference here, so
it receives the norm less 1e-6.
"""

import torch
from torch.nn import functional as f
from torch.nn import utils

from literals import show, torch_version, wave

STEPS = 10
AFTER = [1, 3, 10]
BATCH = 6
NETWORKS = [
    {"widths": [4, 5, 3], "activation": "tanh", "output": "softmax", "loss": "cross_entropy"},
    {"widths": [4, 5, 3], "activation": "sigmoid", "output": "sigmoid", "loss": "half_squared_error"},
    {"widths": [3, 4, 4, 1], "activation": "relu", "output": "sigmoid", "loss": "binary_cross_entropy"},
    {"widths": [3, 4, 4, 3], "activation": "prelu", "output": "softmax", "loss": "cross_entropy"},
    {
        "widths": [3, 4, 4, 1],
        "activation": {"learnt_sigmoid": {"c": 1.5, "beta": 0.8}},
        "output": "sigmoid",
        "loss": "binary_cross_entropy",
    },
]
RUNS = [
    {"optimizer": "sgd", "learning_rate": 0.5},
    {"optimizer": "momentum", "learning_rate": 0.2},
    {"optimizer": "nesterov", "learning_rate": 0.2},
    {"optimizer": "adagrad", "learning_rate": 0.1},
    {"optimizer": "rmsprop", "learning_rate": 0.02},
    {"optimizer": "adam", "learning_rate": 0.05},
    {"optimizer": {"adamw": {"weight_decay": 0.05}}, "learning_rate": 0.05},
    {"optimizer": "sgd", "learning_rate": 0.5, "weight_decay": 0.05},
    {"optimizer": "sgd", "learning_rate": 0.5, "clip_norm": 0.1},
    {"optimizer": "sgd", "learning_rate": 0.5, "clip_value": 0.03},
    {"optimizer": "sgd", "learning_rate": 0.5, "penalty": {"l1": {"strength": 0.01}}},
    {"optimizer": "sgd", "learning_rate": 0.5, "penalty": {"l2": {"strength": 0.1}}},
    {"optimizer": "sgd", "learning_rate": 0.5, "penalty": {"elastic_net": {"l1": 0.01, "l2": 0.1}}},
]
ACTIVATIONS = {
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
    "prelu": f.prelu,
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
    """W, b and the learnt parameters of each layer, as leaves of the graph."""
    layers, rest = [], list(vector)
    for n_in, n_out, learnt in shapes(network):
        counts = [n_in * n_out, n_out, len(learnt)]
        weights, biases, learnt = (torch.tensor([rest.pop(0) for _ in range(count)]) for count in counts)
        layers.append([x.clone().requires_grad_() for x in (weights.reshape(n_in, n_out), biases, learnt)])
    return layers


def forward(network, layers, features):
    activation = ACTIVATIONS[name_of(network["activation"])]
    *hidden, (weights, biases, _) = layers
    a = features
    for w, b, learnt in hidden:
        z = a @ w + b
        a = activation(z, learnt) if len(learnt) else activation(z)
    return a @ weights + biases


def loss_of(network, logits, targets):
    if network["loss"] == "cross_entropy":
        return f.cross_entropy(logits, targets)
    if network["loss"] == "binary_cross_entropy":
        return f.binary_cross_entropy_with_logits(logits, targets)
    return 0.5 * ((torch.sigmoid(logits) - targets) ** 2).sum(dim=1).mean()


def penalty_of(settings, weights):
    if "penalty" not in settings:
        return 0.0
    (name, numbers), = settings["penalty"].items()
    squares, sizes = sum((w**2).sum() for w in weights), sum(w.abs().sum() for w in weights)
    return {
        "l1": lambda strength: strength * sizes,
        "l2": lambda strength: 0.5 * strength * squares,
        "elastic_net": lambda l1, l2: l1 * sizes + 0.5 * l2 * squares,
    }[name](**numbers)


def optimizer(settings, weights, others):
    rate, both = settings["learning_rate"], weights + others
    match settings["optimizer"]:
        case "adam":
            return torch.optim.Adam(both, lr=rate, betas=(0.9, 0.999), eps=1e-8)
        case "adagrad":
            return torch.optim.Adagrad(both, lr=rate, eps=1e-10)
        case "rmsprop":
            return torch.optim.RMSprop(both, lr=rate, alpha=0.9, eps=1e-8)
        case {"adamw": {"weight_decay": decay}}:
            groups = [{"params": weights, "weight_decay": decay}, {"params": others, "weight_decay": 0.0}]
            return torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.999), eps=1e-8)
        case "sgd":
            return torch.optim.SGD(both, lr=rate)
        case name:
            return torch.optim.SGD(both, lr=rate, momentum=0.9, nesterov=name == "nesterov")


def clip(settings, parameters):
    if "clip_value" in settings:
        utils.clip_grad_value_(parameters, settings["clip_value"])
    if "clip_norm" in settings:
        norm = utils.get_total_norm([x.grad for x in parameters])
        utils.clip_grads_with_norm_(parameters, settings["clip_norm"], norm - 1e-6)


def run(network, settings, start, features, targets):
    layers = split(network, start)
    parameters = [x for layer in layers for x in layer if len(x)]
    weights = [layer[0] for layer in layers]
    others = [x for layer in layers for x in layer[1:] if len(x)]
    moves, trace = optimizer(settings, weights, others), []
    for _ in range(STEPS):
        moves.zero_grad()
        loss = loss_of(network, forward(network, layers, features), targets)
        (loss + penalty_of(settings, weights)).backward()
        clip(settings, parameters)
        with torch.no_grad():
            for w in weights:
                w *= 1 - settings["learning_rate"] * settings.get("weight_decay", 0.0)
        moves.step()
        trace.append([x for tensor in parameters for x in tensor.detach().flatten().tolist()])
    return {"settings": settings, "parameters": [trace[step - 1] for step in AFTER]}


def case(salt, network):
    start, width = start_of(network, salt), network["widths"][-1]
    features = wave(BATCH * network["widths"][0], salt + 100)
    if width == 1:
        targets = [float(i % 2) for i in range(BATCH)]
    else:
        targets = [float(i % width == j) for i in range(BATCH) for j in range(width)]
    x, y = torch.tensor(features).reshape(BATCH, -1), torch.tensor(targets).reshape(BATCH, -1)
    runs = [run(network, settings, start, x, y) for settings in RUNS]
    return network | {"start": start, "features": features, "targets": targets, "runs": runs}


torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
cases = [case(salt, network) for salt, network in enumerate(NETWORKS)]
show({"torch": torch_version(), "after": AFTER, "cases": cases})
