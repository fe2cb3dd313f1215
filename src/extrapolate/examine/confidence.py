"""How sure a model is and how right: intervals, calibration, and how well a score tells two groups apart."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# The normal quantile of an interval of 95 %.
Z95 = 1.959963984540054
# A bin of fewer cases says little of how often the model is right there.
FEWEST = 20


def wilson(right: int, total: int, z: float = Z95) -> tuple[float, float]:
    """The interval of Wilson for a share of `right` out of `total`, 0 to 1 where there is nothing to count.

    Source: Wilson (1927), Probable inference, the law of succession, and statistical inference, section 2.

    >>> [round(end, 3) for end in wilson(9, 10)]
    [0.596, 0.982]
    """
    if total == 0:
        return 0.0, 1.0
    share, spread = right / total, z * z / total
    middle = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / total + spread / (4 * total)) / (1 + spread)
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def mean_interval(values: Any, z: float = Z95) -> tuple[float, float]:
    """The interval of a mean, by the normal approximation; 0 to 1 for fewer than two values."""
    values = np.asarray(values, dtype=float)
    if len(values) < 2:
        return 0.0, 1.0
    half = z * float(values.std(ddof=1)) / math.sqrt(len(values))
    return float(values.mean()) - half, float(values.mean()) + half


def calibration_error(confidence: Any, right: Any, bins: int = 15) -> float:
    """The expected calibration error: how far confidence and accuracy are apart, over bins of as many cases each.

    `confidence` and `right` have shape `(n,)`. Of bins of equal mass (Nguyen and O'Connor 2015, section 3), as those of
    equal width are mostly empty for a net that is sure of itself; and of at least `FEWEST` cases each.

    >>> calibration_error([0.9] * 10, [True] * 9 + [False])
    0.0
    """
    confidence, right = np.asarray(confidence, dtype=float), np.asarray(right, dtype=float)
    if not len(confidence):
        return 0.0
    order = np.argsort(confidence, kind="stable")
    n = max(1, min(bins, len(order) // FEWEST))
    # A bin ends only where the confidence changes, as the order of equals means nothing.
    ends = np.searchsorted(confidence[order], confidence[order][len(order) * np.arange(1, n) // n])
    parts = [part for part in np.split(order, np.unique(ends)) if len(part)]
    gaps = [len(part) * abs(confidence[part].mean() - right[part].mean()) for part in parts]
    return round(float(sum(gaps)) / len(order), 12)


def auroc(inside: Any, outside: Any) -> float:
    """How often a case from inside has a higher score than one from outside, ties counted half: the area under the ROC.

    >>> auroc([2, 3], [0, 1, 2])
    0.9166666666666666
    """
    inside, outside = np.asarray(inside, dtype=float), np.sort(np.asarray(outside, dtype=float))
    below = np.searchsorted(outside, inside, side="left") + np.searchsorted(outside, inside, side="right")
    return float(below.mean()) / (2 * len(outside))
