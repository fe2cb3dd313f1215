"""Lookups: constants that say which value belongs to which key; in Python a dict."""

from __future__ import annotations

import math
import random
from collections.abc import Hashable
from typing import Any

from extrapolate.core.kind import Key, Kind, Limits, Undefined, annotation, from_annotation, kind_of, register
from extrapolate.core.reals import Reals
from extrapolate.core.source import number_source
from extrapolate.core.types import FLOAT, Type

# What an entry costs beside its value: it is one more thing to believe.
ENTRY_COST = 2


def lookup_of(key: Type, value: Type) -> Type:
    return Type("lookup", (key, value))


class Lookup(Kind):
    name = "lookup"
    inner = True
    names = ("table",)
    is_of_examples = True

    def is_whole(self, t: Type) -> bool:
        return len(t.args) == 2

    def of_annotation(self, annotation: Any) -> Type | None:
        args = getattr(annotation, "__args__", ())
        if getattr(annotation, "__origin__", None) is not dict or len(args) != 2:
            return None
        return lookup_of(*map(from_annotation, args))

    def annotation(self, t: Type) -> str:
        return f"dict[{annotation(t.args[0])}, {annotation(t.args[1])}]"

    def key(self, t: Type, limits: Limits, reals: Reals) -> Key:
        keys = [kind_of(a).key(a, limits, reals) for a in t.args]

        def lookup_key(value: Any) -> Hashable:
            if not isinstance(value, dict):
                raise Undefined
            return tuple([(keys[0](k), keys[1](v)) for k, v in value.items()])

        return lookup_key

    def own(self, value: Any, t: Type) -> Any:
        return dict(value)

    def constant(self, value: Any, t: Type) -> Hashable:
        of_key, of_value = map(kind_of, t.args)
        return tuple([(of_key.constant(k, t.args[0]), of_value.constant(v, t.args[1])) for k, v in value.items()])

    def thawed(self, constant: Any, t: Type) -> Any:
        of_key, of_value = map(kind_of, t.args)
        return {of_key.thawed(k, t.args[0]): of_value.thawed(v, t.args[1]) for k, v in constant}

    def equal(self, a: Any, b: Any, t: Type) -> bool:
        return bool(a == b)

    def cost(self, constant: Any, t: Type) -> int:
        return 1 + sum(ENTRY_COST + kind_of(t.args[1]).cost(v, t.args[1]) // 2 for _, v in constant)

    def source(self, value: Any, t: Type) -> str:
        of_key = kind_of(t.args[0])
        entries = (f"{of_key.source(k, t.args[0])}: {entry_source(v, t.args[1])}" for k, v in value.items())
        return "{" + ", ".join(entries) + "}"

    def to_json(self, value: Any, t: Type) -> Any:
        of_key, of_value = map(kind_of, t.args)
        return [[of_key.to_json(k, t.args[0]), of_value.to_json(v, t.args[1])] for k, v in value.items()]

    def from_json(self, data: Any, t: Type) -> Any:
        of_key, of_value = map(kind_of, t.args)
        if not isinstance(data, list) or not all(isinstance(entry, list) and len(entry) == 2 for entry in data):
            raise Undefined
        return {of_key.from_json(k, t.args[0]): of_value.from_json(v, t.args[1]) for k, v in data}

    def samples(self, t: Type) -> list[Any]:
        keys, values = (kind_of(a).samples(a) for a in t.args)
        return [dict(zip(keys[i:], values, strict=False)) for i in range(2)]

    def random(self, t: Type, rng: random.Random) -> Any:
        of_key, of_value = map(kind_of, t.args)
        return {of_key.random(t.args[0], rng): of_value.random(t.args[1], rng) for _ in range(rng.randrange(1, 4))}


def entry_source(value: Any, t: Type) -> str:
    """A value of a lookup as Python writes it, a number as it stands in arithmetic."""
    return number_source(value, repr(math.pi)) if t == FLOAT else kind_of(t).source(value, t)


register(Lookup())
