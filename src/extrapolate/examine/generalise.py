"""Local against extreme: how often a model is right, and how sure it says it is, the further from its training data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import distance

from extrapolate.examine.confidence import wilson
from extrapolate.examine.departures import changes_for, ends_of
from extrapolate.examine.geometry import sketched

Floats = NDArray[np.float64]
Predict = Callable[[Any], Floats]
# So many groups of cases, and so many training cases that the nearest is looked for among.
RINGS, MOST_KNOWN = 8, 4000


@dataclass(frozen=True)
class Ring:
    """Cases that lie about equally far from the nearest training case: from `low` to `high`, where 1 is how far a
    training case lies from the nearest other one, in the median. Accuracy with its interval, and mean confidence."""

    low: float
    high: float
    n: int
    accuracy: float
    accuracy_interval: tuple[float, float]
    confidence: float


def generalisation(predict: Predict, known: Any, x: Any, y: Any, most: int, seed: int = 0) -> tuple[Ring, ...]:
    """What a model says of cases further and further from its training cases `known`: at most so many of `x`, as they
    are and changed step by step as for departures, in groups of as many each. Empty where the training cases are one.

    `predict` gives probabilities, `(n, classes)`; `y` are the true classes, `(n,)`.
    """
    rng = np.random.default_rng(seed)
    known = known[rng.permutation(len(known))[:MOST_KNOWN]]
    cases, classes = spread_out(x, y, most, rng)
    scale = known.std(axis=0) if known.ndim == 2 else np.ones(1)
    scale = np.where(scale > 0, scale, 1.0)
    flat, places = sketched(known / scale).astype(float), sketched(cases / scale).astype(float)
    unit = float(np.median(from_others(flat)))
    if not unit > 0:
        return ()
    away = from_nearest(flat, places) / unit
    probabilities = predict(cases)
    right, confidence = probabilities.argmax(axis=1) == classes, probabilities.max(axis=1)
    found = []
    for part in np.array_split(np.argsort(away, kind="stable"), RINGS):
        n_right = int(right[part].sum())
        found.append(
            Ring(
                low=float(away[part].min()),
                high=float(away[part].max()),
                n=len(part),
                accuracy=n_right / len(part),
                accuracy_interval=wilson(n_right, len(part)),
                confidence=float(confidence[part].mean()),
            )
        )
    return tuple(found)


def spread_out(x: Any, y: Any, most: int, rng: np.random.Generator) -> tuple[Any, Any]:
    """Cases as they are, a quarter of them, and as many of each step of each change; with their classes."""
    steps = [(change, level) for change in changes_for(x) for level in change.levels]
    chosen = rng.permutation(len(x))[: max(RINGS, most // 4)]
    cases, classes = [x[chosen]], [y[chosen]]
    for change, level in steps:
        some = rng.permutation(len(x))[: max(1, 3 * most // (4 * len(steps)))]
        cases.append(change.apply(x[some].astype(float), level, ends_of(x), rng).astype(x.dtype))
        classes.append(y[some])
    return np.concatenate(cases), np.concatenate(classes)


def from_nearest(known: Floats, cases: Floats) -> Floats:
    """How far each case is from the nearest known one."""
    parts = np.array_split(cases, max(1, len(cases) // 256))
    found: Floats = np.concatenate([distance.cdist(part, known).min(axis=1) for part in parts])
    return found


def from_others(known: Floats) -> Floats:
    """How far known cases, at most so many, are from the nearest other one."""
    some = distance.cdist(known[:500], known)
    some[np.arange(len(some)), np.arange(len(some))] = np.inf
    found: Floats = some.min(axis=1)
    return found
