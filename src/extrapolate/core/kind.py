"""Kinds: all that is to be known of one type of values, in one file each (`kinds/`).

A kind says which values it has and when two of them are equal, how large they are, what a constant of it costs, how it
is read from a cell and from JSON, written in Python and shown, and sample values for trying words. The rest of the
package asks `kind_of(t)` and knows no type by name. A new type is a class with what differs from `Kind`, and
`register`.

>>> from extrapolate.core.types import INT, list_of
>>> str(type_of([[1, 2], []])), annotation(list_of(INT))
('list[list[int]]', 'list[int]')
"""

from __future__ import annotations

import collections.abc
import inspect
import json
import random
import re
import typing
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from extrapolate.core.errors import InputError
from extrapolate.core.reals import Reals
from extrapolate.core.types import ANY, Type, function

Key = Callable[[Any], Hashable]

# The name of a field in a type, in quotes where it is no identifier.
_LABEL = re.compile(r"""\s*([^\W\d]\w*|"(?:[^"\\]|\\.)*")\s*:(.*)""", re.DOTALL)


class Undefined(ValueError):
    """Raised by a word, a kind or a table where there is no value."""


@dataclass(frozen=True)
class Limits:
    """How large a value may become before it counts as undefined."""

    length: int = 256
    number: int = 10**18
    text: int = 10_000


NO_LIMITS = Limits(length=10**9, number=10**300, text=10**9)


class Kind:
    """One type of values, or one way to make types of others, as lists are.

    `classes` are the Python classes of its values. `names` are given to variables, `label` to a part of a program that
    is needed twice. Values of an `inner` kind stand only inside programs. Methods get the type that is meant as `t`.
    """

    name: str = ""
    classes: tuple[type, ...] = ()
    python: str = ""
    names: tuple[str, ...] = ("x", "y", "z", "u", "v", "w")
    label = "value"
    inner = False
    is_number = False
    # Whether its constants are what the examples say, row by row, and need none to vouch for them.
    is_of_examples = False
    # What an expression of it costs at most.
    most_cost: int | None = None
    # Whether it is made of cells any of which may be blank.
    holds_blanks = False

    # Types

    def is_whole(self, t: Type) -> bool:
        """Whether a type of this kind has the arguments that it needs."""
        return not t.args

    def of_annotation(self, annotation: Any) -> Type | None:
        """The type a Python annotation stands for, where it is of this kind."""
        return Type(self.name) if annotation in self.classes and not self.inner else None

    def annotation(self, t: Type) -> str:
        """The type as Python writes it."""
        return self.python or self.name

    def type_of(self, value: Any) -> Type | None:
        """The type of a value that is of this kind."""
        return Type(self.name) if type(value) in self.classes else None

    def join(self, a: Type, b: Type) -> Type | None:
        """The type that holds the values of two types of which the first is of this kind; None where there is none."""
        return a if a == b else None

    # Values

    def varied(self, value: Any, t: Type, rng: random.Random, column: Sequence[Any]) -> Any:
        """Another value like this one, of a column that holds such values; the same where nothing is like it."""
        return value

    def key(self, t: Type, limits: Limits, reals: Reals) -> Key:
        """A function from a value to its key: equal values have equal keys. Undefined for what is no value of the type,
        and past the limits."""
        classes = self.classes

        def plain_key(value: Any) -> Hashable:
            if type(value) in classes:
                return self.plain_key(value, limits)
            raise Undefined

        return plain_key

    def plain_key(self, value: Any, limits: Limits) -> Hashable:
        return value  # type: ignore[no-any-return]

    def own(self, value: Any, t: Type) -> Any:
        """The value as programs see it, a copy where it can be changed."""
        return value

    def constant(self, value: Any, t: Type) -> Hashable:
        """What a literal holds of a value: all its digits, and it can be hashed."""
        return value  # type: ignore[no-any-return]

    def thawed(self, constant: Any, t: Type) -> Any:
        """The value of a literal, fresh each time."""
        return constant

    def equal(self, a: Any, b: Any, t: Type) -> bool:
        """Whether two values are the same value of the type."""
        key = self.key(t, NO_LIMITS, Reals())
        return bool(key(a) == key(b))

    def is_near(self, a: Any, b: Any, t: Type) -> bool:
        """Whether two values differ so little that one may be a slip for the other."""
        return False

    def is_precise(self, value: Any, t: Type) -> bool:
        """Whether a value says so much that hardly a program has it by chance."""
        return False

    def parts(self, value: Any, t: Type) -> Iterator[tuple[Any, Type]]:
        """The values it is made of, with their types."""
        yield from ()

    def length(self, value: Any) -> int:
        """How many elements or characters it has."""
        return 0

    def cost(self, constant: Any, t: Type) -> int:
        """The description length of a constant."""
        return 2 + len(str(constant)) // 2

    def literals(self, value: Any, t: Type) -> Iterator[tuple[Any, Type]]:
        """The constants that an example with this value suggests."""
        yield value, t

    # Written and read

    def source(self, value: Any, t: Type) -> str:
        """The value as Python writes it."""
        return repr(value)

    def to_json(self, value: Any, t: Type) -> Any:
        return value

    def from_json(self, data: Any, t: Type) -> Any:
        """The value in JSON data; Undefined, TypeError or ValueError where it is none of the type."""
        return data

    def from_cell(self, cell: str, t: Type) -> Any:
        """The value in a cell of a table that is not empty."""
        return self.from_json(json.loads(cell), t)

    def to_cell(self, value: Any, t: Type) -> str:
        return json.dumps(self.to_json(value, t), ensure_ascii=False)

    # For trying words

    def samples(self, t: Type) -> list[Any]:
        """A few values, the simplest first."""
        raise NotImplementedError

    def random(self, t: Type, rng: random.Random) -> Any:
        return rng.choice(self.samples(t))

    # What it brings along

    def words(self, t: Type) -> tuple[Any, ...]:
        """Words that come with a type, whatever the language is: the fields of a record."""
        return ()


KINDS: dict[str, Kind] = {}
# The kinds by the Python classes of their values, where no other kind was first.
BY_CLASS: dict[type, Kind] = {}


def register(kind: Kind) -> Kind:
    """Makes a kind known by its name."""
    KINDS[kind.name] = kind
    if not kind.inner:
        for known in kind.classes:
            BY_CLASS.setdefault(known, kind)
    return kind


def kind_of(t: Type) -> Kind:
    """The kind of a type that is no function and no variable; InputError for a type that is not known."""
    try:
        return KINDS[t.name]
    except KeyError:
        raise InputError(f"{t} is not a type of values; the kinds are {', '.join(sorted(KINDS))}.") from None


def annotation(t: Type) -> str:
    """The type as Python writes it: `text` is `str`."""
    if t.is_function:
        return f"Callable[[{', '.join(map(annotation, t.args[:-1]))}], {annotation(t.args[-1])}]"
    return t.name if t.is_variable else kind_of(t).annotation(t)


def from_annotation(a: Any) -> Type:
    """The type that a Python annotation stands for; ValueError when there is none."""
    if isinstance(a, typing.TypeVar):
        return Type(a.__name__)
    if isinstance(a, Type):
        return a
    origin, args = typing.get_origin(a), typing.get_args(a)
    if origin is collections.abc.Callable and len(args) == 2 and isinstance(args[0], list):
        return function(map(from_annotation, args[0]), from_annotation(args[1]))
    for kind in KINDS.values():
        found = kind.of_annotation(a)
        if found is not None:
            return found
    shown = inspect.formatannotation(a)
    raise ValueError(f"{shown} is not a type of values; use bool, int, float, str, list[...] or Callable[[...], ...]")


def parse_type(text: str) -> Type:
    """The type written as `list[int]` or `record[name: text, age: int]`; InputError when it can't be read."""
    name, bracket, rest = text.strip().partition("[")
    name = {"str": "text"}.get(name.strip(), name.strip())
    if name in KINDS and (not bracket or rest.endswith("]")):
        parts = _split(rest[:-1]) if bracket else []
        labelled = [_LABEL.fullmatch(part) for part in parts]
        labels = tuple(_label(found[1]) for found in labelled if found)
        args = tuple(parse_type(found[2] if found else part) for found, part in zip(labelled, parts, strict=True))
        if len(labels) in (0, len(parts)) and len(set(labels)) == len(labels):
            t = Type(name, args, labels)
            if KINDS[name].is_whole(t):
                return t
    raise InputError(f"{text.strip()!r} is not a type; use bool, int, float, text or list[...] of them.")


def _label(text: str) -> str:
    try:
        return str(json.loads(text)) if text.startswith('"') else text
    except ValueError:
        raise InputError(f"{text} is no name of a field; write it as JSON has it.") from None


def _split(text: str) -> list[str]:
    """The parts between commas that stand in no brackets and no quotes."""
    parts, depth = [""], 0
    for c in re.findall(r'"(?:[^"\\]|\\.)*"|.', text, re.DOTALL):
        depth += (c == "[") - (c == "]")
        if c == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += c
    return parts


def type_of(value: Any) -> Type:
    """The type of one value; lists without elements are `list[Any]`. InputError when it has none."""
    likeliest = BY_CLASS.get(type(value))
    if likeliest is not None and (found := likeliest.type_of(value)) is not None:
        return found
    for kind in KINDS.values():
        if not kind.inner:
            found = kind.type_of(value)
            if found is not None:
                return found
    raise InputError(
        f"a value of type {type(value).__name__} can't be used; give bools, numbers, text or lists of them."
    )


def join(a: Type, b: Type) -> Type:
    """The one type that holds values of both: an int among floats is a float. InputError when there is none."""
    if a == b or b == ANY:
        return a
    if a == ANY:
        return b
    found = kind_of(a).join(a, b) or kind_of(b).join(b, a)
    if found is None:
        raise InputError(f"{a} and {b} are mixed; all values of a column or list must have one type.")
    return found


def join_all(types: Iterable[Type]) -> Type:
    found = ANY
    for t in types:
        found = join(found, t)
    return found
