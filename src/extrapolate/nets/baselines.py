"""What is trained beside a program: regressions of columns of numbers, and nets that read and write sequences.

Each is tuned: its settings are chosen on rows that are held back from training, and none of them lies further out. A
`Learner` is made of the rows once and trained as often as there are seeds.
"""

from __future__ import annotations

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

REGRESSIONS = {"mlp": "neural net", "boosting": "gradient boosting"}
SEQUENCES = {"lstm": "LSTM", "transformer": "Transformer"}
# Settings that are tried, the first of them where nothing is tuned.
SETTINGS: dict[str, tuple[dict[str, Any], ...]] = {
    "mlp": tuple(
        {"hidden_layer_sizes": layers, "alpha": alpha}
        for layers in ((64, 64), (32,), (128, 128))
        for alpha in (1e-4, 1e-2)
    ),
    "boosting": tuple(
        {"n_estimators": trees, "learning_rate": rate} for trees, rate in ((100, 0.1), (400, 0.05), (400, 0.1))
    ),
}
# A regression is fitted to at most so many rows.
MOST_ROWS = 5000
# One row of so many is held back to choose by, and no more than that.
HELD_BACK, MOST_HELD_BACK = 5, 500


class Learner(Protocol):
    """`how` says in a sentence how it was tuned; `trained` gives what answers, with the marks for rows."""

    how: str

    def trained(self, seed: int, on_progress: Progress) -> Marks: ...


def learner(kind: str, rows: Rows, seconds: float, seed: int, on_progress: Progress) -> Learner:
    """What learns from rows, tuned on some that are held back; a training takes about so many seconds, tuning half of
    them."""
    order = np.random.default_rng(seed).permutation(len(rows))
    n_held = min(MOST_HELD_BACK, len(rows) // HELD_BACK)
    held, own = ([rows[i] for i in places] for places in (order[:n_held], order[n_held:]))
    if kind in REGRESSIONS:
        return Regression(kind, own, held, seconds, on_progress)
    require_package("torch", f"the {SEQUENCES[kind]}", "nets")
    from extrapolate.nets.sequences import Sequencer

    return Sequencer(kind, own, held, seconds, seed, on_progress)


class Regression:
    """A regression of scikit-learn, with the settings that leave least on the rows held back."""

    def __init__(self, kind: str, rows: Rows, held: Rows, seconds: float, on_progress: Progress):
        self.kind = kind
        self.x, self.y = columns(rows[:MOST_ROWS])
        x, y = columns(held)
        lost, start = [], perf_counter()
        for i, setting in enumerate(SETTINGS[kind]):
            predict = fitted(kind, self.x, self.y, setting)
            lost.append(float(np.mean((predict(x) - y) ** 2)))
            on_progress((i + 1) / len(SETTINGS[kind]))
            if perf_counter() - start > seconds:
                break
        self.setting = SETTINGS[kind][int(np.argmin(lost))]
        said = ", ".join(f"{name}={value}" for name, value in self.setting.items())
        self.how = (
            f"{REGRESSIONS[kind]} of scikit-learn on {len(self.y):,} rows, scaled; of {len(lost)} settings {said} was "
            f"best on {len(y):,} others"
        )

    def trained(self, seed: int, on_progress: Progress) -> Marks:
        predict = fitted(self.kind, self.x, self.y, self.setting, seed)
        on_progress(1.0)

        def marks(rows: Rows) -> Floats:
            x, y = columns(rows)
            return relative_errors(predict(x), y)

        return marks


def columns(rows: Rows) -> tuple[Floats, Floats]:
    """The inputs of rows of numbers, `(n, inputs)`, and their outputs, `(n,)`."""
    return (
        np.array([inputs for inputs, _ in rows], dtype=np.float64),
        np.array([output for _, output in rows], dtype=np.float64),
    )


def relative_errors(given: Sequence[float] | Floats, wanted: Sequence[float] | Floats) -> Floats:
    """How far each answer is off, as a share of what is wanted; infinite where there is no answer."""
    answers, truth = np.asarray(given, dtype=np.float64), np.asarray(wanted, dtype=np.float64)
    size = np.where(truth == 0, np.std(truth) or 1.0, np.abs(truth))
    found: Floats = np.nan_to_num(np.abs(answers - truth) / size, nan=np.inf, posinf=np.inf)
    return found


def fitted(
    kind: str, x: Floats, y: Floats, setting: dict[str, Any] | None = None, seed: int = 0
) -> Callable[[Floats], Floats]:
    """A regression fitted to `x`, `(n, inputs)`, and `y`, `(n,)`: a function from inputs to answers.

    InputError for another kind than "boosting" and "mlp", and without scikit-learn.
    """
    if kind not in REGRESSIONS:
        raise InputError(f"baseline={kind!r} was given; the baselines are {' and '.join(sorted(REGRESSIONS))}.")
    try:
        from sklearn.compose import TransformedTargetRegressor
        from sklearn.ensemble import GradientBoostingRegressor
        from sklearn.neural_network import MLPRegressor
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler
    except ImportError:
        raise InputError(
            "scikit-learn is not installed, which the baselines are from; `pip install 'extrapolate[sklearn]'` "
            "brings it."
        ) from None
    setting = SETTINGS[kind][0] if setting is None else setting
    if kind == "boosting":
        model = GradientBoostingRegressor(random_state=seed, **setting)
    else:
        net = make_pipeline(StandardScaler(), MLPRegressor(solver="lbfgs", max_iter=2000, random_state=seed, **setting))
        model = TransformedTargetRegressor(net, transformer=StandardScaler())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a net that has not quite converged is a baseline all the same
        model.fit(x, y)
    return lambda x: np.asarray(model.predict(x), dtype=np.float64)
