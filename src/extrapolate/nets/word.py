"""A net as a word: what it sees in a picture is a value that programs reckon with."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np

from extrapolate.core.errors import InputError
from extrapolate.core.kind import type_of
from extrapolate.core.reader import Reader
from extrapolate.core.types import Type
from extrapolate.core.word import Primitive
from extrapolate.nets.inputs import shaped
from extrapolate.nets.model import Model, open_model

ARRAY = Type("array")
COST = 1


def perceive(
    net: Any,
    classes: Sequence[Any] = range(10),
    *,
    name: str = "digit",
    prepare: Callable[[Any], Any] | None = None,
) -> Primitive:
    """A word from a picture, an array of `uint8`, to what a net sees in it, one of `classes`.

    `net` is whatever `examine` takes. `prepare` makes of pictures, `(n, height, width)` or with channels last, what the
    net takes; without it they are brought from 0 to 1, with the channel that a net of PyTorch or Keras expects.
    Programs with such a word are learned with doubt: `learn` may take a picture for another class where that makes a
    much shorter program right, and says so. InputError for a net with another number of classes, when first used.

    >>> import numpy as np
    >>> from extrapolate import learn, lists
    >>> dark, bright = np.zeros((2, 2), np.uint8), np.full((2, 2), 255, np.uint8)
    >>> by_light = perceive(lambda x: np.stack([1 - x.mean(axis=(1, 2)), x.mean(axis=(1, 2))], axis=1), range(2))
    >>> rows = [([dark, bright, bright], 2), ([dark], 0), ([bright, dark, dark, dark], 1), ([bright] * 5, 5)]
    >>> learn(rows, language=lists.with_words(by_light)).program([bright, dark, bright, bright])
    3
    """
    classes = list(classes)
    perception = Perception(open_model(net), classes, prepare or (lambda x: prepared(net, x)))
    return Primitive(
        name,
        perception,
        ("x",),
        (ARRAY,),
        type_of(classes[0]),
        cost=COST,
        source=f"{name}({{x}})",
        doc="What a net sees in a picture.",
    )


class Perception(Reader):
    """What a net sees in pictures, each looked at once."""

    def __init__(self, model: Model, classes: list[Any], prepare: Callable[[Any], Any]):
        super().__init__()
        self.model, self.classes, self.prepare = model, classes, prepare
        self.seen: dict[Hashable, list[tuple[Any, float]]] = {}

    def key(self, value: Any) -> Hashable:
        return value.shape, value.tobytes()

    def readings(self, value: Any) -> Sequence[tuple[Any, float]]:
        key = self.key(value)
        if key not in self.seen:
            shares = self.model.probabilities(self.prepare(value[None]))[0]
            if len(shares) != len(self.classes):
                raise InputError(f"the net has {len(shares)} classes and {len(self.classes)} are named; name as many.")
            order = np.argsort(-shares, kind="stable")
            self.seen[key] = [(self.classes[i], float(shares[i])) for i in order]
        return self.seen[key]


def prepared(net: Any, x: Any) -> Any:
    """Pictures of bytes as values from 0 to 1, in the shape that a net expects."""
    return shaped(net, (x / np.float32(255)).astype(np.float32))
