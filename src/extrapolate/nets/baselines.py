"""What is trained beside a program: models of columns of numbers, and nets that read and write sequences.

Each is tuned: its settings are chosen on rows that are held back from training, none of which lies further out. A
`Learner` is made of the rows once and trained as often as there are seeds.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.errors import InputError, require_package

Floats = NDArray[np.float64]
Rows = Sequence[tuple[tuple[Any, ...], Any]]
Progress = Callable[[float], None]
# What is said of each row of some: how far off the answer is, or whether it is right.
Marks = Callable[[Rows], Floats]

OF_COLUMNS = {"mlp": "neural net", "boosting": "gradient boosting"}
OF_SEQUENCES = {"lstm": "LSTM", "transformer": "Transformer"}
# Settings that are tried. Boosting draws four rows in five for each tree (Friedman 2002, Stochastic gradient boosting).
SETTINGS: dict[str, tuple[dict[str, Any], ...]] = {
    "mlp": tuple(
        {"hidden_layer_sizes": layers, "alpha": alpha}
        for layers in ((64, 64), (32,), (128, 128))
        for alpha in (1e-4, 1e-2)
    ),
    "boosting": tuple(
        {"n_estimators": trees, "learning_rate": rate, "subsample": 0.8}
        for trees, rate in ((100, 0.1), (400, 0.05), (400, 0.1))
    ),
}
UNTUNED: dict[str, dict[str, Any]] = {"mlp": {"hidden_layer_sizes": (64, 64)}, "boosting": {}}
# A model of columns is fitted to at most so many rows.
MOST_ROWS = 5000
# One row of so many is held back to choose by, and no more than that.
HELD_BACK, MOST_HELD_BACK = 5, 500
# Tuning takes so much of the time of a training.
TUNING = 0.5


class Learner(Protocol):
    """`how` says in a sentence how it was tuned; `trained` gives what answers, with the marks for rows."""

    how: str

    def trained(self, seed: int, on_progress: Progress) -> Marks: ...


def learner(kind: str, rows: Rows, others: Rows, seconds: float, seed: int, on_progress: Progress) -> Learner:
    """What learns from rows, tuned on some that are held back; `others` are those it will be asked about, of which only
    the numbers that are written with one sign are known to it. A training takes about so many seconds, tuning half of
    them."""
    order = np.random.default_rng(seed).permutation(len(rows))
    n_held = min(MOST_HELD_BACK, len(rows) // HELD_BACK)
    held, own = ([rows[i] for i in places] for places in (order[:n_held], order[n_held:]))
    if kind in OF_COLUMNS:
        return Columns(kind, own, held, seconds, on_progress)
    from extrapolate.nets.sequences import Sequencer

    return Sequencer(kind, own, held, others, seconds, seed, on_progress)


class Columns:
    """A model of scikit-learn, with the settings that lose least on the rows held back, fitted to them too."""

    def __init__(self, kind: str, rows: Rows, held: Rows, seconds: float, on_progress: Progress):
        self.kind = kind
        self.fitted = fitted if of_numbers([output for _, output in rows]) else classified
        x, y = columns(held)
        lost: list[float] = []
        start = perf_counter()
        for setting in SETTINGS[kind]:
            answers = self.fitted(kind, *columns(rows[:MOST_ROWS]), setting)(x)
            lost.append(float(np.mean((answers - y) ** 2 if self.fitted is fitted else answers != y)))
            on_progress(len(lost) / len(SETTINGS[kind]))
            if perf_counter() - start > TUNING * seconds:
                break
        self.setting = SETTINGS[kind][int(np.argmin(np.nan_to_num(lost, nan=math.inf)))]
        self.rows = [*rows, *held][:MOST_ROWS]
        said = ", ".join(f"{name}={value}" for name, value in self.setting.items())
        of = f"the best of {len(lost)} settings" if len(lost) > 1 else "the first setting, for want of time"
        self.how = f"{OF_COLUMNS[kind]} of scikit-learn on {len(self.rows):,} scaled rows; {said}, {of}"

    def trained(self, seed: int, on_progress: Progress) -> Marks:
        """What the model makes of rows: how far off it is, as a share, or whether it is right."""
        predict = self.fitted(self.kind, *columns(self.rows), self.setting, seed)
        on_progress(1.0)

        def marks(rows: Rows) -> Floats:
            x, y = columns(rows)
            answers = predict(x)
            return relative_errors(answers, y) if self.fitted is fitted else (answers == y).astype(float)

        return marks


def of_numbers(outputs: Sequence[Any]) -> bool:
    return all(isinstance(output, int | float) and not isinstance(output, bool) for output in outputs)


def columns(rows: Rows) -> tuple[Floats, NDArray[Any]]:
    """The inputs of rows of numbers, `(n, inputs)`, and their outputs, `(n,)`: as numbers, or as they are."""
    outputs = [output for _, output in rows]
    y = np.array(outputs, dtype=np.float64 if of_numbers(outputs) else str)
    return np.array([inputs for inputs, _ in rows], dtype=np.float64), y


def relative_errors(given: Sequence[float] | Floats, wanted: Sequence[float] | Floats) -> Floats:
    """How far each answer is off, as a share of what is wanted, of the spread of these where that is 0; infinite where
    there is no answer."""
    answers, truth = (np.array([as_float(v) for v in values]) for values in (given, wanted))
    with np.errstate(all="ignore"):
        size = np.where(truth == 0, np.nan_to_num(np.std(truth)) or 1.0, np.abs(truth))
        found: Floats = np.nan_to_num(np.abs(answers - truth) / size, nan=np.inf, posinf=np.inf)
    return found


def as_float(value: float) -> float:
    """The number as a float, infinite where it is too large for one."""
    try:
        return float(value)
    except OverflowError:
        return math.inf


Predict = Callable[[Floats], NDArray[Any]]


def fitted(kind: str, x: Floats, y: Floats, setting: dict[str, Any] | None = None, seed: int = 0) -> Predict:
    """A regression fitted to `x`, `(n, inputs)`, and `y`, `(n,)`: a function from inputs to answers.

    InputError for another kind than "boosting" and "mlp", and without scikit-learn.
    """
    if kind not in OF_COLUMNS:
        raise InputError(f"baseline={kind!r} was given; the baselines are {' and '.join(sorted(OF_COLUMNS))}.")
    require_package("sklearn", "a baseline", "sklearn")
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.ensemble import GradientBoostingRegressor
    from sklearn.neural_network import MLPRegressor
    from sklearn.preprocessing import StandardScaler

    own = UNTUNED[kind] if setting is None else setting
    if kind == "boosting":
        model = GradientBoostingRegressor(random_state=seed, **own)
    else:
        model = MLPRegressor(solver="lbfgs", max_iter=2000, random_state=seed, **own)
    return learned(TransformedTargetRegressor(scaled(model), transformer=StandardScaler()), x, y)


def classified(kind: str, x: Floats, y: NDArray[Any], setting: dict[str, Any], seed: int = 0) -> Predict:
    """A classifier fitted to `x`, `(n, inputs)`, and classes `y`, `(n,)`: a function from inputs to classes."""
    from sklearn.ensemble import GradientBoostingClassifier
    from sklearn.neural_network import MLPClassifier

    if len(set(y)) == 1:
        return lambda x: np.full(len(x), y[0])
    if kind == "boosting":
        return learned(scaled(GradientBoostingClassifier(random_state=seed, **setting)), x, y)
    return learned(scaled(MLPClassifier(solver="lbfgs", max_iter=2000, random_state=seed, **setting)), x, y)


def scaled(model: Any) -> Any:
    """A model of columns that are brought to the same size first."""
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), model)


def learned(model: Any, x: Floats, y: NDArray[Any]) -> Predict:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a net that has not quite converged is a baseline all the same
        model.fit(x, y)
    return lambda x: np.asarray(model.predict(x))
