"""Splits by scikit-learn: how many samples of each class are in each set and fold.

"strata": `train_test_split(stratify=...)` twice, first for the test set, then for the validation set. "folds":
`StratifiedKFold`. Neither depends on the seed in the number of samples of each class, except for ties, which the sizes
avoid. "blocks": the test sets of `KFold`. "groups": samples in groups of 1 to 11, and how evenly `StratifiedGroupKFold` and
a random assignment of groups spread the classes: the standard deviation over folds of the fraction of a class, as a mean over classes and
50 seeds.
"""

import numpy as np
import sklearn
from literals import show
from sklearn.model_selection import KFold, StratifiedGroupKFold, StratifiedKFold, train_test_split

SIZES = [
    [97, 41, 13],
    [502, 17, 31, 4],
    [3, 5, 200],
    [59, 71, 48],
    [178, 182, 177, 183, 181, 182, 181, 179, 174, 180],
]


def labels(sizes):
    return np.repeat(np.arange(len(sizes)), sizes)


def counts(y, classes):
    return np.bincount(y, minlength=classes).tolist()


def strata(sizes, fraction, seed):
    y, k = labels(sizes), len(sizes)
    n = round(fraction * len(y))
    rest, test = train_test_split(y, test_size=n, stratify=y, random_state=seed)
    train, validation = train_test_split(rest, test_size=n, stratify=rest, random_state=seed)
    return [counts(part, k) for part in (train, validation, test)]


def folds(sizes, k):
    y = labels(sizes)
    splits = StratifiedKFold(k, shuffle=True, random_state=0).split(y, y)
    return [counts(y[test], len(sizes)) for _, test in splits]


def without_ties(make):
    """What is the same for every seed."""
    found = [make(seed) for seed in range(10)]
    assert all(other == found[0] for other in found)
    return found[0]


def spread(y, of_folds, k):
    shares = [np.bincount(y[of_folds == fold], minlength=3) / np.bincount(y) for fold in range(k)]
    return float(np.mean(np.std(shares, axis=0)))


def groups(k):
    of = np.concatenate([[g] * (1 + 7 * g % 11) for g in range(60)])
    y = np.array([(g + i * i) % 3 for i, g in enumerate(of.tolist())])
    theirs, drawn = [], []
    for seed in range(50):
        folds = np.empty_like(y)
        for fold, (_, test) in enumerate(StratifiedGroupKFold(k, shuffle=True, random_state=seed).split(y, y, of)):
            folds[test] = fold
        theirs.append(spread(y, folds, k))
        drawn.append(spread(y, np.random.default_rng(seed).permutation(60)[of] % k, k))
    return {"of": of.tolist(), "labels": y.tolist(), "folds": k, "spread": np.mean(theirs), "random": np.mean(drawn)}


show({
    "version": sklearn.__version__,
    "strata": [
        {"sizes": sizes, "fraction": fraction, "counts": without_ties(lambda seed: strata(sizes, fraction, seed))}
        for sizes, fraction in [(SIZES[0], 0.15), (SIZES[1], 0.2), (SIZES[3], 0.17), (SIZES[4], 0.17), (SIZES[2], 0.22)]
    ],
    "folds": [{"sizes": sizes, "counts": folds(sizes, k)} for sizes in (SIZES[0], SIZES[1], SIZES[3], SIZES[4]) for k in (2, 4)],
    "blocks": [[test.tolist() for _, test in KFold(k).split(range(11))] for k in (2, 3, 4)],
    "groups": groups(5),
})
