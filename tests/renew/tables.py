"""The tables of a report as a database, so that a figure in a document is a query."""

import csv
import sqlite3
from functools import cache
from pathlib import Path


class Tables:
    """The tables of the experiments below a folder of results: `summary` is NAME/summary.csv, `plots_faults` NAME/plots/faults.csv."""

    def __init__(self, results):
        self.results = Path(results)

    @cache
    def database(self, name):
        folder = self.results / name
        if not folder.is_dir():
            raise LookupError(f"there are no results of {name} in {self.results}")
        database = sqlite3.connect(":memory:")
        database.create_aggregate("median", 1, Median)
        for path in sorted(folder.rglob("*.csv")):
            self.load(database, "_".join(path.relative_to(folder).with_suffix("").parts).replace("-", "_"), path)
        return database

    @staticmethod
    def load(database, table, path):
        with open(path, newline="", encoding="utf-8") as file:
            rows = csv.reader(file)
            titles = next(rows)
            names = ", ".join(f'"{title}"' for title in unique(titles))
            database.execute(f'CREATE TABLE "{table}" ({names})')
            marks = ", ".join("?" * len(titles))
            database.executemany(f'INSERT INTO "{table}" VALUES ({marks})', ([value(cell) for cell in row] for row in rows))

    def rows(self, name, query):
        return self.database(name).execute(query).fetchall()

    def one(self, name, query):
        """The single value that a query finds."""
        rows = self.rows(name, query)
        if len(rows) != 1 or len(rows[0]) != 1 or rows[0][0] is None:
            raise LookupError(f"{name}: one value is expected of `{query}`, which finds {rows[:3]}")
        return rows[0][0]


def unique(titles):
    """A column that a table has twice, as a setting and as a result, is numbered the second time."""
    return [title if title not in titles[:index] else f"{title}_{index}" for index, title in enumerate(titles)]


def value(cell):
    """A cell as a number where it is one; nothing where it is empty."""
    if cell == "":
        return None
    try:
        return float(cell) if any(letter in cell for letter in ".eE") else int(cell)
    except ValueError:
        return cell


class Median:
    """`median(column)` in a query."""

    def __init__(self):
        self.values = []

    def step(self, number):
        if number is not None:
            self.values.append(number)

    def finalize(self):
        ordered, n = sorted(self.values), len(self.values)
        return (ordered[(n - 1) // 2] + ordered[n // 2]) / 2 if n else None
