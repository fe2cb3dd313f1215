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
from extrapolate.nets.model import batches

Floats = NDArray[np.float64]
Predict = Callable[[Any], Floats]
# So many groups of cases, and so many training cases that the nearest is looked for among.
RINGS, MOST_KNOWN = 8, 4000
# No column is narrower than that.
LEAST = 1e-12


@dataclass(frozen=True)
class Ring:
    """Cases that lie about equally far from the nearest training case: from `low` to `high`, half of them nearer than
    the `middle`, where 1 is how far a training case lies from the nearest other one, in the median. Accuracy with its
    interval, as wide as the `n` cases leave open of which some may stand in it several times, changed in several ways;
    and mean confidence."""

    low: float
    middle: float
    high: float
    n: int
    accuracy: float
    accuracy_interval: tuple[float, float]
    confidence: float


def generalisation(predict: Predict, known: Any, x: Any, y: Any, most: int, seed: int = 0) -> tuple[Ring, ...]:
    """What a model says of cases further and further from its training cases `known`: at most so many of `x`, as they
    are and changed step by step as for departures, in groups of as many each. Empty where most training cases stand
    twice.

    `predict` gives probabilities, `(n, classes)`; `y` are the true classes, `(n,)`.
    """
    rng = np.random.default_rng(seed)
    known = known[rng.permutation(len(known))[:MOST_KNOWN]]
    cases, numbers = spread_out(x, most, rng)
    scale = np.maximum(known.std(axis=0), LEAST) if known.ndim == 2 else 1.0
    flat, places = (np.concatenate([sketched(part / scale) for part in batches(a)]) for a in (known, cases))
    unit = float(np.median(from_others(flat)))
    if not unit > 0:
        return ()
    away = from_nearest(flat, places) / unit
    probabilities = predict(cases)
    right, confidence = probabilities.argmax(axis=1) == y[numbers], probabilities.max(axis=1)
    found = []
    for part in np.array_split(np.argsort(away, kind="stable"), RINGS):
        n, accuracy = len(np.unique(numbers[part])), float(right[part].mean())
        found.append(
            Ring(
                low=float(away[part].min()),
                middle=float(np.median(away[part])),
                high=float(away[part].max()),
                n=n,
                accuracy=accuracy,
                accuracy_interval=wilson(round(accuracy * n), n),
                confidence=float(confidence[part].mean()),
            )
        )
    return tuple(found)


def spread_out(x: Any, most: int, rng: np.random.Generator) -> tuple[Any, NDArray[np.int64]]:
    """Cases as they are, a quarter of them, and as many of each step of each change; with their numbers."""
    steps = [(change, level) for change in changes_for(x) for level in change.levels]
    chosen = rng.permutation(len(x))[: max(RINGS, most // 4)]
    cases, numbers = [x[chosen]], [chosen]
    for change, level in steps:
        some = rng.permutation(len(x))[: max(1, 3 * most // (4 * len(steps)))]
        if x.ndim == 2:  # what a column is changed by is asked of all of it
            changed = change.apply(x.astype(float), level, ends_of(x), rng)[some]
        else:
            changed = change.apply(x[some].astype(float), level, ends_of(x), rng)
        cases.append(changed.astype(x.dtype))
        numbers.append(some)
    return np.concatenate(cases), np.concatenate(numbers)


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
