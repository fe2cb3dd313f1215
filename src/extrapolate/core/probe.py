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
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from extrapolate.core.definition import Definition
from extrapolate.core.errors import WordError
from extrapolate.core.function import helper_source, modules_used
from extrapolate.core.guard import TimeUp, Tiring, limited
from extrapolate.core.kind import Limits, Undefined, kind_of
from extrapolate.core.reader import Reader
from extrapolate.core.source import HOLE, template
from extrapolate.core.types import BOOL, FLOAT, INT, TEXT, Type, list_of
from extrapolate.core.values import checked
from extrapolate.core.word import Law, Primitive

SECONDS = 2.0
SAMPLES = 40
# How often as many more are tried of a word that is seldom defined.
ROUNDS = 10
MOST_BINDINGS = 6
# How often a word may call a function that it is given.
MOST_CALLS = 500

_LIMITS = Limits(length=10**6, number=10**300, text=10**6)


def sample_values(t: Type, rng: random.Random, n: int) -> list[Any]:
    """`n` values of a ground type, the simplest first, others at random; functions are simple Python ones."""
    if t.is_function:
        functions = [Tiring(function, MOST_CALLS) for function in _simple_functions(t, rng)]
        return [rng.choice(functions) for _ in range(n)]
    kind = kind_of(t)
    simple = kind.samples(t)[:n]
    return simple + [kind.random(t, rng) for _ in range(n - len(simple))]


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
    if isinstance(word.function, Reader):
        return  # what it reads is for it to say
    if word.result_type.is_function:
        raise WordError(f"word {word.name!r} returns a function; words take functions and return values.")
    for law in word.laws:
        if law.arity not in (None, len(word.params)):
            raise WordError(
                f"word {word.name!r} takes {len(word.params)} arguments and can't be {law.name}: "
                f"that is said of words of {law.arity}."
            )
    try:
        with limited(SECONDS):
            _try_out(word)
    except TimeUp:
        raise WordError(
            f"word {word.name!r} took more than {SECONDS:g} seconds on small sample values; refuse large ones early."
        ) from None


def _try_out(word: Primitive) -> None:
    printed = None if isinstance(word, Definition) else printed_form(word)
    rng = random.Random(0)
    n_returned = 0
    error: Exception | None = None
    for types, result in bindings(word):
        calls: list[tuple[list[Any], Any]] = []
        rounds = itertools.chain.from_iterable(sample_arguments(types, rng) for _ in range(ROUNDS))
        for tried, args in enumerate(rounds):
            if tried >= SAMPLES and calls:
                break
            try:
                out = call(word, args, types, result)
            except WordError:
                raise
            except Exception as raised:
                error = raised
                continue
            if printed is not None:
                check_printed(word, printed, args, out, result)
            calls.append((args, out))
        n_returned += len(calls)
        for i, (args, out) in enumerate(calls):
            for law in word.laws:
                check_law(word, law, args, result)
            for wanted in (out, calls[i - 1][1], calls[i // 2][1]):
                check_inverses(word, args, wanted, types, result)
            check_rules(word, args, out, result)
            check_parts(word, args, out, types)
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
    return checked(out, result, _LIMITS)


def _check_unchanged(word: Primitive, args: list[Any], given: list[Any], types: tuple[Type, ...]) -> None:
    for param, before, after, t in zip(word.params, args, given, types, strict=True):
        if not t.is_function and not kind_of(t).equal(before, after, t):
            raise WordError(
                f"word {word.name!r} changes its argument {param!r} from {before!r} to {after!r}; work on a copy."
            )


def _is_of(value: Any, t: Type) -> bool:
    """Whether a value is of a type; an infinite number is, though it is none that a search takes."""
    if isinstance(value, float) and not math.isfinite(value):
        return t == FLOAT
    if t.is_list:
        return isinstance(value, list | tuple) and all(_is_of(v, t.args[0]) for v in value)
    try:
        checked(value, t)
    except Undefined:
        return False
    return True


def _same(a: Any, b: Any, t: Type) -> bool:
    """Whether two values are equal, floats up to their rounding."""
    if not _is_of(a, t):
        return False
    if t.is_list:
        return len(a) == len(b) and all(_same(x, y, t.args[0]) for x, y in zip(a, b, strict=True))
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9) if t == FLOAT else kind_of(t).equal(a, b, t)


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
        return checked(word.function(*deepcopy(values)), result, _LIMITS)

    try:
        holds = law.holds(function, *args)
    except Exception:
        return
    if not holds:
        raise WordError(f"word {word.name!r} is declared {law.name}, which does not hold for {_shown(args)}.")


def check_parts(word: Primitive, args: list[Any], out: Any, types: tuple[Type, ...]) -> None:
    """The parts of a result must be the arguments that it was made of."""
    if word.parts is not None:
        found = tuple(word.parts(deepcopy(out)))
        if len(found) != len(args) or not all(map(_same, found, args, types)):
            raise WordError(
                f"the parts of word {word.name!r} are wrong: {out!r} is made of {_shown(args)}, not {found!r}."
            )


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
