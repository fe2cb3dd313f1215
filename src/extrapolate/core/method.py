"""Methods: what learns a program of a language for a task. Each is a function from a `Request` to a `Result`.

A language names its method; `learn.py` knows which there are, and other packages add theirs by an entry point of the
group `extrapolate.methods`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from extrapolate.core.language import Language
from extrapolate.core.program import Program
from extrapolate.core.result import Budget, Counts, Progress, Result
from extrapolate.core.task import Task


@dataclass(frozen=True)
class Request:
    """What is to be learned, in which language and with what budget.

    `candidates` are how many programs are wanted, `known` those to start from, `constants` physical constants that may
    stand in a law. Programs that cost `dearest` and more are of no interest, as a cheaper one is known.
    With `dimensional_constants` the constants of a law may have units of their own. Where there are `forms` of laws,
    their constants are fitted and nothing else is looked for.
    """

    task: Task
    language: Language
    budget: Budget
    candidates: int = 5
    on_progress: Callable[[Progress], None] | None = None
    known: Sequence[Program] = ()
    constants: Sequence[str] = ()
    dearest: int | None = None
    dimensional_constants: bool = True
    forms: Sequence[str] = ()

    def after(self, spent: Counts) -> Request:
        """The same with what is left of the budget."""
        return replace(self, budget=self.budget.after(spent))


Method = Callable[[Request], Result]
