"""Orthogonal distances: measurements whose inputs have errors too.

Each row lies at a distance from a curve, in units of the errors of all its columns (Deming; York, "Least-squares
fitting of a straight line", Can. J. Phys. 44, 1966). Given a curve, its slopes say where on it a row most likely was
and what error all its columns make together, and so how far it is off; the constants for which the sum of the squared
distances is least are looked for (Britt and Luecke, Technometrics 15, 1973; Boggs, Byrd and Schnabel, SIAM Journal on
Scientific and Statistical Computing 8, 1987).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from extrapolate.regression.search.form import Valued
from extrapolate.regression.search.measurements import Measurements

Floats = NDArray[np.float64]
AnyCurve = TypeVar("AnyCurve", bound=Valued)
Fit = TypeVar("Fit")

# Slopes are taken over such a part of the errors of an input, and of the input itself at least.
STEP, LEAST_STEP = 0.01, 1e-7
# Rows are moved to a curve in so many steps; curves are fitted until they leave as much as before, by slopes over such
# a part of each constant (squared).
STEPS, SETTLED, EPSILON, BAD = 5, 1e-10, 1e-10, 1e6
# No row is moved where that changes the target by more than so many times its range.
FARTHEST = 1.0
# Larger errors are as large: the row says nothing.
LARGEST = 1e120


def weighed(m: Measurements, curve: Valued) -> Measurements:
    """Measurements with the errors that all columns of a row make together, where a curve is as steep as it is."""
    if m.errors is None:
        return m
    return replace(m, weights=abs(m.y_factor) / joint_errors(m, slopes_of(curve, m.x, m.errors[:-1])))


def moved(m: Measurements, curve: Valued) -> Measurements:
    """Measurements as they are seen from where they most likely were, if a curve is the law: inputs at that place, the
    target less what the curve changes on the way there, and rows that weigh as all their errors say. Those that would
    be moved far, as beside a pole, or to where the curve has no value stay where they are."""
    if m.errors is None:
        return m
    x, variances, as_measured = m.x, m.errors[:-1] ** 2, slopes_of(curve, m.x, m.errors[:-1])
    slopes = as_measured
    with np.errstate(all="ignore"):
        for _ in range(STEPS):
            seen = m.y - (slopes * (m.x - x)).sum(axis=0)
            there = m.x + slopes * variances * ((seen - curve.values(x)) / joint_errors(m, slopes) ** 2)
            stays = ~np.isfinite(there).all(axis=0) | ~np.isfinite(curve.values(there))
            x = np.where(stays, x, there)
            slopes = slopes_of(curve, x, m.errors[:-1])
        y = m.y - (slopes * (m.x - x)).sum(axis=0)
    is_far = ~(np.abs(y - m.y) < FARTHEST * np.ptp(m.y))
    x, y, slopes = np.where(is_far, m.x, x), np.where(is_far, m.y, y), np.where(is_far, as_measured, slopes)
    return replace(m, x=x, y=y, weights=abs(m.y_factor) / joint_errors(m, slopes), typical=m.typical_target)


def nearest(
    m: Measurements,
    start: Floats,
    curve_of: Callable[[Floats], AnyCurve],
    refitted: Callable[[AnyCurve, Measurements], Fit],
) -> tuple[Fit, Measurements]:
    """What is fitted by orthogonal distances from some constants `(n_constants,)` on, and the measurements as they are
    seen from it. `curve_of` gives a curve for constants, and `refitted` what is made of one that fits best."""
    from scipy.optimize import leastsq

    def distances(constants: Floats) -> Floats:
        curve = curve_of(constants)
        near = moved(m, curve)
        rest = near.rest(curve.values(near.x)) / abs(m.y_factor)
        return np.where(np.isfinite(rest), rest, BAD)

    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = start
        if 0 < len(start) <= m.n_rows:
            found = np.atleast_1d(leastsq(distances, start, ftol=SETTLED, xtol=SETTLED, epsfcn=EPSILON)[0])
        curve = curve_of(found)
        near = moved(m, curve)
        return refitted(curve, near), near


def slopes_of(curve: Valued, x: Floats, errors: Floats) -> Floats:
    """How steep a curve is along each input that has errors, `(n_inputs, n_rows)`: to one side where it has no value on
    the other, and 0 where it has none on either, and along other inputs."""
    slopes = np.zeros_like(x)
    with np.errstate(all="ignore"):
        here = curve.values(x)
        for i, own in enumerate(errors):
            if not own.any():
                continue
            step = np.maximum(STEP * np.where(own > 0, own, own.max()), LEAST_STEP * np.abs(x[i]))
            above, below = x.copy(), x.copy()
            above[i], below[i] = x[i] + step, x[i] - step
            up, down = curve.values(above), curve.values(below)
            for slope in ((up - here) / step, (here - down) / step, (up - down) / (2 * step)):
                slopes[i] = np.where(np.isfinite(slope), slope, slopes[i])
    return slopes


def joint_errors(m: Measurements, slopes: Floats) -> Floats:
    """The standard error that the target and the inputs of each row make together, `(n_rows,)`."""
    assert m.errors is not None
    with np.errstate(over="ignore"):
        together: Floats = np.sqrt(m.errors[-1] ** 2 + ((slopes * m.errors[:-1]) ** 2).sum(axis=0))
    return np.minimum(together, LARGEST)
