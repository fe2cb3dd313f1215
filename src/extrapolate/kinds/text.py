"""Texts, and delimiters: texts that mark where others begin or end."""

from __future__ import annotations

import difflib
import random
from collections.abc import Hashable
from typing import Any

from extrapolate.core.kind import Kind, Limits, Undefined, register
from extrapolate.core.types import Delimiter, Type

# Of two texts that share so much, one may be a slip for the other, unless they are short.
NEAR, SHORTEST_NEAR = 0.85, 5
_TEXTS = ["", "a", "b", "ab", "Ann Lee", "x-1", "7", "12", "350", "a b c", "Hello, World!", " pad ", "2024-01-31",
          "$1,250.50", "3:45 PM", "1:30", "id=7; n: 2", "1.234,50 €",
          "https://www.a.example/b?q=c+d", "1.5 x 10^3", "2.5 km", "Fri", "3. März 2021"]  # fmt: skip


class Text(Kind):
    name = "text"
    classes = (str,)
    python = "str"
    names = ("s", "t", "u", "v", "w")
    label = "text"

    def plain_key(self, value: Any, limits: Limits) -> Hashable:
        if len(value) > limits.text:
            raise Undefined
        return value  # type: ignore[no-any-return]

    def length(self, value: Any) -> int:
        return len(value)

    def is_near(self, a: Any, b: Any, t: Type) -> bool:
        """The same but for spaces around it, case, or a letter or two of a longer text."""
        if a.strip().casefold() == b.strip().casefold():
            return True
        same_marks = [c for c in a if not c.isalpha()] == [c for c in b if not c.isalpha()]
        is_long = min(len(a), len(b)) >= SHORTEST_NEAR
        return same_marks and is_long and difflib.SequenceMatcher(None, a, b, autojunk=False).ratio() >= NEAR

    def from_json(self, data: Any, t: Type) -> Any:
        if type(data) is not str:
            raise Undefined
        return data

    def from_cell(self, cell: str, t: Type) -> Any:
        return cell

    def to_cell(self, value: Any, t: Type) -> str:
        return str(value)

    def samples(self, t: Type) -> list[Any]:
        return list(_TEXTS)

    def random(self, t: Type, rng: random.Random) -> Any:
        made = "".join(rng.choices("ab c1,-", k=rng.randrange(8)))
        return rng.choice((rng.choice(_TEXTS), made, *[str(rng.randrange(100)) for _ in range(3)]))


class DelimiterKind(Text):
    name = "delimiter"
    inner = True

    def of_annotation(self, annotation: Any) -> Type | None:
        return Type(self.name) if annotation is Delimiter else None

    def cost(self, constant: Any, t: Type) -> int:
        """One of few that the rows suggest, however long it is."""
        return 2 + (len(constant) > 1)

    def samples(self, t: Type) -> list[Any]:
        return [" ", "-", ", ", ":", "="]

    def random(self, t: Type, rng: random.Random) -> Any:
        return rng.choice(("-", " ", ",", ". ", "b", "o", ":", "="))


register(Text())
register(DelimiterKind())
