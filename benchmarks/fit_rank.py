"""Fit how programs of the text language are ranked, and write the weights to the package.

python benchmarks/fit_rank.py

Every task of the suites below is learned; each of its candidates that fits the examples is either right on the unseen
rows or not. The weights maximise the likelihood of a right one under a softmax over scores (a conditional logit), with
a pull towards what is thought of each feature before. Families of tasks are the folds of the cross-validation that
chooses how strong the pull is, and tells what the weights are worth on tasks they were not fitted to.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from extrapolate.languages.text import LANGUAGE
from extrapolate.learn import learn
from extrapolate.search.rank import WEIGHTS, Judge
from run import DATA, commit
from suites import SUITES, Problem

FITTED_ON = ("prose", "bustle", "sygus-unseen")
TARGET = Path(__file__).resolve().parent.parent / "src" / "extrapolate" / "languages" / "text_weights.json"
NAMES = tuple(WEIGHTS)
REPEATED = NAMES.index("repeated")
# Not fitted: cost is the unit; and the benchmarks have no column that is of no concern, as real tables have many.
FIXED = {"cost": 1.0, "unused inputs": 0.5}
# What is thought of a feature before any task is seen: what is written twice is read once, absolute positions and
# digits that are written out seldom hold, answers should look like the examples; constants come from the outputs.
PRIOR = {
    **WEIGHTS,
    **FIXED,
    "repeated": 1.0,
    "copied literals": 0.0,
    "loose literals": 0.0,
    "empty answers": 3.0,
    "odd answers": 3.0,
    "changed answers": 5.0,
    "positions": 1.0,
    "literal digits": 0.5,
    "met letters": 3.0,
    "switches": 0.5,
    "touching switches": 1.0,
    "heads": 0.5,
}
PULLS = (1.0, 3.0, 10.0, 30.0)
FOLDS = 5
STEPS, RATE = 1500, 0.05

Array = NDArray[np.float64]


class Case:
    """The candidates of one task: features `(n, features)`, and which are right."""

    def __init__(self, problem: Problem, seconds: float):
        result = learn(problem.task, seconds=seconds, candidates=40)
        judge = Judge(problem.task, LANGUAGE.weights)
        solving = [c for c in result.candidates if c.solves]
        rows = [judge.features(c.program.expr, problem.task.unlabelled, c.answers) for c in solving]
        self.family = problem.name.rpartition(".")[0] or problem.name
        self.features: Array = np.array([[row[name] for name in NAMES] for row in rows], dtype=np.float64)
        self.right = np.array([problem.is_right(c.program) for c in solving], dtype=bool)

    @property
    def tells(self) -> bool:
        return bool(self.right.any() and not self.right.all())

    def loss(self, weights: Array) -> tuple[float, Array]:
        """The negative log-likelihood of a right candidate, and its gradient."""
        scores = -self.features @ weights
        chances = np.exp(scores - scores.max())
        chances /= chances.sum()
        right = chances * self.right
        mass = max(float(right.sum()), 1e-12)
        return -float(np.log(mass)), self.features.T @ (right / mass - chances)

    def is_won(self, weights: Array) -> bool:
        return bool(self.right[np.argmin(self.features @ weights)])


def fit(cases: list[Case], pull: float) -> Array:
    """Weights of at least 0; Adam with the gradient of all cases."""
    prior = np.array([PRIOR[name] for name in NAMES])
    free = np.array([name not in FIXED for name in NAMES])
    weights, mean, square = prior.copy(), np.zeros(len(NAMES)), np.zeros(len(NAMES))
    for step in range(1, STEPS + 1):
        gradient = sum((case.loss(weights)[1] for case in cases), np.zeros(len(NAMES))) + pull * (weights - prior)
        gradient *= free
        mean, square = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2
        weights = weights - RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
        weights = np.maximum(weights, 0)
        weights[REPEATED] = min(weights[REPEATED], PRIOR["cost"])  # writing it twice is no better than once
    return weights


def cross_validated(cases: list[Case], pull: float) -> int:
    """How many tasks of a fold are won by weights fitted to the other folds."""
    families = sorted({case.family for case in cases})
    fold = {family: i % FOLDS for i, family in enumerate(families)}
    won = 0
    for k in range(FOLDS):
        weights = fit([c for c in cases if fold[c.family] != k], pull)
        won += sum(c.is_won(weights) for c in cases if fold[c.family] == k)
    return won


def standard_error(won: int, n: int) -> float:
    """Of a number of tasks won: a stronger pull is preferred when it does as well but for it (Breiman et al., 1984)."""
    return float(np.sqrt(won * (1 - won / n)))


@click.command()
@click.option("--seconds", default=3.0, help="Seconds a task.")
@click.option("--data", type=click.Path(path_type=Path), default=DATA, help="The folder with the data.")
def main(seconds: float, data: Path) -> None:
    """Fit the weights and write them."""
    problems = [problem for name in FITTED_ON for problem in SUITES[name].problems(data)]
    cases = []
    for i, problem in enumerate(problems, 1):
        case = Case(problem, seconds)
        if case.tells:
            cases.append(case)
        if i % 20 == 0:
            print(f"{i}/{len(problems)} tasks learned, {len(cases)} tell", file=sys.stderr, flush=True)
    before = sum(c.is_won(np.array([PRIOR[n] for n in NAMES])) for c in cases)
    won = {pull: cross_validated(cases, pull) for pull in PULLS}
    pull = max(p for p in PULLS if won[p] >= max(won.values()) - standard_error(max(won.values()), len(cases)))
    weights = fit(cases, pull)
    document: dict[str, Any] = {
        "weights": {name: round(float(w), 2) for name, w in zip(NAMES, weights, strict=True)},
        "fitted by": "benchmarks/fit_rank.py",
        "on": list(FITTED_ON),
        "tasks that tell": len(cases),
        "won before": before,
        "won in cross-validation, by pull": {str(p): n for p, n in won.items()},
        "won by these": sum(c.is_won(weights) for c in cases),
        "date": date.today().isoformat(),
        "commit": commit(),
    }
    TARGET.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(document, indent=2))


if __name__ == "__main__":
    main()
