"""Whitening of iris with the eigenvectors of numpy, after standardisation (variances of the population).

Prints the rows of the matrices W. The largest entry of each eigenvector is positive.
"""

from pathlib import Path

import numpy as np

from literals import show

IRIS = Path(__file__).parent / "../../data/iris.csv"

x = np.loadtxt(IRIS, delimiter=",")[:, :4]
z = (x - x.mean(axis=0)) / x.std(axis=0)
values, vectors = np.linalg.eigh(z.T @ z / len(z))
values, vectors = values[::-1], vectors[:, ::-1]
vectors *= np.sign(vectors[np.abs(vectors).argmax(axis=0), range(4)])
pca = vectors / np.sqrt(values)
zca = pca @ vectors.T
for w in (pca, zca):
    y = z @ w
    assert np.abs(y.T @ y / len(y) - np.eye(4)).max() < 1e-12
show({"pca": pca.tolist(), "zca": zca.tolist()})
