"""Words tried on sample values before they are used: what they promise is what they do.

`probe` calls a word on a few hundred seeded values of its types and checks that it leaves its arguments alone, returns
what it declares, keeps its laws, inverses and rules, and prints as something that does the same.

>>> from extrapolate.core.word import primitive
>>> @primitive(source="{n} + 1")
... def successor(n: int) -> int:
...     return n + 2
>>> probe(successor)
Traceback (most recent call last):
    ...
extrapolate.core.errors.WordError: word 'successor' gives 2 for (0), but its printed form '{n} + 1' gives 1.
"""

from __future__ import annotations

import ast
import itertools
import math
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import datetime, timedelta
from decimal import Decimal
from types import FrameType
from typing import Any

from extrapolate.core.errors import WordError
from extrapolate.core.source import HOLE, helper_source, modules_used, template
from extrapolate.core.types import (
    BOOL,
    CLASSES,
    DATETIME,
    DECIMAL,
    DELIMITER,
    DURATION,
    FLOAT,
    INT,
    TEXT,
    Type,
    list_of,
)
from extrapolate.core.values import Limits, canonical, freeze, thaw
from extrapolate.core.word import Law, Primitive

SECONDS = 2.0
SAMPLES = 40
MOST_BINDINGS = 6

_LIMITS = Limits(length=10**6, number=10**300, text=10**6)
_PYTHON_TYPES: dict[Type, tuple[type, ...]] = {**{t: (c,) for t, c in CLASSES.items()}, FLOAT: (float, int)}
_TEXTS = ["", "a", "b", "ab", "Ann Lee", "x-1", "7", "a b c", "Hello, World!", " pad ", "2024-01-31",
          "$1,250.50", "3:45 PM"]  # fmt: skip


def sample_values(t: Type, rng: random.Random, n: int) -> list[Any]:
    """`n` values of a ground type, the simplest first, others at random; functions are simple Python ones."""
    if t.is_function:
        functions = _simple_functions(t, rng)
        return [rng.choice(functions) for _ in range(n)]
    simple = _simple_values(t)[:n]
    return simple + [_random_value(t, rng) for _ in range(n - len(simple))]


def _simple_values(t: Type) -> list[Any]:
    if t.is_list:
        return [[], *([value] for value in _simple_values(t.args[0])[:2])]
    values: dict[Type, list[Any]] = {
        BOOL: [False, True],
        INT: [0, 1, 2, 3, -1, 7],
        FLOAT: [0.0, 1.0, -0.5],
        TEXT: _TEXTS,
        DELIMITER: [" ", "-", ", "],
        DECIMAL: [Decimal("0"), Decimal("1"), Decimal("-2.50")],
        DATETIME: [datetime(2024, 1, 31), datetime(1999, 12, 5, 13, 45, 10)],
        DURATION: [timedelta(minutes=30), timedelta(hours=2)],
    }
    return values[t]


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
    if t == DELIMITER:
        return rng.choice(("-", " ", ",", ". ", "b", "o"))
    if t == DECIMAL:
        return Decimal(rng.randint(-4000, 4000)).scaleb(-rng.randrange(4))
    if t == DATETIME:
        return datetime(2000, 1, 1) + timedelta(seconds=rng.randrange(10**9))
    if t == DURATION:
        return timedelta(minutes=rng.choice((5, 15, 60, 90)))
    return rng.choice((rng.choice(_TEXTS), "".join(rng.choices("ab c1,-", k=rng.randrange(8)))))


def _simple_functions(t: Type, rng: random.Random) -> list[Callable[..., Any]]:
    """Functions that pass an argument on, compare, count or add, and constant ones."""
    *args, result = t.args
    found: list[Callable[..., Any]] = [
        lambda *values, value=value: deepcopy(value) for value in sample_values(result, rng, 4)
    ]
    for i, arg in enumerate(args):
        if arg == result:
            found.append(lambda *values, i=i: values[i])
        if result == BOOL:
            for bound in sample_values(arg, rng, 6):
                found.append(lambda *values, i=i, bound=bound: values[i] < bound)
                found.append(lambda *values, i=i, bound=bound: values[i] == bound)
        if result == arg == INT:
            found.append(lambda *values, i=i: values[i] * 2 + 1)
            found.append(lambda *values, i=i: values[i] % 3)
        if result == INT and arg.is_list:
            found.append(lambda *values, i=i: len(values[i]))
        if result == list_of(arg):
            found.append(lambda *values, i=i: [values[i], values[i]])
    if args == [result, result] and result != BOOL:
        found.append(lambda a, b: a + b)
    if args == [result, *result.args]:
        found.append(lambda xs, x: [x, *xs])
    return found


def probe(word: Primitive) -> None:
    """Checks a word on sample values; WordError says in one sentence what it does not keep."""
    if word.result_type.is_function:
        raise WordError(f"word {word.name!r} returns a function; words take functions and return values.")
    for law in word.laws:
        if law.arity not in (None, len(word.params)):
            raise WordError(
                f"word {word.name!r} takes {len(word.params)} arguments and can't be {law.name}: "
                f"that is said of words of {law.arity}."
            )
    printed = printed_form(word)
    rng = random.Random(0)
    n_returned = 0
    error: Exception | None = None
    with _time_limit(word):
        for types, result in bindings(word):
            calls = []
            for args in sample_arguments(types, rng):
                try:
                    out = call(word, args, types, result)
                except WordError:
                    raise
                except Exception as raised:
                    error = raised
                    continue
                check_printed(word, printed, args, out, result)
                calls.append((args, out))
            n_returned += len(calls)
            for i, (args, out) in enumerate(calls):
                for law in word.laws:
                    check_law(word, law, args, result)
                for wanted in (out, calls[i - 1][1], calls[i // 2][1]):
                    check_inverses(word, args, wanted, types, result)
                check_rules(word, args, out, result)
    if not n_returned:
        raise WordError(
            f"word {word.name!r} raises on every sample value, the last time {type(error).__name__}: {error}."
        )


def bindings(word: Primitive) -> list[tuple[tuple[Type, ...], Type]]:
    """The types of the word's arguments and result, for a few choices of its type variables."""
    names = sorted({v for t in (*word.arg_types, word.result_type) for v in t.variables()})
    choices = [word.constraints.get(n, (INT, TEXT, list_of(INT), BOOL, FLOAT)) for n in names]
    ground = [dict(zip(names, chosen, strict=True)) for chosen in itertools.product(*choices)]
    spread = ground[:: -(-len(ground) // MOST_BINDINGS)]
    return [(tuple(t.substitute(b) for t in word.arg_types), word.result_type.substitute(b)) for b in spread]


def sample_arguments(types: tuple[Type, ...], rng: random.Random) -> list[list[Any]]:
    """Rows of arguments: the samples of each type, each in an order of its own."""
    columns = [sample_values(t, rng, SAMPLES) for t in types]
    for column in columns[1:]:
        rng.shuffle(column)
    return [list(row) for row in zip(*columns, strict=True)]


def call(word: Primitive, args: list[Any], types: tuple[Type, ...], result: Type) -> Any:
    """What the word returns; WordError when it is of another type or the arguments have changed."""
    given = deepcopy(args)
    try:
        out = word.function(*given)
    finally:
        # Also where the word raised: values are shared by all programs.
        _check_unchanged(word, args, given, types)
    if not _is_of(out, result):
        raise WordError(f"word {word.name!r} gives {out!r} for {_shown(args)}, which is not of type {result}.")
    return _finite(out, result)


def _check_unchanged(word: Primitive, args: list[Any], given: list[Any], types: tuple[Type, ...]) -> None:
    for param, before, after, t in zip(word.params, args, given, types, strict=True):
        if not t.is_function and before != after:
            raise WordError(
                f"word {word.name!r} changes its argument {param!r} from {before!r} to {after!r}; work on a copy."
            )


def _is_of(value: Any, t: Type) -> bool:
    if t.is_list:
        return isinstance(value, list | tuple) and all(_is_of(v, t.args[0]) for v in value)
    return type(value) in _PYTHON_TYPES[t] or (t == FLOAT and isinstance(value, float))


def _finite(value: Any, t: Type) -> Any:
    """The value with lists for tuples; Undefined where the search would have no value: infinite or huge ones."""
    freeze(value, t, _LIMITS)
    return canonical(value, t)


def _same(a: Any, b: Any, t: Type) -> bool:
    """Whether two values are equal, floats up to their rounding."""
    if not _is_of(a, t):
        return False
    if t.is_list:
        return len(a) == len(b) and all(_same(x, y, t.args[0]) for x, y in zip(a, b, strict=True))
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9) if t == FLOAT else bool(a == b)


def _shown(args: list[Any]) -> str:
    return f"({', '.join('a function' if callable(a) else repr(a) for a in args)})"


def printed_form(word: Primitive) -> Callable[..., Any]:
    """The word as exported programs have it, as a function of the same arguments."""
    namespace: dict[str, Any] = {}
    try:
        tree = ast.fix_missing_locations(ast.Expression(template(word)))
        code = ast.unparse(tree) if word.source else helper_source(word)
        for statement in modules_used(code):
            exec(f"import {statement}", namespace)
        if word.source is None:
            exec(code, namespace)
        compiled = compile(tree, f"<source of {word.name}>", "eval")
    except SyntaxError as error:
        raise WordError(f"word {word.name!r} has source={word.source!r}, which is not Python: {error.msg}.") from None
    except (OSError, TypeError):
        raise WordError(f"the definition of word {word.name!r} can't be read for export; give it a source.") from None
    holes = [HOLE + p for p in word.params]
    return lambda *args: eval(compiled, {**namespace, **dict(zip(holes, args, strict=True))})


def check_printed(word: Primitive, printed: Callable[..., Any], args: list[Any], out: Any, result: Type) -> None:
    form = f"its printed form {word.source!r}" if word.source else "its exported definition"
    try:
        other = printed(*deepcopy(args))
    except Exception as error:
        raise WordError(
            f"word {word.name!r} gives {out!r} for {_shown(args)}, but {form} raises {type(error).__name__}: {error}."
        ) from None
    if not _same(other, out, result):
        raise WordError(f"word {word.name!r} gives {out!r} for {_shown(args)}, but {form} gives {other!r}.")


def check_law(word: Primitive, law: Law, args: list[Any], result: Type) -> None:
    def function(*values: Any) -> Any:
        return thaw(freeze(word.function(*deepcopy(values)), result, _LIMITS), result)

    try:
        holds = law.holds(function, *args)
    except Exception:
        return
    if not holds:
        raise WordError(f"word {word.name!r} is declared {law.name}, which does not hold for {_shown(args)}.")


def check_inverses(word: Primitive, args: list[Any], wanted: Any, types: tuple[Type, ...], result: Type) -> None:
    """Each inverse, given what is wanted and the other arguments, must lead to what is wanted, or raise."""
    for param, inverse in word.inverses.items():
        at = word.params.index(param)
        others = [a for i, a in enumerate(args) if i != at]
        try:
            value = inverse(*deepcopy([wanted, *others]))
        except Exception:
            continue
        completed = [*args[:at], value, *args[at + 1 :]]
        try:
            out = word.function(*deepcopy(completed))
        except Exception as error:
            out = error
        if not _same(out, wanted, result):
            raise WordError(
                f"the inverse for {param!r} of word {word.name!r} is wrong: for {wanted!r} it gives {value!r}, "
                f"but {_shown(completed)} gives {out!r}."
            )


def check_rules(word: Primitive, args: list[Any], out: Any, result: Type) -> None:
    """Functions that do just what a rule asks must lead to what is wanted."""
    for param, rule in word.rules.items():
        at = word.params.index(param)
        try:
            rows = rule(*deepcopy([out, *args[:at], *args[at + 1 :]]))
        except Exception:
            continue

        def table(*values: Any, rows: Any = rows) -> Any:
            for known, wanted in rows:
                if known == values:
                    return wanted
            raise KeyError(values)

        try:
            led = word.function(*deepcopy(args[:at]), table, *deepcopy(args[at + 1 :]))
        except Exception as error:
            led = error
        if not _same(led, out, result):
            raise WordError(
                f"the rule for {param!r} of word {word.name!r} is wrong: for {out!r} and {_shown(args)} it gives "
                f"{rows!r}, which lead to {led!r}."
            )


class _TooSlow(BaseException):
    """Not an Exception, so that a word that catches those is stopped too."""


@contextmanager
def _time_limit(word: Primitive) -> Iterator[None]:
    """WordError when what is done takes too long; only the main thread can be interrupted."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(signum: int, frame: FrameType | None) -> None:
        raise _TooSlow

    start = time.monotonic()
    handler = signal.signal(signal.SIGALRM, stop)
    delay, interval = signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    except _TooSlow:
        raise WordError(
            f"word {word.name!r} took more than {SECONDS:g} seconds on small sample values; refuse large ones early."
        ) from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        if delay:
            signal.setitimer(signal.ITIMER_REAL, max(delay - (time.monotonic() - start), 0.001), interval)
