"""Doubts: answers of the best program that its examples do not vouch for, each with the reason in words.

A program that is right on every example can still be wrong beyond them. Where that is likely is known: it is long for
its examples; an answer comes of a branch that one example alone shows; and what a language says of an answer, as that
no example has one of its shape.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from extrapolate.core.expression import Choose, Expr, evaluator
from extrapolate.core.found import Found
from extrapolate.core.language import Language
from extrapolate.core.result import Candidate, Doubt
from extrapolate.core.task import Row, Task
from extrapolate.search.rank import environment


def doubts(best: Candidate, task: Task, language: Language) -> Iterator[Doubt]:
    """The answers on open rows that are doubtful, one reason each."""
    found = Found(task, best.program.expr, task.unlabelled, best.answers)
    shown = Counter(branch_of(best.program.expr, row, task) for row in task.labelled)
    examples = len(task.distinct)
    for row, answer in zip(task.unlabelled, best.answers, strict=True):
        if answer is None:
            continue
        branch = branch_of(best.program.expr, row, task)
        if best.is_long(examples):
            yield Doubt(row, answer, f"the program is long for {examples} example{'s' * (examples != 1)}")
        elif len(branch) > 0 and shown[branch] <= 1:
            yield Doubt(row, answer, f"{'one example alone shows' if shown[branch] else 'no example shows'} this case")
        elif language.doubt is not None and (why := language.doubt(found, row, answer)):
            yield Doubt(row, answer, why)


def branch_of(expr: Expr, row: Row, task: Task) -> tuple[Any, ...]:
    """Which way a row goes where a program chooses, from the outermost choice on; nothing where it does not."""
    taken: list[Any] = []
    while isinstance(expr, Choose):
        try:
            test = bool(evaluator(expr.test)(environment(row, task)))
        except Exception:
            return (*taken, None)
        taken.append(test)
        expr = expr.then if test else expr.otherwise
    return tuple(taken)
