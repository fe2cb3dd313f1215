"""Words on whole columns: at once where their function can, else one number after another.

>>> import math
>>> from extrapolate.core.word import primitive
>>> @primitive(source="math.sqrt({x})")
... def root(x: float) -> float:
...     return math.sqrt(x)
>>> elementwise(root)(np.array([4.0, -1.0])).tolist()
[2.0, nan]
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.word import Primitive

Floats = NDArray[np.float64]


def elementwise(word: Primitive) -> Callable[..., Floats]:
    """The word as a function of columns; NaN where it raises."""

    def over(*columns: Any) -> Floats:
        try:
            with np.errstate(all="ignore"):
                result = np.asarray((word.array or word)(*columns), dtype=np.float64)
            if result.shape == np.broadcast_shapes(*map(np.shape, columns)):
                return result
        except Exception:  # a word from outside that takes one number at a time
            pass
        with np.errstate(all="ignore"):
            by_one: Floats = np.vectorize(value, otypes=[np.float64])(*columns)
        return by_one

    def value(*numbers: float) -> float:
        try:
            return float(word(*numbers))
        except Exception:
            return math.nan

    return over
