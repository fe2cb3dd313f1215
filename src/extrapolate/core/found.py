"""What a program is ranked by: it, the task, and what it answers on rows that are open. Features are functions of
that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from extrapolate.core.expression import Expr, Literal, evaluator, walk
from extrapolate.core.task import Row, Task

# Why the answer of a row is in doubt, None where it is not.
Why = Callable[[Row, Any], str | None]


def no_doubt(row: Row, answer: Any) -> None:
    """What a rule says that has nothing to say of a program."""


@dataclass(frozen=True)
class Found:
    """A program that satisfies the examples of a task, with its answers on some open rows, one each."""

    task: Task
    expr: Expr
    rows: Sequence[Row] = ()
    answers: Sequence[Any] = ()

    @cached_property
    def parts(self) -> list[Expr]:
        return list(walk(self.expr))

    @cached_property
    def literals(self) -> list[Literal]:
        return [part for part in self.parts if isinstance(part, Literal)]

    def runner(self, expr: Expr) -> Callable[[Row], Any]:
        """What an expression, as a part of the program, gives on a row of the task; None where it gives nothing."""
        run = evaluator(expr)

        def value(row: Row) -> Any:
            try:
                return run(self.task.environment(row))
            except Exception:
                return None

        return value

    def share(self, number: float) -> float:
        """A number of answers as a share of all."""
        return number / max(1, len(self.answers))

    def share_doubted(self, why: Callable[[Row, Any], str | None]) -> float:
        """The share of open rows of whose answers something is said."""
        return self.share(sum(why(row, a) is not None for row, a in zip(self.rows, self.answers, strict=True)))


# The larger the number, the more speaks against the program, in units of the feature.
Feature = Callable[[Found], float]
