"""Growth: a bank grows by cost, cheapest first (bottom-up enumeration with observational equivalence;
Albarghouthi, Gulwani and Kincaid, CAV 2013; Udupa et al., PLDI 2013).

The programs of cost c are the words applied to kept programs whose costs and the word's add up to c, a block of
argument combinations at a time.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.expression import VARIABLE_COST, Expr, Literal, literal_cost
from extrapolate.core.language import Instance
from extrapolate.core.types import Type
from extrapolate.search.bank.application import Arguments
from extrapolate.search.bank.bank import APPLIED, INHERITED, LEAF, Bank, Block, Maker, Span, Store, full
from extrapolate.search.bank.vocabulary import Shape, Vocabulary

BLOCK_CELLS = 1 << 17
COLLECTED_CELLS = 1 << 21


def add_leaf(bank: Bank, expr: Expr, t: Type, row: NDArray[np.int32], uses: bool, cost: int) -> None:
    """Puts one variable or literal into a bank; `row` are its ids."""
    maker = bank.register(lambda args: expr)
    bank.collect(t, Block.of(row[None, :], cost, uses, maker, np.zeros((1, 0), dtype=np.int32), LEAF))


def add_literals(bank: Bank, literals: Sequence[Literal], costs: range) -> None:
    for literal in literals:
        price = literal_cost(literal)
        if price in costs:
            row = np.full(bank.rows, bank.values.table(literal.type).intern(literal.value), dtype=np.int32)
            add_leaf(bank, literal, literal.type, row, False, price)


def grow(bank: Bank, vocabulary: Vocabulary, costs: range) -> None:
    """Adds all programs of some costs in a row to a bank that holds those of every lower cost.

    The costs may be as many as the cheapest word costs: no program of one of them can be an argument in another.
    """
    bank.level = costs[-1]
    if bank.parent is not None:
        inherit(bank, bank.parent, costs)
    else:
        add_literals(bank, vocabulary.literals, costs)
    if VARIABLE_COST in costs:
        for variable, row in bank.variables.items():
            add_leaf(bank, variable, variable.type, row, True, VARIABLE_COST)
    for shape, instances in vocabulary.shapes(bank.parent is not None).items():
        if shape.cost + len(shape.arg_types) <= costs[-1] and all(t in bank.stores for t in shape.arg_types):
            extend(bank, vocabulary, shape, instances, costs)
    bank.settle()


def inherit(bank: Bank, parent: Bank, costs: range) -> None:
    """The outer scope's programs of some costs, seen from the inner rows."""
    for t, store in list(parent.stores.items()):
        start, end = store.between(costs)
        if end > start and not t.is_function:
            ids = store.ids[start:end][:, bank.outer_row]
            maker = bank.register(lambda args, t=t: parent.expr(t, args[0]))  # type: ignore[misc]
            bank.inherited.add(maker)
            indices = np.arange(start, end, dtype=np.int32)[:, None]
            block = Block.of(ids, 0, False, maker, indices, INHERITED)
            bank.collect(t, replace(block, cost=store.cost[start:end]))


def extend(bank: Bank, vocabulary: Vocabulary, shape: Shape, instances: Sequence[Instance], costs: range) -> None:
    """Adds the programs of some costs whose outermost word is one of those of a shape: they share their arguments."""
    stores = [bank.stores[t] for t in shape.arg_types]
    makers: list[int] = []
    totals = range(costs.start - shape.cost, costs.stop - shape.cost)
    for picks in gathered(argument_picks(stores, totals, shape.commutes, bank.rows), bank.rows):
        makers = makers or [register(bank, instance) for instance in instances]
        n = len(picks[0])
        arguments = Arguments([s.ids[p] for s, p in zip(stores, picks, strict=True)])
        uses = functools.reduce(np.logical_or, [s.uses[p] for s, p in zip(stores, picks, strict=True)])
        cost = shape.cost + functools.reduce(np.add, [s.cost[p] for s, p in zip(stores, picks, strict=True)])
        args, origin = np.stack(picks, axis=1), np.full(n, APPLIED, dtype=np.int8)
        for instance, maker in zip(instances, makers, strict=True):
            bank.meter.try_(n)
            ids = vocabulary.application(instance)(arguments)
            bank.collect(instance.result_type, Block(ids, cost, uses, full(n, maker), args, origin))
        if len(costs) == 1:
            bank.settle(COLLECTED_CELLS)


def register(bank: Bank, instance: Instance) -> int:
    """The number of the maker that applies a word."""
    maker = bank.register(_applied(bank, instance), instance.arg_types)
    bank.instances[maker] = instance
    return maker


def argument_picks(
    stores: Sequence[Store], totals: range, commutes: bool, rows: int
) -> Iterator[list[NDArray[np.int32]]]:
    """The combinations of arguments with one of some total costs, in blocks of indices; at least one argument is the
    scope's own. Where the arguments commute, each pair comes once."""
    for costs in compositions([s.spans for s in stores], totals):
        if commutes and costs[0] > costs[1]:
            continue
        spans = [s.span(c) for s, c in zip(stores, costs, strict=True)]
        # Split by the first argument that is the scope's own: inherited ones before it, any after it.
        for first in range(len(spans)):
            ranges = [
                (s.start, s.middle) if i < first else (s.middle, s.end) if i == first else (s.start, s.end)
                for i, s in enumerate(spans)
            ]
            if not all(end > start for start, end in ranges):
                continue
            for picks in blocks(ranges, rows):
                if commutes and costs[0] == costs[1] and first == 0:
                    kept = picks[0] <= picks[1]
                    picks = [p[kept] for p in picks]
                yield picks


def gathered(picks: Iterable[list[NDArray[np.int32]]], rows: int) -> Iterator[list[NDArray[np.int32]]]:
    """The same combinations in fewer blocks: small ones are joined until they are worth a call."""
    waiting: list[list[NDArray[np.int32]]] = []
    cells = 0
    for block in picks:
        waiting.append(block)
        cells += len(block[0]) * rows
        if cells >= BLOCK_CELLS // 2:
            yield [np.concatenate(column) for column in zip(*waiting, strict=True)]
            waiting, cells = [], 0
    if cells:
        yield [np.concatenate(column) for column in zip(*waiting, strict=True)]


def _applied(bank: Bank, instance: Instance) -> Maker:
    return lambda args: instance(*[bank.expr(t, a) for t, a in zip(instance.arg_types, args, strict=False)])


def compositions(choices: Sequence[dict[int, Span]], totals: range) -> Iterator[tuple[int, ...]]:
    """The ways to pick one cost from each choice so that they add up to one of the totals."""
    if len(choices) == 1:
        yield from ((total,) for total in totals if total in choices[0])
        return
    for cost in list(choices[0]):
        if cost < totals[-1]:
            for rest in compositions(choices[1:], range(totals.start - cost, totals.stop - cost)):
                yield (cost, *rest)


def blocks(ranges: Sequence[tuple[int, int]], rows: int) -> Iterator[list[NDArray[np.int32]]]:
    """All combinations of indices from the ranges, in blocks of at most about `BLOCK_CELLS` ids."""
    *leading, (start, end) = ranges
    outer = max(1, BLOCK_CELLS // max(1, rows * (end - start)))
    inner = max(1, BLOCK_CELLS // rows)
    lengths = [e - s for s, e in leading]
    combinations = int(np.prod(lengths)) if lengths else 1
    for at in range(0, combinations, outer):
        flat = np.arange(at, min(at + outer, combinations))
        heads = np.unravel_index(flat, lengths) if lengths else ()
        for low in range(start, end, inner):
            tail = np.arange(low, min(low + inner, end), dtype=np.int32)
            picks = [np.repeat((h + s).astype(np.int32), len(tail)) for h, (s, _) in zip(heads, leading, strict=True)]
            yield [*picks, np.tile(tail, len(flat))]
