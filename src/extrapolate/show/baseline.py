"""A model that is fitted to measurements beside a law: what a curve fit makes of them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.errors import InputError

Floats = NDArray[np.float64]

BASELINES = ("boosting", "mlp")


@dataclass(frozen=True)
class Baseline:
    """A fitted model. `predict` takes columns; `scores` are R squared inside the range and at its edge."""

    name: str
    predict: Callable[[Sequence[Floats]], Floats]
    scores: tuple[float, float | None]

    @classmethod
    def fitted(cls, kind: str, x: Floats, y: Floats, held_out: NDArray[np.bool_]) -> Baseline:
        """The model fitted to the rows that are not held out; `x` is `(n_inputs, n_rows)`, `y` `(n_rows,)`.

        InputError for another kind than "boosting" and "mlp", and without scikit-learn.
        """
        if kind not in BASELINES:
            raise InputError(f"baseline={kind!r} was given; the baselines are {' and '.join(BASELINES)}.")
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
        if kind == "boosting":
            name, model = "gradient boosting", GradientBoostingRegressor(random_state=0)
        else:
            net = make_pipeline(
                StandardScaler(),
                MLPRegressor(hidden_layer_sizes=(64, 64), solver="lbfgs", max_iter=2000, random_state=0),
            )
            name, model = "neural net", TransformedTargetRegressor(net, transformer=StandardScaler())
        inside = ~held_out
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a net that has not quite converged is a baseline all the same
            model.fit(x[:, inside].T, y[inside])

        def predict(columns: Sequence[Floats]) -> Floats:
            return np.asarray(model.predict(np.column_stack(columns)), dtype=np.float64)

        outside = float(model.score(x[:, held_out].T, y[held_out])) if held_out.any() else None
        return cls(name, predict, (float(model.score(x[:, inside].T, y[inside])), outside))
