"""Masks: forms in which characters are written, with a # for each, as ###-###-####."""

from __future__ import annotations

import random
from typing import Any, NewType

from extrapolate.core.kind import register
from extrapolate.core.types import Type
from extrapolate.kinds.text import Text

MASK = Type("mask")
Mask = NewType("Mask", str)


class MaskKind(Text):
    name = MASK.name
    inner = True
    is_of_examples = True

    def of_annotation(self, annotation: Any) -> Type | None:
        return MASK if annotation is Mask else None

    def cost(self, constant: Any, t: Type) -> int:
        """Every example has it."""
        return 2

    def samples(self, t: Type) -> list[Any]:
        return ["###-####", "(##) #", "#.#"]

    def random(self, t: Type, rng: random.Random) -> Any:
        return rng.choice(self.samples(t))


register(MaskKind())
