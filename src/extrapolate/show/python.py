"""Python modules of learned programs: typed, documented, with examples as doctests, and free of extrapolate."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from extrapolate.core.errors import WordError
from extrapolate.core.program import Program
from extrapolate.core.source import python_function
from extrapolate.core.task import Row
from extrapolate.core.values import canonical, equal

MOST_EXAMPLES = 6
WIDEST = 88

MAIN = """

if __name__ == "__main__":
    import doctest

    doctest.testmod(verbose=True)
"""


def python_module(program: Program, rows: Sequence[Row] = (), description: str = "", *, measured: bool = False) -> str:
    """The text of a module that holds the program; its doctests are rows that are short to write.

    What a doctest expects is what the printed function really returns, so that a float is compared to its last
    digit; a row on which it does not return the example's output is left out. Of a formula for what was `measured` they
    show what it gives, to six digits.
    """
    noun = "measurement" if measured else "example"
    learned = f"earned from {_counted(len(rows), noun)}"

    def function(doc: str | None) -> str:
        return python_function(program.name, program.inputs, program.output, program.expr, doc)

    tested = _formula_doctests if measured else _doctests
    tests = list(tested(program, rows, _runnable(function(None), program)))
    about = "\n    ".join([" ".join(description.split()) or f"L{learned}.", *_remarks(program, function(None))])
    doc = "\n    ".join([about, *(["", *tests, ""] if tests else [])])
    title = f'"""{program.name}: {program.signature}, l{learned}."""\n\n'
    code = function(doc.replace("\n    \n", "\n\n"))
    spaced = code if code.startswith("import ") else f"\n{code}"
    return f"{title}{spaced}{MAIN if tests else ''}"


def _doctests(program: Program, rows: Sequence[Row], function: Callable[..., Any]) -> Iterator[str]:
    calls = [(f"{program.name}({', '.join(map(repr, row.inputs))})", row) for row in rows]
    short = [c for c in calls if len(c[0]) + 4 <= WIDEST and len(repr(c[1].output)) <= WIDEST]
    for call, row in short[:MOST_EXAMPLES]:
        try:
            value = function(*[canonical(a, v.type) for a, v in zip(row.inputs, program.inputs, strict=True)])
        except Exception:
            continue
        if equal(value, row.output, program.output):
            yield f">>> {call}"
            yield repr(value)


def _formula_doctests(program: Program, rows: Sequence[Row], function: Callable[..., Any]) -> Iterator[str]:
    for row in rows[:MOST_EXAMPLES]:
        yield f'>>> f"{{{program.name}({", ".join(map(repr, row.inputs))}):.6g}}"'
        yield repr(f"{function(*row.inputs):.6g}")


def _remarks(program: Program, code: str) -> Iterator[str]:
    """What must be known to use the function: the units of its inputs, and the package it imports."""
    if program.units:
        *inputs, value = (unit or "1" for unit in program.units)
        units = ", ".join(f"{v.name} in {unit}" for v, unit in zip(program.inputs, inputs, strict=True))
        yield f"Units: {units}; the value in {value}."
    if "import numpy" in code:
        yield "Needs NumPy; takes numbers and arrays."


def _runnable(code: str, program: Program) -> Callable[..., Any]:
    """The function that the code defines. WordError when a word leans on a name that its own source leaves out."""
    unknown = _free_names(ast.parse(code)) - set(dir(builtins))
    if unknown:
        raise WordError(
            f"{program.name} can't be written as Python alone, as a word of it uses {', '.join(sorted(unknown))} "
            "from elsewhere in its file; import or define it inside the word's function."
        )
    namespace: dict[str, Any] = {"__name__": "learned"}
    exec(compile(code, "<learned>", "exec"), namespace)
    function: Callable[..., Any] = namespace[program.name]
    return function


def _free_names(tree: ast.AST) -> set[str]:
    """The names that code uses and nowhere defines."""
    used, defined = set(), set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(name, ast.Load()):
                used.add(name)
            case ast.Name(name) | ast.arg(name) | ast.FunctionDef(name):
                defined.add(name)
            case ast.alias(name, other):
                defined.add(other or name.split(".")[0])
    return used - defined


def _counted(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"
