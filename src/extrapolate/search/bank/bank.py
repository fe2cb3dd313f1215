"""The bank: every program kept, by type, as a row of ids; two programs with equal rows are one.

A bank belongs to a scope: the inputs of a task and its rows, or a scope inside it, where functions are looked for
that also see bound variables, with a row for each `(outer row, arguments)` met. Programs of the outer scope are
inherited: they are not built a second time, and inner programs are those that use a bound variable.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.expression import Expr, Var
from extrapolate.core.language import Instance
from extrapolate.core.types import Type
from extrapolate.core.values import Values
from extrapolate.search.bank.tuples import Ids
from extrapolate.search.budget import Meter

Indices = NDArray[np.int32]
# Combinations of arguments, the indices for each of them.
Picks = list[Indices]
# What a program is made from: so many indices at first, more where a word takes more.
WIDTH = 3
Maker = Callable[[Sequence[int]], Expr]


class Span(NamedTuple):
    """Where the programs of one cost stand in a store: the inherited ones first."""

    start: int
    middle: int
    end: int


class Store:
    """The programs of one type: `ids (n, rows)`, and how each was made."""

    def __init__(self, t: Type, rows: int, width: int):
        self.type = t
        self.n = 0
        self.ids: Ids = np.zeros((64, rows), dtype=np.int32)
        self.uses: NDArray[np.bool_] = np.zeros(64, dtype=np.bool_)
        self.cost: NDArray[np.int32] = np.zeros(64, dtype=np.int32)
        self.maker: NDArray[np.int32] = np.zeros(64, dtype=np.int32)
        self.args: Indices = np.zeros((64, width), dtype=np.int32)
        self.spans: dict[int, Span] = {}
        self.prints = Prints()

    def span(self, cost: int) -> Span:
        return self.spans.get(cost, Span(0, 0, 0))

    def between(self, costs: range) -> tuple[int, int]:
        """The first and behind the last of the programs of some costs in a row."""
        spans = [self.spans[c] for c in costs if c in self.spans]
        return (spans[0].start, spans[-1].end) if spans else (0, 0)

    def append(self, block: Block) -> None:
        """Puts in programs that are in order, none cheaper than one that is in already."""
        start, end = self.n, self.n + len(block)
        if end > len(self.ids):
            self._grow(max(end, 2 * len(self.ids)))
        self.ids[start:end] = block.ids
        self.uses[start:end] = block.uses
        self.cost[start:end] = block.cost
        self.maker[start:end] = block.maker
        if block.args.shape[1] > self.args.shape[1]:
            self.args = padded(self.args, block.args.shape[1])
        self.args[start:end, : block.args.shape[1]] = block.args
        self.n = end
        for cost in np.unique(block.cost).tolist():
            here = block.cost == cost
            low, inherited = int(np.argmax(here)), int(np.count_nonzero(here & (block.origin == INHERITED)))
            first = start + low
            before = self.spans.get(cost, Span(first, first, first))
            middle = first + inherited if before.end == before.middle else before.middle
            self.spans[cost] = Span(before.start, middle, first + int(np.count_nonzero(here)))

    def _grow(self, size: int) -> None:
        for name in ("ids", "uses", "cost", "maker", "args"):
            old = getattr(self, name)
            new = np.zeros((size, *old.shape[1:]), dtype=old.dtype)
            new[: self.n] = old[: self.n]
            setattr(self, name, new)


def padded(args: Indices, width: int) -> Indices:
    """Argument indices `(n, arity)` as `(n, width)`."""
    if args.shape[1] == width:
        return args
    wide = np.zeros((len(args), width), dtype=np.int32)
    wide[:, : args.shape[1]] = args
    return wide


# How a program came into a bank: from the scope outside, as a variable or literal, or by applying a word.
INHERITED, LEAF, APPLIED = range(3)


@dataclass(frozen=True, slots=True)
class Block:
    """Programs on their way into a store: `ids (n, rows)`, and for each its cost, whether it uses a variable, how it is
    made, from what, and how it came."""

    ids: Ids
    cost: NDArray[np.int32]
    uses: NDArray[np.bool_]
    maker: NDArray[np.int32]
    args: Indices
    origin: NDArray[np.int8]

    @classmethod
    def of(cls, ids: Ids, cost: int, uses: bool, maker: int, args: Indices, origin: int) -> Block:
        """A block of programs that have all but ids and args in common; args `(n, arity)` is what the maker needs."""
        n = len(ids)
        return cls(ids, full(n, cost), np.full(n, uses), full(n, maker), args, np.full(n, origin, dtype=np.int8))

    @classmethod
    def join(cls, blocks: Sequence[Block]) -> Block:
        if len(blocks) == 1:
            return blocks[0]
        width = max(b.args.shape[1] for b in blocks)
        args = np.concatenate([padded(b.args, width) for b in blocks])
        rest = {name: np.concatenate([getattr(b, name) for b in blocks]) for name in cls.__slots__ if name != "args"}
        return cls(**rest, args=args)

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, which: NDArray[Any]) -> Block:
        return Block(*(getattr(self, name)[which] for name in self.__slots__))

    def in_order(self) -> Block:
        """The cheapest first; of one cost, the inherited first."""
        rank = 2 * self.cost + (self.origin != INHERITED)
        return self if (rank[1:] >= rank[:-1]).all() else self.take(np.argsort(rank, kind="stable"))


def full(n: int, value: int) -> NDArray[np.int32]:
    return np.full(n, value, dtype=np.int32)


class Prints:
    """A set of 64-bit fingerprints as a few sorted arrays: adding and asking for a block is O(block log n)."""

    def __init__(self) -> None:
        self.runs: list[NDArray[np.uint64]] = []

    def new(self, prints: NDArray[np.uint64]) -> NDArray[np.intp]:
        """The positions of the prints that were not in the set, first occurrences only; they are in it afterwards."""
        distinct, first = np.unique(prints, return_index=True)
        fresh = np.ones(len(distinct), dtype=bool)
        for run in self.runs:
            at = np.searchsorted(run, distinct)
            at[at == len(run)] = 0
            fresh &= run[at] != distinct
        added = distinct[fresh]
        if len(added):
            while self.runs and len(self.runs[-1]) <= 2 * len(added):
                added = np.sort(np.concatenate([self.runs.pop(), added]), kind="stable")
            self.runs.append(added)
        return np.sort(first[fresh])


class Bank:
    """Programs over the variables of one scope, `rows` values each; `variables` are its own, with their ids."""

    def __init__(
        self,
        values: Values,
        variables: Mapping[Var, Ids],
        rows: int,
        meter: Meter,
        *,
        parent: Bank | None = None,
        outer_row: NDArray[np.intp] | None = None,
    ):
        self.values = values
        self.variables = dict(variables)
        self.rows = rows
        self.meter = meter
        self.parent = parent
        self.outer_row = outer_row
        self.level = 0
        self.makers: list[Maker] = []
        self.made_from: list[tuple[Type, ...]] = []
        # The words that makers apply, and the makers of programs that stand in the bank around this one.
        self.instances: dict[int, Instance] = {}
        self.inherited: set[int] = set()
        self.stores: dict[Type, Store] = {}
        self.weights = np.random.default_rng(0x5EED).integers(1, 2**63, size=rows, dtype=np.uint64) * np.uint64(2)
        self.weights += np.uint64(1)
        self.least_defined = max(1, (rows + 2) // 3)
        self.waiting: dict[Type, list[Block]] = {}
        self.watchers: list[Callable[[Type, Block], None]] = []
        # The combinations of arguments of some types that were asked for last, and what was asked.
        self.combined: dict[tuple[Type, ...], tuple[tuple[Any, ...], list[Picks]]] = {}
        self.depth: int = 0 if parent is None else parent.depth + 1

    @property
    def names(self) -> set[str]:
        """The names of the variables of this scope and of those around it."""
        return {v.name for v in self.variables} | (self.parent.names if self.parent is not None else set())

    def environment(self, row: int) -> dict[Any, Any]:
        """The values of all variables in a row."""
        around: dict[Any, Any] = {}
        if self.parent is not None and self.outer_row is not None:
            around = self.parent.environment(int(self.outer_row[row]))
        own = {v.name: self.values.table(v.type).values[ids[row]] for v, ids in self.variables.items()}
        return {**around, **own}

    def store(self, t: Type) -> Store:
        if t not in self.stores:
            self.stores[t] = Store(t, self.rows, WIDTH)
        return self.stores[t]

    def fingerprints(self, ids: Ids) -> NDArray[np.uint64]:
        """One number for each row of ids; equal for equal rows, different for others (Carter and Wegman, 1979)."""
        prints: NDArray[np.uint64] = ids.astype(np.uint64) @ self.weights
        return prints

    def register(self, maker: Maker, arg_types: tuple[Type, ...] = ()) -> int:
        """The number of a maker; `arg_types` are those of the programs that it takes by their places."""
        self.makers.append(maker)
        self.made_from.append(arg_types)
        return len(self.makers) - 1

    def collect(self, t: Type, block: Block) -> None:
        """Sets programs aside until they are settled."""
        for watcher in self.watchers:
            watcher(t, block)
        self.waiting.setdefault(t, []).append(block)

    def settle(self, least_cells: int = 0) -> None:
        """Keeps, of the programs set aside, those that are defined often enough, use a variable and are new."""
        for t, waiting in list(self.waiting.items()):
            if sum(map(len, waiting)) * self.rows >= least_cells:
                del self.waiting[t]
                block = Block.join(waiting)
                useful = (np.count_nonzero(block.ids, axis=1) >= self.least_defined) & block.uses
                self.keep(t, block.take(useful | (block.origin != APPLIED)))

    def keep(self, t: Type, block: Block) -> None:
        """Puts in the programs that differ from all kept before, the cheapest of those that are equal."""
        block = block.in_order()
        store = self.store(t)
        new = store.prints.new(self.fingerprints(block.ids))
        if len(new):
            store.append(block.take(new))
            self.meter.keep(len(new), len(new) * (self.rows * 4 + 40))

    def expr(self, t: Type, index: int) -> Expr:
        """The program at a place in the bank."""
        store = self.stores[t]
        maker = self.makers[int(store.maker[index])]
        return maker(store.args[index].tolist())
