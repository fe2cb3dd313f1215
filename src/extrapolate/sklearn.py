r"""Laws as an estimator of scikit-learn: fit, predict and score, in pipelines and grid searches.

>>> X = [[0.3, 9.81], [0.9, 9.81], [2.0, 9.81], [0.6, 1.62], [1.5, 3.72]]
>>> y = [2 * math.pi * math.sqrt(length / g) for length, g in X]
>>> law = LawRegressor(units={"L": "m", "g": "m/s^2", "T": "s"}).fit(X, y)
>>> print(law.latex())
T = 2 \pi \sqrt{\frac{L}{g}}
>>> law.predict([[100, 274]]).round(6)
array([3.795811])
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.errors import InputError
from extrapolate.core.language import Language
from extrapolate.core.program import Program
from extrapolate.core.result import Result
from extrapolate.core.source import python_expression
from extrapolate.core.task import Row, Task
from extrapolate.core.types import FLOAT
from extrapolate.learn import learn
from extrapolate.regression.experiment import Experiment, next_experiment
from extrapolate.regression.law import Law

try:
    from sklearn.base import BaseEstimator, RegressorMixin
    from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data
except ImportError:
    raise ImportError("scikit-learn is not installed; `pip install 'extrapolate[sklearn]'` brings it.") from None

Floats = NDArray[np.float64]

# Rows without a value that an error names.
MOST_NAMED = 5
# Laws that take so many bits more than the best are no longer worth an experiment.
GOOD_BITS = 20


@dataclass(frozen=True)
class LawTable(Sequence[Law]):
    """The laws that were found, best first, as a sequence; printed, it is a table in which the chosen one is marked."""

    laws: tuple[Law, ...]

    @overload
    def __getitem__(self, index: int) -> Law: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Law]: ...
    def __getitem__(self, index: int | slice) -> Law | Sequence[Law]:
        return self.laws[index]

    def __len__(self) -> int:
        return len(self.laws)

    def __repr__(self) -> str:
        lines = ["      size     bits     error   inside  outside  formula"]
        for i, law in enumerate(self.laws):
            mark = " " if i else ">"
            outside = "" if law.outside is None else f"{law.outside:.5f}"
            lines.append(
                f"{i:>3} {mark} {law.cost:>4} {law.score:>8.1f} {law.error:>9.3g} {law.inside:>8.5f} {outside:>8}  "
                f"{python_expression(law.program.expr)}"
            )
        return "\n".join(lines)


class LawRegressor(RegressorMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Finds the formula behind measurements.

    `units` maps the names of columns, and of the target, to their units; the target is the one name that is no column.
    The columns of an array are named by it too, in their order with the target last; without units they are `x0`,
    `x1`, ... `constants` are the names of physical constants that may stand in a law, as "G"; with
    `dimensional_constants` those that are fitted may have the units that are missing. `language` is another
    `Language` of formulas, with words of your own. The search stops after so many `programs`, which makes every fit of
    the same data the same, or `seconds`. `candidates` are how many laws are kept.

    After `fit`: `program_` is the chosen law, a `Program`; `candidates_` is the table of laws; `result_` all that was
    found; `columns_` are the names of the columns.
    """

    def __init__(
        self,
        *,
        units: Mapping[str, str] | None = None,
        constants: Sequence[str] = (),
        dimensional_constants: bool = True,
        language: Language | str = "laws",
        programs: int | None = 50_000,
        seconds: float | None = None,
        candidates: int = 5,
    ):
        self.units = units
        self.constants = constants
        self.dimensional_constants = dimensional_constants
        self.language = language
        self.programs = programs
        self.seconds = seconds
        self.candidates = candidates

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> LawRegressor:
        """The estimator itself, with the laws of measurements `X`, `(n_rows, n_inputs)`, and `y`, `(n_rows,)`.

        Weights count as errors: a row of weight w is taken to have a standard error of 1 / sqrt(w), and one of weight 0
        is left out. Rows that are equal count once, with their weights added up. ValueError for what can't be
        used: fewer than three different rows, a target that never changes, NaN, units that don't fit.
        """
        target = getattr(y, "name", None)
        X, y = validate_data(self, X, y, dtype=np.float64, y_numeric=True, ensure_min_samples=3)
        weights = np.ones(len(y)) if sample_weight is None else _check_sample_weight(sample_weight, X, dtype=np.float64)
        if (weights < 0).any():
            raise InputError(f"a weight is {weights.min():g}; weights are 0 or above.")
        self.columns_, target = self._names(target if isinstance(target, str) else "y")
        task = task_of(X, np.asarray(y, dtype=np.float64), weights, self.columns_, target)
        if self.units is not None:
            task = replace(task, units=tuple(self.units.get(name, "") for name in (*self.columns_, target)))
        options: dict[str, Any] = {"constants": tuple(self.constants)} if self.constants else {}
        options["dimensional_constants"] = self.dimensional_constants
        options |= {"programs": self.programs, "seconds": self.seconds, "candidates": self.candidates}
        self.result_: Result = learn(task, language=self.language, **options)
        laws = tuple(law for law in self.result_.candidates if isinstance(law, Law))
        if not laws:
            raise InputError(f"no law was found: {self.result_.stop.value}.")
        self.candidates_ = LawTable(laws)
        self.program_: Program = laws[0].program
        return self

    def _names(self, target: str) -> tuple[list[str], str]:
        """The names of the columns and of the target."""
        columns = list(map(str, getattr(self, "feature_names_in_", ())))
        units = list(self.units or ())
        if not columns:
            columns = [f"x{i}" for i in range(self.n_features_in_)]
            if len(units) == len(columns) + 1 and len(set(units) - set(columns)) != 1:
                columns = units[:-1]
        others = [name for name in units if name not in columns]
        if len(others) > 1:
            raise InputError(
                f"units has {', '.join(others)}, which are no columns; the columns are {', '.join(columns)}, and one "
                "name more may be that of the target."
            )
        return columns, others[0] if others else target

    def predict(self, X: Any, candidate: int = 0) -> Floats:
        """What a law gives for each row, `(n_rows,)`; `candidate` is its number in `candidates_`.

        ValueError names the rows where the law has no value.
        """
        check_is_fitted(self)
        law = self._law(candidate)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        values = law.program.over(list(X.T))
        wrong = np.flatnonzero(~np.isfinite(values))
        if wrong.size:
            where = ", ".join(f"{c} = {v:g}" for c, v in zip(self.columns_, X[wrong[0]], strict=True))
            named = ", ".join(map(str, wrong[:MOST_NAMED])) + (", ..." if wrong.size > MOST_NAMED else "")
            raise InputError(
                f"{python_expression(law.program.expr)} has no value in {wrong.size} of {len(values)} rows: {named}, "
                f"the first with {where}; leave such rows out, or choose another candidate."
            )
        return values

    def _law(self, candidate: int) -> Law:
        if not 0 <= candidate < len(self.candidates_):
            raise InputError(
                f"candidate={candidate} was given; they are numbered from 0 to {len(self.candidates_) - 1}."
            )
        return self.candidates_[candidate]

    def latex(self, candidate: int = 0) -> str:
        """The equation of a law as LaTeX."""
        check_is_fitted(self)
        return self._law(candidate).program.latex()

    def sympy(self, candidate: int = 0) -> Any:
        """The formula of a law as a SymPy expression."""
        check_is_fitted(self)
        return self._law(candidate).program.sympy()

    def next_experiment(self, ranges: Mapping[str, tuple[float, float]]) -> Experiment:
        """The point within ranges of the columns where the good candidates differ most.

        It is found as by `experiment.next_experiment`. Good are those that take at most 20 bits more than the best.
        InputError where there is no other.
        """
        check_is_fitted(self)
        best, *others = self.candidates_
        good = [best, *(law for law in others if law.score <= best.score + GOOD_BITS)]
        if others and len(good) == 1:
            raise InputError(
                f"the next best law takes {others[0].score - best.score:,.0f} bits more than the best, so there is "
                "nothing left to decide between them."
            )
        columns = dict(zip((v.name for v in self.program_.inputs), self.columns_, strict=True))
        names = {column: name for name, column in columns.items()}
        found = next_experiment(
            [law.program for law in good],
            {names.get(column, column): limits for column, limits in ranges.items()},
            [law.error for law in good],
        )
        return replace(found, inputs={columns[name]: value for name, value in found.inputs.items()})


def task_of(X: Floats, y: Floats, weights: Floats, names: Sequence[str], target: str) -> Task:
    """The rows as a task: each different row once, with the error that its weights together stand for.

    Rows keep the number of their first occurrence, and come in the order of their values, so that neither the order of
    the measurements nor whether a row is repeated or weighted makes a difference.
    """
    kept = np.flatnonzero(weights > 0)
    table = np.column_stack([X, y])[kept] + 0.0  # which makes -0.0 the 0.0 it equals
    distinct, first, group = np.unique(table, axis=0, return_index=True, return_inverse=True)
    total = np.bincount(group.ravel(), weights=weights[kept])
    rows = [
        Row(tuple(map(float, cells[:-1])), float(cells[-1]), int(kept[i]))
        for cells, i in zip(distinct, first, strict=True)
    ]
    if not rows:
        raise InputError("every weight is 0; give a weight above 0 to three rows or more.")
    types = [FLOAT] * (len(names) + 1)
    task = Task.from_rows(rows, names=names, types=types, output_name=target, name=target)
    if (total == total[0]).all():
        return task
    return replace(task, errors={row.number: 1 / math.sqrt(w) for row, w in zip(rows, total, strict=True)})
