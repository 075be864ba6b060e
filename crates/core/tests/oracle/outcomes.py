"""Outcomes of predictions with scikit-learn: counts of classes, errors of numbers, and standardized targets.

A network without hidden layers and with the identity as weights predicts its features. Training rows come first.
"""

import numpy as np
from sklearn.metrics import confusion_matrix, mean_absolute_error, r2_score, root_mean_squared_error
from sklearn.preprocessing import StandardScaler

from literals import show, wave

N, TEST, K = 40, 15, 3

scores = np.array(wave(N * K, 0.5)).reshape(N, K)
labels = np.array([(i * i + i // 3) % K for i in range(N)])
test = slice(N - TEST, N)
matrix = confusion_matrix(labels[test], scores[test].argmax(axis=1), labels=range(K))
counts = {
    "actual": matrix.sum(axis=1).tolist(),
    "predicted": matrix.sum(axis=0).tolist(),
    "correct": matrix.diagonal().tolist(),
    "guess": int(np.bincount(labels[: N - TEST]).argmax()),
}

values = 7 + 3 * np.array(wave(N * 2, 1.5)).reshape(N, 2)
scaler = StandardScaler().fit(values[: N - TEST])
predicted = scaler.inverse_transform(np.array(wave(N * 2, 2.5)).reshape(N, 2))[test]
mean = np.tile(values[: N - TEST].mean(axis=0), (TEST, 1))


def each(metric, guess=predicted):
    return metric(values[test], guess, multioutput="raw_values").tolist()


errors = {
    "rmse": each(root_mean_squared_error),
    "mae": each(mean_absolute_error),
    "r_squared": each(r2_score),
    "guess_rmse": each(root_mean_squared_error, mean),
    "guess_mae": each(mean_absolute_error, mean),
}
show({"counts": counts, "errors": errors, "scaled": scaler.transform(values)[test].ravel().tolist()})
