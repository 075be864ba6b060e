"""Common to the scripts of this folder: numbers for networks and samples, and the output of results."""

import json
import math


def wave(n, salt):
    """n numbers in (-0.8, 0.8) without a pattern: 0.8 sin(k^2 + salt) for k = 1 ... n."""
    return [0.8 * math.sin(k * k + salt) for k in range(1, n + 1)]


def show(results):
    print(json.dumps(results, separators=(",", ":")))


def torch_version():
    """The version of PyTorch without the kind of build, such as +cpu."""
    import torch

    return torch.__version__.split("+")[0]
