"""Decimal numbers, which stand inside programs: 1.50 is not 1.5, as both are written as they are."""

from __future__ import annotations

import decimal
import random
from collections.abc import Hashable
from decimal import Decimal
from typing import Any

from extrapolate.core.kind import Kind, Limits, Undefined, register
from extrapolate.core.types import Type

# Decimal numbers beyond so many places are undefined.
MOST_PLACES = 18


class DecimalKind(Kind):
    name = "decimal"
    classes = (Decimal,)
    python = "decimal.Decimal"
    inner = True

    def of_annotation(self, annotation: Any) -> Type | None:
        return Type(self.name) if annotation is Decimal else None

    def plain_key(self, value: Any, limits: Limits) -> Hashable:
        if not value.is_finite() or abs(value.adjusted()) > MOST_PLACES:
            raise Undefined
        return str(value)

    def constant(self, value: Any, t: Type) -> Hashable:
        return str(value)

    def thawed(self, constant: Any, t: Type) -> Any:
        return Decimal(constant)

    def cost(self, constant: Any, t: Type) -> int:
        return 2 + len(constant.replace(".", "").lstrip("-0")) // 2

    def source(self, value: Any, t: Type) -> str:
        return f"decimal.Decimal('{value}')"

    def to_json(self, value: Any, t: Type) -> Any:
        return str(value)

    def from_json(self, data: Any, t: Type) -> Any:
        try:
            return Decimal(data)
        except decimal.InvalidOperation:
            raise Undefined from None

    def samples(self, t: Type) -> list[Any]:
        return [Decimal("0"), Decimal("1"), Decimal("-2.50")]

    def random(self, t: Type, rng: random.Random) -> Any:
        return Decimal(rng.randint(-4000, 4000)).scaleb(-rng.randrange(4))


register(DecimalKind())
