"""Rates: what an input is multiplied by inside a word, where it may be any number, as in decays and waves.

A grid that suits the range of the column, and the best of it made better: the rate whose column, with a constant,
explains most of the target (a periodogram, where the word is periodic).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.word import Primitive
from extrapolate.regression.search.form import applied
from extrapolate.regression.search.measurements import Measurements
from extrapolate.regression.search.spans import Span

Floats = NDArray[np.float64]

MOST_WAVES, TINY = 64, 1e-300
# How many rates of a grid are made better, and how exactly.
IMPROVED, STEPS = 2, 40


def suited(word: Primitive, argument: Floats, m: Measurements) -> Floats:
    """Rates for a column `(n_rows,)` in a word, `(n_rates,)`."""
    grid = waves(argument) if word.is_periodic else bends(argument)
    span = Span(m.y, np.ones((1, m.n_rows)), m.weights)
    if span.is_fitted:
        return grid

    def explained(rates: Floats) -> Floats:
        values = applied(word, rates[:, None] * argument)
        directions, kept = span.directions(values)
        shares = np.zeros(len(rates))
        shares[kept] = (directions @ span.target) ** 2
        return shares

    shares = explained(grid)
    best = [improved(explained, grid, int(i)) for i in np.argsort(-shares, kind="stable")[:IMPROVED]]
    return np.concatenate([grid, best])


def waves(argument: Floats) -> Floats:
    """Half a turn to many within the range of a column."""
    turns = np.arange(1, min(MOST_WAVES, len(argument) // 2) + 1) / 2
    return turns * (2 * np.pi / max(float(np.ptp(argument)), TINY))


def bends(argument: Floats) -> Floats:
    """From nearly straight to sharply bent within the range of a column, upwards and downwards."""
    sizes = 2.0 ** np.arange(-1, 6) / max(float(np.abs(argument).max()), TINY)
    return np.sort(np.concatenate([sizes, -sizes]))


def improved(explained: Callable[[Floats], Floats], grid: Floats, at: int) -> float:
    """The rate between the neighbours of one in a grid that explains most, by thirds of the interval."""
    low, high = grid[max(0, at - 1)], grid[min(len(grid) - 1, at + 1)]
    for _ in range(STEPS):
        third = (high - low) / 3
        left, right = explained(np.array([low + third, high - third]))
        low, high = (low, high - third) if left >= right else (low + third, high)
    return float(low + high) / 2
