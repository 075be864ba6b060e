"""Learning rates over a run by the schedulers of PyTorch.

A run has 12 epochs of 7 steps, and the learning rate 1. PyTorch's schedulers count their own steps. Some are stepped after
each epoch; their `factors` are the rates of the first step of each epoch (`stride` 7). The others are stepped after each
step, with their periods in steps; their `factors` are the rates of all steps (`stride` 1).
"""

import warnings

import torch
from torch.optim.lr_scheduler import CosineAnnealingLR, ExponentialLR, LinearLR, SequentialLR, StepLR

from literals import show, torch_version

EPOCHS = 12
PER_EPOCH = 7
STEPS = EPOCHS * PER_EPOCH


def warmed_up(warmup, after):
    """Factors 1/w, 2/w, ..., 1 over w steps, and then `after`, over the remaining steps."""

    def make(optimizer):
        rising = LinearLR(optimizer, start_factor=1 / warmup, end_factor=1.0, total_iters=warmup - 1)
        return SequentialLR(optimizer, [rising, after(optimizer)], milestones=[warmup])

    return make


CASES = [
    ({"step": {"every": 3, "factor": 0.5}}, 0, PER_EPOCH, lambda o: StepLR(o, 3, gamma=0.5)),
    ({"step": {"every": 3, "factor": 0.5}}, 0, 1, lambda o: StepLR(o, 3 * PER_EPOCH, gamma=0.5)),
    ({"exponential": {"factor": 0.9}}, 0, PER_EPOCH, lambda o: ExponentialLR(o, 0.9)),
    ({"exponential": {"factor": 0.9}}, 0, 1, lambda o: ExponentialLR(o, 0.9 ** (1 / PER_EPOCH))),
    ({"cosine": {"minimum": 0.0}}, 0, 1, lambda o: CosineAnnealingLR(o, STEPS)),
    ({"cosine": {"minimum": 0.1}}, 0, 1, lambda o: CosineAnnealingLR(o, STEPS, eta_min=0.1)),
    ("constant", 2, 1, lambda o: LinearLR(o, start_factor=1 / 14, end_factor=1.0, total_iters=13)),
    ({"cosine": {"minimum": 0.1}}, 2, 1, warmed_up(14, lambda o: CosineAnnealingLR(o, STEPS - 14, eta_min=0.1))),
    ({"step": {"every": 3, "factor": 0.5}}, 1.5, 1, warmed_up(11, lambda o: StepLR(o, 3 * PER_EPOCH, gamma=0.5))),
]


def factors(make, count):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = make(optimizer)
    rates = []
    for _ in range(count):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


# SequentialLR still passes an argument that its parts no longer accept.
warnings.simplefilter("ignore")
cases = [
    {"schedule": schedule, "warmup_epochs": warmup, "stride": stride, "factors": factors(make, STEPS // stride)}
    for schedule, warmup, stride, make in CASES
]
show({"torch": torch_version(), "steps": STEPS, "steps_per_epoch": PER_EPOCH, "cases": cases})
