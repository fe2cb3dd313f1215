"""The digits that measurements were written with: what one is in the last of them, and how much they say.

>>> [steps.tolist() for steps in last_digits(np.array([0.5, 12.25]))]
[[0.01, 0.01], [0.0001, 0.01]]
>>> own_digits(np.array([0.02, 1.5, 3.0, 8.7, 120.0])).tolist()
[0.01, 0.1, 0.1, 0.1, 1.0]
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.reals import digits_of

Floats = NDArray[np.float64]


def last_digits(numbers: Floats) -> Iterator[Floats]:
    """What one is in the last digit of each number: where all are written with as many decimals, and with as many
    digits."""
    decimals = max(map(decimals_of, numbers.tolist()))
    yield np.full(len(numbers), 10.0**-decimals)
    digits = max(digits_of(v, most=16) for v in numbers.tolist())
    sizes = np.floor(np.log10(np.where(numbers == 0, 1.0, np.abs(numbers))))
    yield np.where(numbers == 0, 10.0**-decimals, 10.0 ** (sizes + 1 - min(digits, 15)))


def own_digits(numbers: Floats) -> Floats:
    """What one is in the last digit that each number is written with: no more than in any larger number, as what is
    written with fewer decimals than that ends in zeros."""
    largest_first = np.argsort(-np.abs(numbers), kind="stable")
    steps = np.array([10.0 ** -decimals_of(v) for v in numbers[largest_first].tolist()])
    own = np.empty_like(steps)
    own[largest_first] = np.minimum.accumulate(steps)
    return own


def told(numbers: Floats, steps: Floats) -> float:
    """How many bits numbers say that are written to such last digits."""
    return float(np.log2(np.maximum(np.ptp(numbers) / steps, 1.0)).sum())


def decimals_of(value: float) -> int:
    """How many decimals a number is written with."""
    text = repr(value)
    if "e" in text:
        mantissa, exponent = text.split("e")
        return max(0, len(mantissa.partition(".")[2].rstrip("0")) - int(exponent))
    return len(text.partition(".")[2].rstrip("0"))
