"""Python modules of learned programs: typed, documented, with examples as doctests, and free of extrapolate."""

from __future__ import annotations

import ast
import builtins
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from extrapolate.core.errors import WordError
from extrapolate.core.function import Written, python_function
from extrapolate.core.kind import kind_of
from extrapolate.core.program import Program
from extrapolate.core.task import Row
from extrapolate.core.values import canonical, equal

MOST_EXAMPLES = 6
# Of so many rows it is checked that the printed function gives what the program gives.
MOST_CHECKED = 1000
WIDEST = 88

MAIN = """

if __name__ == "__main__":
    import doctest

    doctest.testmod(verbose=True)
"""


def python_module(program: Program, rows: Sequence[Row] = (), description: str = "", *, measured: bool = False) -> str:
    """The text of a module that holds the program, as a function of the inputs it uses.

    Its doctests are rows that are short to write. What a doctest expects is what the printed function really returns,
    so that a float is compared to its last digit. Of a formula for what was `measured` they show what it gives, to six
    digits. WordError where the printed function does not give what the program gives on some of the rows.
    """
    noun = "measurement" if measured else "example"
    learned = f"earned from {_counted(len(rows), noun)}"
    rows = [row._replace(inputs=tuple(row.inputs[i] for i in program.places)) for row in rows]
    program = program.trimmed

    def written(doc: str | None) -> Written:
        return python_function(program.name, program.inputs, program.output, program.expr, doc)

    bare = written(None)
    function = _runnable(bare, program)
    _check_export(program, rows, function)
    tested = _formula_doctests if measured else _doctests
    tests = list(itertools.islice(tested(program, rows, function, bare.name), 2 * MOST_EXAMPLES))
    about = "\n    ".join([_quoted(description) or f"L{learned}.", *_remarks(program, bare.code)])
    doc = "\n    ".join([about, *(["", *tests, ""] if tests else [])])
    title = f'"""{bare.name}: {program.signature}, l{learned}."""\n\n'
    code = written(doc.replace("\n    \n", "\n\n")).code
    spaced = code if code.startswith("import ") else f"\n{code}"
    return f"{title}{spaced}{MAIN if tests else ''}"


def _quoted(description: str) -> str:
    """A text of others on one line, of which doctest takes nothing for an example."""
    line = " ".join(description.split())
    return f'"{line}"' if line.startswith(">>>") else line


def _check_export(program: Program, rows: Sequence[Row], function: Callable[..., Any]) -> None:
    """WordError where the printed function does something else than the program."""
    for row in rows[:MOST_CHECKED]:
        inputs = [canonical(a, v.type) for a, v in zip(row.inputs, program.inputs, strict=True)]
        expected = program.answer([None if v == "" else v for v in row.inputs])
        if expected is None:
            continue
        try:
            value = function(*inputs)
        except Exception as error:
            value = error
        if not equal(value, expected, program.output):
            shown = repr(value) if not isinstance(value, Exception) else f"{type(value).__name__}: {value}"
            raise WordError(
                f"{program.name} can't be exported: in row {row.number} its Python gives {shown}, not {expected!r}; "
                "a word of it prints as something else than it does."
            )


def _doctests(program: Program, rows: Sequence[Row], function: Callable[..., Any], name: str) -> Iterator[str]:
    for row in rows:
        given = [
            kind_of(v.type).source(canonical(a, v.type), v.type)
            for a, v in zip(row.inputs, program.inputs, strict=True)
        ]
        call = f"{name}({', '.join(given)})"
        if len(call) + 4 > WIDEST or len(repr(row.output)) > WIDEST or "np." in call:
            continue
        try:
            value = function(*[canonical(a, v.type) for a, v in zip(row.inputs, program.inputs, strict=True)])
        except Exception:
            continue
        if equal(value, row.output, program.output):
            yield f">>> {call}"
            yield repr(value)


def _formula_doctests(program: Program, rows: Sequence[Row], function: Callable[..., Any], name: str) -> Iterator[str]:
    for row in rows[:MOST_EXAMPLES]:
        call = f"{name}({', '.join(map(repr, row.inputs))})"
        # An f-string with quotes or backslashes inside is none before Python 3.12.
        yield f'>>> format({call}, ".6g")' if set(call) & {'"', "\\"} else f'>>> f"{{{call}:.6g}}"'
        yield repr(f"{function(*row.inputs):.6g}")


def _remarks(program: Program, code: str) -> Iterator[str]:
    """What must be known to use the function: the units of its inputs, and the package it imports."""
    if program.units:
        *inputs, value = (unit or "1" for unit in program.units)
        units = ", ".join(f"{v.name} in {unit}" for v, unit in zip(program.inputs, inputs, strict=True))
        yield f"Units: {units}; the value in {value}."
    if "import numpy" in code:
        yield "Needs NumPy; takes numbers and arrays."


def _runnable(written: Written, program: Program) -> Callable[..., Any]:
    """The function that the code defines. WordError when a word leans on a name that its own source leaves out."""
    unknown = _free_names(ast.parse(written.code)) - set(dir(builtins))
    if unknown:
        raise WordError(
            f"{program.name} can't be written as Python alone, as a word of it uses {', '.join(sorted(unknown))} "
            "from elsewhere in its file; import or define it inside the word's function."
        )
    namespace: dict[str, Any] = {"__name__": "learned"}
    exec(compile(written.code, "<learned>", "exec"), namespace)
    function: Callable[..., Any] = namespace[written.name]
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
