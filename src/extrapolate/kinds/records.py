"""Records: named fields, each of a type of its own; in Python a dict with these keys.

A record brings words along: one for each field, and one that makes a record of its fields.
"""

from __future__ import annotations

import random
from collections.abc import Hashable, Iterator, Mapping
from functools import cache
from typing import Any

from extrapolate.core.kind import (
    Key,
    Kind,
    Limits,
    Undefined,
    annotation,
    join,
    kind_of,
    register,
    type_of,
)
from extrapolate.core.reals import Reals
from extrapolate.core.types import Type
from extrapolate.core.word import Primitive

FIELD_COST = 2


class Record(Kind):
    name = "record"
    names = ("record", "other", "third")
    label = "record"

    def is_whole(self, t: Type) -> bool:
        return bool(t.args) and len(t.labels) == len(t.args)

    def annotation(self, t: Type) -> str:
        types = dict.fromkeys(map(annotation, t.args))
        return f"dict[str, {' | '.join(types)}]"

    def type_of(self, value: Any) -> Type | None:
        if not isinstance(value, Mapping) or not value or not all(isinstance(k, str) for k in value):
            return None
        return Type(self.name, tuple(map(type_of, value.values())), tuple(value))

    def join(self, a: Type, b: Type) -> Type | None:
        if b.name != self.name or set(a.labels) != set(b.labels):
            return None
        others = dict(zip(b.labels, b.args, strict=True))
        return Type(self.name, tuple(join(t, others[n]) for n, t in zip(a.labels, a.args, strict=True)), a.labels)

    def key(self, t: Type, limits: Limits, reals: Reals) -> Key:
        keys = [(label, kind_of(a).key(a, limits, reals)) for label, a in self.fields(t)]

        def record_key(value: Any) -> Hashable:
            if not isinstance(value, Mapping) or len(value) != len(keys):
                raise Undefined
            try:
                return tuple([key(value[label]) for label, key in keys])
            except KeyError:
                raise Undefined from None

        return record_key

    @staticmethod
    def fields(t: Type) -> Iterator[tuple[str, Type]]:
        return zip(t.labels, t.args, strict=True)

    def own(self, value: Any, t: Type) -> Any:
        return {label: kind_of(a).own(value[label], a) for label, a in self.fields(t)}

    def constant(self, value: Any, t: Type) -> Hashable:
        return tuple([kind_of(a).constant(value[label], a) for label, a in self.fields(t)])

    def thawed(self, constant: Any, t: Type) -> Any:
        return {label: kind_of(a).thawed(c, a) for (label, a), c in zip(self.fields(t), constant, strict=True)}

    def equal(self, a: Any, b: Any, t: Type) -> bool:
        able = isinstance(a, Mapping) and isinstance(b, Mapping) and set(a) == set(b) == set(t.labels)
        return able and all(kind_of(f).equal(a[label], b[label], f) for label, f in self.fields(t))

    def parts(self, value: Any, t: Type) -> Iterator[tuple[Any, Type]]:
        for label, a in self.fields(t):
            yield value[label], a

    def length(self, value: Any) -> int:
        return len(value)

    def cost(self, constant: Any, t: Type) -> int:
        return 1 + sum(kind_of(a).cost(c, a) for a, c in zip(t.args, constant, strict=True))

    def literals(self, value: Any, t: Type) -> Iterator[tuple[Any, Type]]:
        for part, part_type in self.parts(value, t):
            yield from kind_of(part_type).literals(part, part_type)

    def source(self, value: Any, t: Type) -> str:
        return "{" + ", ".join(f"{label!r}: {kind_of(a).source(value[label], a)}" for label, a in self.fields(t)) + "}"

    def to_json(self, value: Any, t: Type) -> Any:
        return {label: kind_of(a).to_json(value[label], a) for label, a in self.fields(t)}

    def from_json(self, data: Any, t: Type) -> Any:
        if not isinstance(data, dict) or set(data) != set(t.labels):
            raise Undefined
        return {label: kind_of(a).from_json(data[label], a) for label, a in self.fields(t)}

    def samples(self, t: Type) -> list[Any]:
        columns = [kind_of(a).samples(a) for a in t.args]
        return [dict(zip(t.labels, row, strict=True)) for row in zip(*columns, strict=False)]

    def random(self, t: Type, rng: random.Random) -> Any:
        return {label: kind_of(a).random(a, rng) for label, a in self.fields(t)}

    def words(self, t: Type) -> tuple[Primitive, ...]:
        return record_words(t)


@cache
def record_words(t: Type) -> tuple[Primitive, ...]:
    """The words of a type of records: its fields, and what makes one."""
    fields = tuple(
        Primitive(
            name=f"field {label}",
            function=lambda record, label=label: record[label],
            params=("record",),
            arg_types=(t,),
            result_type=a,
            cost=FIELD_COST,
            source=f"{{record}}[{quoted(label)}]",
            doc=f"The field {label!r}.",
            brought=t,
        )
        for label, a in Record.fields(t)
    )
    params = tuple(f"f{i}" for i in range(len(t.args)))
    made = Primitive(
        name="record",
        function=lambda *values: dict(zip(t.labels, values, strict=True)),
        params=params,
        arg_types=t.args,
        result_type=t,
        cost=1,
        source="{{" + ", ".join(f"{quoted(label)}: {{{p}}}" for label, p in zip(t.labels, params, strict=True)) + "}}",
        doc="A record of its fields.",
        parts=lambda record: tuple(record[label] for label in t.labels),
        brought=t,
    )
    return (*fields, made)


def quoted(label: str) -> str:
    """A label as templates write it."""
    return repr(label).replace("{", "{{").replace("}", "}}")


register(Record())
