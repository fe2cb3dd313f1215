"""Other data: how well a model tells that cases are of a kind that it was never trained on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extrapolate.examine.confidence import auroc
from extrapolate.nets.model import Model, shares_of

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Detection:
    """How often a case of its own kind scores higher than one of another kind, the ties half: by the largest
    probability, by the energy of the scores, and by the nearest training case in a middle layer. `sure` is the share of
    other cases of which the model is surer than 0.99."""

    n: int
    by_probability: float
    by_energy: float
    by_neighbour: float
    layer: str
    sure: float


def detection(model: Model, known: Any, own: Any, other: Any) -> Detection:
    """How well the model tells `own` cases from `other` ones, each `(n, ...)`, with `known` ones from its training."""
    own_scores, other_scores = model.scores(own), model.scores(other)
    probable, strange = shares_of(own_scores).max(axis=1), shares_of(other_scores).max(axis=1)
    layer, reference = middle(model.layers(known))
    near, far = (nearest(reference, model.layers(cases)[layer]) for cases in (own, other))
    return Detection(
        n=len(other),
        by_probability=auroc(probable, strange),
        by_energy=auroc(energy(own_scores), energy(other_scores)),
        by_neighbour=auroc(near, far),
        layer=layer,
        sure=float((strange > 0.99).mean()),
    )


def energy(scores: Floats) -> Floats:
    """The logarithm of the summed exponentials: large where some score is (Liu, Wang, Owens and Li 2020, section 3)."""
    top = scores.max(axis=1)
    found: Floats = top + np.log(np.exp(scores - top[:, None]).sum(axis=1))
    return found


def middle(layers: dict[str, Floats]) -> tuple[str, Floats]:
    """A layer half way through: what comes later keeps little but the classes, what comes before has learned little."""
    names = list(layers)
    name = names[len(names) // 2]
    return name, layers[name]


def nearest(known: Floats, cases: Floats) -> Floats:
    """The cosine of each case to the nearest known one."""
    a, b = (values.reshape(len(values), -1) for values in (known, cases))
    a, b = (values / np.maximum(np.linalg.norm(values, axis=1, keepdims=True), 1e-12) for values in (a, b))
    found: Floats = np.concatenate([(part @ a.T).max(axis=1) for part in np.array_split(b, max(1, len(b) // 256))])
    return found
