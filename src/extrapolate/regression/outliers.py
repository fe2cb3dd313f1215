"""Outliers: rows that a law misses by far, where it is close to all others.

A law that is bent by one wrong row is seldom the one. So the laws that were found are fitted again with a loss that far
rows have little say in (Huber, Robust Statistics, 1981; here that of Cauchy), and a few rows that lie far off are left
out where the others are described in so many fewer bits that naming the rows is worth it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from extrapolate.regression.claims import far_between
from extrapolate.regression.search.constants import BAD, fit, free_constants, in_sizes
from extrapolate.regression.search.description import bits
from extrapolate.regression.search.form import Form, prepared
from extrapolate.regression.search.measurements import Measurements

Floats = NDArray[np.float64]

LEAST_ROWS, MOST_OUTLYING = 8, 0.1
# So many laws are fitted again with little heed to rows that lie far off.
MOST_ROBUST = 12
# An outlier is off by so many standard deviations of the others, as their median tells, and costs so many bits beside
# its name.
FAR, DEVIATION, A_ROW, WORTH = 6.0, 1.4826, 12.0, 10.0
# A row stands out from its neighbours when it is so many times as far off as any other is without it.
STANDING_OUT, TINY = 5.0, 1e-9
# Of more far rows than may be outliers those are that are so many times as far off as the next.
APART = 5.0


def standing_out(x: Floats, y: Floats) -> NDArray[np.bool_]:
    """The rows of a curve `(n_rows,)` that stand out from both neighbours as no other does: single ones, few, and none
    at an end. What a needle in a formula could follow for their sake says nothing of a law."""
    order = np.argsort(x, kind="stable")
    x, y, kept = x[order], y[order], np.arange(len(x))
    found: list[int] = []
    apart, taken = 0, math.inf
    while len(x) >= LEAST_ROWS and len(found) < MOST_OUTLYING * len(x):
        off = off_neighbours(x[kept], y[kept])
        far = int(np.argmax(off))
        taken = min(taken, float(off[far]))
        found.append(int(kept[far]))
        kept = np.delete(kept, far)
        if taken > max(STANDING_OUT * off_neighbours(x[kept], y[kept]).max(), TINY * np.ptp(y)):
            apart = len(found)
    rows = np.zeros(len(x), dtype=bool)
    rows[order[found[:apart]]] = True
    return rows


def off_neighbours(x: Floats, y: Floats) -> Floats:
    """How far each row of a curve is off the line between its neighbours, 0 for the first and last and where there are
    rows at the same place."""
    width = x[2:] - x[:-2]
    with np.errstate(all="ignore"):
        between = y[:-2] + (y[2:] - y[:-2]) * (x[1:-1] - x[:-2]) / width
    off = np.abs(y[1:-1] - between)
    return np.concatenate([[0.0], np.where(np.isfinite(off) & (np.diff(x).min() > 0), off, 0.0), [0.0]])


class Outlying(NamedTuple):
    """Rows that lie far off a form, `(n_rows,)`, and its bits without them, with what it takes to name them."""

    rows: NDArray[np.bool_]
    bits: float


def outlying(m: Measurements, forms: Sequence[Form]) -> NDArray[np.bool_] | None:
    """The rows to leave out, `(n_rows,)`, where one of the forms, the best first, describes the others in so many fewer
    bits than any of them describes all; None where that is not worth it."""
    if m.n_inputs == 1:  # a pole beside one row describes that row
        forms = [f for f in forms if far_between(lambda places: f.values(places[None]), m.x[0], m.y) is None]  # noqa: B023
    forms = forms[:MOST_ROBUST]
    if m.n_rows < LEAST_ROWS or not forms:
        return None
    best = min(bits(fit(form, m), m.n_rows) for form in forms)
    found = [o for o in (far_rows(m, form) for form in forms) if o is not None]
    chosen = min(found, key=lambda o: o.bits, default=None)
    return chosen.rows if chosen is not None and chosen.bits + WORTH < best else None


def is_an_end(x: Floats, rows: NDArray[np.bool_]) -> bool:
    """Whether one of some rows is the first or the last on a column."""
    return bool(x[rows].min() < x[~rows].min() or x[rows].max() > x[~rows].max())


def far_rows(m: Measurements, form: Form) -> Outlying | None:
    rest = robust_rest(m, form)
    if rest is None:
        return None
    off, most = np.abs(rest), max(1, int(MOST_OUTLYING * m.n_rows))
    spread = DEVIATION * float(np.median(off))
    rows = off > FAR * spread
    if rows.sum() > most:  # those that stand apart from the others that are far
        *_, next_, last = np.sort(off)[: m.n_rows - most + 1]
        rows = off >= last if last > APART * next_ else np.zeros_like(rows)
    if not spread or not 0 < rows.sum() <= most or are_at_an_end(m, rows):
        return None
    others = m.rows(~rows)
    fitted = fit(form, others)
    scale = others.n_rows * math.log2(others.size / m.size * math.sqrt(m.n_rows / others.n_rows))
    named = float(rows.sum()) * (A_ROW + math.log2(m.n_rows))
    return Outlying(rows, bits(fitted, others.n_rows) + scale + named)


def are_at_an_end(m: Measurements, rows: NDArray[np.bool_]) -> bool:
    """Whether several rows are those at one end of an input: there another law may begin."""
    if rows.sum() < 2:
        return False
    return any((x[rows].min() > x[~rows].max()) or (x[rows].max() < x[~rows].min()) for x in m.x)


def robust_rest(m: Measurements, form: Form) -> Floats | None:
    """What a form leaves when it is fitted with little heed to far rows; None where it can't be."""
    from scipy.optimize import least_squares

    start, _, constants = in_sizes(form, free_constants(form))

    def rest(values: Floats) -> Floats:
        left = m.rest(given(constants(values)))
        return np.where(np.isfinite(left), left, BAD)

    with np.errstate(all="ignore"):
        given = prepared(form, m.x)
        usual = float(np.median(np.abs(rest(start)))) or 1.0
        try:
            for _ in range(2):
                solved = least_squares(rest, start, loss="cauchy", f_scale=usual, max_nfev=60)
                usual = float(np.median(np.abs(solved.fun))) or usual
        except (ValueError, np.linalg.LinAlgError):
            return None
    return np.asarray(solved.fun, dtype=np.float64)
