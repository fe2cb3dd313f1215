"""Types of values and words.

A `Type` is a name with arguments: `int`, `list[int]`, `(int) -> bool`. A name that starts with a capital is a variable,
as in `list[A]`. What is to be known of the values of a type says its kind (`kind.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NewType

FUNCTION = "->"
# A function whose result may be its next argument, as in fold: its arguments can't be listed beforehand.
ITERATED = "~>"


def _label(name: str) -> str:
    return name if name.isidentifier() else json.dumps(name)


@dataclass(frozen=True, slots=True)
class Type:
    """`labels` name the arguments, where they have names: the fields of a record."""

    name: str
    args: tuple[Type, ...] = ()
    labels: tuple[str, ...] = ()
    is_function: bool = field(init=False, repr=False, compare=False)
    is_list: bool = field(init=False, repr=False, compare=False)
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "is_function", self.name in (FUNCTION, ITERATED))
        object.__setattr__(self, "is_list", self.name == "list")
        object.__setattr__(self, "_hash", hash((self.name, self.args, self.labels)))

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[Any, ...]:
        return Type, (self.name, self.args, self.labels)

    def __str__(self) -> str:
        if self.is_function:
            return f"({', '.join(map(str, self.args[:-1]))}) -> {self.args[-1]}"
        if self.labels:
            return f"{self.name}[{', '.join(f'{_label(n)}: {a}' for n, a in zip(self.labels, self.args, strict=True))}]"
        return f"{self.name}[{', '.join(map(str, self.args))}]" if self.args else self.name

    __repr__ = __str__

    @property
    def is_variable(self) -> bool:
        return self.name[0].isupper()

    @property
    def is_iterated(self) -> bool:
        return self.name == ITERATED

    @property
    def depth(self) -> int:
        """How many types are nested: 0 for `int`, 2 for `list[list[int]]`."""
        return 1 + max(a.depth for a in self.args) if self.args and not self.is_function else 0

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
        return replace(self, args=tuple(a.substitute(binding) for a in self.args))


BOOL = Type("bool")
INT = Type("int")
FLOAT = Type("float")
TEXT = Type("text")
NUMBERS = (FLOAT, INT)

# Values that stand only inside programs. A delimiter is a text that marks where others begin or end: few are, and
# a type of their own keeps a search from trying every text as one.
DECIMAL = Type("decimal")
DATETIME = Type("datetime")
DURATION = Type("duration")
DELIMITER = Type("delimiter")
Delimiter = NewType("Delimiter", str)
# The type of the elements of a list that has none.
ANY = Type("Any")


def list_of(item: Type) -> Type:
    return Type("list", (item,))


def function(args: Iterable[Type], result: Type) -> Type:
    """The type of a function; it is iterated when its result can be one of its arguments."""
    args = tuple(args)
    return Type(ITERATED if result in args else FUNCTION, (*args, result))


def unify(pattern: Type, ground: Type, binding: dict[str, Type]) -> bool:
    """Whether `pattern` fits `ground`; variables met on the way are written into `binding`."""
    if pattern.is_variable:
        return binding.setdefault(pattern.name, ground) == ground
    return (
        pattern.name == ground.name
        and pattern.labels == ground.labels
        and len(pattern.args) == len(ground.args)
        and all(unify(p, g, binding) for p, g in zip(pattern.args, ground.args, strict=True))
    )
