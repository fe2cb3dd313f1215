"""Lists of values of one type, nested as deep as needed."""

from __future__ import annotations

import marshal
import random
import typing
from collections.abc import Hashable, Iterator, Sequence
from copy import deepcopy
from typing import Any

from extrapolate.core.kind import (
    Key,
    Kind,
    Limits,
    Undefined,
    annotation,
    from_annotation,
    join,
    join_all,
    kind_of,
    register,
    type_of,
)
from extrapolate.core.reals import Reals
from extrapolate.core.types import Type, list_of

# The format of marshal in which equal values are written equally, wherever else they are held.
NO_REFERENCES = 2
# So many lists are remembered by how they are written.
MOST_MET = 500_000
# Kinds whose values are their own keys, however long the list is.
_FLAT = {"bool": bool, "text": str}


class List(Kind):
    name = "list"
    names = ("xs", "ys", "zs", "us", "vs", "ws")
    label = "items"

    def is_whole(self, t: Type) -> bool:
        return len(t.args) == 1 and not t.labels

    def of_annotation(self, annotation: Any) -> Type | None:
        args = typing.get_args(annotation)
        return list_of(from_annotation(args[0])) if typing.get_origin(annotation) is list and len(args) == 1 else None

    def annotation(self, t: Type) -> str:
        return f"list[{annotation(t.args[0])}]"

    def type_of(self, value: Any) -> Type | None:
        return list_of(join_all(map(type_of, value))) if isinstance(value, list | tuple) else None

    def join(self, a: Type, b: Type) -> Type | None:
        return list_of(join(a.args[0], b.args[0])) if b.is_list else None

    def key(self, t: Type, limits: Limits, reals: Reals) -> Key:
        (item,) = t.args
        longest = limits.length
        if item.name == "int":
            low, high = -limits.number, limits.number
            whole = {int}
            # By what tells values of all types apart, so that a list is checked but once.
            met: dict[bytes, Hashable] = {}

            def ints_key(value: Any) -> Hashable:
                if type(value) is not list or len(value) > longest:
                    return checked(value)
                try:
                    written = marshal.dumps(value, NO_REFERENCES)
                except ValueError:
                    raise Undefined from None
                key = met.get(written)
                if key is None:
                    key = checked(value)
                    if len(met) < MOST_MET:
                        met[written] = key
                return key

            def checked(value: Any) -> Hashable:
                if type(value) not in (list, tuple) or len(value) > longest:
                    raise Undefined
                key = tuple(value)
                if key and (set(map(type, key)) != whole or min(key) < low or max(key) > high):
                    raise Undefined
                return key

            return ints_key
        item_key = kind_of(item).key(item, limits, reals)
        only = _FLAT.get(item.name)

        def list_key(value: Any) -> Hashable:
            if not isinstance(value, list | tuple) or len(value) > longest:
                raise Undefined
            if only is bool:
                if value and set(map(type, value)) != {bool}:
                    raise Undefined
                return tuple(value)
            return tuple([item_key(v) for v in value])

        return list_key

    def varied(self, value: Any, t: Type, rng: random.Random, column: Sequence[Any]) -> Any:
        """With an element less, or with one more or another in a place, or in another order."""
        elements = [item for other in column for item in other]
        if not value or not elements:
            return value
        place, change = rng.randrange(len(value)), rng.randrange(4)
        if change == 0:
            return [*value[:place], *value[place + 1 :]]
        if change == 1:
            return rng.sample(value, len(value))
        return [*value[:place], rng.choice(elements), *value[place + (change == 2) :]]

    def own(self, value: Any, t: Type) -> Any:
        (item,) = t.args
        kind = kind_of(item)
        if type(kind).own is Kind.own:  # elements are as they are
            return list(value)
        return [kind.own(v, item) for v in value]

    def constant(self, value: Any, t: Type) -> Hashable:
        (item,) = t.args
        kind = kind_of(item)
        return tuple([kind.constant(v, item) for v in value])

    def thawed(self, constant: Any, t: Type) -> Any:
        (item,) = t.args
        kind = kind_of(item)
        return [kind.thawed(v, item) for v in constant]

    def equal(self, a: Any, b: Any, t: Type) -> bool:
        (item,) = t.args
        kind = kind_of(item)
        able = isinstance(a, list | tuple) and isinstance(b, list | tuple) and len(a) == len(b)
        return able and all(kind.equal(x, y, item) for x, y in zip(a, b, strict=True))

    def is_precise(self, value: Any, t: Type) -> bool:
        return bool(value) and all(kind_of(part).is_precise(v, part) for v, part in self.parts(value, t))

    def parts(self, value: Any, t: Type) -> Iterator[tuple[Any, Type]]:
        for item in value:
            yield item, t.args[0]

    def length(self, value: Any) -> int:
        return len(value)

    def cost(self, constant: Any, t: Type) -> int:
        (item,) = t.args
        kind = kind_of(item)
        return 1 + sum(kind.cost(v, item) for v in constant)

    def literals(self, value: Any, t: Type) -> Iterator[tuple[Any, Type]]:
        for item, item_type in self.parts(value, t):
            yield from kind_of(item_type).literals(item, item_type)

    def source(self, value: Any, t: Type) -> str:
        (item,) = t.args
        kind = kind_of(item)
        return f"[{', '.join(kind.source(v, item) for v in value)}]"

    def to_json(self, value: Any, t: Type) -> Any:
        (item,) = t.args
        kind = kind_of(item)
        return [kind.to_json(v, item) for v in value]

    def from_json(self, data: Any, t: Type) -> Any:
        if not isinstance(data, list | tuple):
            raise Undefined
        (item,) = t.args
        kind = kind_of(item)
        return [kind.from_json(v, item) for v in data]

    def samples(self, t: Type) -> list[Any]:
        (item,) = t.args
        return [[], *([value] for value in kind_of(item).samples(item)[:2])]

    def random(self, t: Type, rng: random.Random) -> Any:
        # Half of the lists repeat a few values, so that what looks for equal ones has something to find.
        (item,) = t.args
        kind = kind_of(item)
        pool = [kind.random(item, rng) for _ in range(rng.choice((2, 6)))]
        return [deepcopy(rng.choice(pool)) for _ in range(rng.randrange(7))]


register(List())
