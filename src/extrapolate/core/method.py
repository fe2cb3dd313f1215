"""Methods: what learns a program of a language for a task. Each is a function from a `Request` to a `Result`.

A language names its method; `learn.py` knows which there are, and other packages add theirs by an entry point of the
group `extrapolate.methods`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from extrapolate.core.expression import Apply, Var, walk
from extrapolate.core.language import Language
from extrapolate.core.program import Program
from extrapolate.core.result import Budget, Counts, Progress, Result
from extrapolate.core.task import Task


@dataclass(frozen=True)
class Request:
    """What is to be learned, in which language and with what budget.

    `candidates` are how many programs are wanted, `nearest` how many more that are right on most rows only; `known` are
    those to start from, `constants` physical constants that may stand in a law. Programs that cost `dearest` and more
    are of no interest, as a cheaper one is known. With `dimensional_constants` the constants of a law may have units of
    their own. Where there are `forms` of laws, their constants are fitted and nothing else is looked for, but with
    `rivals` other laws too. Inputs that a law must use are named by `using`. With a `front` those laws are wanted too
    than which none is shorter and closer.
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
    rivals: bool = False
    using: frozenset[str] = frozenset()
    front: bool = False
    nearest: int = 0

    @property
    def is_restricted(self) -> bool:
        """Whether there are programs that `allows` refuses."""
        algebra = self.language.algebra
        return bool(self.using) or (algebra is not None and not set(self.language.words).issuperset(algebra.words))

    def allows(self, program: Program) -> bool:
        """Whether a program has only words of the language, and all inputs that are to be used."""
        parts = list(walk(program.expr))
        words = {e.word for e in parts if isinstance(e, Apply)}
        return words.issubset(self.language.words) and self.using <= {e.name for e in parts if isinstance(e, Var)}

    def after(self, spent: Counts) -> Request:
        """The same with what is left of the budget."""
        return replace(self, budget=self.budget.after(spent))


Method = Callable[[Request], Result]
