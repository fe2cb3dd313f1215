"""Goals: a value wanted in some rows of a bank, and who is told of the programs that have it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.expression import Expr
from extrapolate.core.types import Type
from extrapolate.search.bank.bank import Bank
from extrapolate.search.bank.tuples import Ids

MOST_SOLUTIONS = 10
MOST_COVERS_A_SET = 3


class Cover(NamedTuple):
    """A program that is right on some rows of a goal: a place in the bank, or an expression."""

    cost: int
    program: int | Expr

    def expr(self, goal: Goal) -> Expr:
        return goal.bank.expr(goal.type, self.program) if isinstance(self.program, int) else self.program


@dataclass
class Goal:
    """`wanted` are the ids a program must have in `rows`; `overhead` is the cost of the program around it."""

    bank: Bank
    type: Type
    rows: NDArray[np.intp]
    wanted: Ids
    overhead: int
    tell: Callable[[Expr], None]
    parent: Goal | None = None
    most: int = MOST_SOLUTIONS
    solutions: dict[Expr, None] = field(default_factory=dict)
    covers: dict[bytes, list[Cover]] = field(default_factory=dict)
    others: list[Callable[[Expr], None]] = field(default_factory=list)

    def solve(self, expr: Expr) -> None:
        if expr not in self.solutions and len(self.solutions) < self.most:
            self.solutions[expr] = None
            self.tell(expr)
            for tell in self.others:
                tell(expr)

    def cover(self, right: NDArray[np.bool_], cover: Cover) -> None:
        """Remembers a program for the set of rows on which it is right, among the few cheapest for that set."""
        known = self.covers.setdefault(np.packbits(right).tobytes(), [])
        if cover not in known:
            known.append(cover)
            known.sort(key=lambda c: c.cost)
            del known[MOST_COVERS_A_SET:]

    def most_covering(self, most: int) -> list[tuple[bytes, list[Cover]]]:
        """The sets of rows that programs are right on, the largest first and the cheapest first among equals."""
        covers = self.covers.items()
        return sorted(covers, key=lambda c: (-int.from_bytes(c[0], "big").bit_count(), c[1][0].cost, c[0]))[:most]

    def below(self, t: Type, wanted: Ids, around: int, tell: Callable[[Expr], None]) -> Goal:
        """A goal in the same rows that leads to this one; `around` is the cost of what it is put into."""
        return Goal(self.bank, t, self.rows, wanted, self.overhead + around, tell, self)

    def also(self, goal: Goal) -> None:
        """Tells another goal that wants the same of what is found."""
        self.others.append(goal.solve)
        self.overhead = min(self.overhead, goal.overhead)

    @property
    def solved(self) -> bool:
        return bool(self.solutions)

    @property
    def depth(self) -> int:
        return 0 if self.parent is None else 1 + self.parent.depth

    @property
    def is_first(self) -> bool:
        """Whether no other goal of the same bank led to it."""
        return self.parent is None or self.parent.bank is not self.bank

    @property
    def repeats(self) -> bool:
        """Whether a goal around this one wants the same."""
        above = self.parent
        while above is not None:
            if above.bank is self.bank and above.key == self.key:
                return True
            above = above.parent
        return False

    @property
    def key(self) -> tuple[Type, bytes, bytes]:
        return self.type, self.rows.tobytes(), self.wanted.tobytes()

    def matches(self, ids: Ids) -> NDArray[np.intp]:
        """Which of the programs `(n, rows of the bank)` have the wanted value in every row of the goal."""
        found = np.flatnonzero(ids[:, self.rows[0]] == self.wanted[0])
        if len(found):
            found = found[(ids[found][:, self.rows] == self.wanted).all(axis=1)]
        return found
