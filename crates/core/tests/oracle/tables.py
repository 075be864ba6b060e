"""The table tables.csv prepared by pandas and scikit-learn as the program prepares it by default: rows without a class are
left out; id, day and empty are no inputs; texts are one-hot in the order of their letters, a missing one last; the median
replaces missing numbers, which are then standardised; 0/1 columns and booleans stay as they are.
"""

from pathlib import Path

import pandas as pd
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from literals import show

table = pd.read_csv(Path(__file__).parent / "tables.csv", na_values=["?"])
levels = {name: sorted(table[name].dropna().unique()) for name in ("sex", "island", "cabin")}
table = table.dropna(subset="class")


def numbers(names, scale):
    filled = SimpleImputer(strategy="median").fit_transform(table[names])
    return pd.DataFrame(StandardScaler().fit_transform(filled) if scale else filled, columns=names)


def one_hot(name):
    missing = [f"{name} is missing"] if table[name].isna().any() else []
    texts = table[[name]].fillna(f"{name} is missing")
    encoder = OneHotEncoder(categories=[levels[name] + missing], sparse_output=False)
    return pd.DataFrame(encoder.fit_transform(texts), columns=[f"{name} = {level}" for level in levels[name]] + missing)


big = pd.DataFrame({"big": table["big"].astype(float).to_numpy()})
parts = [numbers(["age", "fare"], True), one_hot("sex"), one_hot("island"), one_hot("cabin"), numbers(["member"], False), big]
prepared = pd.concat(parts, axis=1)
show(
    {
        "names": list(prepared.columns),
        "features": prepared.to_numpy().tolist(),
        "classes": table["class"].map({"no": 0, "yes": 1}).tolist(),
        "medians": SimpleImputer(strategy="median").fit(table[["age", "fare", "member"]]).statistics_.tolist(),
    }
)
