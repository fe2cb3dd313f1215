"""Cells: those of columns that stand next to each other in a row, as a program lists them."""

from __future__ import annotations

import random
from collections.abc import Hashable
from typing import Any, NewType

from extrapolate.core.kind import Kind, Limits, Undefined, register
from extrapolate.core.types import Type

CELLS = Type("cells")
Cells = NewType("Cells", list)  # type: ignore[type-arg]


class CellsKind(Kind):
    name = CELLS.name
    classes = (list,)
    python = "list[str]"
    names = ("cells",)
    inner = True
    # However many they are, the first and the last one say which.
    most_cost = 3
    holds_blanks = True

    def of_annotation(self, annotation: Any) -> Type | None:
        return CELLS if annotation is Cells else None

    def type_of(self, value: Any) -> Type | None:
        return None

    def plain_key(self, value: Any, limits: Limits) -> Hashable:
        if len(value) > limits.length or not all(type(cell) is str for cell in value):
            raise Undefined
        return tuple(value)

    def own(self, value: Any, t: Type) -> Any:
        return list(value)

    def constant(self, value: Any, t: Type) -> Hashable:
        return tuple(value)

    def thawed(self, constant: Any, t: Type) -> Any:
        return list(constant)

    def cost(self, constant: Any, t: Type) -> int:
        """The names of columns, which are at hand."""
        return 1

    def source(self, value: Any, t: Type) -> str:
        return repr(list(value))

    def to_json(self, value: Any, t: Type) -> Any:
        return list(value)

    def from_json(self, data: Any, t: Type) -> Any:
        if not isinstance(data, list) or not all(type(cell) is str for cell in data):
            raise Undefined
        return data

    def samples(self, t: Type) -> list[Any]:
        return [["8", "7", "12"], ["a", "", "b"], ["3", "3"]]

    def random(self, t: Type, rng: random.Random) -> Any:
        return [rng.choice(("", "x", "5", "12")) for _ in range(rng.randrange(1, 5))]


register(CellsKind())
