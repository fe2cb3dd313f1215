"""An attack that needs no gradient: Square.

Squares of random places and signs, kept where they make the margin smaller: Andriushchenko, Croce, Flammarion and Hein
(2020), Square Attack: a query-efficient black-box adversarial attack via random search, section 3.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extrapolate.nets.inputs import picture_axes
from extrapolate.nets.model import Model

# So large a part of the queries, and at least so many, break nothing before the attack ends.
IDLE, FEWEST_IDLE = 0.3, 300
# Of few cases each is tried in several ways at once, as that takes a net hardly longer.
TOGETHER, MOST_TRIES = 128, 8


def square(
    model: Model,
    x: Any,
    y: Any,
    low: Any,
    high: Any,
    *,
    queries: int,
    seed: int = 0,
    is_over: Callable[[], bool] = lambda: False,
) -> Any:
    """Cases changed in squares of random places and signs, where that makes the margin smaller, `(n, ...)`.

    `low` and `high` are the least and the largest that each value may be. For tables, random columns stand for the
    squares. It ends early where so large a part of the queries has made no case wrong.
    """
    rng = np.random.default_rng(seed)
    axes = picture_axes(x)
    if axes is None:
        now = np.where(rng.random(x.shape) < 0.5, low, high)
    else:
        stripes = rng.random([1 if axis == axes[0] else size for axis, size in enumerate(x.shape)]) < 0.5
        now = np.where(np.broadcast_to(stripes, x.shape), low, high)
    margins = margin(model.scores(now), y)
    query = broken_at = 0
    while query < queries - 1:
        left = np.flatnonzero(margins >= 0)
        if not len(left) or query - broken_at > max(IDLE * queries, FEWEST_IDLE) or is_over():
            break
        tries = min(MOST_TRIES, max(1, TOGETHER // len(left)))
        query += tries
        several = np.repeat(left, tries)
        shape = (len(several), *x.shape[1:])
        inside = windows(shape, axes, 0.8 * share_changed(query, queries), rng)
        # One sign for each case and channel of a picture, one for each column of a row.
        signs = rng.random([1 if axis in (axes or ()) else size for axis, size in enumerate(shape)]) < 0.5
        ends = np.where(signs, low[several], high[several])
        tried = np.where(inside, ends, now[several])
        found = margin(model.scores(tried), y[several]).reshape(len(left), tries)
        best = np.arange(len(left)) * tries + found.argmin(axis=1)
        better = found.min(axis=1) < margins[left]
        now[left[better]], margins[left[better]] = tried[best[better]], found.min(axis=1)[better]
        if (margins[left] < 0).any():
            broken_at = query
    return now


def share_changed(query: int, queries: int) -> float:
    """The share of a picture that is changed at once: halved at fixed points of 10,000 queries (section 3.2)."""
    at = query * 10_000 / queries
    return 0.5 ** sum(at > mark for mark in (10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000))


def windows(
    shape: tuple[int, ...], axes: tuple[int, int] | None, share: float, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Which values of each case are changed: a square of a picture, for all its channels, or some columns of a row."""
    if axes is None:
        order = rng.random(shape).argsort(axis=1)
        return order < max(1, round(share * shape[1]))
    height, width = (shape[axis] for axis in axes)
    side = min(max(1, round((share * height * width) ** 0.5)), height, width)
    inside = np.ones([1] * len(shape), dtype=bool)
    for axis, size in zip(axes, (height, width), strict=True):
        along = [1] * len(shape)
        along[axis] = size
        start = rng.integers(0, size - side + 1, [shape[0], *[1] * (len(shape) - 1)])
        places = np.arange(size).reshape(along)
        inside = inside & (start <= places) & (places < start + side)
    return inside


def margin(scores: Any, y: Any) -> NDArray[np.float64]:
    """By how much the score of the true class is above that of the next one."""
    rows = np.arange(len(y))
    others = scores.copy()
    others[rows, y] = -np.inf
    found: NDArray[np.float64] = scores[rows, y] - others.max(axis=1)
    return found
