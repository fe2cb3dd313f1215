"""What the layers of a net do to the shape of data: how many dimensions it has, whether classes come apart.

A net is a chain of geometric transformations that uncrumple the data. What is measured of a layer is measured of the
same net untrained, which tells what is learned from what the architecture does by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# Of layers with more numbers so many sums are taken.
MOST_FEATURES = 1024
# A neighbourhood has so many points beside the one in its middle, and a dimension is one of these.
NEIGHBOURS, DIMENSIONS = 20, np.concatenate([np.linspace(1 + 1e-6, 50, 5000), np.geomspace(51, 2000, 500)])
STRENGTHS = tuple(10.0**e for e in range(-4, 3))


@dataclass(frozen=True)
class Shape:
    """What is measured of one layer: intrinsic dimension, held-out accuracy of a linear probe, scatter within classes
    over that between them; and where cases lie on the circle of the classes, `(n, 2)`, with the `labels` of these."""

    layer: str
    dimension: float
    probe: float
    scatter: float
    places: Floats = field(repr=False)
    labels: Any = field(repr=False)


def shape_of(layer: str, values: Any, labels: Any, seed: int = 0) -> Shape:
    """The shape of the data in a layer: `values` have shape `(n, ...)`, `labels` are whole numbers, `(n,)`.

    The probe learns from one half of the cases, drawn at random, and is judged on the other one.
    """
    order = np.random.default_rng(seed).permutation(len(labels))
    values, labels = sketched(np.asarray(values))[order].astype(float), np.asarray(labels)[order]
    half = len(values) // 2
    scores = probe_scores(values[:half], labels[:half], values[half:])
    classes = np.unique(labels[:half])
    accuracy = float((classes[scores.argmax(axis=1)] == labels[half:]).mean())
    places, rest = circle(scores), labels[half:]
    return Shape(layer, intrinsic_dimension(values), accuracy, scatter(values, labels), places, rest)


def sketched(values: Any) -> Any:
    """The values, `(n, ...)`, as at most `MOST_FEATURES` numbers each, which keeps distances nearly as they are.

    They are sums of parts with random signs: Charikar, Chen and Farach-Colton (2002), Finding frequent items in data
    streams, section 3.
    """
    flat = values.reshape(len(values), -1)
    if flat.shape[1] <= MOST_FEATURES:
        return flat
    rng = np.random.default_rng(flat.shape[1])
    order, signs = rng.permutation(flat.shape[1]), rng.choice(np.array([-1, 1], dtype=flat.dtype), flat.shape[1])
    starts = np.linspace(0, flat.shape[1], MOST_FEATURES, endpoint=False).astype(int)
    return np.add.reduceat((flat * signs)[:, order], starts, axis=1)


def intrinsic_dimension(points: Any) -> float:
    """The dimension of the manifold that points lie on, in the median over the neighbourhoods of all points; NaN where
    there are fewer than ten different points. `points` has shape `(n, d)`; O(n^2 d).

    It is told by how much the parallelograms that two points make with the middle of their neighbourhood are askew, as
    many directions are nearly at right angles where there are many dimensions. At the borders of a manifold that is off
    by less than what distances tell.

    Source: Johnsson, Soneson and Fontes (2015), Low bias local intrinsic dimension estimation from expected simplex
    skewness, IEEE Transactions on Pattern Analysis and Machine Intelligence 37, section 3 (ESSa).

    >>> rng = np.random.default_rng(0)
    >>> plane = rng.standard_normal((500, 2)) @ rng.standard_normal((2, 20))
    >>> 1.9 < intrinsic_dimension(plane) < 2.1
    True
    """
    points = np.unique(np.asarray(points, dtype=float), axis=0)
    if len(points) < 10:
        return float("nan")
    points = points - points.mean(axis=0)
    askew = np.concatenate([skewness(points[around]) for around in neighbourhoods(points)])
    return float(np.interp(np.median(askew), expected_skewness(DIMENSIONS), DIMENSIONS))


def neighbourhoods(points: Floats, block: int = 128) -> Iterator[NDArray[np.intp]]:
    """The places of each point and those nearest to it, `(n, NEIGHBOURS + 1)`, for some points at a time."""
    squares = (points**2).sum(axis=1)
    most = min(NEIGHBOURS, len(points) - 1)
    for start in range(0, len(points), block):
        part = points[start : start + block]
        distances = squares - 2 * part @ points.T  # but for what is the same for all
        yield np.argpartition(distances, most, axis=1)[:, : most + 1]


def skewness(points: Floats) -> Floats:
    """How askew the parallelograms in some neighbourhoods `(n, n_points, d)` are, from 0 to 1: their areas over those
    that rectangles of the same sides have, `(n,)`."""
    sides = points - points.mean(axis=1, keepdims=True)
    products = sides @ sides.transpose(0, 2, 1)
    lengths = np.sqrt(np.einsum("nii->ni", products))
    rectangles = lengths[:, :, None] * lengths[:, None, :]
    areas = np.sqrt(np.maximum(rectangles**2 - products**2, 0.0))
    i, j = np.triu_indices(points.shape[1], 1)
    found: Floats = areas[:, i, j].sum(axis=1) / np.maximum(rectangles[:, i, j].sum(axis=1), 1e-300)
    return found


def expected_skewness(dimensions: Floats) -> Floats:
    """The mean of the sine between two random directions in so many dimensions, above 1."""
    from scipy.special import gammaln

    found: Floats = np.exp(2 * gammaln(dimensions / 2) - gammaln((dimensions + 1) / 2) - gammaln((dimensions - 1) / 2))
    return found


def probe_scores(values: Floats, labels: Any, others: Floats) -> Floats:
    """What a linear classifier learned from labelled values says of others: a score a class, `(n_others, classes)`.

    Ridge regression on the classes as 0 and 1, its strength by generalised cross-validation (Golub, Heath and Wahba
    1979).
    """
    middle, size = values.mean(axis=0), values.std(axis=0).mean() or 1.0
    wanted = (labels[:, None] == np.unique(labels)).astype(float)
    share = wanted.mean(axis=0)
    u, s, vt = np.linalg.svd((values - middle) / size, full_matrices=False)
    seen = u.T @ (wanted - share)

    def error(strength: float) -> float:
        kept = s**2 / (s**2 + strength * len(values))
        left = wanted - share - u @ (kept[:, None] * seen)
        free = 1 - min(float(kept.sum()) / len(values), 0.999)
        return float((left**2).sum()) / free**2

    best = min(STRENGTHS, key=error)
    weights = vt.T @ ((s / (s**2 + best * len(values)))[:, None] * seen)
    found: Floats = (others - middle) / size @ weights + share
    return found


def scatter(values: Floats, labels: Any) -> float:
    """The scatter within the classes over that between them: the smaller, the further apart they are."""
    overall = values.mean(axis=0)
    within = between = 0.0
    for label in np.unique(labels):
        own = values[labels == label]
        within += float(((own - own.mean(axis=0)) ** 2).sum())
        between += len(own) * float(((own.mean(axis=0) - overall) ** 2).sum())
    return within / between if between else float("inf")


def circle(scores: Floats, sharpness: float = 4.0) -> Floats:
    """Where cases lie among the classes set around a circle, `(n, 2)`: drawn to each by the probe's score for it."""
    power = np.exp(sharpness * (scores - scores.max(axis=1, keepdims=True)))
    angles = 2 * np.pi * (np.arange(scores.shape[1]) + 0.25) / scores.shape[1]
    found: Floats = (power / power.sum(axis=1, keepdims=True)) @ np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return found
