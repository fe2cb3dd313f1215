"""Orthogonal distances: measurements whose inputs have errors too.

Each row lies at a distance from a curve, in units of the errors of all its columns (Deming; York, "Least-squares
fitting of a straight line", Can. J. Phys. 44, 1966). Given a curve, its slopes say where on it a row most likely was
and what error all its columns make together; a fit of the curve to the rows as they are there is the next curve. Where
nothing moves any more, the sum of the squared distances is least (Britt and Luecke, Technometrics 15, 1973).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from extrapolate.regression.search.form import Valued
from extrapolate.regression.search.measurements import Measurements

Floats = NDArray[np.float64]
AnyCurve = TypeVar("AnyCurve", bound=Valued)

# Slopes are taken over such a part of the errors of an input.
STEP = 0.01
# Rows are moved to a curve in so many steps, and curves fitted to them so often, until they leave as much as before.
STEPS, ROUNDS, SETTLED = 5, 40, 1e-9
# No row is moved where that changes the target by more than so many times its range.
FARTHEST = 1.0


def weighed(m: Measurements, curve: Valued) -> Measurements:
    """Measurements with the errors that all columns of a row make together, where a curve is as steep as it is."""
    if m.errors is None:
        return m
    together = joint_errors(m, slopes_of(curve, m.x, m.errors[:-1]))
    return replace(m, weights=abs(m.y_factor) / together) if np.isfinite(together).all() else m


def moved(m: Measurements, curve: Valued) -> Measurements:
    """Measurements as they are seen from where they most likely were, if a curve is the law: inputs at that place, the
    target less what the curve changes on the way there, and rows that weigh as all their errors say."""
    assert m.errors is not None
    x, y, variances = m.x, m.y, m.errors[:-1] ** 2
    with np.errstate(all="ignore"):
        for _ in range(STEPS):
            slopes = slopes_of(curve, x, m.errors[:-1])
            together = joint_errors(m, slopes)
            y = m.y - (slopes * (m.x - x)).sum(axis=0)
            x = m.x + slopes * variances * ((y - curve.values(x)) / together**2)
        slopes = slopes_of(curve, x, m.errors[:-1])
        together = joint_errors(m, slopes)
        y = m.y - (slopes * (m.x - x)).sum(axis=0)
    is_near = np.isfinite(x).all() and np.isfinite(together).all() and np.abs(y - m.y).max() < FARTHEST * np.ptp(m.y)
    if not is_near:  # as beside a pole
        return weighed(m, curve)
    return replace(m, x=x, y=y, weights=abs(m.y_factor) / together)


def nearest(
    curve: AnyCurve, m: Measurements, refitted: Callable[[AnyCurve, Measurements], AnyCurve]
) -> tuple[AnyCurve, Measurements]:
    """A curve that was fitted to measurements, now by orthogonal distances, and these as they are seen from it; both
    as they are where inputs have no errors. `refitted` gives a curve with constants near its own that fit best."""
    if m.errors is None:
        return curve, m
    near, left = m, np.inf
    for _ in range(ROUNDS):
        near = moved(m, curve)
        curve = refitted(curve, near)
        before, left = left, float(np.linalg.norm(near.rest(curve.values(near.x))))
        if not abs(before - left) > SETTLED * left:
            break
    return curve, near


def slopes_of(curve: Valued, x: Floats, errors: Floats) -> Floats:
    """How steep a curve is along each input that has errors, `(n_inputs, n_rows)`; 0 along others."""
    slopes = np.zeros_like(x)
    with np.errstate(all="ignore"):
        for i, own in enumerate(errors):
            if not own.any():
                continue
            step = np.where(own > 0, STEP * own, STEP * own.max())
            above, below = x.copy(), x.copy()
            above[i], below[i] = x[i] + step, x[i] - step
            slopes[i] = (curve.values(above) - curve.values(below)) / (above[i] - below[i])
    return slopes


def joint_errors(m: Measurements, slopes: Floats) -> Floats:
    """The standard error that the target and the inputs of each row make together, `(n_rows,)`."""
    assert m.errors is not None
    together: Floats = np.sqrt(m.errors[-1] ** 2 + ((slopes * m.errors[:-1]) ** 2).sum(axis=0))
    return together
