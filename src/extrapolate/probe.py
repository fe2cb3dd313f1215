"""Words tried on sample values before they are used: what they promise is what they do.

`probe` calls a word on a few hundred seeded values of its types and checks that it leaves its arguments alone, returns
what it declares, keeps its laws, inverses and rules, and prints as something that does the same.

>>> from extrapolate.primitive import primitive
>>> @primitive(source="{n} + 1")
... def successor(n: int) -> int:
...     return n + 2
>>> probe(successor)
Traceback (most recent call last):
    ...
extrapolate.errors.WordError: word 'successor' returns 2 for (0), but its source '{n} + 1' gives 1.
"""

from __future__ import annotations

import ast
import importlib
import itertools
import random
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from types import FrameType
from typing import Any

from extrapolate.errors import WordError
from extrapolate.primitive import Law, Primitive
from extrapolate.source import HOLE, helper_source, modules_used, template
from extrapolate.types import BOOL, FLOAT, INT, TEXT, Type, list_of
from extrapolate.values import Limits, Undefined, equal, freeze, thaw

SECONDS = 2.0
SAMPLES = 40
MOST_BINDINGS = 6
LIMITS = Limits()

_WORDS_OF_TEXT = ("", "a", "b", "ab", "Ann Lee", "x-1", "7", "a b c", "Hello, World!", " pad ", "2024-01-31")


def sample_values(t: Type, rng: random.Random, n: int) -> list[Any]:
    """`n` values of a ground type, the simplest first, others at random; functions are simple Python ones."""
    if t.is_function:
        return _sample_functions(t, rng, n)
    simple = _simple_values(t)[:n]
    return simple + [_random_value(t, rng) for _ in range(n - len(simple))]


def _simple_values(t: Type) -> list[Any]:
    if t.is_list:
        return [[], *([value] for value in _simple_values(t.args[0])[:2])]
    return {BOOL: [False, True], INT: [0, 1, 2, 3, -1, 7], FLOAT: [0.0, 1.0, -0.5], TEXT: list(_WORDS_OF_TEXT)}[t]


def _random_value(t: Type, rng: random.Random) -> Any:
    if t.is_list:
        # Half of the lists repeat a few values, so that what looks for equal ones has something to find.
        pool = [_random_value(t.args[0], rng) for _ in range(rng.choice((2, 6)))]
        return [deepcopy(rng.choice(pool)) for _ in range(rng.randrange(7))]
    if t == BOOL:
        return rng.random() < 0.5
    if t == INT:
        return rng.randint(*rng.choice(((-3, 3), (0, 9), (-20, 100))))
    if t == FLOAT:
        return rng.randint(-40, 40) / 4
    return rng.choice((rng.choice(_WORDS_OF_TEXT), "".join(rng.choices("ab c1,-", k=rng.randrange(8)))))


def _sample_functions(t: Type, rng: random.Random, n: int) -> list[Callable[..., Any]]:
    """Functions that pass an argument on, compare, count or add, and constant ones."""
    *args, result = t.args
    found: list[Callable[..., Any]] = []
    for i, arg in enumerate(args):
        if arg == result:
            found.append(lambda *values, i=i: values[i])
        if result == BOOL:
            for bound in sample_values(arg, rng, 6):
                found.append(lambda *values, i=i, bound=bound: values[i] < bound)
                found.append(lambda *values, i=i, bound=bound: values[i] == bound)
        if result == INT and arg.is_list:
            found.append(lambda *values, i=i: len(values[i]))
        if result == INT and arg == INT:
            found.append(lambda *values, i=i: values[i] * 2 + 1)
            found.append(lambda *values, i=i: values[i] % 3)
        if result == list_of(arg):
            found.append(lambda *values, i=i: [values[i], values[i]])
    if len(args) == 2 and args[0] == args[1] == result and result != BOOL and result.depth < 2:
        found.append(lambda a, b: a + b)
    if len(args) == 2 and result == args[0] == list_of(args[1]):
        found.append(lambda a, b: [b, *a])
    for value in sample_values(result, rng, 4):
        found.append(lambda *values, value=value: deepcopy(value))
    return [rng.choice(found) for _ in range(n)]


def probe(word: Primitive) -> None:
    """Checks a word on sample values; WordError says in one sentence what it does not keep."""
    _check_laws_fit(word)
    runs_alike = _printed_form(word)
    rng = random.Random(0)
    last_error: Exception | None = None
    n_returned = 0
    # A mistake in a word is met most quickly with the arguments that were tried last.
    tried: list[Any] = []
    with _time_limit(word, tried):
        for types, result in bindings(word):
            rows = sample_arguments(word, types, rng)
            outs = []
            for args in rows:
                tried[:] = args
                try:
                    outs.append(_call(word, args, types, result))
                except WordError:
                    raise
                except Exception as error:
                    last_error = error
                    continue
                n_returned += 1
                _check_source(word, runs_alike, args, outs[-1], result)
            for args in rows:
                tried[:] = args
                for law in word.laws:
                    check_law(word, law, args, result)
                check_inverses(word, args, outs, types, result)
                check_rules(word, args, types, result)
    if not n_returned:
        kind = type(last_error).__name__
        raise WordError(f"word {word.name!r} returned nothing on any sample value; the last time it raised {kind}: {last_error}.")


def bindings(word: Primitive) -> Iterator[tuple[tuple[Type, ...], Type]]:
    """The types of the word's arguments and result, for a few choices of its type variables."""
    names = sorted({v for t in (*word.arg_types, word.result_type) for v in t.variables()})
    choices = [word.constraints.get(n, (INT, TEXT, BOOL, list_of(INT), FLOAT)) for n in names]
    ground = [dict(zip(names, chosen, strict=True)) for chosen in itertools.product(*choices)]
    # All variables alike first, then a spread of the rest.
    ground.sort(key=lambda binding: len(set(binding.values())))
    step = max(1, len(ground) // MOST_BINDINGS)
    for binding in ground[:MOST_BINDINGS] if step == 1 else ground[::step]:
        yield tuple(t.substitute(binding) for t in word.arg_types), word.result_type.substitute(binding)


def sample_arguments(word: Primitive, types: tuple[Type, ...], rng: random.Random) -> list[list[Any]]:
    """Rows of arguments: each parameter's samples in an order of their own."""
    columns = [sample_values(t, rng, SAMPLES) for t in types]
    for column in columns[1:]:
        rng.shuffle(column)
    return [list(row) for row in zip(*columns, strict=True)]


def _call(word: Primitive, args: list[Any], types: tuple[Type, ...], result: Type) -> Any:
    """What the word returns; WordError when that is of another type or the arguments have changed."""
    given = deepcopy(args)
    out = word.function(*given)
    for param, before, after, t in zip(word.params, args, given, types, strict=True):
        if not t.is_function and not (before == after):
            raise WordError(f"word {word.name!r} changes its argument {param!r} from {before!r} to {after!r}; work on a copy.")
    if not _is_of(out, result):
        raise WordError(f"word {word.name!r} returns {out!r} for {_shown(args)}, which is not of its declared type {result}.")
    return thaw(freeze(out, result, _UNLIMITED), result)


_UNLIMITED = Limits(length=10**9, number=10**300, text=10**9)


def _is_of(value: Any, t: Type) -> bool:
    try:
        freeze(value, t, _UNLIMITED)
    except Undefined:
        # Infinities and numbers without end are undefined values, but of the right type.
        return t in (INT, FLOAT) and type(value) in ((int,) if t == INT else (int, float))
    except TypeError:
        return False
    return True
