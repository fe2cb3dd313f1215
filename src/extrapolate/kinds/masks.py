"""Masks: forms in which characters are written, with a # for each, as ###-###-####, or numbers, as {}h {:02}m."""

from __future__ import annotations

import random
import re
from collections.abc import Hashable
from typing import Any, NewType

from extrapolate.core.kind import Limits, Undefined, register
from extrapolate.core.types import Type
from extrapolate.kinds.text import Text

MASK = Type("mask")
Mask = NewType("Mask", str)


# No more than that is said of a number.
_FORM = re.compile(r"([^{}]|\{(:02)?\})*")


class MaskKind(Text):
    name = MASK.name
    inner = True
    is_of_examples = True

    def of_annotation(self, annotation: Any) -> Type | None:
        return MASK if annotation is Mask else None

    def cost(self, constant: Any, t: Type) -> int:
        """Every example has it."""
        return 3

    def plain_key(self, value: Any, limits: Limits) -> Hashable:
        return super().plain_key(self.from_json(value, MASK), limits)

    def from_json(self, data: Any, t: Type) -> Any:
        if type(data) is not str or not _FORM.fullmatch(data):
            raise Undefined
        return data

    def samples(self, t: Type) -> list[Any]:
        return ["###-####", "(##) #", "{}h {:02}m"]

    def random(self, t: Type, rng: random.Random) -> Any:
        return rng.choice(self.samples(t))


register(MaskKind())
