"""Whether a formula is the same function as another: judged by values, on points inside a range and far outside it.

Clean data: the values agree as they are. Noisy data: the constants that are written in the formula are fitted again, to
values without noise; then the values must agree and no constant may have moved by more than a thousandth. A formula of
another form has no constants with which it agrees, however close it comes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr
from scipy.optimize import least_squares

from formula import Formula

Floats = NDArray[np.float64]
Range = tuple[float, float]

# Values agree when they differ by less than this, relative; near zero, by a thousandth of it of the median.
AGREEMENT = 1e-6
MOST_MOVED = 1e-3
# A range is stretched by this to both sides.
STRETCH = 3.0
# Points whose value is so many times larger or smaller than is usual in the range tell rounding and overflow only.
SPAN = 1e6
# Constants whose effects differ by less than this, relative, stand for one.
SAME_EFFECT = 1e-6
POINTS, DRAWN = 200, 20_000


def same_values(values: Floats, wanted: Floats, within: float = AGREEMENT) -> NDArray[np.bool_]:
    """Where values agree, `(n_rows,)`; a value that is not finite agrees with none."""
    with np.errstate(all="ignore"):
        near = within * (np.abs(wanted) + 1e-3 * np.median(np.abs(wanted)))
        return np.asarray(np.abs(values - wanted) <= near, dtype=bool)


def agreement(
    found: Formula, columns: Floats, wanted: Floats, *, most_moved: float = 0.0, within: float = AGREEMENT
) -> NDArray[np.bool_]:
    """Where a formula has the wanted values, `(n_rows,)`: as it is, or with constants moved by `most_moved` at most."""
    as_it_is = same_values(found(columns), wanted, within)
    if as_it_is.all() or not most_moved:
        return as_it_is
    constants = refitted(found, columns, wanted)
    if (np.abs(constants / found.constants - 1) > most_moved).any():
        return as_it_is
    return same_values(found(columns, constants), wanted)


def is_instance(found: Formula, form: Formula, columns: Floats) -> bool:
    """Whether a formula is a form with constants of its own, none of them zero, for those written with a point."""
    wanted = found(columns)
    if not np.isfinite(wanted).all():
        return False
    constants = refitted(form, columns, wanted, form.measured)
    return bool(
        same_values(form(columns, constants), wanted).all() and (np.abs(constants / form.constants) > 1e-6).all()
    )


def refitted(formula: Formula, columns: Floats, wanted: Floats, free: Sequence[int] | None = None) -> Floats:
    """The constants with which a formula comes nearest to some values; those at `free` may move, or all.

    Of constants that stand in for each other, as 2 and 5 in 2 * x / 5, one moves for all; zero stays.
    """
    start = formula.constants
    places = np.arange(len(start)) if free is None else np.array(free, dtype=int)
    if not len(places):
        return start
    scale = np.abs(wanted) + 1e-3 * np.median(np.abs(wanted))
    with np.errstate(all="ignore"):
        near = np.abs(formula(columns) - wanted) <= 2 * scale  # beyond, a pole may lie between
    if near.sum() < len(wanted) / 4:
        near[:] = True
    columns, wanted, scale = columns[:, near], wanted[near], scale[near]

    def constants(factors: Floats, moving: NDArray[np.intp]) -> Floats:
        full = start.copy()
        full[moving] *= factors
        return full

    def rest(factors: Floats, moving: NDArray[np.intp]) -> Floats:
        with np.errstate(all="ignore"):
            values = (formula(columns, constants(factors, moving)) - wanted) / scale
        return np.nan_to_num(values, nan=1e3, posinf=1e3, neginf=-1e3).clip(-1e3, 1e3)

    moving = places[independent(lambda factors: rest(factors, places), len(places))]
    fit = least_squares(
        rest, np.ones(len(moving)), args=(moving,), jac="3-point", method="lm", xtol=1e-15, ftol=1e-15, gtol=1e-15
    )
    return constants(fit.x, moving)


def independent(rest: Callable[[Floats], Floats], n: int) -> NDArray[np.intp]:
    """The constants, of `n`, whose effects no others have, the strongest first."""
    step = 1e-5
    effects = np.array([(rest(1 + step * e) - rest(1 - step * e)) / (2 * step) for e in np.eye(n)]).T
    _, triangle, order = qr(effects, mode="economic", pivoting=True)
    sizes = np.abs(np.diag(triangle))
    return order[: len(sizes)][sizes > SAME_EFFECT * max(sizes[0], 1e-300)]


def fresh_points(true: Formula, ranges: Mapping[str, Range], rng: np.random.Generator) -> Floats:
    """Points where a formula has values, `(n_inputs, n_points)`: half of them in the ranges, half in stretched ones."""
    inside = np.array([rng.uniform(*ranges[name], DRAWN) for name in true.names])
    wide = np.array([stretched(*ranges[name], rng) for name in true.names])
    usual = np.median(np.abs(true(inside)[np.isfinite(true(inside))]))
    chosen = []
    for columns in (inside, wide):
        size = np.abs(true(columns))
        with np.errstate(all="ignore"):
            told = (size > usual / SPAN) & (size < usual * SPAN)
        chosen.append(columns[:, told][:, :POINTS])
    return np.concatenate(chosen, axis=1)


def stretched(low: float, high: float, rng: np.random.Generator) -> Floats:
    """Values of a range three times as far to both sides; evenly on a logarithmic scale where all are positive."""
    if low > 0:
        return np.exp(rng.uniform(np.log(low / STRETCH), np.log(high * STRETCH), DRAWN))
    return rng.uniform(low * STRETCH, high * STRETCH, DRAWN)
