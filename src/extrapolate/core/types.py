"""Types of values and words.

A `Type` is a name with arguments: `int`, `list[int]`, `(int) -> bool`. A name that starts with a capital
is a variable, as in `list[A]`. Words are declared with Python annotations; `from_annotation` reads them.

>>> from_annotation(list[int])
list[int]
>>> type_of([[1, 2], []])
list[list[int]]
"""

from __future__ import annotations

import collections.abc
import datetime
import decimal
import inspect
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NewType

from extrapolate.core.errors import InputError

FUNCTION = "->"
# A function whose result may be its next argument, as in fold: its arguments can't be listed beforehand.
ITERATED = "~>"


@dataclass(frozen=True, slots=True)
class Type:
    name: str
    args: tuple[Type, ...] = ()
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.name, self.args)))

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[Any, ...]:
        return Type, (self.name, self.args)

    def __str__(self) -> str:
        if self.is_function:
            return f"({', '.join(map(str, self.args[:-1]))}) -> {self.args[-1]}"
        return f"{self.name}[{', '.join(map(str, self.args))}]" if self.args else self.name

    __repr__ = __str__

    @property
    def is_variable(self) -> bool:
        return self.name[0].isupper()

    @property
    def is_function(self) -> bool:
        return self.name in (FUNCTION, ITERATED)

    @property
    def is_iterated(self) -> bool:
        return self.name == ITERATED

    @property
    def is_list(self) -> bool:
        return self.name == "list"

    @property
    def depth(self) -> int:
        """How many lists are nested: 0 for `int`, 2 for `list[list[int]]`."""
        return 1 + self.args[0].depth if self.is_list else 0

    def variables(self) -> Iterator[str]:
        if self.is_variable:
            yield self.name
        for arg in self.args:
            yield from arg.variables()

    def substitute(self, binding: Mapping[str, Type]) -> Type:
        if self.is_variable:
            return binding.get(self.name, self)
        if not self.args:
            return self
        return Type(self.name, tuple(a.substitute(binding) for a in self.args))


BOOL = Type("bool")
INT = Type("int")
FLOAT = Type("float")
TEXT = Type("text")
SCALARS = (BOOL, INT, FLOAT, TEXT)
_OF_CELLS = {bool: BOOL, int: INT, float: FLOAT, str: TEXT}

# Values that stand only inside programs. A delimiter is a text that marks where others begin or end: few are, and
# a type of their own keeps a search from trying every text as one.
DECIMAL = Type("decimal")
DATETIME = Type("datetime")
DURATION = Type("duration")
DELIMITER = Type("delimiter")
Delimiter = NewType("Delimiter", str)
CLASSES: dict[Type, type] = {
    BOOL: bool,
    INT: int,
    FLOAT: float,
    TEXT: str,
    DECIMAL: decimal.Decimal,
    DATETIME: datetime.datetime,
    DURATION: datetime.timedelta,
    DELIMITER: str,
}
_PYTHON: dict[Any, Type] = {**{c: t for t, c in CLASSES.items() if t != DELIMITER}, Delimiter: DELIMITER}
_NAMES = {**{t.name: t for t in CLASSES}, "str": TEXT}
_ANNOTATIONS = {"text": "str", "delimiter": "str", "decimal": "decimal.Decimal", "datetime": "datetime.datetime",
                "duration": "datetime.timedelta"}  # fmt: skip


def list_of(item: Type) -> Type:
    return Type("list", (item,))


def function(args: Iterable[Type], result: Type) -> Type:
    """The type of a function; it is iterated when its result can be one of its arguments."""
    args = tuple(args)
    return Type(ITERATED if result in args else FUNCTION, (*args, result))


def annotation(t: Type) -> str:
    """The type as Python writes it: `text` is `str`."""
    if t.is_function:
        return f"Callable[[{', '.join(map(annotation, t.args[:-1]))}], {annotation(t.args[-1])}]"
    name = _ANNOTATIONS.get(t.name, t.name)
    return f"{name}[{', '.join(map(annotation, t.args))}]" if t.args else name


def from_annotation(a: Any) -> Type:
    """The type that a Python annotation stands for; ValueError when there is none."""
    if a in _PYTHON:
        return _PYTHON[a]
    if isinstance(a, typing.TypeVar):
        return Type(a.__name__)
    origin, args = typing.get_origin(a), typing.get_args(a)
    if origin is list and len(args) == 1:
        return list_of(from_annotation(args[0]))
    if origin is collections.abc.Callable and len(args) == 2 and isinstance(args[0], list):
        return function(map(from_annotation, args[0]), from_annotation(args[1]))
    shown = inspect.formatannotation(a)
    raise ValueError(f"{shown} is not a type of values; use bool, int, float, str, list[...] or Callable[[...], ...]")


def parse_type(text: str) -> Type:
    """The type written as `list[int]`; InputError when it can't be read."""
    text = text.strip()
    if text in _NAMES:
        return _NAMES[text]
    if text.startswith("list[") and text.endswith("]"):
        return list_of(parse_type(text[5:-1]))
    raise InputError(f"{text!r} is not a type; use bool, int, float, text or list[...] of them.")


def type_of(value: Any) -> Type:
    """The type of one value; lists without elements are `list[Any]`. InputError when it has none."""
    if type(value) in _OF_CELLS:
        return _OF_CELLS[type(value)]
    if isinstance(value, list | tuple):
        item = ANY
        for element in value:
            item = join(item, type_of(element))
        return list_of(item)
    raise InputError(
        f"a value of type {type(value).__name__} can't be used; give bools, numbers, text or lists of them."
    )


ANY = Type("Any")


def join(a: Type, b: Type) -> Type:
    """The one type that holds values of both: an int among floats is a float. InputError when there is none."""
    if a == b or b == ANY:
        return a
    if a == ANY:
        return b
    if {a, b} == {INT, FLOAT}:
        return FLOAT
    if a.is_list and b.is_list:
        return list_of(join(a.args[0], b.args[0]))
    raise InputError(f"{a} and {b} are mixed; all values of a column or list must have one type.")


def unify(pattern: Type, ground: Type, binding: dict[str, Type]) -> bool:
    """Whether `pattern` fits `ground`; variables met on the way are written into `binding`."""
    if pattern.is_variable:
        return binding.setdefault(pattern.name, ground) == ground
    return (
        pattern.name == ground.name
        and len(pattern.args) == len(ground.args)
        and all(unify(p, g, binding) for p, g in zip(pattern.args, ground.args, strict=True))
    )
