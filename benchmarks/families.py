"""What a scientist does by hand: 26 textbook families fitted to a curve by least squares, the best by AICc.

Constants that are linear in a family follow from the others (separable least squares; Golub and Pereyra, SIAM J. Numer.
Anal. 10, 1973), which start at the best of many random places and are fitted to the end. The criterion is Akaike's,
corrected for few rows (Hurvich and Tsai, Biometrika 76, 1989).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SEED, PLACES, FITTED = 0, 400, 4


@dataclass(frozen=True)
class Family:
    """`columns(x, *constants)` are what is added up, `constants` the kinds of what is not linear, drawn by `DRAWN`."""

    name: str
    constants: Sequence[str]
    columns: Callable[..., Sequence[Floats]]

    def values(self, x: Floats, constants: Floats) -> Floats:
        """The columns, `(n_columns, n_rows)`; all NaN where one of them has no value somewhere."""
        with np.errstate(all="ignore"):
            made = np.array(np.broadcast_arrays(x, *self.columns(x, *constants))[1:], dtype=np.float64)
        return made if np.isfinite(made).all() else np.full_like(made, np.nan)


DRAWN: dict[str, Callable[[np.random.Generator, Floats], float]] = {
    "rate": lambda r, x: float(r.choice([-1, 1]) * 10 ** r.uniform(-1, 1.5) / np.ptp(x)),
    "decay": lambda r, x: float(10 ** r.uniform(-1, 1.5) / np.ptp(x)),
    "wave": lambda r, x: float(2 * np.pi * r.uniform(0.25, len(x) / 3) / np.ptp(x)),
    "place": lambda r, x: float(r.uniform(x.min() - np.ptp(x) / 2, x.max() + np.ptp(x) / 2)),
    "before": lambda r, x: float(-x.min() + 10 ** r.uniform(-2.5, 1) * np.ptp(x)),
    "width": lambda r, x: float(10 ** r.uniform(-1.7, 0.3) * np.ptp(x)),
    "size": lambda r, x: float(10 ** r.uniform(-2, 1) * np.abs(x).max()),
    "power": lambda r, _: float(r.uniform(-4, 4)),
    "steepness": lambda r, _: float(r.choice([-1, 1]) * 10 ** r.uniform(-0.3, 0.9)),
}


def one(x: Floats) -> Floats:
    return np.ones_like(x)


def over(x: Floats, below: Floats) -> Floats:
    return x / np.where(below == 0, np.nan, below)


FAMILIES = (
    Family("line", (), lambda x: [one(x), x]),
    Family("proportion", (), lambda x: [x]),
    Family("parabola", (), lambda x: [one(x), x, x**2]),
    Family("cubic", (), lambda x: [one(x), x, x**2, x**3]),
    Family("power", ("power",), lambda x, p: [x**p]),
    Family("power and offset", ("power",), lambda x, p: [one(x), x**p]),
    Family("shifted power", ("before", "power"), lambda x, b, p: [(x + b) ** p]),
    Family("exponential", ("rate",), lambda x, k: [np.exp(k * x)]),
    Family("exponential and offset", ("rate",), lambda x, k: [one(x), np.exp(k * x)]),
    Family("two exponentials", ("rate", "rate"), lambda x, k, q: [np.exp(k * x), np.exp(q * x)]),
    Family("saturating exponential", ("decay",), lambda x, k: [1 - np.exp(-k * x)]),
    Family("stretched exponential", ("size", "steepness"), lambda x, s, p: [np.exp(-((x / s) ** p))]),
    Family("logarithm", (), lambda x: [one(x), np.log(x)]),
    Family("shifted logarithm", ("before",), lambda x, b: [one(x), np.log(x + b)]),
    Family("hyperbola", ("before",), lambda x, b: [over(one(x), x + b)]),
    Family("hyperbola and offset", ("before",), lambda x, b: [one(x), over(one(x), x + b)]),
    Family("Michaelis-Menten", ("size",), lambda x, k: [over(x, x + k)]),
    Family("Hill", ("size", "steepness"), lambda x, k, p: [1 / (1 + (x / k) ** p)]),
    Family("four-parameter logistic", ("size", "steepness"), lambda x, k, p: [one(x), 1 / (1 + (x / k) ** p)]),
    Family("logistic", ("rate", "place"), lambda x, k, c: [1 / (1 + np.exp(k * (x - c)))]),
    Family("Gompertz", ("rate", "place"), lambda x, k, c: [np.exp(-np.exp(k * (x - c)))]),
    Family("Gaussian and offset", ("place", "width"), lambda x, c, w: [one(x), np.exp(-(((x - c) / w) ** 2))]),
    Family("Lorentzian and offset", ("place", "width"), lambda x, c, w: [one(x), 1 / (1 + ((x - c) / w) ** 2)]),
    Family("wave and offset", ("wave",), lambda x, w: [one(x), np.cos(w * x), np.sin(w * x)]),
    Family(
        "damped wave",
        ("decay", "wave"),
        lambda x, k, w: [np.exp(-k * x) * np.cos(w * x), np.exp(-k * x) * np.sin(w * x)],
    ),
    Family("Arrhenius", ("size",), lambda x, e: [np.exp(-over(e * one(x), x))]),
)


class Fitted(NamedTuple):
    """A family with its constants and its AICc."""

    family: Family
    constants: Floats
    linear: Floats
    criterion: float

    def values(self, x: Floats) -> Floats:
        return self.linear @ self.family.values(x, self.constants)


def best_family(x: Floats, y: Floats) -> Fitted | None:
    """The family with the least AICc for a curve of `(n_rows,)`; None where no family has fewer constants than rows."""
    rng = np.random.default_rng(SEED)
    fits = (fitted(family, x, y, rng) for family in FAMILIES)
    return min((f for f in fits if f is not None), key=lambda f: f.criterion, default=None)


def fitted(family: Family, x: Floats, y: Floats, rng: np.random.Generator) -> Fitted | None:
    from scipy.optimize import least_squares

    def rest(constants: Floats) -> Floats:
        columns = family.values(x, constants)
        found = linear(columns, y)
        return y if found is None else y - found @ columns

    starts = [np.array([DRAWN[kind](rng, x) for kind in family.constants]) for _ in range(PLACES)]
    if not family.constants:
        starts = starts[:1]
    ends = sorted(starts, key=lambda start: float(np.sum(rest(start) ** 2)))[:FITTED]
    if family.constants:
        ends = [least_squares(rest, e, x_scale=np.maximum(np.abs(e), 1e-9), max_nfev=200).x for e in ends]
    best = min(ends, key=lambda end: float(np.sum(rest(end) ** 2)))
    columns = family.values(x, best)
    found, k, n = linear(columns, y), len(best) + len(columns) + 1, len(y)
    if found is None or n <= k + 1:
        return None
    misfit = max(float(np.mean(rest(best) ** 2)), 1e-300)
    return Fitted(family, best, found, n * math.log(misfit) + 2 * k + 2 * k * (k + 1) / (n - k - 1))


def linear(columns: Floats, y: Floats) -> Floats | None:
    """The coefficients of columns that fit best; None where a column has no values."""
    if not np.isfinite(columns).all():
        return None
    sizes = np.linalg.norm(columns, axis=1)
    sizes[sizes == 0] = 1.0
    found, *_ = np.linalg.lstsq((columns / sizes[:, None]).T, y, rcond=1e-12)
    return np.asarray(found / sizes, dtype=np.float64)
