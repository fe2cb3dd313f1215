"""Rank: which of the programs that satisfy the examples will hold beyond them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from extrapolate.expression import (
    Apply,
    Choose,
    Environment,
    Expr,
    Literal,
    Var,
    children,
    cost,
    evaluator,
    own_function,
    replaced,
    walk,
)
from extrapolate.primitive import Primitive
from extrapolate.task import Row, Task
from extrapolate.types import INT
from extrapolate.values import equal

UNUSED_INPUT = 4
LOOSE_LITERAL = 3
COPIED_LITERAL = 3
ABSENT_ANSWER = 5
LONELY_BRANCH = 2


class Judge:
    """Runs programs on the rows of one task and ranks them; `function_of` says what is called for a word."""

    def __init__(self, task: Task, function_of: Callable[[Primitive], Callable[..., Any]] = own_function):
        self.task = task
        self.function_of = function_of

    def values(self, expr: Expr, rows: Iterable[Row]) -> Iterator[Any]:
        """What the expression gives on each row, None where it gives nothing."""
        run = evaluator(expr, self.function_of)
        for row in rows:
            try:
                yield run(environment(row, self.task))
            except Exception:
                yield None

    def missed(self, expr: Expr) -> Iterator[Row]:
        """The labelled rows on which the expression gives another value or none."""
        for row, value in zip(self.task.labelled, self.values(expr, self.task.labelled), strict=True):
            if not equal(value, row.output, self.task.output):
                yield row

    def score(self, expr: Expr, answers: Sequence[Any] = ()) -> float:
        """The lower the better: cost, plus what makes a program unlikely to hold.

        Inputs that are not used, constants copied from the outputs, whole numbers that could as well be one more or
        one less for all the examples say, unlabelled rows without an answer.
        """
        task, parts = self.task, list(walk(expr))
        used = {p.name for p in parts if isinstance(p, Var)}
        unused = sum(v.name not in used for v in task.inputs)
        literals = [p for p in parts if isinstance(p, Literal)]
        copied = sum(any(equal(lit.value, r.output, task.output) for r in task.labelled) for lit in literals)
        absent = sum(a is None for a in answers) / max(1, len(answers))
        lonely = isinstance(expr, Choose) and len(task.labelled) < 4
        return (
            cost(expr) + UNUSED_INPUT * unused + COPIED_LITERAL * copied * (len(task.labelled) > 1)
            + ABSENT_ANSWER * absent + LONELY_BRANCH * lonely + LOOSE_LITERAL * self.loose_literals(expr)
        )  # fmt: skip

    def loose_literals(self, expr: Expr) -> int:
        """How many of the whole numbers in a program the examples do not pin down."""
        literals = {p for p in walk(expr) if isinstance(p, Literal) and p.type == INT}
        return sum(any(self.holds_with(expr, lit, lit.value + step) for step in (1, -1)) for lit in literals)

    def holds_with(self, expr: Expr, literal: Literal, value: int) -> bool:
        """Whether the program would be right on every example with another number in place of a literal."""
        return next(self.missed(replaced(expr, literal, Literal(value, INT))), None) is None


def environment(row: Row, task: Task) -> Environment:
    return {v.name: value for v, value in zip(task.inputs, row.inputs, strict=True)}


def memorises(expr: Expr, task: Task) -> bool:
    """Whether a program holds the answer of every example, all different, as a constant of its own."""
    literals = [p for p in walk(expr) if isinstance(p, Literal) and p.type == task.output]
    outputs = [row.output for row in task.labelled]
    different = all(not equal(a, b, task.output) for a, b in itertools.combinations(outputs, 2))
    held = len(literals) >= len(outputs) > 1
    return held and different and all(any(equal(lit.value, out, task.output) for lit in literals) for out in outputs)


def normal_form(expr: Expr) -> tuple[Any, ...]:
    """What is the same for programs that differ only in the order of arguments that commute."""
    match expr:
        case Var(name):
            return ("input", name)
        case Literal(key, t):
            return ("literal", str(t), key)
        case Apply(word, args) if word.is_commutative:
            parts: list[tuple[Any, ...]] = []
            for arg in args:
                same = isinstance(arg, Apply) and arg.word is word
                parts += normal_form(arg)[1:] if same else [normal_form(arg)]
            return (word.name, *sorted(parts, key=repr))
        case Apply(word, args):
            return (word.name, *map(normal_form, args))
    return (type(expr).__name__, *map(normal_form, children(expr)))
