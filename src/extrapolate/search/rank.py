"""Rank: which of the programs that satisfy the examples will hold beyond them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
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
    replaced,
    walk,
)
from extrapolate.task import Row, Task
from extrapolate.types import INT
from extrapolate.values import equal

UNUSED_INPUT = 4
LOOSE_LITERAL = 3
COPIED_LITERAL = 3
ABSENT_ANSWER = 5


def score(expr: Expr, task: Task, answers: Sequence[Any] = ()) -> float:
    """The lower the better: cost, plus what makes a program unlikely to hold.

    Inputs that are not used, constants copied from the outputs, whole numbers that could as well be one more or one
    less for all the examples say, unlabelled rows without an answer.
    """
    parts = list(walk(expr))
    used = {p.name for p in parts if isinstance(p, Var)}
    unused = sum(v.name not in used for v in task.inputs)
    copied = sum(
        isinstance(p, Literal) and any(equal(p.value, r.output, task.output) for r in task.labelled) for p in parts
    )
    absent = sum(a is None for a in answers) / max(1, len(answers))
    lonely = isinstance(expr, Choose) and len(task.labelled) < 4
    return (
        cost(expr) + UNUSED_INPUT * unused + COPIED_LITERAL * copied * (len(task.labelled) > 1)
        + ABSENT_ANSWER * absent + 2 * lonely + LOOSE_LITERAL * loose_literals(expr, task)
    )  # fmt: skip


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


def loose_literals(expr: Expr, task: Task) -> int:
    """How many of the whole numbers in a program the examples do not pin down."""
    literals = {p for p in walk(expr) if isinstance(p, Literal) and p.type == INT}
    return sum(
        any(right(replaced(expr, lit, Literal(lit.value + step, INT)), task) for step in (1, -1)) for lit in literals
    )


def right(expr: Expr, task: Task) -> bool:
    return not any(True for _ in wrong_rows(expr, task))


def wrong_rows(expr: Expr, task: Task) -> Iterator[Row]:
    """The labelled rows on which the expression, when it is really run, gives another value or none."""
    run = evaluator(expr)
    for row in task.labelled:
        try:
            same = equal(run(environment(row, task)), row.output, task.output)
        except Exception:
            same = False
        if not same:
            yield row


def environment(row: Row, task: Task) -> Environment:
    return {v.name: value for v, value in zip(task.inputs, row.inputs, strict=True)}
