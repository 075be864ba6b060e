"""A second implementation of noise in a training set, with the streams of streams.py.

Twelve samples with the numbers 0 to 11 as their only feature, and class i mod 3. A quarter of them are the validation set,
40 % of the labels are wrong, and features are moved by 0.5·z. The split seed is 3.
"""

from literals import show
from streams import FEATURE_NOISE, LABEL_NOISE, SPLIT, below, normals, shuffled, stream

SEED, N, CLASSES = 3, 12, 3

train = sorted(shuffled(N, stream(SEED, SPLIT, 0, 0))[round(0.25 * N):])

source = stream(SEED, LABEL_NOISE, 0, 0)
labels = {i: i % CLASSES for i in train}
order = [train[i] for i in shuffled(len(train), source)]
for i in order[: round(0.4 * len(train))]:
    labels[i] = (labels[i] + 1 + below(CLASSES - 1, source)) % CLASSES
noise = normals(stream(SEED, FEATURE_NOISE, 0, 0))
features = [i + 0.5 * next(noise) for i in train]
show({"samples": train, "labels": [labels[i] for i in train], "features": features})
