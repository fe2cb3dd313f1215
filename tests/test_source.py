"""Printed programs: golden texts, and that they mean what the expression means."""

import functools
import itertools
import math
import statistics

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from expressions import INPUTS, expressions
from extrapolate.core.expression import Apply, Choose, Literal, Var, abstracted, evaluator
from extrapolate.core.function import python_function
from extrapolate.core.source import python_expression
from extrapolate.core.types import BOOL, INT, list_of
from extrapolate.core.values import equal
from extrapolate.core.word import primitive
from extrapolate.languages.lists import LANGUAGE

xs, n = Var("xs", list_of(INT)), Var("n", INT)
x, y = Var("x", INT), Var("y", INT)


def written(*args):
    return python_function(*args).code


def lists(name, *args, t=INT):
    return Apply(LANGUAGE[name], args, t)


def number(value):
    return Literal(value, INT)


def over(*params, body):
    return abstracted(params, body)


double = over(x, body=lists("add", x, x))
long = lists("less_than", number(3), lists("len", xs), t=BOOL)

EXPRESSIONS = [
    (lists("mul", lists("add", n, number(1)), number(2)), "(n + 1) * 2"),
    (lists("add", n, number(-1)), "n - 1"),
    (lists("sub", n, number(-1)), "n + 1"),
    (lists("not", lists("eq", n, number(0), t=BOOL), t=BOOL), "n != 0"),
    (lists("slice", xs, number(0), n, t=list_of(INT)), "xs[:n]"),
    (lists("map", double, xs, t=list_of(INT)), "[x + x for x in xs]"),
    (
        lists("map", double, lists("map", double, xs, t=list_of(INT)), t=list_of(INT)),
        "[y + y for y in [x + x for x in xs]]",
    ),
    (lists("sum", lists("range", n, t=list_of(INT))), "sum(range(n))"),
    (lists("max", lists("map", double, xs, t=list_of(INT))), "max(x + x for x in xs)"),
    (lists("max2", n, lists("max2", number(1), lists("len", xs))), "max(n, 1, len(xs))"),
    (lists("map_indexed", over(x, y, body=lists("add", y, y)), xs, t=list_of(INT)), "[x + x for x in xs]"),
    (Choose(long, n, number(0)), "n if 3 < len(xs) else 0"),
    (Choose(long, lists("eq", n, n, t=BOOL), Literal(False, BOOL)), "3 < len(xs) and n == n"),
    (Literal((1, -2), list_of(INT)), "[1, -2]"),
]


@pytest.mark.parametrize(("expr", "text"), EXPRESSIONS, ids=[t for _, t in EXPRESSIONS])
def test_expressions_read_as_a_person_would_write_them(expr, text):
    assert python_expression(expr) == text


def test_a_choice_is_written_as_statements():
    assert written("f", [xs, n], INT, Choose(long, n, Choose(long, number(1), number(0)))) == (
        "def f(xs: list[int], n: int) -> int:\n"
        "    if 3 < len(xs):\n"
        "        return n\n"
        "    if 3 < len(xs):\n"
        "        return 1\n"
        "    return 0\n"
    )


def test_modules_are_imported():
    assert written("f", [xs], INT, lists("product", xs)) == (
        "import math\n\n\ndef f(xs: list[int]) -> int:\n    return math.prod(xs)\n"
    )


@primitive(cost=2)
def thrice(k: int) -> int:
    """Three times the number."""
    return 3 * k


@primitive(cost=2, source="{k} * {k} + {k}")
def pronic(k: int) -> int:
    """The number times the next."""
    return k * k + k


def test_a_function_inside_may_use_the_name_of_one_outside():
    flag = Var("x", BOOL)
    inner = lists("fold", over(x, y, body=x), Literal((7, 8), list_of(INT)), number(5))
    outer = lists("map", over(flag, body=inner), Literal((True, False), list_of(BOOL)), t=list_of(INT))
    assert eval(python_expression(outer), {"functools": functools}) == [5, 5]


def test_a_word_without_a_printed_form_is_printed_along():
    assert written("f", [n], INT, Apply(thrice, (n,), INT)) == (
        'def thrice(k: int) -> int:\n    """Three times the number."""\n    return 3 * k\n\n\n'
        "def f(n: int) -> int:\n    return thrice(n)\n"
    )


def test_a_part_that_a_template_repeats_gets_a_name():
    assert written("f", [xs], INT, Apply(pronic, (lists("len", xs),), INT)) == (
        "def f(xs: list[int]) -> int:\n    value = len(xs)\n    return value * value + value\n"
    )


def test_a_name_that_a_loop_uses_is_kept():
    assert written("f", [xs], BOOL, lists("is_prime", lists("len", xs), t=BOOL)) == (
        "import math\n\n\ndef f(xs: list[int]) -> bool:\n    value = len(xs)\n"
        "    return value > 1 and all(value % d for d in range(2, math.isqrt(value) + 1))\n"
    )


def test_a_name_used_in_a_generator_is_kept():
    empty = Literal((), list_of(INT))
    expr = lists("sum_of", over(x, body=n), lists("take_last", empty, number(0), t=list_of(INT)))
    assert written("f", [n], INT, expr) == (
        "def f(n: int) -> int:\n    items = []\n    return sum(n for x in items[len(items) - 0:])\n"
    )


VALUES = {"xs": [3, 1, 2, 2], "n": 2, "y": 1.5, "s": "ab", "nested": [[1, 2], [], [3]]}
MODULES = {"functools": functools, "itertools": itertools, "math": math, "statistics": statistics}


def outcome(run):
    try:
        return run()
    except Exception:
        return None


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([INT, BOOL, list_of(INT)]).flatmap(lambda t: st.tuples(st.just(t), expressions(t))))
def test_what_is_printed_means_what_was_run(case):
    t, expr = case
    expected = outcome(lambda: evaluator(expr)(dict(VALUES)))
    if expected is None:
        return  # words may refuse what their printed form computes, as powers that would be huge
    namespace = dict(MODULES)
    exec(written("f", INPUTS, t, expr), namespace)
    assert equal(namespace["f"](**VALUES), expected, t)
    assert equal(eval(python_expression(expr), {**namespace, **VALUES}), expected, t)
