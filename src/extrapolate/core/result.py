"""Results: what a search returns, always. Ranked programs, perhaps none; why it stopped; what it counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

from extrapolate.core.errors import InputError
from extrapolate.core.expression import longest_piece, repeated_cost
from extrapolate.core.frames import filled, frame_of
from extrapolate.core.program import Program
from extrapolate.core.source import python_expression
from extrapolate.core.task import Row, Task
from extrapolate.core.values import equal

# Candidates that rank farther behind the best, in units of cost, are no reason to doubt it. Of 322 columns, most of 3
# examples, those one more behind named a wrong answer in two in which none was asked about yet, and raised a needless
# question in twelve; with fewer than so many examples each that is missing counts as one more.
CLOSE, ENOUGH = 2, 3
# How much more where the answers are classes, of which each example says little.
MORE_OF_CLASSES = 2
MOST_OFFERED = 5
NARROWEST = 7
# A program with a piece that costs more is often not the one that was meant, though it is right on every example. With
# more than so many examples it may cost more for each. (Of joined pieces each is vouched for by a part of the output.)
LONG, FEW, LONGER_A_ROW = 13, 2, 3
# A program with no such piece may still be of too many: one that costs more in all, and as much more for each example;
# what stands twice counts once.
LONG_IN_ALL = 30
# A search of less is not begun.
LEAST_SECONDS = 0.01


class Stop(Enum):
    """Why a search stopped, with what to try next."""

    SOLVED = "solved: no other program is likelier to be right"
    EXHAUSTED = "every program of this language up to the largest cost was tried; add words"
    PROGRAMS = "the budget of programs was used up; raise it with programs="
    SECONDS = "the time was used up; raise it with seconds="
    SHARE = "its share of the budget was used up; raise it with seconds=, or name the language"
    MEMORY = "the memory budget was used up; raise it with memory_mb="
    FORMS = "the forms that were given were fitted, and no other law was looked for"
    INTERRUPTED = "interrupted; this is the best so far"
    CONTRADICTION = "rows with equal inputs have different outputs, so no program fits; correct one of them"


@dataclass(frozen=True)
class Budget:
    """When a search must stop. Nothing in it is random: only seconds make the answer depend on the machine."""

    programs: int | None = None
    seconds: float | None = 10.0
    memory_mb: int = 1500

    def after(self, spent: Counts) -> Budget:
        """What is left of it."""
        return Budget(
            None if self.programs is None else max(0, self.programs - spent.tried),
            None if self.seconds is None else max(0.0, self.seconds - spent.seconds),
            self.memory_mb,
        )

    def share(self, part: float) -> Budget:
        """A part of it."""
        return Budget(
            None if self.programs is None else int(part * self.programs),
            None if self.seconds is None else part * self.seconds,
            self.memory_mb,
        )

    def at_most(self, programs: int) -> Budget:
        """The same with no more than so many programs."""
        return Budget(programs if self.programs is None else min(self.programs, programs), self.seconds, self.memory_mb)

    @property
    def is_spent(self) -> bool:
        return self.programs == 0 or (self.seconds is not None and self.seconds < LEAST_SECONDS)


@dataclass
class Counts:
    """What a search did: programs tried, programs kept as different, seconds."""

    tried: int = 0
    kept: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return self.tried / self.seconds if self.seconds else 0.0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.tried + other.tried, self.kept + other.kept, self.seconds + other.seconds)


class Progress(NamedTuple):
    """What is told while a search runs: the counts, the cost it has reached, and the best program so far."""

    counts: Counts
    cost: int
    best: Program | None


@dataclass(frozen=True)
class Candidate:
    """A program with its rank and what it does on the rows of the task; `missed` are the labelled rows it gets wrong.

    `answers` are its values on the unlabelled rows, None where it has none; `unlikely` are the numbers of those rows
    where its language doubts them.
    """

    program: Program
    score: float
    missed: tuple[Row, ...]
    answers: tuple[Any, ...]
    unlikely: frozenset[int] = field(default=frozenset(), kw_only=True)

    # What is told of candidates beside their cost.
    titles: ClassVar[tuple[str, ...]] = ("rows", "program")

    @property
    def cost(self) -> int:
        return self.program.cost

    def agree(self, a: Any, b: Any) -> bool:
        """Whether two answers are as good as the same."""
        return equal(a, b, self.program.output)

    def cells(self, task: Task, best: Candidate) -> tuple[str, ...]:
        """What stands below the titles, the expression last."""
        total = len(task.labelled)
        return f"{total - len(self.missed)}/{total}", python_expression(self.program.expr)

    def is_long(self, examples: int) -> bool:
        """Whether it is so long for so many examples, as `Task.evidence` counts them, that a shorter one may well be
        meant."""
        costs = self.program.costs
        longest = longest_piece(self.program.expr, costs)
        more = LONGER_A_ROW * max(0, examples - FEW)
        in_all = self.cost - repeated_cost(self.program.expr, costs)
        return longest > LONG + more or in_all > LONG_IN_ALL + more

    @property
    def solves(self) -> bool:
        """Whether it is right on every example."""
        return not self.missed

    @property
    def fits(self) -> bool:
        """Whether it describes the examples well, if not to the last digit; of a program, whether it solves."""
        return self.solves

    @property
    def left(self) -> float:
        """How much it leaves of the examples: how many it misses."""
        return float(len(self.missed))

    def record(self) -> dict[str, Any]:
        """Its cost, what it leaves, and its expression, by names."""
        return {"cost": self.cost, "missed": len(self.missed), "expression": python_expression(self.program.expr)}

    @property
    def is_near(self) -> bool:
        """Whether it says something of the examples, if not all; of a program, whether it solves."""
        return self.solves


def is_of_front(candidate: Candidate, candidates: Sequence[Candidate]) -> bool:
    """Whether none of the candidates is shorter and misses less."""
    return not any(
        c.cost <= candidate.cost and c.left <= candidate.left and (c.cost, c.left) != (candidate.cost, candidate.left)
        for c in candidates
    )


def distinct_answers(candidates: Sequence[Candidate], place: int) -> list[Any]:
    """The different answers of candidates on one of the unlabelled rows, in their order."""
    answers: list[Any] = []
    for c in candidates:
        value = c.answers[place]
        if value is not None and not any(c.agree(value, a) for a in answers):
            answers.append(value)
    return answers


class Question(NamedTuple):
    """An unlabelled row on which good candidates differ, with the answers, the best candidate's first."""

    row: Row
    answers: list[Any]


class Doubt(NamedTuple):
    """An unlabelled row with an answer that the examples do not vouch for, and why."""

    row: Row
    answer: Any
    why: str


class Slip(NamedTuple):
    """An example that looks like a slip: a short program is right on every other one, and nearly the same there."""

    row: Row
    candidate: Candidate
    answer: Any

    @property
    def sentence(self) -> str:
        shown = python_expression(self.candidate.program.expr)
        return (
            f"row {self.row.number} looks like a slip: every other example is {shown}, "
            f"which is {self.answer!r} there, and not {self.row.output!r}"
        )


class Telling(NamedTuple):
    """An input like those of the examples on which another program, about as short as the best, gives another answer:
    the examples leave open which is meant."""

    inputs: tuple[Any, ...]
    answer: Any
    other: Any
    candidate: Candidate

    @property
    def sentence(self) -> str:
        program = self.candidate.program
        given = ", ".join(f"{v.name} = {value!r}" for v, value in zip(program.inputs, self.inputs, strict=True))
        return (
            f"the examples leave something open: for {given} the program gives {self.answer!r}, and "
            f"{python_expression(program.expr)}, which is about as short, gives {self.other!r}; add such an example"
        )

    def record(self) -> dict[str, Any]:
        expression = python_expression(self.candidate.program.expr)
        return {"inputs": list(self.inputs), "answer": self.answer, "other": self.other, "expression": expression}


@dataclass(frozen=True)
class Result:
    """What was learned. `asked` says whether a law was asked for, by its language, units, constants or errors: then the
    best one is shown and used, whatever it leaves. One that leaves what looks like noise is an answer in any case."""

    task: Task
    candidates: Sequence[Candidate]
    stop: Stop
    counts: Counts
    notes: Sequence[str] = field(default_factory=tuple)
    asked: bool = False
    doubts: Sequence[Doubt] = field(default_factory=tuple)
    slip: Slip | None = None
    telling: Telling | None = None
    relearn: Callable[[Task, Sequence[Program]], Result] | None = field(default=None, repr=False, compare=False)

    def fill(self, frame: Any) -> Any:
        """The target column of a data frame of pandas or polars, with the program's answers in its blank cells.

        What is filled in stays as it is; None stands where there is no answer. InputError without a program.
        """
        if self.program is None:
            raise InputError(f"no program fits all examples, so there is nothing to fill in: {self.stop.value}.")
        return filled(self.program, frame, self.task.columns, self.task.target)

    def answer(self, row: int, output: Any) -> Result:
        """The result of learning again with one more example: what row number `row` should give.

        What was found is where the search starts. InputError when there is no such row, or for another type.
        """
        if self.relearn is None:
            raise InputError("this result can't learn again; call learn with one more example.")
        known = [c.program for c in self.candidates if c.solves and c.program.inputs == self.task.inputs]
        return self.relearn(self.task.with_answer(row, output), known)

    @property
    def solved(self) -> bool:
        """Whether the best program is right on every example."""
        return bool(self.candidates) and self.candidates[0].solves

    @property
    def fitted(self) -> bool:
        """Whether the best candidate fits: it solves, or is a law and leaves what looks like noise."""
        return bool(self.candidates) and self.candidates[0].fits

    @property
    def program(self) -> Program | None:
        """The best program that satisfies every example, or the law that fits; None when there is neither."""
        return self.candidates[0].program if self.solved or self.fitted else None

    @property
    def front(self) -> list[Candidate]:
        """The candidates of which none is shorter and misses less, the shortest first."""
        return sorted((c for c in self.candidates if is_of_front(c, self.candidates)), key=lambda c: c.cost)

    def frame(self) -> Any:
        """The candidates as a data frame of pandas, the shortest first: what each costs and leaves, and its expression.

        `front` marks those of which none is shorter and leaves less. InputError without pandas.
        """
        return frame_of(self.records())

    def records(self) -> list[dict[str, Any]]:
        """What each candidate costs and leaves, the shortest first, and whether it is of the front."""
        shortest = sorted(self.candidates, key=lambda c: c.cost)
        return [{**c.record(), "front": is_of_front(c, self.candidates)} for c in shortest]

    @cached_property
    def questions(self) -> list[Question]:
        """Unlabelled rows on which the good candidates differ, most answers first, and those with doubtful answers.

        Good are those that solve the task and rank close to the best, and the one for which an example is a slip; where
        an answer of another one is itself unlikely, it raises no question.
        """
        close = CLOSE + max(0, ENOUGH - len(self.task.distinct)) + MORE_OF_CLASSES * self.task.has_classes
        good = [c for c in self.candidates if c.fits and c.score <= self.candidates[0].score + close]
        solving = [c for c in self.candidates if c.solves]
        if self.slip is not None and solving:
            good, solving = [*good, self.slip.candidate], [*solving, self.slip.candidate]
        doubtful = {doubt.row.number for doubt in self.doubts}
        found, others = [], []
        for place, row in enumerate(self.task.unlabelled):
            likely = [c for c in good if c is good[0] or row.number not in c.unlikely]
            answers = distinct_answers(likely, place)
            if len(answers) > 1:
                found.append(Question(row, answers))
            elif row.number in doubtful:
                others.append(Question(row, distinct_answers(solving, place)[:MOST_OFFERED]))
        return [*sorted(found, key=lambda q: -len(q.answers)), *others]

    @property
    def unsure(self) -> dict[int, str]:
        """Why the answers of some rows are not sure, by the numbers of the rows: doubts and questions."""
        asked = {q.row.number: "other programs give another answer" for q in self.questions}
        return {**asked, **{doubt.row.number: doubt.why for doubt in self.doubts}}

    @property
    def why(self) -> str:
        """Why the search stopped, with what to try next."""
        if self.stop is Stop.SOLVED and self.solved and self.candidates[0].is_long(self.task.evidence):
            return "solved: right on every example, but long; a shorter program may be meant that was not reached"
        if self.stop is Stop.SOLVED and not self.solved:
            return "nothing that is likely describes the examples better"
        return self.stop.value

    def __repr__(self) -> str:
        titles = self.candidates[0].titles if self.candidates else Candidate.titles
        rows = [c.cells(self.task, self.candidates[0]) for c in self.candidates] or [("", "no program was found")]
        widths = [max(map(len, column), default=0) for column in zip(titles, *rows, strict=True)]
        lines = [f"{'cost':>4}  {_aligned(titles, widths)}"]
        for i, row in enumerate(rows):
            cost = self.candidates[i].cost if self.candidates else ""
            lines.append(f"{cost:>4}{'>' if self.candidates and i == 0 else ' '} {_aligned(row, widths)}")
        counts = self.counts
        lines += [
            f"{self.stop.name.lower()}: {self.why.removeprefix('solved: ')}",
            f"{counts.tried:,} programs tried, {counts.kept:,} kept, {counts.seconds:.2f} s, {counts.rate:,.0f}/s",
            *self.notes,
        ]
        return "\n".join(lines)


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Cells to the right of their columns, the last one as it is."""
    *others, last = cells
    return "  ".join([*(f"{c:>{max(w, NARROWEST)}}" for c, w in zip(others, widths, strict=False)), last])
