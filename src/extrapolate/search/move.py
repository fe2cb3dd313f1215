"""Moves: the ways the search gets programs for a goal, one file each in `moves/`.

A move yields expressions that have what the goal wants, and goals that would lead to one; the search tells the goal of
the former and takes up the latter, level by level, as long as its budget lasts. A new move is a class in a file of its
own and a place in `moves.MOVES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from extrapolate.core.expression import Expr
from extrapolate.core.task import Row, Task
from extrapolate.search.goal import Goal

if TYPE_CHECKING:
    from extrapolate.search.bank.bank import Bank
    from extrapolate.search.bank.vocabulary import Vocabulary
    from extrapolate.search.budget import Meter
    from extrapolate.search.scopes import Scopes

Found = Iterator[Expr | Goal]


class Search(Protocol):
    """What a move may know of the search it is a part of."""

    task: Task
    vocabulary: Vocabulary
    meter: Meter
    root: Bank
    goal: Goal
    scopes: Scopes
    rows: list[Row]
    open_rows: list[Row]
    level: int
    dearest: int
    solutions: dict[Expr, None]

    def adopt(self, expr: Expr) -> None:
        """Puts an expression in the outermost bank, as a program of the next level."""


class Move:
    """A move that does nothing; others say what they do at the start of a goal and with the programs of some costs."""

    def __init__(self, search: Search):
        self.search = search
        self.vocabulary = search.vocabulary

    def start(self, goal: Goal) -> Found:
        """What can be said of a new goal at once."""
        yield from ()

    def step(self, goal: Goal, costs: range) -> Found:
        """What the programs of some costs, which are new in the bank of the goal, lead to."""
        yield from ()

    def finish(self, goal: Goal) -> Found:
        """What all that is known at the end of a level leads to."""
        yield from ()

    def affords(self, goal: Goal, cost: int) -> bool:
        """Whether a part of that cost would give a program of interest."""
        return goal.overhead + cost < self.search.dearest


MakeMove = Callable[[Search], Move]
Moves = Sequence[MakeMove]
