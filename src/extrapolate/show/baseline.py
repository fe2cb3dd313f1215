"""A model that is fitted to measurements beside a law: what a curve fit makes of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extrapolate.nets.baselines import OF_COLUMNS, Floats, fitted


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
        inside = ~held_out
        model = fitted(kind, x[:, inside].T, y[inside])

        def r_squared(rows: NDArray[np.bool_]) -> float | None:
            if not np.ptp(y[rows]):
                return None
            left = y[rows] - model(x[:, rows].T)
            around = y[rows] - y[rows].mean()
            return float(1 - (left @ left) / (around @ around))

        scores = r_squared(inside) or 0.0, r_squared(held_out) if held_out.sum() > 1 else None
        return cls(OF_COLUMNS[kind], lambda columns: model(np.column_stack(columns)), scores)
