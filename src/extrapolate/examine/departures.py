"""Departures: data led away from what a model was trained on, step by step, and what it says of them.

A model that knows its limits gets less sure as it gets less right. What counts is the share of cases that are wrong and
surely so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from extrapolate.examine.confidence import calibration_error, mean_interval, wilson
from extrapolate.nets.inputs import Values, picture_axes

Floats = NDArray[np.float64]
Predict = Callable[[Floats], Floats]
# From this confidence on an answer is called sure.
SURE = 0.9


@dataclass(frozen=True)
class Change:
    """A way to change data, in steps: `apply` takes data, a level, the bounds of the values and a random generator."""

    name: str
    levels: tuple[float, ...]
    unit: str
    apply: Callable[[Floats, float, tuple[float, float], np.random.Generator], Floats]

    def label(self, level: float) -> str:
        return f"{self.name} {level:g}{self.unit}"


@dataclass(frozen=True)
class Departure:
    """What a model says of data changed so far: accuracy and mean confidence with their intervals, calibration error,
    the share of cases that are wrong and sure, and the surest mistakes: place, answer and confidence of each."""

    name: str
    level: float
    label: str
    n: int
    accuracy: float
    accuracy_interval: tuple[float, float]
    confidence: float
    confidence_interval: tuple[float, float]
    calibration_error: float
    sure_and_wrong: float
    surest_mistakes: tuple[tuple[int, int, float], ...]


def departures(predict: Predict, x: Any, y: Any, *, seed: int = 0, shown: int = 6) -> Iterator[Departure]:
    """What a model says of data as they are, and changed in ways that fit them, one step after the other.

    `predict` gives probabilities, `(n, classes)`; `x` are pictures, `(n, height, width)`, their channels first or last,
    or a table, `(n, columns)`; `y` are the true classes, `(n,)`.
    """
    x, y = np.asarray(x), np.asarray(y)
    bounds = ends_of(x)
    yield measured(predict, x, y, "as it is", 0, "as it is", shown)
    for change in changes_for(x):
        for level in change.levels:
            changed = change.apply(x.astype(float), level, bounds, np.random.default_rng(seed)).astype(x.dtype)
            yield measured(predict, changed, y, change.name, level, change.label(level), shown)


def changed_like(x: Any, name: str, level: float, seed: int = 0) -> Floats:
    """The data changed as in the departure of that name and level; as they are for any other name."""
    x = np.asarray(x)
    for change in changes_for(x):
        if change.name == name:
            return change.apply(x.astype(float), level, ends_of(x), np.random.default_rng(seed))
    found: Floats = x.astype(float)
    return found


def measured(predict: Predict, x: Any, y: Any, name: str, level: float, label: str, shown: int) -> Departure:
    probabilities = predict(x)
    answers, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    right = answers == y
    sure = ~right & (confidence > SURE)
    surest = [int(i) for i in np.argsort(-confidence, kind="stable") if not right[i]][:shown]
    return Departure(
        name=name,
        level=level,
        label=label,
        n=len(y),
        accuracy=float(right.mean()),
        accuracy_interval=wilson(int(right.sum()), len(y)),
        confidence=float(confidence.mean()),
        confidence_interval=mean_interval(confidence),
        calibration_error=calibration_error(confidence, right),
        sure_and_wrong=float(sure.mean()),
        surest_mistakes=tuple((i, int(answers[i]), float(confidence[i])) for i in surest),
    )


def ends_of(x: Any) -> tuple[float, float]:
    """The least and the largest that values of all cases may be."""
    values = Values.of(x)
    return float(np.min(values.low)), float(np.max(values.high))


def changes_for(x: Any) -> tuple[Change, ...]:
    """The ways in which data can be led away; of a table, no more pairs of columns are swapped than it has."""
    if picture_axes(x):
        return PICTURES
    if x.ndim != 2:
        return ()
    pairs = tuple(level for level in SWAPPED.levels if 2 * level <= x.shape[1])
    return (*TABLES, replace(SWAPPED, levels=pairs)) if pairs else TABLES


# Pictures


def rotated(x: Floats, degrees: float, bounds: tuple[float, float], rng: np.random.Generator) -> Floats:
    axes = picture_axes(x)
    assert axes
    found: Floats = ndimage.rotate(x, degrees, axes=axes[::-1], reshape=False, order=1, mode="nearest")
    return found


def shifted(x: Floats, share: float, bounds: tuple[float, float], rng: np.random.Generator) -> Floats:
    axes = picture_axes(x)
    assert axes
    by = round(share / 100 * x.shape[axes[1]])
    found: Floats = ndimage.shift(x, [by if axis == axes[1] else 0 for axis in range(x.ndim)], order=0, mode="nearest")
    return found


def noisy(x: Floats, share: float, bounds: tuple[float, float], rng: np.random.Generator) -> Floats:
    spread = share / 100 * (bounds[1] - bounds[0])
    return np.clip(x + spread * rng.standard_normal(x.shape), *bounds)


def blurred(x: Floats, pixels: float, bounds: tuple[float, float], rng: np.random.Generator) -> Floats:
    axes = picture_axes(x) or ()
    found: Floats = ndimage.gaussian_filter(x, [pixels if axis in axes else 0 for axis in range(x.ndim)])
    return found


def pale(x: Floats, share: float, bounds: tuple[float, float], rng: np.random.Generator) -> Floats:
    axes = picture_axes(x)
    middle = x.mean(axis=axes, keepdims=True)
    found: Floats = middle + (x - middle) * share / 100
    return found


def inverted(x: Floats, share: float, bounds: tuple[float, float], rng: np.random.Generator) -> Floats:
    axes = picture_axes(x)
    assert axes
    part: list[Any] = [slice(None)] * x.ndim
    part[axes[0]] = slice(0, round(share / 100 * x.shape[axes[0]]))
    found = x.copy()
    found[tuple(part)] = bounds[0] + bounds[1] - found[tuple(part)]
    return found


PICTURES = (
    Change("rotated by", (15, 30, 45, 60, 90, 180), "°", rotated),
    Change("shifted by", (5, 10, 20, 35, 50), " %", shifted),
    Change("covered with noise of", (5, 10, 20, 40, 80), " %", noisy),
    Change("blurred over", (0.5, 1, 2, 4), " pixels", blurred),
    Change("paled to", (75, 50, 25, 10), " % of their contrast", pale),
    Change("inverted down to", (20, 40, 60, 80, 100), " %", inverted),
)


# Tables


def scaled(x: Floats, factor: float, bounds: tuple[float, float], rng: np.random.Generator) -> Floats:
    return x * factor


def moved(x: Floats, spreads: float, bounds: tuple[float, float], rng: np.random.Generator) -> Floats:
    found: Floats = x + spreads * np.nanstd(x, axis=0)
    return found


def shaken(x: Floats, share: float, bounds: tuple[float, float], rng: np.random.Generator) -> Floats:
    found: Floats = x + share / 100 * np.nanstd(x, axis=0) * rng.standard_normal(x.shape)
    return found


def missing(x: Floats, share: float, bounds: tuple[float, float], rng: np.random.Generator) -> Floats:
    """The means of their columns in place of so many cells, which is what is mostly done with missing ones."""
    found: Floats = np.where(rng.random(x.shape) < share / 100, np.nanmean(x, axis=0), x)
    return found


def swapped(x: Floats, pairs: float, bounds: tuple[float, float], rng: np.random.Generator) -> Floats:
    found = x.copy()
    chosen = rng.permutation(x.shape[1])[: 2 * int(pairs)]
    found[:, chosen] = x[:, chosen.reshape(-1, 2)[:, ::-1].ravel()]
    return found


TABLES = (
    Change("multiplied by", (0.5, 2, 10, 100), "", scaled),
    Change("moved by", (0.5, 1, 3, 10), " standard deviations", moved),
    Change("shaken by", (10, 30, 100, 300), " % of a standard deviation", shaken),
    Change("without", (10, 30, 60), " % of the cells", missing),
)
SWAPPED = Change("columns swapped in pairs:", (1, 2, 3), "", swapped)
