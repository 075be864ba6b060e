"""The figures of docs/experiments.md: queries over the tables of an experiment, written for people."""

from tables import Tables

MINUS = "−"


class Figures:
    """The functions of an experiment for the template. A sentence with `holds` is listed if it is no longer true."""

    def __init__(self, tables: Tables, name, broken):
        self.tables, self.name, self.broken = tables, name, broken

    def __call__(self, query, digits=3):
        value = self.tables.one(self.name, query)
        return value if isinstance(value, str) else number(value, digits)

    def count(self, query):
        return f"{int(self.tables.one(self.name, query)):,}"

    def list(self, query):
        *first, last = [number(row[0], 3) for row in self.tables.rows(self.name, query)]
        return f"{', '.join(first)} and {last}"

    def median(self, where):
        """The median of a configuration with the smallest and the largest value of its seeds."""
        [(median, least, most)] = self.tables.rows(self.name, f"SELECT median, min, max FROM summary WHERE {where}")
        return f"{number(median, 3)} [{number(least, 3)}, {number(most, 3)}]"

    def best(self, where):
        """The same of the best configuration among several."""
        return self.median(f"{where} AND rank = (SELECT min(rank) FROM summary WHERE {where})")

    def claim(self, index, columns):
        # The deciding part comes first: fresh seeds, if there are any.
        query = f"SELECT {columns} FROM claims WHERE claim = {index} AND verdict IS NOT NULL LIMIT 1"
        [row] = self.tables.rows(self.name, query)
        return row

    def verdict(self, index):
        return self.claim(index, "verdict")[0]

    def p(self, index):
        return number(self.claim(index, "p_claim")[0], 2)

    def estimate(self, index):
        return number(self.claim(index, "estimate")[0], 2)

    def difference(self, index):
        estimate, lower, upper = self.claim(index, "estimate, lower, upper")
        return f"mean difference {number(estimate, 2)} [{number(lower, 2)}, {number(upper, 2)}], p = {self.p(index)}"

    def step(self, scheme, precision):
        query = f"SELECT min(median_relative_error) FROM plots_error_by_step WHERE line = '{scheme}' AND precision = '{precision}'"
        return self(query, 2)

    def first_over_last(self, activation):
        """The gradient norm of the first layer over the last layer's at the start: the median over the seeds, by depth."""
        query = f"""
            SELECT median(first.gradient_norm / last.gradient_norm) FROM layers first
            JOIN layers last ON first.run_id = last.run_id AND last.epoch = 0
            WHERE first.epoch = 0 AND first.layer = 1 AND first.activation = '{activation}'
            AND first.initialization = 'xavier_normal'
            AND last.layer = (SELECT max(layer) FROM layers WHERE run_id = first.run_id)
            GROUP BY last.layer ORDER BY last.layer"""
        *first, last = [number(row[0], 2) for row in self.tables.rows(self.name, query)]
        return f"{', '.join(first)} and {last}"

    def holds(self, query):
        """Nothing; a statement whose query does not find 1 is listed."""
        if self.tables.one(self.name, query) != 1:
            self.broken.append(f"{self.name}: no longer true: {' '.join(query.split())}")
        return ""


def number(value, digits):
    """A number with so many significant digits: 0.0706, 1,000, 1.5e-8."""
    if value == 0:
        return "0"
    rounded = float(f"{value:.{digits - 1}e}")
    if 1e-4 <= abs(rounded) < 1e6:
        decimals = max(0, digits - 1 - int(f"{rounded:e}".split("e")[1]))
        text = f"{rounded:,.{decimals}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        mantissa, exponent = f"{rounded:.{digits - 1}e}".split("e")
        text = f"{mantissa}e{int(exponent)}"
    return text.replace("-", MINUS, 1) if text.startswith("-") else text
