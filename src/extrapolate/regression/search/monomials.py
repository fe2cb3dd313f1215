"""Products of powers of the inputs, the simplest first, and those of one dimension among them."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Exponents = NDArray[np.int64]
Floats = NDArray[np.float64]


def count(n: int, degree: int) -> int:
    """How many exponents of `n` inputs have an absolute sum of at most `degree`."""
    return sum(2**k * math.comb(n, k) * math.comb(degree, k) for k in range(degree + 1))


@lru_cache(maxsize=32)
def exponents(n: int, degree: int) -> Exponents:
    """All whole exponents of `n` inputs with absolute sum at most `degree`, `(n_monomials, n)`, the simplest first."""
    powers = np.arange(-degree, degree + 1)
    found = np.zeros((1, n), dtype=np.int64)
    for i in range(n):
        widened = np.repeat(found, len(powers), axis=0)
        widened[:, i] = np.tile(powers, len(found))
        found = widened[np.abs(widened).sum(axis=1) <= degree]
    degrees, used, negative = np.abs(found).sum(axis=1), (found != 0).sum(axis=1), (found < 0).sum(axis=1)
    ordered = found[np.lexsort((*(-found.T[::-1]), negative, used, degrees))]
    ordered.flags.writeable = False
    return ordered


def costs(powers: Floats) -> Exponents:
    """One for each input, and more for powers: `x` costs 1, `x / y` 2, `x**2` 2, `x**2 / y**2` 3."""
    size = np.abs(powers)
    common = np.gcd.reduce((2 * size).astype(np.int64), axis=1) / 2
    reduced = size / np.where(common > 0, common, 1)[:, None]
    unusual = ((common != 1) & (common > 0)) + np.maximum(common - 2, 0)
    found: Exponents = np.ceil((size > 0).sum(axis=1) + np.maximum(reduced - 1, 0).sum(axis=1) + unusual).astype(
        np.int64
    )
    return found


def of_dimension(found: Exponents, dimensions: Floats, wanted: Floats) -> Exponents:
    """Those whose product has the wanted dimension; `dimensions` are `(n_inputs, n_units)`."""
    return found[(np.abs(found @ dimensions - wanted) < 1e-9).all(axis=1)]


def values(found: Exponents | Floats, logs: Floats, signs: Floats) -> Floats:
    """The values of monomials, `(n_monomials, n_rows)`; NaN for roots of negative numbers.

    `logs` and `signs` are those of the inputs, `(n_inputs, n_rows)`.
    """
    result = np.exp(found @ logs)
    if (signs < 0).any():
        odd = np.where(np.mod(found, 2) == 0, 1.0, np.where(np.mod(found, 1) == 0, -1.0, np.nan))
        for i in np.flatnonzero((signs < 0).any(axis=1)):
            result *= np.where(signs[i] < 0, odd[:, i, None], 1.0)
    return result
