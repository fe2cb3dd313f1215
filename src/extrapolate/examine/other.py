"""Other data: how well a model tells that cases are of a kind that it was never trained on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extrapolate.examine.confidence import auroc
from extrapolate.examine.geometry import sketched
from extrapolate.nets.model import Model, shares_of

Floats = NDArray[np.float64]
# Cases are the same that are no further apart.
SAME = 1e-12


@dataclass(frozen=True)
class Detection:
    """How often a case of its own kind scores higher than one of another kind, the ties half: by the largest
    probability, by the energy of the scores, and by how near the nearest training case is in all `layers` together.
    `sure` is the share of other cases of which the model is surer than 0.99."""

    n: int
    by_probability: float
    by_energy: float
    by_neighbour: float
    layers: int
    sure: float


def detection(model: Model, known: Any, own: Any, other: Any) -> Detection:
    """How well the model tells `own` cases from `other` ones, each `(n, ...)`, with `known` ones from its training."""
    own_scores, other_scores = model.scores(own), model.scores(other)
    probable, strange = shares_of(own_scores).max(axis=1), shares_of(other_scores).max(axis=1)
    of_known, of_own, of_other = (model.layers(cases, sketched) for cases in (known, own, other))
    near, far = np.zeros(len(own)), np.zeros(len(other))
    finite = [
        name for name in of_known if all(np.isfinite(cases[name]).all() for cases in (of_known, of_own, of_other))
    ]
    for layer in finite:
        usual, found = (remoteness(of_known[layer], cases[layer]) for cases in (of_own, of_other))
        # Layers count alike, whatever distances are usual in each.
        spread = float(usual.std()) or 1.0
        near, far = near - (usual - usual.mean()) / spread, far - (found - usual.mean()) / spread
    return Detection(
        n=len(other),
        by_probability=auroc(probable, strange),
        by_energy=auroc(energy(own_scores), energy(other_scores)),
        by_neighbour=auroc(near, far),
        layers=len(finite),
        sure=float((strange > 0.99).mean()),
    )


def energy(scores: Floats) -> Floats:
    """The logarithm of the summed exponentials: large where some score is (Liu, Wang, Owens and Li 2020, section 3)."""
    top = scores.max(axis=1)
    found: Floats = top + np.log(np.exp(scores - top[:, None]).sum(axis=1))
    return found


def remoteness(known: Floats, cases: Floats) -> Floats:
    """The logarithm of how far each case is from the nearest known one, the angle between them, `(n,)`."""
    a, b = (values.reshape(len(values), -1) for values in (known, cases))
    a, b = (values / np.maximum(np.linalg.norm(values, axis=1, keepdims=True), 1e-12) for values in (a, b))
    nearest = np.concatenate([(part @ a.T).max(axis=1) for part in np.array_split(b, max(1, len(b) // 256))])
    found: Floats = np.log(np.maximum(1 - nearest, SAME))
    return found
