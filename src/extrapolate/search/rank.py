"""Rank: which of the programs that satisfy the examples will hold beyond them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from extrapolate.expression import Choose, Expr, Literal, Var, cost, walk
from extrapolate.task import Task
from extrapolate.values import equal

UNUSED_INPUT = 4
COPIED_LITERAL = 3
ABSENT_ANSWER = 5


def score(expr: Expr, task: Task, answers: Sequence[Any] = ()) -> float:
    """The lower the better: cost, plus what makes a program unlikely to hold.

    Inputs that are not used, constants copied from the outputs, unlabelled rows without an answer.
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
        + ABSENT_ANSWER * absent + 2 * lonely
    )  # fmt: skip
