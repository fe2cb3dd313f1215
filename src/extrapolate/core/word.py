"""Words: plain typed Python functions with a cost, a printed form, and what the search may know of them.

>>> from typing import TypeVar
>>> T = TypeVar("T")
>>> @primitive(cost=2, source="{xs}[::-1]", laws=[involution])
... def backwards(xs: list[T]) -> list[T]:
...     '''The list backwards.'''
...     return xs[::-1]
>>> backwards([1, 2]), backwards.signature
([2, 1], '(list[T]) -> list[T]')
"""

from __future__ import annotations

import importlib
import inspect
import math
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from extrapolate.core.errors import WordError
from extrapolate.core.kind import from_annotation, kind_of
from extrapolate.core.types import ITERATED, Type, function

DEFAULT_COST = 3
MOST_PARAMETERS = 8


@dataclass(frozen=True)
class Law:
    """An equation a word promises: `holds(f, *arguments)` is true wherever `f` is defined.

    `arity` is the number of arguments of the words it can be said of, None for any.
    """

    name: str
    arity: int | None
    holds: Callable[..., bool]


commutative = Law("commutative", 2, lambda f, a, b: f(a, b) == f(b, a))
involution = Law("involution", 1, lambda f, a: f(f(a)) == a)
# What the word returns is its first argument followed by its second, so that a result can be taken apart anywhere.
joining = Law("joining", 2, lambda f, a, b: len(f(a, b)) == len(a) + len(b) and f(a, b)[: len(a)] == a
              and f(a, b)[len(a) :] == b)  # fmt: skip
# What it makes of a list is what it makes of each item by itself, so that its function is a task of its own.
itemwise = Law("itemwise", 2, lambda f, g, items: f(g, items) == [out for item in items for out in f(g, [item])])
# A number that is whole may be written as one: `x ** 2` is `x ** 2.0`.
numeric = Law("numeric", None, lambda f, *args: f(*args) == f(*[int(a) if a == int(a) else a for a in args]))
# Twice the arguments are twice the result, so that the result has the dimension of the arguments.
homogeneous = Law("homogeneous", None, lambda f, *args: math.isclose(f(*[2 * a for a in args]), 2 * f(*args)))
# It comes back after a full turn, so that what stands in it may be many turns.
periodic = Law("periodic", 1, lambda f, a: math.isclose(f(a + 2 * math.pi), f(a), abs_tol=1e-9))
# The natural logarithm, which makes sums of products, and the exponential function, which makes products of sums.
logarithm = Law("logarithm", 1, lambda f, a: not a > 0 or math.isclose(f(math.e * a), 1 + f(a), abs_tol=1e-9))
exponential = Law("exponential", 1, lambda f, a: abs(a) > 300 or math.isclose(f(1 + a), math.e * f(a), rel_tol=1e-9))
idempotent = Law("idempotent", 1, lambda f, a: f(f(a)) == f(a))


class Latex(NamedTuple):
    r"""How a word is written in LaTeX: the name of a function, as `\sin`, before its arguments, or a template that
    encloses them, as `\sqrt{{{}}}`. `binds` says how tightly a template binds, as in `latex.py`."""

    form: str
    binds: int = 3

    @property
    def encloses(self) -> bool:
        return "{}" in self.form


@dataclass(frozen=True, eq=False)
class Primitive:
    """One word of a language. Call it as the function it is.

    `inverses[p](result, *others)` is the value that parameter `p` must have for the word to return `result`; it raises
    where there is none. `rules[p](result, *others)` does the same for a parameter that is a function: it returns the
    rows `(arguments, value)` which that function must satisfy, or raises when no function can. `literals[p](results)`
    are constants that `p` may be when the word has to return each of those results. `parts(result)` are all arguments
    at once, of a word whose result tells them. `array` is the function on NumPy arrays where another one is quicker.
    `latex` and `sympy` are the printed forms for formulas. `brought` is the type that brings the word along, where one
    does.
    """

    name: str
    function: Callable[..., Any]
    params: tuple[str, ...]
    arg_types: tuple[Type, ...]
    result_type: Type
    cost: int = DEFAULT_COST
    source: str | None = None
    doc: str = ""
    laws: tuple[Law, ...] = ()
    inverses: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    rules: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    literals: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    constraints: Mapping[str, tuple[Type, ...]] = field(default_factory=dict)
    parts: Callable[[Any], Sequence[Any]] | None = None
    array: Callable[..., Any] | None = None
    latex: Latex | Callable[..., Any] | None = None
    sympy: str | Callable[..., Any] | None = None
    brought: Type | None = None

    def __call__(self, *args: Any) -> Any:
        return self.function(*args)

    def __repr__(self) -> str:
        return f"<word {self.name} {self.signature}>"

    def __reduce__(self) -> tuple[Any, ...]:
        if self.brought is not None:
            return _brought, (self.brought, self.name)
        return _find, (self.function.__module__, self.function.__qualname__)

    @property
    def signature(self) -> str:
        return str(function(self.arg_types, self.result_type))

    @property
    def is_commutative(self) -> bool:
        return commutative in self.laws

    @property
    def is_numeric(self) -> bool:
        return numeric in self.laws

    @property
    def is_periodic(self) -> bool:
        return periodic in self.laws

    @property
    def is_homogeneous(self) -> bool:
        return homogeneous in self.laws

    @property
    def is_logarithm(self) -> bool:
        return logarithm in self.laws

    @property
    def is_exponential(self) -> bool:
        return exponential in self.laws

    @property
    def is_joining(self) -> bool:
        return joining in self.laws

    @property
    def is_itemwise(self) -> bool:
        return itemwise in self.laws

    @property
    def is_built_in(self) -> bool:
        return self.function.__module__.startswith("extrapolate.")


def _find(module: str, name: str) -> Primitive:
    found = importlib.import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    assert isinstance(found, Primitive)
    return found


def _brought(t: Type, name: str) -> Primitive:
    found = next(word for word in kind_of(t).words(t) if word.name == name)
    assert isinstance(found, Primitive)
    return found


def primitive(
    *,
    cost: int = DEFAULT_COST,
    source: str | None = None,
    name: str | None = None,
    laws: Sequence[Law] = (),
    inverses: Mapping[str, Callable[..., Any]] | None = None,
    rules: Mapping[str, Callable[..., Any]] | None = None,
    literals: Mapping[str, Callable[..., Any]] | None = None,
    parts: Callable[[Any], Sequence[Any]] | None = None,
    array: Callable[..., Any] | None = None,
    latex: Latex | Callable[..., Any] | str | None = None,
    sympy: str | Callable[..., Any] | None = None,
) -> Callable[[Callable[..., Any]], Primitive]:
    """A decorator that declares a typed Python function as a word.

    `source` is the Python that programs print for it, with parameters in braces; without it the function's own source
    is printed along. `latex` is the name of a function in LaTeX, a `Latex` template or a function; `sympy` the name
    SymPy has for it, or a function of SymPy expressions; without them a formula with the word has neither form.
    WordError says what is missing or misspelt.
    """

    def declare(f: Callable[..., Any]) -> Primitive:
        shown = name or f.__name__.rstrip("_")
        arg_types, result, constraints = _read_annotations(f, shown)
        params = tuple(inspect.signature(f).parameters)
        if type(cost) is not int or cost < 1:
            raise WordError(f"word {shown!r} has {cost=}; a cost is a whole number of at least 1.")
        for what, given in (("inverses", inverses), ("rules", rules), ("literals", literals)):
            for p in given or ():
                if p not in params:
                    raise WordError(f"word {shown!r} names {p!r} in {what}; its parameters are {', '.join(params)}.")
        if source is not None:
            for p in params:
                if "{" + p + "}" not in source:
                    raise WordError(f"word {shown!r} has {source=}, which leaves out {{{p}}}.")
        return Primitive(
            shown,
            f,
            params,
            arg_types,
            result,
            cost,
            source,
            inspect.cleandoc(f.__doc__ or "").split("\n")[0],
            tuple(laws),
            dict(inverses or {}),
            dict(rules or {}),
            dict(literals or {}),
            constraints,
            parts,
            array,
            Latex(latex) if isinstance(latex, str) else latex,
            sympy,
        )

    return declare


def _read_annotations(f: Callable[..., Any], name: str) -> tuple[tuple[Type, ...], Type, dict[str, tuple[Type, ...]]]:
    try:
        hints = typing.get_type_hints(f)
    except Exception as error:
        raise WordError(f"the annotations of word {name!r} can't be read: {error}.") from None
    types: dict[str, Type] = {}
    constraints: dict[str, tuple[Type, ...]] = {}
    for p, parameter in (*inspect.signature(f).parameters.items(), ("return", None)):
        if parameter is not None and parameter.kind is not parameter.POSITIONAL_OR_KEYWORD:
            raise WordError(f"parameter {p!r} of word {name!r} is {parameter.kind.description}; use plain parameters.")
        if p not in hints:
            missing = "a return type" if p == "return" else f"a type for parameter {p!r}"
            raise WordError(f"word {name!r} needs {missing}; write e.g. `def {name}(xs: list[int]) -> int`.")
        try:
            types[p] = from_annotation(hints[p])
        except ValueError as error:
            raise WordError(f"{p!r} of word {name!r}: {error}.") from None
        constraints |= _constraints(hints[p])
    result = types.pop("return")
    if any(t.is_iterated for t in types.values()):  # what one function gives, the others may be given
        types = {p: replace(t, name=ITERATED) if t.is_function else t for p, t in types.items()}
    if not types:
        raise WordError(f"word {name!r} takes no arguments; a word is a function of at least one value.")
    if len(types) > MOST_PARAMETERS:
        raise WordError(
            f"word {name!r} takes {len(types)} arguments; split it into words of at most {MOST_PARAMETERS}."
        )
    return tuple(types.values()), result, constraints


def _constraints(hint: Any) -> dict[str, tuple[Type, ...]]:
    """The types that constrained type variables allow, as `TypeVar("N", int, float)` does."""
    if isinstance(hint, typing.TypeVar):
        return {hint.__name__: tuple(map(from_annotation, hint.__constraints__))} if hint.__constraints__ else {}
    found: dict[str, tuple[Type, ...]] = {}
    for arg in typing.get_args(hint):
        for part in arg if isinstance(arg, list) else [arg]:
            found |= _constraints(part)
    return found
