"""Whitening of iris with numpy's eigenvectors, after standardisation (variances of the population): prints the matrices W that
tests/engine/whitening.rs pins. Of each eigenvector the largest entry is positive. Versions: crates/core/data/requirements.txt.
"""

import numpy as np
from sklearn.datasets import load_iris

x = load_iris().data
z = (x - x.mean(axis=0)) / x.std(axis=0)
values, vectors = np.linalg.eigh(z.T @ z / len(z))
values, vectors = values[::-1], vectors[:, ::-1]
vectors *= np.sign(vectors[np.abs(vectors).argmax(axis=0), range(4)])
pca = vectors / np.sqrt(values)
zca = pca @ vectors.T

np.set_printoptions(precision=17)
print("VALUES", values)
print("PCA", repr(pca))
print("ZCA", repr(zca))
for w in (pca, zca):
    y = z @ w
    print("error of the covariance", np.abs(y.T @ y / len(y) - np.eye(4)).max())
