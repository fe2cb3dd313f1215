"""Dates with times, durations, and the forms in which times are written, which stand inside programs."""

from __future__ import annotations

import random
import re
from datetime import datetime, timedelta
from typing import Any, NewType

from extrapolate.core.kind import Kind, Undefined, register
from extrapolate.core.types import Type
from extrapolate.kinds.text import Text

STAMP = Type("stamp")
Stamp = NewType("Stamp", str)
_FORM = re.compile(r"(%[YyBbmdAaHIMSp]|[^%])*")


class Datetime(Kind):
    name = "datetime"
    classes = (datetime,)
    python = "datetime.datetime"
    inner = True

    def of_annotation(self, annotation: Any) -> Type | None:
        return Type(self.name) if annotation is datetime else None

    def source(self, value: Any, t: Type) -> str:
        return f"datetime.datetime.fromisoformat({value.isoformat()!r})"

    def to_json(self, value: Any, t: Type) -> Any:
        return value.isoformat()

    def from_json(self, data: Any, t: Type) -> Any:
        return datetime.fromisoformat(data)

    def samples(self, t: Type) -> list[Any]:
        return [datetime(2024, 1, 31), datetime(1999, 12, 5, 13, 45, 10)]

    def random(self, t: Type, rng: random.Random) -> Any:
        return datetime(2000, 1, 1) + timedelta(seconds=rng.randrange(10**9))


class Duration(Kind):
    name = "duration"
    classes = (timedelta,)
    python = "datetime.timedelta"
    inner = True

    def of_annotation(self, annotation: Any) -> Type | None:
        return Type(self.name) if annotation is timedelta else None

    def cost(self, constant: Any, t: Type) -> int:
        return 1

    def source(self, value: Any, t: Type) -> str:
        minutes, rest = divmod(value, timedelta(minutes=1))
        if rest:
            return f"datetime.timedelta(seconds={value.total_seconds()!r})"
        hours, days = minutes // 60, value.days
        unit, n = ("minutes", minutes) if minutes % 60 else ("hours", hours) if hours % 24 else ("days", days)
        return f"datetime.timedelta({unit}={n})"

    def to_json(self, value: Any, t: Type) -> Any:
        return value.total_seconds()

    def from_json(self, data: Any, t: Type) -> Any:
        if type(data) not in (int, float):
            raise Undefined
        return timedelta(seconds=data)

    def samples(self, t: Type) -> list[Any]:
        return [timedelta(minutes=30), timedelta(hours=2)]

    def random(self, t: Type, rng: random.Random) -> Any:
        return timedelta(minutes=rng.choice((5, 15, 60, 90)))


class StampKind(Text):
    name = STAMP.name
    inner = True
    is_of_examples = True

    def of_annotation(self, annotation: Any) -> Type | None:
        return STAMP if annotation is Stamp else None

    def cost(self, constant: Any, t: Type) -> int:
        """One for each part of the time."""
        return int(constant.count("%"))

    def from_json(self, data: Any, t: Type) -> Any:
        if type(data) is not str or not _FORM.fullmatch(data):
            raise Undefined
        return data

    def samples(self, t: Type) -> list[Any]:
        return ["%d/%m/%Y", "%Y-%m-%d %H:%M", "%b %d"]

    def random(self, t: Type, rng: random.Random) -> Any:
        return rng.choice(self.samples(t))


register(Datetime())
register(Duration())
register(StampKind())
