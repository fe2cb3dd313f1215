"""Expressions: what programs are made of.

An expression is a variable, a literal, a word applied to expressions, a function of bound variables, or a choice.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Any

from extrapolate.core.types import Type
from extrapolate.core.values import thaw
from extrapolate.core.word import Primitive

VARIABLE_COST = 1
CHOICE_COST = 5

Environment = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Var:
    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant; `key` is its value with tuples for lists, so that it can be hashed."""

    key: Hashable
    type: Type

    @property
    def value(self) -> Any:
        return thaw(self.key, self.type)


@dataclass(frozen=True, slots=True)
class Apply:
    word: Primitive
    args: tuple[Expr, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Lambda:
    params: tuple[Var, ...]
    body: Expr


@dataclass(frozen=True, slots=True)
class Choose:
    """`then` where `test` holds, else `otherwise`; only the chosen one is evaluated."""

    test: Expr
    then: Expr
    otherwise: Expr


Expr = Var | Literal | Apply | Lambda | Choose


def literal_cost(key: Any) -> int:
    """The cost of a constant: grows with its digits, characters and elements."""
    if isinstance(key, tuple):
        return 1 + sum(map(literal_cost, key))
    if isinstance(key, bool):
        return 2
    if isinstance(key, int):
        return 1 if key in (0, 1) else 2 + (key < 0) + (abs(key) > 9) + (abs(key) > 99) + (abs(key) > 9999)
    if isinstance(key, datetime.timedelta):
        return 1
    return 2 + len(str(key)) // 2


def children(expr: Expr) -> tuple[Expr, ...]:
    match expr:
        case Apply(args=args):
            return args
        case Lambda(body=body):
            return (body,)
        case Choose(test, then, otherwise):
            return (test, then, otherwise)
    return ()


def walk(expr: Expr) -> Iterator[Expr]:
    """The expression and all its parts, outermost first."""
    yield expr
    for child in children(expr):
        yield from walk(child)


def replaced(expr: Expr, old: Expr, new: Expr) -> Expr:
    """The expression with one part, wherever it stands, replaced by another."""
    if expr == old:
        return new
    match expr:
        case Apply(word, args, t):
            return Apply(word, tuple(replaced(a, old, new) for a in args), t)
        case Lambda(params, body):
            return Lambda(params, replaced(body, old, new))
        case Choose(test, then, otherwise):
            return Choose(*(replaced(part, old, new) for part in (test, then, otherwise)))
    return expr


def cost(expr: Expr) -> int:
    """The description length of an expression, in whole units: what the search grows programs by."""
    match expr:
        case Var():
            own = VARIABLE_COST
        case Literal(key):
            own = literal_cost(key)
        case Apply(word):
            own = word.cost
        case Choose():
            own = CHOICE_COST
        case _:
            own = 0
    return own + sum(map(cost, children(expr)))


def repeated_cost(expr: Expr) -> int:
    """What the cost would be less if a part that stands more than once had to be written once only."""
    seen: set[Expr] = set()

    def saved(part: Expr) -> int:
        if part in seen:
            return cost(part) - VARIABLE_COST
        if isinstance(part, Apply):
            seen.add(part)
        return sum(map(saved, children(part)))

    return saved(expr)


def own_function(word: Primitive) -> Callable[..., Any]:
    return word.function


def evaluator(
    expr: Expr, function_of: Callable[[Primitive], Callable[..., Any]] = own_function
) -> Callable[[Environment], Any]:
    """A function from the values of the variables to the value of the expression; it raises what the words raise.

    `function_of` says what is called for a word.
    """
    match expr:
        case Var(name):
            return lambda env: env[name]
        case Literal():
            value = expr.value
            return lambda env: value
        case Apply(word, args):
            f, parts = function_of(word), [evaluator(a, function_of) for a in args]
            if len(parts) == 1:
                (only,) = parts
                return lambda env: f(only(env))
            if len(parts) == 2:
                first, second = parts
                return lambda env: f(first(env), second(env))
            return lambda env: f(*[part(env) for part in parts])
        case Lambda(params, body):
            names, inner = [p.name for p in params], evaluator(body, function_of)
            if len(names) == 1:
                (name,) = names
                return lambda env: lambda value: inner({**env, name: value})
            return lambda env: lambda *values: inner({**env, **dict(zip(names, values, strict=True))})
        case Choose(test, then, otherwise):
            condition, yes, no = (evaluator(part, function_of) for part in (test, then, otherwise))
            return lambda env: yes(env) if condition(env) else no(env)
