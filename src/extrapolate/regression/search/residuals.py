"""What a law leaves: noise, or something that the inputs still explain."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, chdtrc, fdtrc

from extrapolate.regression.search.columns import Columns
from extrapolate.regression.search.measurements import Measurements
from extrapolate.regression.search.spans import Span

Floats = NDArray[np.float64]

RESEMBLING = "neighbouring rows leave alike"

# How likely chance may be to explain as much as a column does, and how many columns of each kind are asked.
CHANCE, MOST_ASKED = 0.005, 500
# Residuals so many times the median one are no noise, but rows that are another law's or wrong.
FAR = 20.0
# From how many rows on neighbours tell, and how many standard deviations less they must differ than noise does.
LEAST_NEIGHBOURS, DEVIATIONS = 10, 2.6
# So many rows before each one are asked for what they have in common with it, of so many times as many rows.
LAGS, ROWS_A_LAG = 6, 15
# Of more rows neighbours tell enough without counting what the fit has taken.
MOST_SERIAL = 200
# How much of what is left in a row the one before it tells at most.
MOST_FORESEEN = 0.999
# The highest degree of the polynomials that are asked, and how many rows each takes.
MOST_BENDS, ROWS_A_BEND = 8, 6


def is_noise(m: Measurements, values: Floats, columns: Columns) -> bool:
    """Whether nothing cheap explains more of what values leave than chance would."""
    return not structure(m, values, columns)


def structure(m: Measurements, values: Floats, columns: Columns, others: Floats | None = None) -> str:
    """What is found in what values leave that chance would hardly put there: by one of the cheap columns, all inputs
    with their products, other columns together, or neighbours. Nothing, an empty text, where it looks like noise."""
    span = Span(m.rest(values) / m.weights, np.ones((1, m.n_rows)), m.weights)
    is_within = m.knows_errors and float(np.abs(m.rest(values)).max()) <= abs(m.y_factor)
    if span.norm == 0 or is_within:  # known errors say that there is no more to tell
        return ""
    sizes = np.abs(span.target)
    if sizes.max() > FAR * np.median(sizes):
        return "a row lies far off"
    cheap = [columns.free.values[:MOST_ASKED], columns.factors.values[:MOST_ASKED], m.x]
    directions, _ = span.directions(np.concatenate(cheap))
    strongest = float(((directions @ span.target) ** 2).max(initial=0.0))
    if strongest > 2 * math.log(len(directions) / CHANCE + 1) / max(1, m.n_rows - 2):
        return "a product of the inputs explains some of it"
    if others is not None and len(others) and explains(span, others):
        return "categories explain some of it"
    if explains(span, quadratic(m)) or any(explains(span, bent) for bent in bends(m)):
        return "it bends with the inputs"
    return RESEMBLING if is_smooth(span.target, ranks_of(m)) else ""


def bends(m: Measurements) -> Iterator[Floats]:
    """Polynomials in the ranks of each input, `(n_columns, n_rows)`, as many as the rows allow."""
    degree = min(MOST_BENDS, m.n_rows // ROWS_A_BEND)
    for ranks in ranks_of(m) if degree > 2 else ():
        yield np.polynomial.legendre.legvander(2 * ranks, degree)[:, 1:].T


def quadratic(m: Measurements) -> Floats:
    """The ranks of the inputs, their squares and products, `(n_columns, n_rows)`, as many as the rows allow."""
    ranks = ranks_of(m)
    i, j = np.triu_indices(m.n_inputs)
    every = np.concatenate([ranks, ranks[i] * ranks[j]])
    return every[: max(1, m.n_rows // 3)]


def ranks_of(m: Measurements) -> Floats:
    """The rank of each value among those of its input, of equal ones their mean, from -1/2 to 1/2,
    `(n_inputs, n_rows)`."""
    ranks = np.empty_like(m.x)
    for own, column in zip(ranks, m.x, strict=True):
        _, places, counts = np.unique(column, return_inverse=True, return_counts=True)
        own[:] = (np.cumsum(counts) - (counts + 1) / 2)[places] / m.n_rows - 0.5
    return ranks


def in_order(column: Floats) -> NDArray[np.intp]:
    """The places of values from the least on, of equal ones in no order: their rows may be sorted by the target."""
    order: NDArray[np.intp] = np.lexsort((np.random.default_rng(0).permutation(len(column)), column))
    return order


def is_smooth(rest: Floats, places: Floats) -> bool:
    """Whether residuals of neighbours resemble each other more than noise does (von Neumann, Ann. Math. Stat. 12,
    1941); the neighbour of a row is the next one of a single input, and the nearest one of several."""
    n_rows = len(rest)
    if n_rows < LEAST_NEIGHBOURS:
        return False
    if len(places) == 1:
        rest = rest[in_order(places[0])]
        if n_rows >= LAGS * ROWS_A_LAG and is_correlated(rest):
            return True
        steps = np.diff(rest)
        spread = math.sqrt((n_rows - 2) / (n_rows**2 - 1))
    else:
        apart = ((places[:, :, None] - places[:, None, :]) ** 2).sum(axis=0)
        np.fill_diagonal(apart, np.inf)
        steps = rest - rest[apart.argmin(axis=1)]
        spread = math.sqrt(1.5 / n_rows)
    return float(np.mean(steps**2) / (2 * np.var(rest))) < 1 - DEVIATIONS * spread


def is_serial(m: Measurements, values: Floats, slopes: Floats) -> bool:
    """Whether what fitted values leave of a curve goes up and down more slowly than noise would, of which the fit has
    taken its part (Durbin and Watson, Biometrika 37, 1950, section 3, and 38, 1951, section 4); `slopes` are how what
    is left changes with each fitted constant, `(n_constants, n_rows)`."""
    if m.n_inputs != 1 or len(slopes) > m.n_rows - 3 or m.n_rows > MOST_SERIAL:
        return False
    order = in_order(m.x[0])
    rest, taken = m.rest(values)[order], slopes[:, order]
    if not rest.any() or not np.isfinite(rest).all() or not np.isfinite(taken).all():
        return False
    sizes = np.abs(taken).max(axis=1, initial=0.0, keepdims=True)
    basis = np.linalg.qr((taken / np.where(sizes > 0, sizes, 1.0)).T)[0].T
    steps = np.diff(np.eye(m.n_rows), axis=0)
    between = steps.T @ steps
    own, left = basis @ between @ basis.T, m.n_rows - len(basis)
    mean = float(np.trace(between) - np.trace(own)) / left
    squares = (between**2).sum() - 2 * ((basis @ between) ** 2).sum() + (own**2).sum()
    spread = 2 * float(squares - left * mean**2) / (left * (left + 2))
    ratio = float((np.diff(rest) ** 2).sum() / (rest**2).sum())
    size = mean * (4 - mean) / spread - 1  # of a beta distribution from 0 to 4 with this mean and variance
    return bool(betainc(size * mean / 4, size * (1 - mean / 4), ratio / 4) < CHANCE)


def unforeseen(m: Measurements, values: Floats) -> float:
    """The misfit of values of a curve where each row tells a part of what is left in the next one, as a smooth
    deviation does (an autoregression of first order)."""
    rest = m.rest(values)[in_order(m.x[0])]
    before, after = rest[:-1], rest[1:]
    part = min(MOST_FORESEEN, max(0.0, float(before @ after) / (float(before @ before) or 1.0)))
    left = np.append(after - part * before, math.sqrt(1 - part**2) * rest[0])
    return float(np.linalg.norm(left)) / m.size


def is_correlated(rest: Floats) -> bool:
    """Whether residuals resemble those a few places before them more than chance would (Ljung and Box, Biometrika 65,
    1978)."""
    n_rows, centred = len(rest), rest - rest.mean()
    lags = np.arange(1, LAGS + 1)
    shares = np.array([centred[lag:] @ centred[:-lag] for lag in lags]) / (centred @ centred)
    return bool(chdtrc(LAGS, n_rows * (n_rows + 2) * float((shares**2 / (n_rows - lags)).sum())) < CHANCE)


def explains(span: Span, columns: Floats) -> bool:
    """Whether columns together explain more of a target than chance would (F test)."""
    directions, _ = span.directions(columns)
    basis, sizes, _ = np.linalg.svd(directions.T, full_matrices=False)
    basis = basis[:, sizes > 1e-6]
    n, left = basis.shape[1], len(span.target) - basis.shape[1] - 1
    if not n or left < 1:
        return False
    explained = float(((basis.T @ span.target) ** 2).sum())
    ratio = (explained / n) / (max(1 - explained, 1e-12) / left)
    return bool(fdtrc(n, left, ratio) < CHANCE)
