"""The other arguments of a word, where it is known what the word must give and one argument is asked for.

Programs of some costs are gathered once for all words that take them, and what is asked is asked of all at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.expression import Expr, Literal
from extrapolate.core.types import Type
from extrapolate.search.bank.application import Application, Arguments
from extrapolate.search.bank.bank import Bank, Picks, Store
from extrapolate.search.bank.growth import blocks, compositions, gathered
from extrapolate.search.bank.tuples import Ids
from extrapolate.search.goal import Goal

MOST_PAIRS = 20_000
# Of more cells the first row is asked about first, as most programs are impossible there already.
FEW_CELLS = 256


class Known(NamedTuple):
    """A block of programs for one argument: their ids in the rows of a goal, their costs, and the programs."""

    type: Type
    ids: Ids
    cost: NDArray[np.int32]
    expr: Callable[[int], Expr]


def from_bank(goal: Goal, store: Store, picks: NDArray[np.int32]) -> Known:
    ids = store.ids[picks[:, None], goal.rows]
    return Known(store.type, ids, store.cost[picks], lambda i: goal.bank.expr(store.type, int(picks[i])))


def constant(price: int, ids: Ids, literal: Literal) -> Known:
    return Known(literal.type, ids, np.array([price], dtype=np.int32), lambda i: literal)


class Others:
    """A block of the other arguments, each known, beside what a goal wants; none where a word takes no others."""

    def __init__(self, goal: Goal, known: Sequence[Known] = ()):
        self.known = known
        self.n = len(known[0].ids) if known else 1
        self.columns = [np.broadcast_to(goal.wanted, (self.n, len(goal.wanted))), *(k.ids for k in known)]
        n_rows = len(goal.wanted)
        self.first = 1 if self.n * n_rows > FEW_CELLS else n_rows
        self.is_all = self.first == n_rows
        self.arguments = Arguments([column[:, : self.first] for column in self.columns])

    def applied(self, application: Application) -> tuple[NDArray[np.intp], Ids]:
        """Where a function of what is wanted and of these arguments is defined in all rows, and what it gives there:
        indices, and ids `(indices, rows)`."""
        possible, found = defined(application(self.arguments))
        if len(possible) and not self.is_all:
            rest = [column[possible, self.first :] for column in self.columns]
            able, more = defined(application(Arguments(rest)))
            possible, found = possible[able], np.concatenate([found[able], more], axis=1)
        return possible, found


def defined(ids: Ids) -> tuple[NDArray[np.intp], Ids]:
    """Where the rows of ids are that have none which is undefined, and these rows."""
    able = np.flatnonzero(ids.all(axis=1))
    return able, ids if len(able) == len(ids) else ids[able]


def others(goal: Goal, types: tuple[Type, ...], costs: range) -> list[tuple[Picks, Others]]:
    """The programs of a goal's bank with some costs in all, where they are not too many, in blocks; where no others are
    taken one empty block, the first time."""
    if not types:
        return [([], Others(goal))] if costs.start == 1 else []
    stores = [goal.bank.stores.get(t) for t in types]
    known = [s for s in stores if s is not None]
    if len(known) < len(stores):
        return []
    picks = few_picks(goal.bank, types, costs)
    return [(p, Others(goal, [from_bank(goal, s, i) for s, i in zip(known, p, strict=True)])) for p in picks]


def few_picks(bank: Bank, types: tuple[Type, ...], totals: range) -> list[Picks]:
    """The combinations of arguments with one of some total costs, where they are not too many; the goals of a bank ask
    for the same ones."""
    stores = [bank.stores[t] for t in types]
    asked = totals, *(s.n for s in stores)
    if bank.combined.get(types, (None, []))[0] != asked:
        bank.combined[types] = asked, list(gathered(_few_picks(stores, totals, bank.rows), bank.rows))
    return bank.combined[types][1]


def _few_picks(stores: Sequence[Store], totals: range, rows: int) -> Iterator[Picks]:
    for costs in compositions([s.spans for s in stores], totals):
        spans = [s.span(c) for s, c in zip(stores, costs, strict=True)]
        ranges = [(s.start, s.end) for s in spans]
        if len(ranges) == 1 or np.prod([e - s for s, e in ranges]) <= MOST_PAIRS:
            yield from blocks(ranges, rows)
