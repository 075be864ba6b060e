"""A second implementation of the optimizers without a gradient, with the streams of streams.py.

Prints the parameters after each of a few steps on f(x) = sum (x - 1)^2 in five dimensions, from 0, with step size 0.1.
"""

from literals import show
from streams import SEARCH, Stream

SEED, STEPS, N, STEP_SIZE = 1, 12, 5, 0.1


def cost(x):
    return sum((one - 1.0) ** 2 for one in x)


def random_perturbation(expansion=1.2, contraction=0.8):
    x, scale = [0.0] * N, 1.0
    for step in range(STEPS):
        s = Stream(SEED, SEARCH, 0, step)
        change = [STEP_SIZE * scale * s.normal() for _ in x]
        forth, back = [a + d for a, d in zip(x, change)], [a - d for a, d in zip(x, change)]
        better = next((y for y in (forth, back) if cost(y) < cost(x)), None)
        scale *= expansion if better else contraction
        x = better or x
        yield x


def genetic(population=20, elite=2, tournament=3, crossover=0.5, mutation=0.1, spread=0.1):
    s = Stream(SEED, SEARCH, 0, 0)
    # The first is the network itself, but it still takes its draws.
    people = [[(spread if i > 0 else 0.0) * s.normal() for _ in range(N)] for i in range(population)]
    for step in range(STEPS):
        if step > 0:
            s = Stream(SEED, SEARCH, 0, step)
            children = [child(s, people, tournament, crossover, mutation) for _ in range(population - elite)]
            people = people[:elite] + children
        # The sort is stable: equal networks keep their order.
        people.sort(key=cost)
        yield people[0]


def child(s, ranked, tournament, crossover, mutation):
    a, b = (ranked[min(s.below(len(ranked)) for _ in range(tournament))] for _ in range(2))
    genes = list(a)
    if s.uniform() < crossover:
        genes = [other if s.uniform() < 0.5 else gene for gene, other in zip(genes, b)]
    return [gene + STEP_SIZE * s.normal() if s.uniform() < mutation else gene for gene in genes]


RUNS = [
    ("random_perturbation", random_perturbation, {}),
    ("random_perturbation", random_perturbation, {"expansion": 2.0, "contraction": 0.5}),
    ("genetic", genetic, {}),
    ("genetic", genetic, {"population": 7, "elite": 1, "tournament": 2, "crossover": 1.0, "mutation": 0.5}),
]
cases = [{"optimizer": {name: settings}, "parameters": list(run(**settings))} for name, run, settings in RUNS]
show({"seed": SEED, "step_size": STEP_SIZE, "cases": cases})
