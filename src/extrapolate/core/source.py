"""Expressions printed as the Python a person would write.

The printed form of a word is a template such as `"sorted({xs})"`. Templates are parsed and joined as syntax trees,
so brackets stand where Python needs them and nowhere else; a function in a template, as in `"[{f}(x) for x in {xs}]"`,
is written out in place with its variable renamed.
"""

from __future__ import annotations

import ast
import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from fractions import Fraction
from functools import lru_cache
from typing import Any

from extrapolate.core.expression import (
    Apply,
    Bound,
    Choose,
    Expr,
    Lambda,
    Literal,
    Var,
    cost,
    opened,
    type_of_expression,
    walk,
)
from extrapolate.core.kind import kind_of
from extrapolate.core.tidy import tidied, tidy, written
from extrapolate.core.types import FLOAT, Type
from extrapolate.core.word import Primitive

HOLE = "hole_"
# In a template: a brace that is meant as such, or a parameter.
_MARKS = re.compile(r"\{\{|\}\}|\{(\w+)\}")
# What costs less is written out as often as it is needed.
LEAST_SHARED = 4
LARGEST_WHOLE, MOST_PARTS = 10**6, 1000
# Types of the parts of a plain formula.
PLAIN = ("bool", "int", "float")
FRESH = ("x", "y", "z", "u", "v", "w")


def python_expression(expr: Expr) -> str:
    """One line of Python for an expression."""
    return written(tidy(Printer(expr, hoist=False).tree(expr)))


def bound_names(tree: ast.AST) -> set[str]:
    """The names of the variables that a tree binds itself, in functions and loops."""
    bound = {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
    for node in ast.walk(tree):
        if isinstance(node, ast.comprehension):
            bound |= set(_names(node.target))
    return bound


@lru_cache(maxsize=2048)
def template(word: Primitive) -> ast.expr:
    """The syntax tree of a word's printed form; parameters are names that start with `HOLE`."""
    text = word.source or f"{word.name}({', '.join('{' + p + '}' for p in word.params)})"
    return ast.parse(_MARKS.sub(_filled, text), mode="eval").body


def _filled(mark: re.Match[str]) -> str:
    return HOLE + mark[1] if mark[1] else mark[0][0]


class Printer:
    """Turns one expression into syntax trees. With `hoist`, a part that a template repeats gets a name of its own.

    `called` are the names of words that are functions above what is printed, where those are not their own.
    """

    def __init__(
        self,
        expr: Expr,
        *,
        hoist: bool,
        taken: set[str] | None = None,
        called: Mapping[Primitive, str] | None = None,
    ):
        self.hoist = hoist
        self.called = called or {}
        self.taken = set(taken or ()) | {e.name for e in walk(expr) if isinstance(e, Var)}
        self.bindings: list[ast.stmt] = []
        self.repeated: set[Expr] = set()
        self.nested = 0
        # The parameters of the functions around what is printed; they are renamed where those are written out.
        self.params: set[str] = set()
        self.pi = "math.pi" if any(_is_of_lists(part) for part in walk(expr)) else "np.pi"

    def statements(self, expr: Expr) -> list[ast.stmt]:
        """The body of a function that returns the expression."""
        self.bindings = []
        if not isinstance(expr, Choose):
            self.repeated = set(repeated_parts(expr))
            before, returned = inlined(self.tree(expr), self.bindings)
            return [*before, ast.Return(returned)]
        before, test = inlined(self.tree(expr.test), self.bindings)
        then, otherwise = self.statements(expr.then), self.statements(expr.otherwise)
        return [*before, ast.If(test, then, []), *otherwise]

    def tree(self, expr: Expr) -> ast.expr:
        match expr:
            case Var(name):
                return ast.Name(name)
            case Bound():
                raise TypeError("a parameter stands outside of its function")
            case Literal():
                return ast.parse(literal_source(expr.value, expr.type, self.pi), mode="eval").body
            case Lambda():
                self.nested += 1
                around = self.params
                params = self.named(expr)
                self.params = around | {p.name for p in params}
                inner = self.tree(opened(expr, params))
                self.params = around
                self.nested -= 1
                arguments = ast.arguments([], [ast.arg(p.name) for p in params], None, [], [], None, [])
                return ast.Lambda(arguments, inner)
            case Choose(test, then, otherwise):
                self.nested += 1
                chosen = ast.IfExp(self.tree(test), self.tree(then), self.tree(otherwise))
                self.nested -= 1
                return chosen
            case Apply(word, args):
                filled = self.fill(word, args)
                if expr in self.repeated and self.hoist and not self.nested:
                    return self.bind(filled, expr.type)
                return filled

    def named(self, function: Lambda) -> list[Var]:
        """Variables for the parameters of a function: named as they were, where nothing around it has that name."""
        found: list[Var] = []
        for i, t in enumerate(function.types):
            taken = self.taken | self.params | {v.name for v in found}
            own = function.names[i : i + 1]
            names = itertools.chain(own, kind_of(t).names, (f"x{n}" for n in itertools.count(2)))
            found.append(Var(next(n for n in names if n not in taken), t))
        return found

    def argument(self, word: Primitive, arg: Expr) -> ast.expr:
        """An argument of a word; a number is written the shortest way where the word allows it."""
        if isinstance(arg, Literal) and arg.type == FLOAT and word.is_numeric:
            return ast.parse(number_source(arg.value, self.pi), mode="eval").body
        return self.tree(arg)

    def fill(self, word: Primitive, args: Sequence[Expr]) -> ast.expr:
        """The template of a word with its arguments in the holes."""
        shape = deepcopy(template(word))
        if word in self.called and isinstance(shape, ast.Call):
            shape.func = ast.Name(self.called[word])
        parts = {HOLE + p: self.argument(word, a) for p, a in zip(word.params, args, strict=True)}
        if self.hoist and not self.nested:
            for hole, part in parts.items():
                uses = sum(isinstance(n, ast.Name) and n.id == hole for n in ast.walk(shape))
                if uses > 1 and not isinstance(part, ast.Name | ast.Constant | ast.UnaryOp | ast.Lambda):
                    parts[hole] = self.bind(part, word.arg_types[word.params.index(hole.removeprefix(HOLE))])
        used = {n for part in parts.values() for n in _names(part)} | self.params
        shape = Rename(_fresh_names(shape, used)).visit(shape)
        filled = Fill(parts).visit(shape)
        assert isinstance(filled, ast.expr)
        return filled

    def bind(self, part: ast.expr, t: Type) -> ast.expr:
        for known in self.bindings:
            if isinstance(known, ast.Assign) and ast.dump(known.value) == ast.dump(part):
                return known.targets[0]
        base = "value" if t.is_variable else kind_of(t).label
        name = next(n for n in (base, *(f"{base}{i}" for i in range(2, 99))) if n not in self.taken)
        self.taken.add(name)
        self.bindings.append(ast.Assign([ast.Name(name)], part, lineno=0))
        return ast.Name(name)


def inlined(used: ast.expr, bindings: Sequence[ast.stmt]) -> tuple[list[ast.stmt], ast.expr]:
    """The bindings that an expression needs, and the expression; names that are used only once are written out."""
    kept: list[ast.stmt] = []
    used = tidy(used)
    for binding in map(tidied, reversed(bindings)):
        assert isinstance(binding, ast.Assign) and isinstance(binding.targets[0], ast.Name)
        name = binding.targets[0].id
        if sum(uses(name, tree) for tree in (*kept, used)) > 1:
            kept.insert(0, binding)
        else:
            fill = Fill({name: binding.value})
            kept = [tidied(fill.visit(statement)) for statement in kept]
            used = tidy(fill.visit(used))
    return kept, used


def uses(name: str, tree: ast.AST) -> int:
    """How often a name is used; what a function or a loop repeats counts twice, as it is used again and again."""
    if isinstance(tree, ast.Name):
        return int(tree.id == name)
    again = 1 + isinstance(tree, ast.Lambda | ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp)
    return sum(again * uses(name, part) for part in ast.iter_child_nodes(tree))


def repeated_parts(expr: Expr) -> Iterator[Apply]:
    """The applications that stand more than once in an expression, outside functions and choices, and are not short."""
    counts: dict[Apply, int] = {}

    def note(part: Expr) -> None:
        if isinstance(part, Apply):
            counts[part] = counts.get(part, 0) + 1
            if counts[part] == 1:  # the parts of what is repeated are not written again
                for arg in part.args:
                    note(arg)

    note(expr)
    yield from (part for part, n in counts.items() if n > 1 and cost(part) >= LEAST_SHARED)


def literal_source(value: Any, t: Type, pi: str = "np.pi") -> str:
    """A constant as Python writes it."""
    return pi if t == FLOAT and value == math.pi else kind_of(t).source(value, t)


def number_source(value: float, pi: str = "np.pi") -> str:
    """A number in arithmetic: 2 for 2.0, 1 / 3 for what is closest to it."""
    if value.is_integer() and abs(value) < LARGEST_WHOLE:
        return str(int(value))
    fraction = Fraction(value).limit_denominator(MOST_PARTS)
    if float(fraction) == value and len(str(fraction)) + 2 < len(repr(value)):
        return f"{fraction.numerator} / {fraction.denominator}"
    return literal_source(value, FLOAT, pi)


def _is_of_lists(part: Expr) -> bool:
    """Whether a part of an expression is no plain formula, so that it is of no use with NumPy's arrays."""
    return isinstance(part, Lambda) or not (isinstance(part, Choose) or type_of_expression(part).name in PLAIN)


def _names(tree: ast.AST) -> Iterator[str]:
    """All names in a tree but the parameters of the function it is, which are replaced where it is written out."""
    if isinstance(tree, ast.Lambda):
        yield from set(_names(tree.body)) - {a.arg for a in tree.args.args}
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg


def _fresh_names(shape: ast.expr, used: set[str]) -> dict[str, str]:
    """New names for the variables a template binds, where an argument uses the same name."""
    bound = bound_names(shape)
    fresh = iter([*FRESH, *(f"x{i}" for i in range(2, 99))])
    taken = used | bound
    renamed = {}
    for name in sorted(bound & used):
        renamed[name] = next(n for n in fresh if n not in taken)
    return renamed


class Rename(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, str]):
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Name(self.names.get(node.id, node.id))

    def visit_arg(self, node: ast.arg) -> ast.arg:
        return ast.arg(self.names.get(node.arg, node.arg), node.annotation)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.name = self.names.get(node.name, node.name)
        self.generic_visit(node)
        return node


class Fill(ast.NodeTransformer):
    """Puts trees in place of names; a function that is called where it stands is written out."""

    def __init__(self, parts: Mapping[str, ast.expr]):
        self.parts = parts

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return deepcopy(self.parts[node.id]) if node.id in self.parts else node

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        own = {a.arg for a in node.args.args}
        node.body = Fill({name: part for name, part in self.parts.items() if name not in own}).visit(node.body)
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        function = self.parts.get(node.func.id) if isinstance(node.func, ast.Name) else None
        if not isinstance(function, ast.Lambda):
            self.generic_visit(node)
            return node
        names = [a.arg for a in function.args.args]
        values = [self.visit(a) for a in node.args]
        filled = Fill(dict(zip(names, values, strict=True))).visit(deepcopy(function.body))
        assert isinstance(filled, ast.expr)
        return filled
