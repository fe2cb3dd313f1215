"""Definitions: words whose body is an expression, a function that was learned or that somebody wrote as a program.

A definition is applied as any word is, printed as a function of its own above the program, and saved with it. Two are
equal when their names, parameters and bodies are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from extrapolate.core.expression import Apply, Expr, Var, evaluator, type_of_expression, walk
from extrapolate.core.word import Primitive

# What a word that was learned costs: what one does that was declared without a cost.
DEFINITION_COST = 3


@dataclass(frozen=True, eq=False, repr=False)
class Definition(Primitive):
    """A word with a body over its `inputs`."""

    inputs: tuple[Var, ...] = ()
    body: Expr | None = None

    @property
    def content(self) -> tuple[Any, ...]:
        return self.name, self.inputs, self.body

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Definition) and self.content == other.content

    def __hash__(self) -> int:
        return hash((self.name, self.inputs, self.result_type))

    def __reduce__(self) -> tuple[Any, ...]:
        return define, (self.name, self.inputs, self.body, self.doc, self.cost)

    @property
    def is_built_in(self) -> bool:
        return all(word.is_built_in for word in words_of(self.body)) if self.body is not None else False


def define(name: str, inputs: tuple[Var, ...], body: Expr, doc: str = "", cost: int = DEFINITION_COST) -> Definition:
    """The word with a body over its inputs."""
    run, names = evaluator(body), [v.name for v in inputs]

    def function(*args: Any) -> Any:
        return run(dict(zip(names, args, strict=True)))

    return Definition(
        name=name,
        function=function,
        params=tuple(names),
        arg_types=tuple(v.type for v in inputs),
        result_type=type_of_expression(body),
        cost=cost,
        doc=doc,
        inputs=inputs,
        body=body,
    )


def words_of(expr: Expr | None) -> list[Primitive]:
    """The words an expression is made of, each once; a definition comes after those its body is made of."""
    found: dict[Primitive, None] = {}

    def note(part: Expr) -> None:
        for inner in walk(part):
            if isinstance(inner, Apply) and inner.word not in found:
                if isinstance(inner.word, Definition) and inner.word.body is not None:
                    note(inner.word.body)
                found.setdefault(inner.word)

    if expr is not None:
        note(expr)
    return list(found)
