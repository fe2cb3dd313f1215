"""Expressions: what programs are made of.

An expression is a variable, a literal, a word applied to expressions, a function, or a choice. A function binds its
parameters by position (de Bruijn, Indagationes Mathematicae 34, 1972): inside it, `Bound(depth, place)` is a parameter
of the function that is `depth` functions further out. So functions that differ in the names of their parameters are
equal, and nothing that is put into one is captured by it. Variables that no function around them binds have names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from extrapolate.core.kind import kind_of
from extrapolate.core.types import Type, function
from extrapolate.core.word import Primitive

VARIABLE_COST = 1
CHOICE_COST = 5

Environment = dict[Any, Any]
# What a word costs, where that is not what its declaration says.
Costs = Mapping[Primitive, int]
NO_COSTS: Costs = {}


@dataclass(frozen=True, slots=True)
class Var:
    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Bound:
    """The parameter at a place of the function so many functions further out; 0 is the innermost."""

    depth: int
    place: int
    type: Type


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant; `key` is what its kind makes of the value so that it can be hashed: tuples for lists."""

    key: Hashable
    type: Type

    @property
    def value(self) -> Any:
        return kind_of(self.type).thawed(self.key, self.type)


@dataclass(frozen=True, slots=True)
class Apply:
    word: Primitive
    args: tuple[Expr, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Lambda:
    """A function of parameters of these types; `names` are what they might be called in print."""

    types: tuple[Type, ...]
    body: Expr
    names: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Choose:
    """`then` where `test` holds, else `otherwise`; only the chosen one is evaluated."""

    test: Expr
    then: Expr
    otherwise: Expr


Expr = Var | Bound | Literal | Apply | Lambda | Choose


def literal_of(value: Any, t: Type) -> Literal:
    """The constant with this value."""
    return Literal(kind_of(t).constant(value, t), t)


def literal_cost(literal: Literal) -> int:
    """The cost of a constant: grows with its digits, characters and elements."""
    return kind_of(literal.type).cost(literal.key, literal.type)


def type_of_expression(expr: Expr) -> Type:
    match expr:
        case Lambda(types, body):
            return function(types, type_of_expression(body))
        case Choose(then=then):
            return type_of_expression(then)
        case Var() | Bound() | Literal() | Apply():
            return expr.type


def children(expr: Expr) -> tuple[Expr, ...]:
    match expr:
        case Apply(args=args):
            return args
        case Lambda(body=body):
            return (body,)
        case Choose(test, then, otherwise):
            return (test, then, otherwise)
    return ()


def among_cells(expr: Expr) -> frozenset[str]:
    """The names of the variables that a program takes nowhere but among cells any of which may be blank."""
    lists = (part for part in walk(expr) if isinstance(part, Apply) and kind_of(part.type).holds_blanks)
    inside = Counter(part.name for cells in lists for part in cells.args if isinstance(part, Var))
    every = Counter(part.name for part in walk(expr) if isinstance(part, Var))
    return frozenset(name for name, n in inside.items() if n == every[name])


def walk(expr: Expr) -> Iterator[Expr]:
    """The expression and all its parts, outermost first."""
    yield expr
    for child in children(expr):
        yield from walk(child)


def joined_parts(expr: Expr) -> list[Expr]:
    """The pieces that an expression joins: itself where it joins nothing."""
    if isinstance(expr, Apply) and expr.word.is_joining:
        return [part for arg in expr.args for part in joined_parts(arg)]
    return [expr]


def longest_piece(expr: Expr, costs: Costs = NO_COSTS) -> int:
    """The cost of the dearest piece that an expression joins, where a constant that stands there again is a name, and
    so is one that is what the examples say; the items of an itemwise word and what it does with each of them are pieces
    of their own."""
    pieces = []
    for piece in joined_parts(expr):
        apart = [arg for e in itemwise_in(piece) for arg in e.args]
        literals = Counter(part for part in walk(piece) if isinstance(part, Literal))
        again = sum(
            (n - 1 + kind_of(literal.type).is_of_examples) * (literal_cost(literal) - VARIABLE_COST)
            for literal, n in literals.items()
        )
        pieces.append(cost(piece, costs) - again - sum(cost(arg, costs) for arg in apart))
        pieces += [longest_piece(arg.body if isinstance(arg, Lambda) else arg, costs) for arg in apart]
    return max(pieces)


def itemwise_in(expr: Expr) -> Iterator[Apply]:
    """The outermost parts whose word is itemwise."""
    if isinstance(expr, Apply) and expr.word.is_itemwise:
        yield expr
    else:
        for child in children(expr):
            yield from itemwise_in(child)


def rebuilt(expr: Expr, change: Callable[[Expr, int], Expr | None], depth: int = 0) -> Expr:
    """The expression with parts exchanged: `change(part, depth)` is what stands for a part, None to look inside it.

    `depth` is how many functions there are around the part.
    """
    new = change(expr, depth)
    if new is not None:
        return new
    match expr:
        case Apply(word, args, t):
            return Apply(word, tuple(rebuilt(a, change, depth) for a in args), t)
        case Lambda(types, body, names):
            return Lambda(types, rebuilt(body, change, depth + 1), names)
        case Choose(test, then, otherwise):
            return Choose(*(rebuilt(part, change, depth) for part in (test, then, otherwise)))
    return expr


def replaced(expr: Expr, old: Expr, new: Expr) -> Expr:
    """The expression with one part, wherever it stands, replaced by another; neither has parameters of its own."""
    return rebuilt(expr, lambda part, depth: new if part == old else None)


def abstracted(params: Sequence[Var], body: Expr) -> Lambda:
    """The function of some variables with that body."""
    places = {v: i for i, v in enumerate(params)}

    def bind(part: Expr, depth: int) -> Expr | None:
        if isinstance(part, Var) and part in places:
            return Bound(depth, places[part], part.type)
        return None

    return Lambda(tuple(v.type for v in params), rebuilt(body, bind), tuple(v.name for v in params))


def opened(function: Lambda, args: Sequence[Expr]) -> Expr:
    """The body of a function with expressions, which are bound nowhere, for its parameters."""

    def fill(part: Expr, depth: int) -> Expr | None:
        return args[part.place] if isinstance(part, Bound) and part.depth == depth else None

    return rebuilt(function.body, fill)


def cost(expr: Expr, costs: Costs = NO_COSTS) -> int:
    """The description length of an expression, in whole units: what the search grows programs by."""
    match expr:
        case Var() | Bound():
            own = VARIABLE_COST
        case Literal():
            own = literal_cost(expr)
        case Apply(word):
            own = costs.get(word, word.cost)
        case Choose():
            own = CHOICE_COST
        case _:
            own = 0
    whole = own + sum(cost(child, costs) for child in children(expr))
    most = kind_of(expr.type).most_cost if isinstance(expr, Apply) and lists_variables(expr) else None
    return whole if most is None else min(whole, most)


def lists_variables(expr: Apply) -> bool:
    """Whether it is made of variables alone, and of what is so of its own type."""
    return all(isinstance(arg, Var) or (isinstance(arg, Apply) and arg.type == expr.type) for arg in expr.args)


def repeated_cost(expr: Expr, costs: Costs = NO_COSTS) -> int:
    """What the cost would be less if a part that stands more than once had to be written once only."""
    seen: set[Expr] = set()

    def saved(part: Expr) -> int:
        if part in seen:
            return cost(part, costs) - VARIABLE_COST
        if isinstance(part, Apply):
            seen.add(part)
        return sum(map(saved, children(part)))

    return saved(expr)


def own_function(word: Primitive) -> Callable[..., Any]:
    return word.function


def evaluator(
    expr: Expr, function_of: Callable[[Primitive], Callable[..., Any]] = own_function, level: int = 0
) -> Callable[[Environment], Any]:
    """A function from the values of the variables to the value of the expression; it raises what the words raise.

    `function_of` says what is called for a word; `level` is how many functions there are around the expression.
    """
    match expr:
        case Var(name):
            return lambda env: env[name]
        case Bound(depth, place):
            key = level - 1 - depth, place
            return lambda env: env[key]
        case Literal():
            value = expr.value
            return lambda env: value
        case Apply(word, args):
            f, parts = function_of(word), [evaluator(a, function_of, level) for a in args]
            if len(parts) == 1:
                (only,) = parts
                return lambda env: f(only(env))
            if len(parts) == 2:
                first, second = parts
                return lambda env: f(first(env), second(env))
            return lambda env: f(*[part(env) for part in parts])
        case Lambda(types, body):
            inner, keys = evaluator(body, function_of, level + 1), [(level, i) for i in range(len(types))]
            if len(keys) == 1:
                (key,) = keys
                return lambda env: lambda value: inner({**env, key: value})
            return lambda env: lambda *values: inner({**env, **dict(zip(keys, values, strict=True))})
        case Choose(test, then, otherwise):
            condition, yes, no = (evaluator(part, function_of, level) for part in (test, then, otherwise))
            return lambda env: yes(env) if condition(env) else no(env)
