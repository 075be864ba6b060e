"""Losses of samples by PyTorch, and their gradients in the logits by autograd, in double precision.

Every loss is combined with every output that it supports, for four samples of three outputs. Some targets are classes, some
are soft. The first error of `identity` is 0, the kink of the absolute error. If a loss is fused, the last sample has logits
of several hundred.
"""

import torch
from torch.nn import functional as f

from literals import show, torch_version, wave

SAMPLES, N_OUT = 4, 3
OUTPUTS = {"identity": lambda z: z, "sigmoid": torch.sigmoid, "softmax": lambda z: torch.softmax(z, dim=1)}
# Each function computes the losses of the samples from the logits, the outputs and the targets.
ERRORS = [
    ("half_squared_error", lambda _, p, y: 0.5 * f.mse_loss(p, y, reduction="none").sum(1)),
    ("squared_error", lambda _, p, y: f.mse_loss(p, y, reduction="none").sum(1)),
    ("absolute_error", lambda _, p, y: f.l1_loss(p, y, reduction="none").sum(1)),
    ("huber", lambda _, p, y: f.huber_loss(p, y, reduction="none").sum(1)),
    ({"huber": {"delta": 0.25}}, lambda _, p, y: f.huber_loss(p, y, reduction="none", delta=0.25).sum(1)),
]
CROSS = ("cross_entropy", lambda z, _, y: f.cross_entropy(z, y, reduction="none"))
CROSS_APART = ({"cross_entropy": {"fused": False}}, lambda _, p, y: -(y * torch.log(p)).sum(1))
BINARY = (
    "binary_cross_entropy",
    lambda z, _, y: f.binary_cross_entropy_with_logits(z, y, reduction="none").sum(1),
)
# PyTorch's own formula for probabilities. It is right for a softmax too, because autograd knows that the outputs depend on
# each other.
BINARY_APART = (
    {"binary_cross_entropy": {"fused": False}},
    lambda _, p, y: f.binary_cross_entropy(p, y, reduction="none").sum(1),
)
PAIRS = [(error, output) for error in ERRORS for output in OUTPUTS] + [
    (CROSS, "softmax"),
    (CROSS_APART, "softmax"),
    # Not fused with the other output.
    (("cross_entropy", CROSS_APART[1]), "sigmoid"),
    (BINARY, "sigmoid"),
    (BINARY_APART, "sigmoid"),
    (("binary_cross_entropy", BINARY_APART[1]), "softmax"),
]


def targets_of(output, logits, are_soft):
    if output == "identity":
        return [logits[0], *wave(SAMPLES * N_OUT - 1, 7 + are_soft)]
    if not are_soft:
        return [float((5 * i + j) % N_OUT == 0) for i in range(SAMPLES) for j in range(N_OUT)]
    shares = [0.1 + abs(x) for x in wave(SAMPLES * N_OUT, 9)]
    rows = [shares[i : i + N_OUT] for i in range(0, len(shares), N_OUT)]
    return [x / (sum(row) if output == "softmax" else 1.0) for row in rows for x in row]


def case(loss, function, output, are_soft):
    logits = [3.0 * x for x in wave(SAMPLES * N_OUT, 6)]
    if (loss, output) in [("cross_entropy", "softmax"), ("binary_cross_entropy", "sigmoid")]:
        logits[-N_OUT:] = [700.0, -300.0, 650.0]
    targets = targets_of(output, logits, are_soft)
    z, y = (torch.tensor(x).reshape(SAMPLES, N_OUT) for x in (logits, targets))
    z.requires_grad_()
    losses = function(z, OUTPUTS[output](z), y)
    (delta,) = torch.autograd.grad(losses.sum(), z)
    return {
        "loss": loss,
        "output": output,
        "logits": logits,
        "targets": targets,
        "losses": losses.tolist(),
        "delta": delta.flatten().tolist(),
    }


torch.set_default_dtype(torch.float64)
cases = [case(*loss, output, are_soft) for loss, output in PAIRS for are_soft in (False, True)]
show({"torch": torch_version(), "n_out": N_OUT, "cases": cases})
