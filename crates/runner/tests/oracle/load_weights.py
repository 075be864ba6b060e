"""The outputs that PyTorch computes from a file of saved weights, in double precision on the processor.

    python3 -m venv /tmp/oracle && /tmp/oracle/bin/pip install -r requirements.txt
    chainrule run saved.toml && cp results/saved/weights/*.safetensors saved.safetensors
    /tmp/oracle/bin/python load_weights.py saved.safetensors ../../../core/data/iris.csv > saved.json

The tensors `layers.{i}.weight` and `layers.{i}.bias` are the state_dict of a ModuleList of `torch.nn.Linear`, as they
are. What else is needed is in the file too: the preparation of the features, the learnt numbers of the activation of each
hidden layer, and the specification of the run in the metadata.

To compare with what `chainrule evaluate FILE --data iris --predictions FILE.csv` wrote, give that table as a third argument:
the largest difference of any output is printed then.
"""

import csv
import json
import sys

import torch
from safetensors import safe_open
from safetensors.torch import load_file

OUTPUTS = {"softmax": lambda z: torch.softmax(z, dim=1), "sigmoid": torch.sigmoid, "identity": lambda z: z}
ACTIVATIONS = {
    "relu": lambda z, learnt: torch.relu(z),
    "tanh": lambda z, learnt: torch.tanh(z),
    "sigmoid": lambda z, learnt: torch.sigmoid(z),
    "prelu": lambda z, learnt: torch.nn.functional.prelu(z, learnt),
    "learnt_sigmoid": lambda z, learnt: learnt[0] * torch.sigmoid(learnt[1] * z),
}


class Network(torch.nn.Module):
    def __init__(self, tensors, spec):
        super().__init__()
        tensors = {name: tensor.double() for name, tensor in tensors.items()}
        weights = [name for name in tensors if name.endswith(".weight")]
        shapes = [tensors[f"layers.{i}.weight"].shape for i in range(len(weights))]
        make = lambda n_out, n_in: torch.nn.Linear(n_in, n_out, bias=spec["bias"], dtype=torch.float64)
        self.layers = torch.nn.ModuleList([make(*shape) for shape in shapes])
        # Strict: every parameter of the layers is there, under its name and in its shape.
        self.load_state_dict({name: t for name, t in tensors.items() if name.endswith((".weight", ".bias"))})
        self.tensors, self.spec = tensors, spec

    def forward(self, x):
        x = (x - self.tensors["preparation.shift"]) * self.tensors["preparation.factor"]
        if "preparation.rotation" in self.tensors:
            x = x @ self.tensors["preparation.rotation"]
        activation = ACTIVATIONS[name(self.spec["activation"])]
        for i, layer in enumerate(self.layers[:-1]):
            x = activation(layer(x), self.tensors.get(f"layers.{i}.activation"))
        return OUTPUTS[name(self.spec["output"])](self.layers[-1](x))


def name(item):
    """Of an item with parameters or without."""
    return item if isinstance(item, str) else next(iter(item))


def main(weights, features, table=None):
    with safe_open(weights, "pt") as file:
        spec = json.loads(file.metadata()["spec"])
    network = Network(load_file(weights), spec)
    with open(features) as file:
        rows = [[float(x) for x in row[:-1]] for row in csv.reader(file)]
    with torch.no_grad():
        outputs = network(torch.tensor(rows, dtype=torch.float64)).tolist()
    if table is None:
        print(json.dumps({"torch": torch.__version__, "outputs": outputs}))
        return
    with open(table) as file:
        written = [[float(row[f"output_{k + 1}"]) for k in range(len(outputs[0]))] for row in csv.DictReader(file)]
    assert len(written) == len(outputs)
    print(max(abs(a - b) for row, other in zip(written, outputs) for a, b in zip(row, other)))


main(*sys.argv[1:])
