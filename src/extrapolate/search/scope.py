"""Functions as arguments, forward: bodies are enumerated once, as columns over the arguments met so far.

Which arguments a word gives to its function is found by calling the word with a function that records them. The inner
scope has one row for each `(outer row, arguments)`, or for some of them where there are many; a program of its bank,
read over the rows of one outer row, is the table of a function there, and such tables are values like others: a word
that takes a function is applied to blocks of them. A short function is run where its table has nothing, so that lists
made of others are arguments too. A function whose results feed its next arguments (fold, scan, iterate) can't be tabled
and is always run. A scope may lie within another: functions inside functions.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from typing import Any

import numpy as np

from extrapolate.core.expression import Expr, Lambda, Var, abstracted, evaluator
from extrapolate.core.kind import Undefined, kind_of
from extrapolate.core.language import Instance
from extrapolate.core.types import FUNCTION, ITERATED, Type
from extrapolate.core.values import UNDEFINED, Table
from extrapolate.search.bank.bank import LEAF, Bank, Block
from extrapolate.search.bank.vocabulary import Vocabulary

Tuple = tuple[int, ...]
Tuples = Sequence[Sequence[Tuple]]
# A scope has so many rows at most, and for each row outside so many; where more is met, it has some of them.
MAX_TUPLES_A_ROW, MAX_ROWS = 32, 192
BASE_PROGRAMS = 3
# So many functions of a cost are run and not tabled, and none that costs more.
MAX_STEPS_A_LEVEL, LAST_STEP_COST, LAST_RUN_COST = 300, 5, 7
MOST_RECORDED = 2000
_MISSING = object()


class Scope:
    """An inner bank with its bound variables; `tuples[r]` maps the argument ids met in outer row r to an inner row.

    `partial` scopes have not all arguments that were met: their functions are run.
    """

    def __init__(self, outer: Bank, types: Sequence[Type], tuples: Tuples, *, partial: bool = False):
        self.outer = outer
        self.types = tuple(types)
        self.partial = partial
        self.params = _bound_variables(types, outer.names)
        self.tuples: list[dict[Tuple, int]] = []
        self.starts = [0]
        for met in tuples:
            start = self.starts[-1]
            self.tuples.append({t: start + i for i, t in enumerate(met)})
            self.starts.append(start + len(met))
        rows = self.starts[-1]
        self.tables = [outer.values.table(t) for t in self.types]
        self.places = [_places(met, self.tables) for met in tuples]
        # Functions of one value that is its own key are dictionaries, which is the fastest way to call them.
        own_keys = all(isinstance(v, Hashable) for table in self.tables for v in table.values[1:2])
        self.is_plain, self.is_plain_of_several = own_keys and len(types) == 1, own_keys and len(types) > 1
        outer_row = np.repeat(np.arange(len(tuples)), [len(met) for met in tuples])
        flat = np.array([t for met in tuples for t in met], dtype=np.int32).reshape(rows, len(self.types))
        variables = dict(zip(self.params, flat.T.copy(), strict=True))
        self.bank = Bank(outer.values, variables, rows, outer.meter, parent=outer, outer_row=outer_row)
        self.exports = ""
        self.lag = 0
        self._columns: dict[tuple[Type, int], dict[bytes, int]] = {}

    def function(self, body: Expr) -> Lambda:
        return abstracted(self.params, body)

    def has(self, row: int, tuples: Collection[Tuple]) -> bool:
        """Whether it may have all of the arguments in a row of the outer bank; of many it needs only some."""
        many = len(tuples) * len(self.tuples) > MAX_ROWS
        return self.partial or many or all(t in self.tuples[row] for t in tuples)

    def covers(self, tuples: Tuples) -> bool:
        return all(t in known for known, met in zip(self.tuples, tuples, strict=True) for t in met)

    def export(self, t: Type, cost: int, vocabulary: Vocabulary) -> None:
        """Puts the functions of a type and a cost into the outer bank, a function for each outer row."""
        store = self.bank.store(t.args[-1])
        span = store.span(cost)
        indices = np.arange(span.middle, span.end, dtype=np.int32)
        runs = t.is_iterated or self.partial
        if runs and cost > (LAST_STEP_COST if t.is_iterated else LAST_RUN_COST):
            return
        if runs:
            indices = indices[:MAX_STEPS_A_LEVEL]
        if not len(indices):
            return
        if runs or (cost <= LAST_STEP_COST and len(indices) <= MAX_STEPS_A_LEVEL):
            ids = self.run(t, indices, vocabulary)
        else:
            ids = self.tabled(t, indices)
        result = t.args[-1]
        maker = self.outer.register(lambda args: self.function(self.bank.expr(result, args[0])))
        self.outer.keep(t, Block.of(ids, cost, True, maker, indices[:, None], LEAF))

    def tabled(self, t: Type, indices: np.ndarray[Any, np.dtype[np.int32]]) -> np.ndarray[Any, np.dtype[np.int32]]:
        """The ids of functions that are tables; equal tables of a row are one function."""
        result = t.args[-1]
        bodies = self.bank.store(result).ids[indices]
        results, functions = self.bank.values.table(result).values, self.bank.values.table(t)
        ids = np.empty((len(indices), len(self.tuples)), dtype=np.int32)
        for row in range(len(self.tuples)):
            known = self._columns.setdefault((result, row), {})
            part = bodies[:, self.starts[row] : self.starts[row + 1]]
            width, data = part.shape[1] * part.itemsize, part.tobytes()
            columns = [data[i : i + width] for i in range(0, len(data), width)] if width else [b""] * len(part)
            for column in columns:
                if column not in known:
                    make = _plain_table if self.is_plain else _Tabled
                    known[column] = functions.add(make(self.places[row], column, results))
            ids[:, row] = [known[column] for column in columns]
        return ids

    def run(
        self, t: Type, indices: np.ndarray[Any, np.dtype[np.int32]], vocabulary: Vocabulary
    ) -> np.ndarray[Any, np.dtype[np.int32]]:
        """The ids of functions that are run; where one is not iterated, what its table knows is looked up there."""
        table, result = self.bank.values.table(t), t.args[-1]
        results_table = self.bank.values.table(result)
        results = results_table.values
        names = [p.name for p in self.params]
        environments = [self.outer.environment(row) for row in range(len(self.tuples))]
        ids = np.empty((len(indices), len(self.tuples)), dtype=np.int32)
        store = self.bank.store(result)
        for i, index in enumerate(indices.tolist()):
            body = _Body(self.bank.expr(result, index), vocabulary.function)
            for row, env in enumerate(environments):
                step = _Run(body, env, names, results_table.key)
                if not t.is_iterated:
                    column = store.ids[index, self.starts[row] : self.starts[row + 1]].tolist()
                    step.update({k: results[column[at]] for k, at in self.places[row].items() if column[at]})
                ids[i, row] = table.add(
                    step.__getitem__ if self.is_plain else step.of_several if self.is_plain_of_several else step
                )
        return ids


class _Body:
    """An expression that is made ready to run when it is run for the first time."""

    def __init__(self, expr: Expr, function_of: Callable[[Any], Callable[..., Any]]):
        self.expr, self.function_of = expr, function_of
        self.ready: Callable[[dict[Any, Any]], Any] | None = None

    def __call__(self, env: dict[Any, Any]) -> Any:
        if self.ready is None:
            self.ready = evaluator(self.expr, self.function_of)
        return self.ready(env)


class _Run(dict[Any, Any]):
    """A function that is run, and remembers what it gave; `check` raises where that has grown too large."""

    __slots__ = ("body", "check", "env", "names")
    __hash__ = object.__hash__  # type: ignore[assignment]

    def __init__(self, body: _Body, env: dict[Any, Any], names: Sequence[str], check: Callable[[Any], Any]):
        self.body, self.env, self.names, self.check = body, env, names, check

    def __missing__(self, arg: Any) -> Any:
        return self.run(arg, (arg,))

    def __call__(self, *args: Any) -> Any:
        key = _key(args[0] if len(args) == 1 else args)
        return self[key] if key in self else self.run(key, args)

    @property
    def of_several(self) -> Callable[..., Any]:
        """The same as a function of several arguments that are their own keys, which is called faster."""
        known, run = self.get, self.run

        def call(*args: Any) -> Any:
            found = known(args, _MISSING)
            return run(args, args) if found is _MISSING else found

        return call

    def run(self, key: Any, args: tuple[Any, ...]) -> Any:
        value = self.body({**self.env, **dict(zip(self.names, args, strict=True))})
        self.check(value)
        self[key] = value
        return value


class _Tabled:
    """A function that knows its values for the arguments listed in `places`, and raises KeyError for all others."""

    __slots__ = ("_column", "_ids", "_places", "_results")

    def __init__(self, places: dict[Any, int], column: bytes, results: list[Any]):
        self._places, self._column, self._results = places, column, results
        self._ids: tuple[int, ...] | None = None

    def __call__(self, *args: Any) -> Any:
        if self._ids is None:
            self._ids = _unpacked(self._column)
        arg = args[0] if len(args) == 1 else args
        try:
            place = self._places[arg]
        except TypeError:  # what can't be hashed has a key
            place = self._places[_key(arg)]
        found = self._ids[place]
        if found == UNDEFINED:
            raise Undefined
        return self._results[found]


def _plain_table(places: dict[Any, int], column: bytes, results: list[Any]) -> Callable[[Any], Any]:
    """The same, for arguments that are their own keys."""
    ids = _unpacked(column)
    return {arg: results[ids[place]] for arg, place in places.items() if ids[place]}.__getitem__


def _unpacked(column: bytes) -> tuple[int, ...]:
    return struct.unpack(f"{len(column) // 4}i", column)


def _key(value: Any) -> Any:
    """What a value is found by among arguments; values that a table gave are found again whatever their type is."""
    kind = type(value)
    if kind is int or kind is str or kind is float or kind is bool:
        return value
    if kind is list or kind is tuple:
        try:
            key = tuple(value)
            hash(key)
        except TypeError:
            return tuple([_key(v) for v in value])
        return key
    if kind is dict:
        return tuple([(k, _key(v)) for k, v in value.items()])
    return (value.shape, value.tobytes()) if hasattr(value, "tobytes") else value


def _places(met: Sequence[Tuple], tables: Sequence[Table]) -> dict[Any, int]:
    """Where each of the arguments met stands, by its key; one argument is its own key, several are a tuple."""
    keys = [tuple([_key(table.values[i]) for table, i in zip(tables, ids, strict=True)]) for ids in met]
    return {(key[0] if len(tables) == 1 else key): place for place, key in enumerate(keys)}


def _bound_variables(types: Sequence[Type], taken: set[str]) -> tuple[Var, ...]:
    names: list[str] = []
    for t in types:
        own = kind_of(t).names if t.name != "int" else ("x", "y", "z")
        pool = (*own, *(f"x{i}" for i in range(2, 99)))
        names.append(next(n for n in pool if n not in taken and n not in names))
    return tuple(Var(n, t) for n, t in zip(names, types, strict=True))


def function_params(instances: Sequence[Instance]) -> list[tuple[bool, tuple[Type, ...]]]:
    """The kinds of functions that words take: whether iterated, and the types of their arguments."""
    kinds = {(t.is_iterated, t.args[:-1]) for i in instances for t in i.arg_types if t.is_function}
    return sorted(kinds, key=str)


def thinned(tuples: Tuples, most: int = MAX_ROWS) -> list[list[Tuple]]:
    """Some of the tuples of each row, evenly spread, so that there are at most so many in all."""
    room = max(1, most // max(1, len(tuples)))
    return [[met[i * len(met) // room] for i in range(room)] if len(met) > room else list(met) for met in tuples]


def met_arguments(bank: Bank, vocabulary: Vocabulary, types: tuple[Type, ...], iterated: bool) -> tuple[Tuples, bool]:
    """For each row, the arguments that words give to a function of those types, for the cheapest other arguments; and
    whether these are only some of them."""
    tables = [bank.values.table(t) for t in types]
    met: list[dict[Tuple, None]] = [{} for _ in range(bank.rows)]
    many: list[dict[Tuple, None]] = []
    for instance, at, others in _plausible_calls(bank, vocabulary, types, iterated):
        merged: list[dict[Tuple, None]] = []
        fits = True
        for row, known in enumerate(met):
            bank.meter.try_(0)
            recorded = _record(vocabulary, instance, at, [o[row] for o in others])
            ids = [tuple([table.intern(v) for table, v in zip(tables, args, strict=True)]) for args in recorded]
            merged.append(known | {key: None for key in ids if all(key)})
            fits = fits and len(merged[-1]) <= MAX_TUPLES_A_ROW and sum(map(len, merged)) <= MAX_ROWS
            if not fits and many:
                break
        if fits:
            met = merged
        else:
            many = many or merged
    if not any(met) and many:
        return thinned([list(m) for m in many]), True
    return [list(m) for m in met], False


def _plausible_calls(
    bank: Bank, vocabulary: Vocabulary, types: tuple[Type, ...], iterated: bool
) -> list[tuple[Instance, int, list[list[Any]]]]:
    """Words that take such a function, where it stands, and the values of the other arguments, a list a row; for other
    functions there is None.

    The cheapest programs stand for the other arguments, different ones before the same one twice.
    """
    calls: list[tuple[int, int, int, tuple[Instance, int, list[list[Any]]]]] = []
    seen: set[tuple[Any, ...]] = set()
    for instance in vocabulary.higher_order:
        others = [a for a in instance.arg_types if not a.is_function]
        if not all(a in bank.stores for a in others):
            continue
        for at, t in enumerate(instance.arg_types):
            if not t.is_function or t.args[:-1] != types or t.is_iterated != iterated:
                continue
            kind = (instance.word, at, *others)
            if kind in seen or len(bank.values.table(t.args[-1])) == 1:
                continue  # what the function returns makes no difference to what it is given
            seen.add(kind)
            stores = [bank.stores[a] for a in others]
            values = [bank.values.table(a).values for a in others]
            for chosen in itertools.product(*(range(min(s.n, BASE_PROGRAMS)) for s in stores)):
                repeats = sum(a == b for a, b in itertools.combinations(zip(others, chosen, strict=True), 2))
                known = [[v[i] for i in s.ids[c].tolist()] for v, s, c in zip(values, stores, chosen, strict=True)]
                given = iter(known)
                columns = [[None] * bank.rows if a.is_function else next(given) for a in instance.arg_types]
                del columns[at]
                calls.append((repeats, sum(chosen), len(calls), (instance, at, columns)))
    return [call for *_, call in sorted(calls, key=lambda c: c[:3])]


def _record(vocabulary: Vocabulary, instance: Instance, at: int, others: list[Any]) -> list[tuple[Any, ...]]:
    """The arguments the word gives to its function in one call, whatever its functions return."""
    t, word = instance.arg_types[at], vocabulary.function(instance.word)
    recorded: list[tuple[Any, ...]] = []

    def recorder(*args: Any, echo: Callable[..., Any]) -> Any:
        recorded.append(args)
        if len(recorded) > MOST_RECORDED:
            raise Undefined
        return echo(*args)

    for echo in echoes(vocabulary, t):
        args = [next(echoes(vocabulary, a), None) if a.is_function else None for a in instance.arg_types]
        given = iter([*others[:at], None, *others[at:]])
        for i, value in enumerate(given):
            if value is not None:
                args[i] = value
        args[at] = lambda *values, echo=echo: recorder(*values, echo=echo)
        try:
            word(*args)
        except Exception:
            continue
    return recorded


def echoes(vocabulary: Vocabulary, t: Type) -> Iterator[Callable[..., Any]]:
    """Functions of a type that know nothing: they pass an argument on where one is of the right type, or give a value
    that was met."""
    if t.is_iterated and t.args[-1] in t.args[:-1]:
        for i, a in enumerate(t.args[:-1]):
            if a == t.args[-1]:
                yield lambda *args, i=i: args[i]
        return
    for value in vocabulary.values.table(t.args[-1]).values[1:3]:
        yield lambda *args, value=value: value


ITERATED_OR_NOT = {True: ITERATED, False: FUNCTION}
