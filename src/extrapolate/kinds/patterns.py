"""Patterns: regular expressions that say what the parts of a text look like."""

from __future__ import annotations

import random
import re
from typing import Any, NewType

from extrapolate.core.kind import Undefined, register
from extrapolate.core.types import Type
from extrapolate.kinds.text import Text

PATTERN = Type("pattern")
Pattern = NewType("Pattern", str)
_SAMPLES = (r"\d+", r"[A-Z]+-\d+", r"#\w+", r"[a-z]+")


class PatternKind(Text):
    name = "pattern"
    inner = True

    def of_annotation(self, annotation: Any) -> Type | None:
        return PATTERN if annotation is Pattern else None

    def cost(self, constant: Any, t: Type) -> int:
        """One of few that the examples suggest."""
        return 3

    def source(self, value: Any, t: Type) -> str:
        return (
            f'r"{value}"' if "'" in value and '"' not in value else f"r'{value}'" if "'" not in value else repr(value)
        )

    def from_json(self, data: Any, t: Type) -> Any:
        try:
            re.compile(data)
        except (re.error, TypeError):
            raise Undefined from None
        return data

    def samples(self, t: Type) -> list[Any]:
        return list(_SAMPLES)

    def random(self, t: Type, rng: random.Random) -> Any:
        return rng.choice(_SAMPLES)


register(PatternKind())
