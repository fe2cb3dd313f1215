"""Functions as arguments, forward: bodies are enumerated once, as columns over the arguments met so far.

Which arguments a word gives to its function is found by calling the word with a function that records them. The
inner scope has one row for each `(outer row, arguments)`; a program of its bank, read over the rows of one outer
row, is the table of a function there, and such tables are values like others: a word that takes a function is
applied to blocks of them. A function whose results feed its next arguments (fold, scan, iterate) can't be tabled and
is run instead.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from extrapolate.core.expression import Expr, Lambda, Var, evaluator
from extrapolate.core.language import Instance
from extrapolate.core.types import FUNCTION, ITERATED, Type
from extrapolate.core.values import UNDEFINED, Table, Undefined
from extrapolate.core.word import Primitive
from extrapolate.search.bank.bank import LEAF, Bank, Block
from extrapolate.search.bank.vocabulary import Vocabulary

Tuples = list[dict[tuple[int, ...], int]]
MAX_TUPLES_A_ROW = 32
MAX_ROWS = 192
BASE_PROGRAMS = 3
MAX_STEPS_A_LEVEL = 300
NAMES = {"list": ("xs", "ys", "zs"), "int": ("x", "y", "z"), "bool": ("p", "q", "r"), "text": ("s", "t", "u")}


class Scope:
    """An inner bank with its bound variables; `tuples[r]` maps the argument ids met in outer row r to an inner row."""

    def __init__(self, outer: Bank, types: Sequence[Type], tuples: Sequence[Sequence[tuple[int, ...]]]):
        self.outer = outer
        self.types = tuple(types)
        self.params = _bound_variables(types, {v.name for v in outer.variables})
        self.tuples: Tuples = []
        self.starts = [0]
        for met in tuples:
            start = self.starts[-1]
            self.tuples.append({t: start + i for i, t in enumerate(met)})
            self.starts.append(start + len(met))
        rows = self.starts[-1]
        tables = [outer.values.table(t) for t in self.types]
        self.places = [_places(met, tables) for met in tuples]
        outer_row = np.repeat(np.arange(len(tuples)), [len(met) for met in tuples])
        flat = np.array([t for met in tuples for t in met], dtype=np.int32).reshape(rows, len(self.types))
        variables = dict(zip(self.params, flat.T.copy(), strict=True))
        self.bank = Bank(outer.values, variables, rows, outer.meter, parent=outer, outer_row=outer_row)
        self.exports = ""
        self.lag = 0
        self._columns: dict[tuple[Type, int], dict[bytes, int]] = {}

    def function(self, body: Expr) -> Lambda:
        return Lambda(self.params, body)

    def covers(self, tuples: Sequence[Sequence[tuple[int, ...]]]) -> bool:
        return all(t in known for known, met in zip(self.tuples, tuples, strict=True) for t in met)

    def export(self, result: Type, cost: int) -> None:
        """Puts the functions of a cost into the outer bank, as rows of tables."""
        t = Type(FUNCTION, (*self.types, result))
        store = self.bank.store(result)
        span = store.span(cost)
        indices = np.arange(span.middle, span.end, dtype=np.int32)
        if not len(indices):
            return
        bodies = store.ids[indices]
        values = self.bank.values
        results, functions = values.table(result).values, values.table(t)
        ids = np.empty((len(indices), len(self.tuples)), dtype=np.int32)
        for row in range(len(self.tuples)):
            known = self._columns.setdefault((result, row), {})
            part = bodies[:, self.starts[row] : self.starts[row + 1]]
            width, data = part.shape[1] * part.itemsize, part.tobytes()
            columns = [data[i : i + width] for i in range(0, len(data), width)] if width else [b""] * len(part)
            for column in columns:
                if column not in known:
                    known[column] = functions.add(_Tabled(self.places[row], column, results))
            ids[:, row] = [known[column] for column in columns]
        maker = self.outer.register(lambda args: self.function(self.bank.expr(result, args[0])))
        self.outer.keep(t, Block.of(ids, cost, 1, maker, indices[:, None], LEAF))

    def export_steps(self, result: Type, cost: int, function_of: Callable[[Primitive], Callable[..., Any]]) -> None:
        """Puts the functions of a cost into the outer bank as functions that are run, one for each outer row."""
        t = Type(ITERATED, (*self.types, result))
        store = self.bank.store(result)
        span = store.span(cost)
        indices = np.arange(span.middle, min(span.end, span.middle + MAX_STEPS_A_LEVEL), dtype=np.int32)
        if not len(indices):
            return
        table = self.bank.values.table(t)
        rows = [self._environment(row) for row in range(len(self.tuples))]
        ids = np.empty((len(indices), len(rows)), dtype=np.int32)
        for i, index in enumerate(indices.tolist()):
            run = evaluator(self.bank.expr(result, index), function_of)
            ids[i] = [table.add(_step(run, env, [p.name for p in self.params])) for env in rows]
        maker = self.outer.register(lambda args: self.function(self.bank.expr(result, args[0])))
        self.outer.keep(t, Block.of(ids, cost, 1, maker, indices[:, None], LEAF))

    def _environment(self, row: int) -> dict[str, Any]:
        """The values of the outer variables in one outer row."""
        outer = self.outer
        return {v.name: outer.values.table(v.type).values[ids[row]] for v, ids in outer.variables.items()}


class _Tabled:
    """A function that knows its values for the arguments listed in `places`, and raises KeyError for all others."""

    __slots__ = ("_column", "_ids", "_places", "_results")

    def __init__(self, places: dict[Any, int], column: bytes, results: list[Any]):
        self._places, self._column, self._results = places, column, results
        self._ids: tuple[int, ...] | None = None

    def __call__(self, *args: Any) -> Any:
        if self._ids is None:
            self._ids = struct.unpack(f"{len(self._column) // 4}i", self._column)
        (arg,) = args if len(args) == 1 else (args,)
        found = self._ids[self._places[_key(arg) if type(arg) in (list, tuple) else arg]]
        if found == UNDEFINED:
            raise Undefined
        return self._results[found]


def _key(value: Any) -> Any:
    return tuple([_key(v) if type(v) is list else v for v in value])


def _places(met: Sequence[tuple[int, ...]], tables: Sequence[Table]) -> dict[Any, int]:
    """Where each of the arguments met stands, by its key; one argument is its own key, several are a tuple."""
    keys = [tuple([table.keys[i] for table, i in zip(tables, ids, strict=True)]) for ids in met]
    return {(key[0] if len(tables) == 1 else key): place for place, key in enumerate(keys)}


def _step(run: Callable[[dict[str, Any]], Any], env: dict[str, Any], names: Sequence[str]) -> Callable[..., Any]:
    known: dict[Any, Any] = {}

    def step(*args: Any) -> Any:
        key = _key(args)
        if key not in known:
            known[key] = run({**env, **dict(zip(names, args, strict=True))})
        return known[key]

    return step


def _bound_variables(types: Sequence[Type], taken: set[str]) -> tuple[Var, ...]:
    names: list[str] = []
    for t in types:
        pool = (*NAMES.get(t.name, NAMES["int"]), *(f"x{i}" for i in range(2, 20)))
        names.append(next(n for n in pool if n not in taken and n not in names))
    return tuple(Var(n, t) for n, t in zip(names, types, strict=True))


def function_params(instances: Sequence[Instance]) -> list[tuple[bool, tuple[Type, ...]]]:
    """The kinds of functions that words take: whether iterated, and the types of their arguments."""
    kinds = {(t.is_iterated, t.args[:-1]) for i in instances for t in i.arg_types if t.is_function}
    return sorted(kinds, key=str)


def met_arguments(
    bank: Bank, vocabulary: Vocabulary, types: tuple[Type, ...], iterated: bool
) -> list[list[tuple[int, ...]]]:
    """For each row, the arguments that words give to a function of those types, for the cheapest other arguments."""
    tables = [bank.values.table(t) for t in types]
    met: list[dict[tuple[int, ...], None]] = [{} for _ in range(bank.rows)]
    for instance, at, others in _plausible_calls(bank, vocabulary, types, iterated):
        merged = []
        for row, known in enumerate(met):
            recorded = _record(vocabulary, instance, at, [o[row] for o in others])
            ids = [tuple(table.intern(v) for table, v in zip(tables, args, strict=True)) for args in recorded]
            merged.append(known | {key: None for key in ids if all(key)})
        if max(map(len, merged)) <= MAX_TUPLES_A_ROW and sum(map(len, merged)) <= MAX_ROWS:
            met = merged
    return [list(m) for m in met]


def _plausible_calls(
    bank: Bank, vocabulary: Vocabulary, types: tuple[Type, ...], iterated: bool
) -> list[tuple[Instance, int, list[list[Any]]]]:
    """Words that take such a function, where it stands, and the values of the other arguments, a list a row.

    The cheapest programs stand for the other arguments, different ones before the same one twice.
    """
    calls: list[tuple[int, int, int, tuple[Instance, int, list[list[Any]]]]] = []
    seen: set[tuple[Any, ...]] = set()
    for instance in vocabulary.higher_order:
        where = [i for i, t in enumerate(instance.arg_types) if t.is_function]
        t = instance.arg_types[where[0]]
        others = [a for a in instance.arg_types if not a.is_function]
        if len(where) > 1 or t.args[:-1] != types or t.is_iterated != iterated:
            continue
        if not all(a in bank.stores for a in others):
            continue
        kind = (instance.word, *others)
        if kind in seen or len(bank.values.table(t.args[-1])) == 1:
            continue  # what the function returns makes no difference to what it is given
        seen.add(kind)
        stores = [bank.stores[a] for a in others]
        values = [bank.values.table(a).values for a in others]
        for chosen in itertools.product(*(range(min(s.n, BASE_PROGRAMS)) for s in stores)):
            repeats = sum(a == b for a, b in itertools.combinations(zip(others, chosen, strict=True), 2))
            columns = [[v[i] for i in s.ids[c].tolist()] for v, s, c in zip(values, stores, chosen, strict=True)]
            calls.append((repeats, sum(chosen), len(calls), (instance, where[0], columns)))
    return [call for *_, call in sorted(calls, key=lambda c: c[:3])]


def _record(vocabulary: Vocabulary, instance: Instance, at: int, others: list[Any]) -> list[tuple[Any, ...]]:
    """The arguments the word gives to its function in one call, whatever that function returns."""
    t, word = instance.arg_types[at], vocabulary.function(instance.word)
    recorded: list[tuple[Any, ...]] = []
    results = vocabulary.values.table(t.args[-1]).values[1:3]
    echoes: list[Callable[..., Any]] = [lambda *args, r=r: r for r in results]
    if t.is_iterated:
        echoes = [lambda *args, i=i: args[i] for i, a in enumerate(t.args[:-1]) if a == t.args[-1]]
    for echo in echoes:

        def recorder(*args: Any, echo: Callable[..., Any] = echo) -> Any:
            recorded.append(args)
            if len(recorded) > 200:
                raise Undefined
            return echo(*args)

        try:
            word(*others[:at], recorder, *others[at:])
        except Exception:
            continue
    return recorded
