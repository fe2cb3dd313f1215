"""Programs printed as typed Python functions, with the functions and the imports they need.

No name hides what the code uses. A program keeps its name where Python allows it; its inputs, and the functions that
stand above it, give way: an input `date` is `date_` where a word of that name is called, and the word `number` is
`number_of` where the program is `number`.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import itertools
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from extrapolate.core.definition import Definition, words_of
from extrapolate.core.expression import Apply, Expr, Literal, Var, replaced, walk
from extrapolate.core.kind import annotation
from extrapolate.core.source import HOLE, Printer, Rename, bound_names, literal_source, template
from extrapolate.core.tidy import tidied, written
from extrapolate.core.types import Type
from extrapolate.core.word import Primitive

# Modules of other packages that words may use, by the name that is bound when they are imported.
PACKAGES = {"dateutil": "dateutil.parser", "urllib": "urllib.parse", "np": "numpy as np"}
# The names that words printed as functions have in one module.
Called = Mapping[Primitive, str]


class Written(NamedTuple):
    """A function in Python: its code, with the imports and the functions it needs above it, and the name it has
    there."""

    code: str
    name: str


def python_function(name: str, inputs: Sequence[Var], output: Type, expr: Expr, doc: str | None = None) -> Written:
    """A typed Python function, with what it needs above it."""
    words = words_of(expr)
    above = [word for word in words if word.source is None]
    bodies = [expr, *(word.body for word in above if isinstance(word, Definition) and word.body is not None)]
    fixed = used_names(words) | {name for body in bodies for name in _literal_names(body)}
    fixed |= {name for word in above for name in _names_in(own_source(word)) - {word.name}}
    own_name = _unlike(name, fixed)
    called: dict[Primitive, str] = {}
    for word in above:
        taken = fixed | {own_name, *called.values()}
        called[word] = word.name if word.name not in taken else _unlike(f"{word.name}_of", taken)
    helpers = [helper_source(word, called) for word in above]
    function = _function(own_name, inputs, output, expr, called)
    if doc:
        function.body.insert(0, ast.Expr(ast.Constant(doc)))
    own = written(function)
    named = {own_name, *(a.arg for a in function.args.args)}
    needed = {*modules_used("\n".join(helpers)), *modules_used(own, named)}
    imports = "".join(f"import {module}\n" for module in sorted(needed))
    code = "\n\n\n".join([*helpers, own])
    return Written(f"{imports}\n\n{code}\n" if imports else f"{code}\n", own_name)


def _function(name: str, inputs: Sequence[Var], output: Type, expr: Expr, called: Called) -> ast.FunctionDef:
    """A function that returns an expression over its inputs, which are renamed where they would hide something."""
    own = {part.word for part in walk(expr) if isinstance(part, Apply)}
    used = used_names(own, called) | _literal_names(expr)
    taken = {name, *used}
    renamed: list[Var] = []
    for v in inputs:
        other = v if v.name not in taken else Var(_unlike(v.name, taken | {v.name for v in inputs}), v.type)
        expr = replaced(expr, v, other) if other != v else expr
        renamed.append(other)
        taken.add(other.name)
    signature = ", ".join(f"{v.name}: {annotation(v.type)}" for v in renamed)
    head = ast.parse(f"def {name}({signature}) -> {annotation(output)}: pass").body[0]
    assert isinstance(head, ast.FunctionDef)
    head.body = Printer(expr, hoist=True, taken=taken, called=called).statements(expr)
    return head


def _unlike(name: str, taken: set[str]) -> str:
    """The name, with a mark behind it where it is taken."""
    names = itertools.chain((name, f"{name}_"), (f"{name}_{i}" for i in itertools.count(2)))
    return next(n for n in names if n not in taken)


def used_names(words: Iterable[Primitive], called: Called | None = None) -> set[str]:
    """The names that the printed forms of words use: functions and modules, and what those are `called` that stand
    above."""
    found = {"np", "math"}
    for word in words:
        if word.source is not None:
            names = {n.id for n in ast.walk(template(word)) if isinstance(n, ast.Name)} - bound_names(template(word))
            found |= {name for name in names if not name.startswith(HOLE)}
        elif called is not None:
            found.add(called.get(word, word.name))
    return found


def _literal_names(expr: Expr) -> set[str]:
    """The names that the constants of an expression are written with."""
    literals = [part for part in walk(expr) if isinstance(part, Literal)]
    return {name for part in literals for name in _names_in(literal_source(part.value, part.type))}


def _names_in(code: str) -> set[str]:
    return {n.id for n in ast.walk(ast.parse(code)) if isinstance(n, ast.Name)}


def modules_used(code: str, own: set[str] | None = None) -> list[str]:
    """What code refers to without importing it, as import statements name it: `math`, `numpy as np`.

    `own` are names that the code defines itself.
    """
    names = _names_in(code) - (own or set())
    known = {**{n: n for n in sys.stdlib_module_names}, **PACKAGES}
    return sorted(known[n] for n in names & known.keys() if f"{known[n].split(' as ')[-1]}." in code)


def helper_source(word: Primitive, called: Called | None = None) -> str:
    """The function that a word is, under the name that it is called by."""
    called = called or {word: word.name}
    if isinstance(word, Definition) and word.body is not None:
        return written(_function(called[word], word.inputs, word.result_type, word.body, called))
    code = own_source(word)
    if called[word] == word.name:
        return code
    return written(Rename({word.name: called[word]}).visit(ast.parse(code).body[0]))


@lru_cache(maxsize=512)
def own_source(word: Primitive) -> str:
    """The word's own function, without decorators, imports and annotations that Python alone doesn't know; nothing of
    a definition, which has none."""
    if isinstance(word, Definition) and word.body is not None:
        return ""
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
