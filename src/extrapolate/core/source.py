"""Expressions printed as the Python a person would write.

The printed form of a word is a template such as `"sorted({xs})"`. Templates are parsed and joined as syntax trees,
so brackets stand where Python needs them and nowhere else; a function in a template, as in `"[{f}(x) for x in {xs}]"`,
is written out in place with its variable renamed.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import itertools
import math
import re
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from extrapolate.core.definition import Definition, words_of
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
    replaced,
    type_of_expression,
    walk,
)
from extrapolate.core.kind import annotation, kind_of
from extrapolate.core.tidy import tidied, tidy, written
from extrapolate.core.types import FLOAT, Type
from extrapolate.core.word import Primitive

HOLE = "hole_"
# What costs less is written out as often as it is needed.
LEAST_SHARED = 4
# Modules of other packages that words may use, by the name that is bound when they are imported.
PACKAGES = {"dateutil": "dateutil.parser", "np": "numpy as np"}
LARGEST_WHOLE, MOST_PARTS = 10**6, 1000
# Types of the parts of a plain formula.
PLAIN = ("bool", "int", "float")
FRESH = ("x", "y", "z", "u", "v", "w")


def python_expression(expr: Expr) -> str:
    """One line of Python for an expression."""
    return written(tidy(Printer(expr, hoist=False).tree(expr)))


class Written(NamedTuple):
    """A function in Python: its code, with the imports and the functions it needs above it, and the name it has
    there."""

    code: str
    name: str


def python_function(name: str, inputs: Sequence[Var], output: Type, expr: Expr, doc: str | None = None) -> Written:
    """A typed Python function.

    Its name and those of its inputs are other ones than the code itself uses: an input `date` is `date_` where a
    word of that name is called. A function that stands above it gives way to its name, and is `number_of` where the
    program is `number`.
    """
    words = [word for word in words_of(expr) if word.source is None]
    helpers = [helper_source(word) for word in words]
    used = _used_names(expr)
    shared = used | {name for code in helpers for name in _names_in(code)} | {w.name for w in words}
    functions = {word.name for word in words}
    own_name = _unlike(name, shared - functions)
    given_way = {own_name: _unlike(f"{own_name}_of", shared)} if own_name in functions else {}
    renamed: list[Var] = []
    for v in inputs:
        taken = used | {own_name} | functions | {other.name for other in (*renamed, *inputs) if other != v}
        renamed.append(Var(_unlike(v.name, taken), v.type))
    for v, other in zip(inputs, renamed, strict=True):
        expr = replaced(expr, v, other)
    taken = {own_name, *used, *(v.name for v in renamed), *functions}
    rename = Rename(given_way)
    body = [rename.visit(line) for line in Printer(expr, hoist=True, taken=taken).statements(expr)]
    if doc:
        body.insert(0, ast.Expr(ast.Constant(doc)))
    signature = ", ".join(f"{v.name}: {annotation(v.type)}" for v in renamed)
    head = ast.parse(f"def {own_name}({signature}) -> {annotation(output)}: pass").body[0]
    assert isinstance(head, ast.FunctionDef)
    head.body = body
    if given_way:
        helpers = [written(rename.visit(ast.parse(code).body[0])) for code in helpers]
    code = "\n\n\n".join([*helpers, written(head)])
    imports = "".join(f"import {module}\n" for module in modules_used(code, {v.name for v in renamed} | {own_name}))
    return Written(f"{imports}\n\n{code}\n" if imports else f"{code}\n", own_name)


def _unlike(name: str, taken: set[str]) -> str:
    """The name, with a mark behind it where it is taken."""
    names = itertools.chain((name, f"{name}_"), (f"{name}_{i}" for i in itertools.count(2)))
    return next(n for n in names if n not in taken)


def _used_names(expr: Expr) -> set[str]:
    """The names that the printed form of an expression uses beside its variables: functions, words and modules."""
    parts = list(walk(expr))
    found: set[str] = set()
    for part in parts:
        if isinstance(part, Apply):
            found |= {n.id for n in ast.walk(template(part.word)) if isinstance(n, ast.Name)} - _bound_names(
                template(part.word)
            )
        elif isinstance(part, Literal):
            found |= _names_in(literal_source(part.value, part.type))
    return {name for name in found if not name.startswith(HOLE)} | {"np", "math"}


def _names_in(code: str) -> set[str]:
    return {n.id for n in ast.walk(ast.parse(code)) if isinstance(n, ast.Name)}


def _bound_names(tree: ast.AST) -> set[str]:
    """The names of the variables that a tree binds itself, in functions and loops."""
    bound = {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
    for node in ast.walk(tree):
        if isinstance(node, ast.comprehension):
            bound |= set(_names(node.target))
    return bound


def modules_used(code: str, own: set[str] | None = None) -> list[str]:
    """What code refers to without importing it, as import statements name it: `math`, `numpy as np`.

    `own` are names that the code defines itself.
    """
    names = _names_in(code) - (own or set())
    known = {**{n: n for n in sys.stdlib_module_names}, **PACKAGES}
    return sorted(known[n] for n in names & known.keys() if f"{known[n].split(' as ')[-1]}." in code)


@lru_cache(maxsize=512)
def helper_source(word: Primitive) -> str:
    """The word's own function, without decorators, imports and annotations that Python alone doesn't know."""
    if isinstance(word, Definition) and word.body is not None:
        signature = ", ".join(f"{v.name}: {annotation(v.type)}" for v in word.inputs)
        head = ast.parse(f"def {word.name}({signature}) -> {annotation(word.result_type)}: pass").body[0]
        assert isinstance(head, ast.FunctionDef)
        taken = {word.name, *_used_names(word.body), *(v.name for v in word.inputs)}
        head.body = Printer(word.body, hoist=True, taken=taken).statements(word.body)
        return written(head)
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
    filled = re.sub(r"\{(\w+)\}", rf"{HOLE}\1", text)
    return ast.parse(filled.replace("{{", "{").replace("}}", "}"), mode="eval").body


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
    bound = _bound_names(shape)
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
