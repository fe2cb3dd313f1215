"""Expressions printed as the Python a person would write.

The printed form of a word is a template such as `"sorted({xs})"`. Templates are parsed and joined as syntax trees,
so brackets stand where Python needs them and nowhere else; a function in a template, as in `"[{f}(x) for x in {xs}]"`,
is written out in place with its variable renamed.
"""

from __future__ import annotations

import ast
import builtins
import datetime
import decimal
import inspect
import math
import re
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from fractions import Fraction
from functools import lru_cache
from typing import Any

from extrapolate.core.expression import Apply, Choose, Expr, Lambda, Literal, Var, cost, walk
from extrapolate.core.tidy import tidied, tidy, written
from extrapolate.core.types import BOOL, FLOAT, TEXT, Type, annotation
from extrapolate.core.word import Primitive

HOLE = "hole_"
# What costs less is written out as often as it is needed.
LEAST_SHARED = 4
# Modules of other packages that words may use, by the name that is bound when they are imported.
PACKAGES = {"dateutil": "dateutil.parser", "np": "numpy as np"}
LARGEST_WHOLE, MOST_PARTS = 10**6, 1000
FRESH = ("x", "y", "z", "u", "v", "w")


def python_expression(expr: Expr) -> str:
    """One line of Python for an expression."""
    return written(tidy(Printer(expr, hoist=False).tree(expr)))


def python_function(name: str, inputs: Sequence[Var], output: Type, expr: Expr, doc: str | None = None) -> str:
    """A typed Python function, with the imports and the helper functions it needs above it."""
    signature = ", ".join(f"{v.name}: {annotation(v.type)}" for v in inputs)
    helper_words = _helper_words(expr)
    taken = {name, *(v.name for v in inputs), *(w.name for w in helper_words)}
    body = Printer(expr, hoist=True, taken=taken).statements(expr)
    if doc:
        quoted = ast.Constant(doc)
        body.insert(0, ast.Expr(quoted))
    head = ast.parse(f"def {name}({signature}) -> {annotation(output)}: pass").body[0]
    assert isinstance(head, ast.FunctionDef)
    head.body = body
    main = written(head)
    helpers = [helper_source(word) for word in helper_words]
    code = "\n\n\n".join([*helpers, main])
    imports = "".join(f"import {module}\n" for module in modules_used(code))
    return f"{imports}\n\n{code}\n" if imports else f"{code}\n"


def modules_used(code: str) -> list[str]:
    """What code refers to without importing it, as import statements name it: `math`, `numpy as np`."""
    names = {n.id for n in ast.walk(ast.parse(code)) if isinstance(n, ast.Name)}
    known = {**{n: n for n in sys.stdlib_module_names}, **PACKAGES}
    return sorted(known[n] for n in names & known.keys() if f"{known[n].split(' as ')[-1]}." in code)


def _helper_words(expr: Expr) -> list[Primitive]:
    return list(dict.fromkeys(e.word for e in walk(expr) if isinstance(e, Apply) and e.word.source is None))


@lru_cache(maxsize=512)
def helper_source(word: Primitive) -> str:
    """The word's own function, without decorators, imports and annotations that Python alone doesn't know."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(word.function))).body[0]
    assert isinstance(tree, ast.FunctionDef)
    tree.decorator_list = []
    tree.name = word.name
    lines = [line for line in tree.body if not isinstance(line, ast.Import)]
    tree.body = [_unannotated(tidied(line)) for line in lines]
    for arg in tree.args.args:
        arg.annotation = _plain(arg.annotation)
    tree.returns = _plain(tree.returns)
    return written(tree)


def _unannotated(line: ast.stmt) -> ast.stmt:
    match line:
        case ast.AnnAssign(target, _, ast.expr() as value):
            return ast.Assign([target], value, lineno=0)
    return line


def _plain(hint: ast.expr | None) -> ast.expr | None:
    known = hint is not None and all(hasattr(builtins, n.id) for n in ast.walk(hint) if isinstance(n, ast.Name))
    return hint if known else None


@lru_cache(maxsize=2048)
def template(word: Primitive) -> ast.expr:
    """The syntax tree of a word's printed form; parameters are names that start with `HOLE`."""
    text = word.source or f"{word.name}({', '.join('{' + p + '}' for p in word.params)})"
    return ast.parse(re.sub(r"\{(\w+)\}", rf"{HOLE}\1", text), mode="eval").body


class Printer:
    """Turns one expression into syntax trees. With `hoist`, a part that a template repeats gets a name of its own."""

    def __init__(self, expr: Expr, *, hoist: bool, taken: set[str] | None = None):
        self.hoist = hoist
        self.taken = set(taken or ()) | {e.name for e in walk(expr) if isinstance(e, Var)}
        self.bindings: list[ast.stmt] = []
        self.repeated: set[Expr] = set()
        self.nested = 0
        # The parameters of the functions around what is printed; they are renamed where those are written out.
        self.params: set[str] = set()

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
            case Literal():
                return ast.parse(literal_source(expr.value), mode="eval").body
            case Lambda(params, body):
                self.nested += 1
                around = self.params
                self.params = around | {p.name for p in params}
                inner = self.tree(body)
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

    def argument(self, word: Primitive, arg: Expr) -> ast.expr:
        """An argument of a word; a number is written the shortest way where the word allows it."""
        if isinstance(arg, Literal) and arg.type == FLOAT and word.is_numeric:
            return ast.parse(number_source(arg.value), mode="eval").body
        return self.tree(arg)

    def fill(self, word: Primitive, args: Sequence[Expr]) -> ast.expr:
        """The template of a word with its arguments in the holes."""
        shape = deepcopy(template(word))
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
        base = "items" if t.is_list else "text" if t == TEXT else "flag" if t == BOOL else "value"
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


def literal_source(value: Any) -> str:
    """A constant as Python writes it."""
    if value == math.pi:
        return "np.pi"
    if isinstance(value, decimal.Decimal):
        return f"decimal.Decimal('{value}')"
    if isinstance(value, datetime.timedelta):
        minutes = value // datetime.timedelta(minutes=1)
        unit, n = ("hours", minutes // 60) if minutes % 60 == 0 else ("minutes", minutes)
        return f"datetime.timedelta({unit}={n})"
    return repr(value)


def number_source(value: float) -> str:
    """A number in arithmetic: 2 for 2.0, 1 / 3 for what is closest to it."""
    if value.is_integer() and abs(value) < LARGEST_WHOLE:
        return str(int(value))
    fraction = Fraction(value).limit_denominator(MOST_PARTS)
    if float(fraction) == value and len(str(fraction)) + 2 < len(repr(value)):
        return f"{fraction.numerator} / {fraction.denominator}"
    return literal_source(value)


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
    bound = {n.arg for n in ast.walk(shape) if isinstance(n, ast.arg)}
    for node in ast.walk(shape):
        if isinstance(node, ast.comprehension):
            bound |= set(_names(node.target))
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
        return ast.arg(self.names.get(node.arg, node.arg))


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
