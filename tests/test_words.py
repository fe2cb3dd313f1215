"""The words of the lists language, the constants it fits, and the checks that words of users go through."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extrapolate import learn
from extrapolate.core.errors import WordError
from extrapolate.core.expression import Apply, Literal, Var, abstracted, evaluator
from extrapolate.core.probe import SECONDS, bindings, probe, sample_arguments, sample_values
from extrapolate.core.program import Program
from extrapolate.core.source import python_expression
from extrapolate.core.types import BOOL, FLOAT, INT, TEXT, Type, list_of
from extrapolate.core.values import equal
from extrapolate.core.word import commutative, idempotent, involution, primitive
from extrapolate.languages.fits import FITS
from extrapolate.languages.lists import LANGUAGE

T = TypeVar("T")
INTS = list_of(INT)
WORD = {word.name: word for word in LANGUAGE.words}

every_word = pytest.mark.parametrize("word", LANGUAGE.words, ids=lambda w: w.name)


# What each word does: one row or more for every word.


def double(x):
    return 2 * x


def big(x):
    return x > 2


EXAMPLES = [
    ("add", (2, 3), 5),
    ("sub", (2, 3), -1),
    ("mul", (2, 3), 6),
    ("quotient", (-7, 2), -4),
    ("remainder", (-7, 2), 1),
    ("divide", (7, 2), 3.5),
    ("power", (2, 5), 32),
    ("negate", (3,), -3),
    ("abs", (-3,), 3),
    ("min2", (2, 3), 2),
    ("max2", ("a", "b"), "b"),
    ("gcd", (12, 18), 6),
    ("isqrt", (17,), 4),
    ("is_even", (-2,), True),
    ("is_odd", (-3,), True),
    ("is_prime", (7,), True),
    ("is_prime", (9,), False),
    ("is_prime", (-7,), False),
    ("round", (2.75,), 3),
    ("floor", (-2.5,), -3),
    ("sqrt", (2.25,), 1.5),
    ("to_float", (2,), 2.0),
    ("pow", (2.0, -1.0), 0.5),
    ("exp", (0.0,), 1.0),
    ("log", (1.0,), 0.0),
    ("sin", (0.0,), 0.0),
    ("cos", (0.0,), 1.0),
    ("norm", ([3.0, 4.0],), 5.0),
    ("dist", ([1.0, 1.0], [4.0, 5.0]), 5.0),
    ("vector", (1.0, 2.0, 3.0), [1.0, 2.0, 3.0]),
    ("eq", ([1], [1]), True),
    ("less_than", (1, 1), False),
    ("at_most", (1, 1), True),
    ("and", (True, False), False),
    ("or", (True, False), True),
    ("not", (True,), False),
    ("get", ([4, 5, 6], -2), 5),
    ("first", ([4, 5],), 4),
    ("last", ([4, 5],), 5),
    ("tail", ([4, 5, 6],), [5, 6]),
    ("tail", ([],), []),
    ("init", ([4, 5, 6],), [4, 5]),
    ("take", ([4, 5, 6], 2), [4, 5]),
    ("take", ([4, 5, 6], -1), [4, 5]),
    ("drop", ([4, 5, 6], 1), [5, 6]),
    ("drop", ([4, 5, 6], -2), [5, 6]),
    ("take_last", ([4, 5, 6], 2), [5, 6]),
    ("take_last", ([4, 5, 6], 0), []),
    ("drop_last", ([4, 5, 6], 2), [4]),
    ("drop_last", ([4, 5, 6], 0), [4, 5, 6]),
    ("slice", ([4, 5, 6, 7], 1, -1), [5, 6]),
    ("every_nth", ([1, 2, 3, 4, 5], 2), [1, 3, 5]),
    ("reverse", ([1, 2, 3],), [3, 2, 1]),
    ("singleton", (1,), [1]),
    ("pair", (1, 2), [1, 2]),
    ("cons", (1, [2, 3]), [1, 2, 3]),
    ("append", ([1, 2], 3), [1, 2, 3]),
    ("concat", ([1], [2, 3]), [1, 2, 3]),
    ("replicate", (7, 3), [7, 7, 7]),
    ("repeat", ([1, 2], 2), [1, 2, 1, 2]),
    ("repeat", ([1, 2], -1), []),
    ("flatten", ([[1], [], [2, 3]],), [1, 2, 3]),
    ("insert_at", ([1, 2], 1, 9), [1, 9, 2]),
    ("insert_at", ([1, 2], 2, 9), [1, 2, 9]),
    ("remove_at", ([1, 2, 3], 1), [1, 3]),
    ("set_at", ([1, 2, 3], 1, 9), [1, 9, 3]),
    ("swap", ([1, 2, 3], 0, -1), [3, 2, 1]),
    ("remove", ([1, 2, 1], 1), [2, 1]),
    ("remove_all", ([1, 2, 1], 1), [2]),
    ("replace", ([1, 2, 1], 1, 5), [5, 2, 5]),
    ("rotate", ([1, 2, 3, 4], 1), [2, 3, 4, 1]),
    ("rotate", ([1, 2, 3, 4], -1), [4, 1, 2, 3]),
    ("len", ([[], []],), 2),
    ("contains", ([1, 2], 2), True),
    ("index", ([5, 6, 6], 6), 1),
    ("count", ([5, 6, 6], 6), 2),
    ("positions", ([5, 6, 6], 6), [1, 2]),
    ("most_common", ([1, 2, 2, 3, 3],), 2),
    ("least_common", ([2, 2, 3, 1],), 3),
    ("sorted", ([3, 1, 2],), [1, 2, 3]),
    ("sort_descending", ([3, 1, 2],), [3, 2, 1]),
    ("unique", ([3, 1, 3],), [3, 1]),
    ("intersection", ([1, 2, 3, 1], [1, 3]), [1, 3, 1]),
    ("difference", ([1, 2, 3, 1], [1, 3]), [2]),
    ("sum", ([1, 2, 3],), 6),
    ("product", ([2, 3, 4],), 24),
    ("max", ([1, 3, 2],), 3),
    ("min", (["b", "a"],), "a"),
    ("mean", ([1, 2],), 1.5),
    ("median", ([5, 1, 2, 4],), 3.0),
    ("all", ([],), True),
    ("any", ([],), False),
    ("range", (3,), [0, 1, 2]),
    ("range", (-1,), []),
    ("range_from", (2, 5), [2, 3, 4]),
    ("inclusive_range", (2, 5), [2, 3, 4, 5]),
    ("prefix_sums", ([1, 2, 3],), [1, 3, 6]),
    ("differences", ([1, 4, 2],), [3, -2]),
    ("digits", (407,), [4, 0, 7]),
    ("from_digits", ([4, 0, 7],), 407),
    ("zip", ([1, 2, 3], [4, 5]), [[1, 4], [2, 5]]),
    ("enumerate", ([7, 8],), [[0, 7], [1, 8]]),
    ("pairwise", ([1, 2, 3],), [[1, 2], [2, 3]]),
    ("windows", ([1, 2, 3, 4], 3), [[1, 2, 3], [2, 3, 4]]),
    ("windows", ([1, 2], 3), []),
    ("chunks", ([1, 2, 3], 2), [[1, 2], [3]]),
    ("runs", ([1, 1, 2, 1],), [[1, 1], [2], [1]]),
    ("transpose", ([[1, 2], [3, 4], [5, 6]],), [[1, 3, 5], [2, 4, 6]]),
    ("interleave", ([1, 2], [3, 4]), [1, 3, 2, 4]),
    ("map", (double, [1, 2]), [2, 4]),
    ("filter", (big, [1, 3, 2, 4]), [3, 4]),
    ("map_indexed", (lambda i, x: i * x, [4, 5, 6]), [0, 5, 12]),
    ("filter_indexed", (lambda i, x: i == x, [0, 2, 2]), [0, 2]),
    ("flat_map", (lambda x: [x] * x, [1, 0, 2]), [1, 2, 2]),
    ("zip_with", (lambda x, y: x - y, [5, 6, 7], [1, 2]), [4, 4]),
    ("map_pairwise", (lambda x, y: x * y, [1, 2, 3]), [2, 6]),
    ("count_if", (big, [1, 3, 2, 4]), 2),
    ("sum_of", (lambda x: x * x, [1, 2, 3]), 14),
    ("sum_of_pairs", (lambda x, y: x * y, [1, 2, 3], [4, 5, 6]), 32),
    ("any_of", (big, [1, 2]), False),
    ("all_of", (big, []), True),
    ("find_first", (big, [1, 3, 4]), 3),
    ("find_index", (big, [1, 3, 4]), 1),
    ("find_indices", (big, [1, 3, 4]), [1, 2]),
    ("take_while", (big, [4, 3, 1, 3]), [4, 3]),
    ("drop_while", (big, [4, 3, 1, 3]), [1, 3]),
    ("sort_by", (abs, [-3, 1, 2]), [1, 2, -3]),
    ("max_by", (abs, [-3, 1, 3]), -3),
    ("min_by", (abs, [-3, 1, -1]), 1),
    ("group_by", (lambda x: x % 2, [1, 2, 3, 4, 5]), [[1, 3, 5], [2, 4]]),
    ("partition", (big, [1, 3, 2, 4]), [[3, 4], [1, 2]]),
    ("fold", (lambda y, x: 10 * y + x, [1, 2, 3], 9), 9123),
    ("reduce", (lambda y, x: y - x, [9, 2, 3]), 4),
    ("scan", (max, [1, 3, 2, 5]), [1, 3, 3, 5]),
    ("scan_from", (lambda y, x: y + x, [1, 2], 10), [10, 11, 13]),
    ("iterate", (double, 3, 4), 48),
]


@pytest.mark.parametrize(("name", "args", "wanted"), EXAMPLES, ids=lambda v: v if isinstance(v, str) else "")
def test_a_word_does_what_its_name_says(name, args, wanted):
    assert WORD[name](*args) == wanted


def test_every_word_has_an_example_and_a_sentence():
    assert {name for name, _, _ in EXAMPLES} == set(WORD)
    assert len(WORD) == len(LANGUAGE.words)
    assert all(word.doc.endswith(".") for word in LANGUAGE.words)


UNDEFINED = [
    ("first", ([],)),
    ("get", ([1], 1)),
    ("quotient", (1, 0)),
    ("power", (2, -1)),
    ("isqrt", (-1,)),
    ("digits", (-12,)),
    ("from_digits", ([],)),
    ("from_digits", ([12],)),
    ("take_last", ([1], 2)),
    ("drop_last", ([1], -1)),
    ("every_nth", ([1], 0)),
    ("chunks", ([1], 0)),
    ("rotate", ([1, 2], 3)),
    ("remove", ([1], 2)),
    ("index", ([1], 2)),
    ("max", ([],)),
    ("mean", ([],)),
    ("median", ([],)),
    ("most_common", ([],)),
    ("transpose", ([[1], [2, 3]],)),
    ("transpose", ([[], []],)),
    ("interleave", ([1], [])),
    ("find_first", (big, [1])),
    ("reduce", (max, [])),
]


@pytest.mark.parametrize(("name", "args"), UNDEFINED)
def test_a_word_raises_where_it_is_not_defined(name, args):
    with pytest.raises((ArithmeticError, LookupError, ValueError, TypeError)):
        WORD[name](*args)


HUGE = [
    ("power", (10, 10**9)),
    ("replicate", (0, 10**12)),
    ("repeat", ([1, 2], 10**12)),
    ("range", (10**12,)),
    ("range_from", (-(10**12), 10**12)),
    ("inclusive_range", (0, 10**12)),
    ("is_prime", (10**18 + 9,)),
    ("iterate", (lambda x: x, 0, 10**12)),
    ("iterate", (lambda x: x * x, 3, 900)),
    ("iterate", (lambda xs: xs + xs, [1], 900)),
    ("iterate", (lambda s: s + s, "ab", 900)),
    ("iterate", (lambda xss: [xs + xs for xs in xss], [[1]], 900)),
    ("fold", (lambda y, x: y * y, [1] * 900, 7)),
    ("reduce", (lambda y, x: y * y, [7] * 900)),
    ("scan", (lambda y, x: y * y, [7] * 900)),
    ("scan_from", (lambda y, x: [v * v for v in y], [7] * 900, [7])),
]


@pytest.mark.parametrize(("name", "args"), HUGE)
def test_a_word_refuses_what_would_be_huge_at_once(name, args):
    start = time.monotonic()
    with pytest.raises(ValueError):
        WORD[name](*args)
    assert time.monotonic() - start < 0.5


# What all words promise


@every_word
def test_a_word_keeps_its_laws_inverses_and_rules(word):
    probe(word)


def some_function(args, result):
    """A function of whole numbers as an expression."""
    params = tuple(Var(name, t) for name, t in zip("xy", args, strict=False))
    x, last = params[0], params[-1]
    bodies = {
        INT: Apply(WORD["sub"], (x, last if len(params) > 1 else Literal(3, INT)), INT),
        BOOL: Apply(WORD["less_than"], (Literal(1, INT), last), BOOL),
        INTS: Apply(WORD["pair"], (x, last), INTS),
    }
    return abstracted(params, bodies[result])


@every_word
def test_the_exported_program_returns_what_the_word_returns(word):
    """The whole way: a program of one word, printed with its functions written out, and run as plain Python."""
    rng = random.Random(1)
    for types, result in bindings(word):
        if any(t.is_function for t in types):
            names = {v for t in (*word.arg_types, word.result_type) for v in t.variables()}
            types = tuple(t.substitute(dict.fromkeys(names, INT)) for t in word.arg_types)
            result = word.result_type.substitute(dict.fromkeys(names, INT))
        inputs = tuple(Var(f"x{i}" if i else "x", t) for i, t in enumerate(t for t in types if not t.is_function))
        left = iter(inputs)
        args = tuple(some_function(t.args[:-1], t.args[-1]) if t.is_function else next(left) for t in types)
        program = Program(Apply(word, args, result), inputs, result)
        namespace = {}
        exec(program.source.replace("A]", "int]"), namespace)
        for values in sample_arguments(tuple(v.type for v in inputs), rng):
            try:
                wanted = program(*values)
            except Exception:
                continue
            assert equal(namespace["program"](*values), wanted, result), (program.source, values)


def test_sample_values_repeat_and_are_of_their_type():
    for t in (BOOL, INT, FLOAT, TEXT, INTS, list_of(list_of(TEXT))):
        values = sample_values(t, random.Random(3), 50)
        assert values == sample_values(t, random.Random(3), 50)
        assert all(equal(v, v, t) for v in values)
    (f,) = sample_values(Type("->", (INT, BOOL)), random.Random(3), 1)
    assert f(3) in (True, False)


# How words print

x, y, n, xs = Var("x", INT), Var("y", INT), Var("n", INT), Var("xs", INTS)


def lists(name, *args, type=INTS):
    return Apply(WORD[name], args, type)


PRINTED = [
    (lists("map", abstracted((x,), lists("add", x, Literal(1, INT), type=INT)), xs), "[x + 1 for x in xs]"),
    (lists("filter", abstracted((x,), lists("less_than", n, x, type=BOOL)), xs), "[x for x in xs if n < x]"),
    (lists("take", lists("sorted", xs), n), "sorted(xs)[:n]"),
    (lists("not", lists("eq", x, n, type=BOOL), type=BOOL), "x != n"),
    (lists("remove_at", xs, Literal(2, INT)), "[x for i, x in enumerate(xs) if i != 2]"),
    (lists("iterate", abstracted((x,), lists("mul", x, n, type=INT)), x, n, type=INT),
     "functools.reduce(lambda y, _: y * n, range(n), x)"),
    (lists("sort_by", abstracted((x,), lists("negate", x, type=INT)), xs), "sorted(xs, key=lambda x: -x)"),
    (lists("remove_all", xs, x), "[y for y in xs if y != x]"),
    (lists("count_if", abstracted((x,), lists("is_even", x, type=BOOL)), xs, type=INT), "sum(x % 2 == 0 for x in xs)"),
    (lists("zip_with", abstracted((n, x), lists("iterate", abstracted((y,), y), n, n, type=INT)), xs, xs),
     "[functools.reduce(lambda y, _: y, range(x), x) for x, z in zip(xs, xs)]"),
]  # fmt: skip


@pytest.mark.parametrize(("expr", "wanted"), PRINTED, ids=[wanted for _, wanted in PRINTED])
def test_words_print_as_a_person_would_write_them(expr, wanted):
    assert python_expression(expr) == wanted


# Rules and inverses: a few by hand; `probe` has tried all of them.


def test_rules_say_what_the_function_must_return():
    assert WORD["map"].rules["f"]([2, 4], [1, 2]) == [((1,), 2), ((2,), 4)]
    assert WORD["filter"].rules["f"]([3], [1, 3]) == [((1,), False), ((3,), True)]
    assert WORD["scan"].rules["f"]([1, 3, 6], [1, 2, 3]) == [((1, 2), 3), ((3, 3), 6)]
    assert WORD["flat_map"].rules["f"]([1, 1, 2, 2], [1, 2]) == [((1,), [1, 1]), ((2,), [2, 2])]
    assert WORD["take_while"].rules["f"]([4, 5], [4, 5, 1, 9]) == [((4,), True), ((5,), True), ((1,), False)]
    assert WORD["find_first"].rules["f"](3, [1, 3, 4]) == [((1,), False), ((3,), True)]
    assert WORD["scan_from"].rules["f"]([5, 7], [2], 5) == [((5, 2), 7)]
    assert not WORD["fold"].rules


def test_a_word_may_take_nothing_but_a_function():
    @primitive(rules={"f": lambda result: [((i,), value) for i, value in enumerate(result)]})
    def first_three(f: Callable[[int], int]) -> list[int]:
        return [f(i) for i in range(3)]

    result = learn(
        [(2, [0, 2, 4]), (5, [0, 5, 10]), (7, [0, 7, 14])], words=[first_three], language="lists", programs=30_000
    )
    assert result.program(9) == [0, 9, 18] and "first_three(" in result.program.source


IMPOSSIBLE = [
    ("map", ([1], [1, 2])),
    ("filter", ([2, 1], [1, 2])),
    ("filter", ([1], [1, 1])),
    ("filter_indexed", ([1], [1, 1])),
    ("flat_map", ([1, 2, 3], [1, 2])),
    ("scan", ([2, 3], [1, 2])),
    ("take_while", ([1], [1, 1])),
    ("drop_while", ([1], [1, 1])),
    ("partition", ([[1], []], [1, 1])),
    ("find_index", (1, [5, 5])),
    ("scan_from", ([4, 5], [1], 3)),
]


@pytest.mark.parametrize(("name", "args"), IMPOSSIBLE)
def test_rules_raise_where_no_function_is_determined(name, args):
    with pytest.raises(ValueError):
        WORD[name].rules["f"](*args)


INVERSES = [
    ("concat", "ys", ([1, 2, 3], [1]), [2, 3]),
    ("concat", "xs", ([1, 2, 3], [3]), [1, 2]),
    ("cons", "x", ([1, 2], [2]), 1),
    ("append", "xs", ([1, 2], 2), [1]),
    ("mul", "a", (6, 2), 3),
    ("sub", "b", (1, 5), 4),
    ("repeat", "n", ([1, 2, 1, 2], [1, 2]), 2),
    ("prefix_sums", "xs", ([1, 3, 6],), [1, 2, 3]),
    ("digits", "n", ([4, 0],), 40),
    ("windows", "n", ([[1, 2], [2, 3]], [1, 2, 3]), 2),
    ("rotate", "xs", ([2, 3, 1], 1), [1, 2, 3]),
    ("divide", "b", (2.5, 5), 2),
    ("get", "i", (5, [4, 5, 6]), 1),
    ("take", "n", ([4, 5], [4, 5, 6]), 2),
    ("drop", "n", ([5, 6], [4, 5, 6]), 1),
    ("take_last", "n", ([5, 6], [4, 5, 6]), 2),
    ("drop_last", "n", ([4, 5], [4, 5, 6]), 1),
    ("slice", "i", ([5, 6], [4, 5, 6, 7], -1), 1),
    ("slice", "j", ([5, 6], [4, 5, 6, 7], 1), 3),
]


@pytest.mark.parametrize(("name", "param", "args", "wanted"), INVERSES)
def test_inverses_give_what_was_there(name, param, args, wanted):
    assert WORD[name].inverses[param](*args) == wanted


@pytest.mark.parametrize(
    ("name", "param", "args"),
    [
        ("get", "i", (5, [5, 5])),
        ("take", "n", ([5], [4, 5])),
        ("slice", "i", ([], [4, 5], 1)),
        ("concat", "ys", ([1, 2], [2])),
        ("cons", "x", ([1, 2], [1])),
        ("mul", "a", (7, 2)),
        ("mul", "a", (0, 0)),
        ("digits", "n", ([0, 1],)),
        ("pairwise", "xs", ([[1, 2], [3, 4]],)),
        ("runs", "xs", ([[1], [1]],)),
        ("insert_at", "x", ([1, 2, 3], [1, 2], 0)),
    ],
)
def test_inverses_raise_where_nothing_fits(name, param, args):
    with pytest.raises((ArithmeticError, LookupError, ValueError)):
        WORD[name].inverses[param](*args)


# Fits

FIT = {(fit.name, fit.argument): fit for fit in FITS}


def fitted(name, columns, wanted, argument=INT):
    """The completed programs `(index, printed)` for programs given by their values."""
    fit = FIT[name, argument]
    a = Var("a", argument)
    found = fit.solve(np.array(columns, dtype=float), np.array(wanted, dtype=float))
    return [(i, python_expression(fit.build(a, *constants))) for i, constants in found]


@pytest.mark.parametrize(
    ("name", "columns", "wanted", "found"),
    [
        ("affine", [[1, 2, 4], [1, 1, 1], [5, 6, 9]], [5, 7, 11], [(0, "a * 2 + 3")]),
        ("affine", [[1, 2, 4]], [8, 9, 11], [(0, "a + 7")]),
        ("affine", [[1, 2, 4]], [-1, -2, -4], [(0, "a * -1")]),
        ("affine", [[1, 2, 4]], [1, 2, 4], []),
        ("affine", [[0, 2, 4]], [0, 1, 2], []),
        ("affine", [[1, 2]], [3, 3], []),
        ("quotient", [[17, 42, 5], [17, 42, 50]], [1, 4, 0], [(0, "a // 10")]),
        ("quotient", [[-7, 7, 1]], [-3, 2, 0], [(0, "a // 3")]),
        ("quotient", [[3, 4, 9]], [3, 4, 9], []),
        ("remainder", [[17, 42, 5, 9]], [7, 2, 5, 9], [(0, "a % 10")]),
        ("remainder", [[-1, 8, 7]], [6, 1, 0], [(0, "a % 7")]),
        ("remainder", [[1, 2, 3]], [1, 2, 3], []),
        ("above", [[1, 5, 9], [5, 1, 9], [2, 3, 3]], [0, 1, 1], [(0, "2 < a"), (2, "2 < a")]),
        ("above", [[48, 53, 70], [-4, 6, 8], [95, 130, 131]], [0, 1, 1], [(0, "50 < a"), (1, "0 < a"), (2, "100 < a")]),
        ("power", [[2, 3, 1], [2, 3, 4]], [32, 243, 1], [(0, "a ** 5")]),
        ("below", [[1, 5, 9], [5, 1, 9]], [1, 0, 0], [(0, "a < 3")]),
        ("below", [[1, 5, 9]], [1, 1, 1], []),
        ("equals", [[4, 4, 9], [4, 4, 4]], [1, 1, 0], [(0, "a == 4")]),
        ("divisible", [[3, 9, 5, 4], [1, 4, 7, 2]], [1, 1, 0, 0], [(0, "a % 3 == 0")]),
        ("divisible", [[4, 1, 7, 3]], [1, 1, 1, 0], [(0, "a % 3 == 1")]),
    ],
)
def test_a_fit_finds_the_constants(name, columns, wanted, found):
    assert fitted(name, columns, wanted) == found


def test_thresholds_are_fitted_to_floats_too():
    assert fitted("above", [[0.5, 1.5, 2.5]], [0, 0, 1], FLOAT) == [(0, "2.0 < a")]
    assert fitted("below", [[0.5, 1.5, 2.5]], [1, 0, 0], FLOAT) == [(0, "a < 1.0")]


small = st.integers(-30, 30)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(small, min_size=5, max_size=5), min_size=1, max_size=4), st.data())
@pytest.mark.parametrize("fit", FITS, ids=lambda f: f"{f.name}-{f.argument}")
def test_whatever_is_fitted_is_right_on_every_row(fit, columns, data):
    if fit.result == BOOL:
        wanted = data.draw(st.lists(st.booleans(), min_size=5, max_size=5))
    else:
        k = data.draw(small)
        wanted = data.draw(
            st.sampled_from([[k * v + 2 for v in columns[0]], [v // (abs(k) + 1) for v in columns[0]],
                             [v % (abs(k) + 1) for v in columns[0]], columns[-1]])
        )  # fmt: skip
    for i, constants in fit.solve(np.array(columns, dtype=float), np.array(wanted, dtype=float)):
        run = evaluator(fit.build(Var("a", fit.argument), *constants))
        assert [run({"a": v}) for v in columns[i]] == wanted


@settings(max_examples=150, deadline=None)
@given(st.lists(small, min_size=4, max_size=8), st.integers(-9, 9), st.integers(1, 40))
def test_what_is_affine_a_quotient_or_a_remainder_is_found(column, k, c):
    for name, wanted in [
        ("affine", [k * v + c for v in column]),
        ("quotient", [v // (c + 1) for v in column]),
        ("remainder", [v % c for v in column]),
    ]:
        if len(set(wanted)) > 1 and wanted != column:
            assert fitted(name, [column], wanted)


def test_fits_are_quick_and_exact_on_large_numbers():
    values = np.random.default_rng(0).integers(-(10**18), 10**18, (100_000, 8)).astype(float)
    start = time.monotonic()
    for fit in FITS:
        wanted = np.array([0, 1] * 4, dtype=float)
        assert all(i < len(values) for i, _ in fit.solve(values, wanted))
        assert list(fit.solve(values[:0], wanted)) == []
    assert time.monotonic() - start < 5


# The checks that words of users go through


def test_words_must_be_annotated():
    with pytest.raises(WordError, match="needs a return type"):

        @primitive()
        def half(n: int):
            return n // 2

    with pytest.raises(WordError, match="needs a type for parameter 'n'"):

        @primitive()
        def third(n) -> int:
            return n // 3


@primitive(source="{xs}")
def mutating(xs: list[int]) -> list[int]:
    xs.append(1)
    return xs


@primitive(source="{xs}")
def mutating_before_it_raises(xs: list[int]) -> list[int]:
    xs.append(1)
    raise ValueError


@primitive(source="lambda m: m + {n}")
def curried(n: int) -> Callable[[int], int]:
    return lambda m: m + n


@primitive(source="{n} / 2")
def half(n: int) -> int:
    return n / 2


@primitive(source="{n} + 1")
def two_more(n: int) -> int:
    return n + 2


@primitive(source="{n} // {n}")
def one(n: int) -> int:
    return n // n if n else 1


@primitive(source="{n} +")
def unfinished(n: int) -> int:
    return n


@primitive(source="{a} - {b}", laws=[commutative])
def minus(a: int, b: int) -> int:
    return a - b


@primitive(source="{n} + 1", laws=[involution])
def more(n: int) -> int:
    return n + 1


@primitive(source="{a} + {b}", laws=[idempotent])
def plus(a: int, b: int) -> int:
    return a + b


@primitive(source="{a} + {b}", inverses={"a": lambda out, b: out})
def plus_wrongly_inverted(a: int, b: int) -> int:
    return a + b


@primitive(source="int(1 / {n})", inverses={"n": lambda out: 0})
def undefined_at_its_inverse(n: int) -> int:
    return int(1 / n)


@primitive(source="[{f}(x) for x in {xs}]", rules={"f": lambda out, xs: [((x,), x) for x in xs]})
def map_wrongly_ruled(f: Callable[[int], int], xs: list[int]) -> list[int]:
    return [f(x) for x in xs]


@primitive(source="{n}")
def never(n: int) -> int:
    raise LookupError("nothing here")


@primitive()
def uses_the_module(n: int) -> int:
    return len(EXAMPLES) + n


@primitive(source="{n}")
def endless(n: int) -> int:
    while True:
        try:
            time.sleep(0.01)
        except Exception:
            continue


WRONG = [
    (mutating, r"'mutating' changes its argument 'xs' from \[\] to \[1\]; work on a copy"),
    (mutating_before_it_raises, r"changes its argument 'xs'"),
    (curried, r"'curried' returns a function"),
    (half, r"'half' gives 0.0 for \(0\), which is not of type int"),
    (two_more, r"'two_more' gives 2 for \(0\), but its printed form '\{n\} \+ 1' gives 1"),
    (one, r"'one' gives 1 for \(0\), but its printed form .* raises ZeroDivisionError"),
    (unfinished, r"'unfinished' has source='\{n\} \+', which is not Python"),
    (minus, r"'minus' is declared commutative, which does not hold for \(0, 2\)"),
    (more, r"'more' is declared involution"),
    (plus, r"'plus' takes 2 arguments and can't be idempotent"),
    (plus_wrongly_inverted, r"the inverse for 'a' of word 'plus_wrongly_inverted' is wrong"),
    (undefined_at_its_inverse, r"the inverse for 'n' .* gives ZeroDivisionError"),
    (map_wrongly_ruled, r"the rule for 'f' of word 'map_wrongly_ruled' is wrong"),
    (never, r"'never' raises on every sample value, the last time LookupError: nothing here"),
    (uses_the_module, r"'uses_the_module' .* its exported definition raises NameError"),
    (endless, rf"'endless' took more than {SECONDS:g} seconds"),
]


@pytest.mark.parametrize(("word", "message"), WRONG, ids=lambda v: getattr(v, "name", ""))
def test_words_that_do_not_keep_their_promise_are_refused(word, message):
    with pytest.raises(WordError, match=message):
        LANGUAGE.with_words(word)


@primitive()
def longest_run(xs: list[T]) -> int:
    """The length of the longest run of equal elements."""
    best = here = 0
    for i, x in enumerate(xs):
        here = here + 1 if i and xs[i - 1] == x else 1
        best = max(best, here)
    return best


def test_a_word_that_keeps_its_promises_joins_the_language():
    language = LANGUAGE.with_words(longest_run)
    assert language["longest_run"] is longest_run
    assert len(language.words) == len(LANGUAGE.words) + 1
