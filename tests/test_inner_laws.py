"""Laws inside programs: real numbers of lists, elements and rows are related by what regression finds."""

import math
import random

import pytest

from extrapolate import learn
from extrapolate.core.kind import kind_of
from extrapolate.core.reals import Reals, same_number
from extrapolate.core.types import FLOAT, INT, list_of
from extrapolate.core.values import Values
from extrapolate.regression.search.constants import radicand
from extrapolate.regression.search.simplicity import rounded

RNG = random.Random(5)


def real(low=1.0, high=9.0):
    return RNG.uniform(low, high)


def reals(n=3, low=-9.0, high=9.0):
    return [real(low, high) for _ in range(n)]


LAWS = {
    "norm": (lambda: (real(), reals()), lambda m, xs: 0.5 * m * sum(x * x for x in xs)),
    "elements": (lambda: (real(), real(), reals()), lambda a, b, xs: [a * b * x / math.hypot(*xs) ** 3 for x in xs]),
    "two lists": (
        lambda: (real(), reals(), reals()),
        lambda a, xs, ys: [a * (x - y) / math.dist(xs, ys) ** 3 for x, y in zip(xs, ys, strict=True)],
    ),
    "two words": (lambda: (reals(4, 1),), lambda xs: 2.5 * sum(xs) + 1.7 * max(xs) + 0.3),
    "a power of a word": (lambda: (reals(4, 1),), lambda xs: 2.5 * sum(xs) ** 2 + max(xs)),
    "a list and its length": (
        lambda: (reals(RNG.randint(2, 5), 1),),
        lambda xs: 2.5 * sum(xs) * max(xs) ** 2 + len(xs),
    ),
    "a word of each list": (
        lambda: ([reals(RNG.randint(2, 4), 1) for _ in range(5)],),
        lambda xs: [3 * max(x) * min(x) ** 2 for x in xs],
    ),
}


@pytest.mark.parametrize("name", LAWS)
def test_a_law_over_lists_holds_on_others(name):
    draw, law = LAWS[name]
    examples = [(row, law(*row)) for row in (draw() for _ in range(10))]
    result = learn(examples, language="lists", programs=200_000, seconds=None)
    assert result.solved, result
    for row in (draw() for _ in range(5)):
        found, wanted = result.program(*row), law(*row)
        pairs = zip(found, wanted, strict=True) if isinstance(wanted, list) else [(found, wanted)]
        assert all(math.isclose(a, b, rel_tol=1e-9) for a, b in pairs), result.program.source


def test_sums_of_three_terms_over_five_numbers_are_reached():
    rows = [tuple(reals(5)) for _ in range(12)]
    examples = [(row, 2 * row[0] * row[1] + 3 * row[2] * row[3] + 5 * row[4]) for row in rows]
    result = learn(examples, language="lists", programs=100_000, seconds=None)
    assert result.solved, result


def test_a_constant_that_is_a_root_is_written_as_one():
    examples = [(h, math.sqrt(2 * 9.8 * h)) for h in reals(10, 1, 20)]
    assert "np.sqrt(19.6 * x)" in learn(examples, language="laws", seconds=5).program.source


@pytest.mark.parametrize(
    ("value", "square"),
    [(math.sqrt(19.6), 19.6), (-math.sqrt(2.5), 2.5), (1.5, None), (4.42718872424, None), (0.0, None)],
)
def test_the_number_that_a_constant_is_the_root_of(value, square):
    assert radicand(value) == square


def test_a_root_is_no_way_to_round_a_constant_that_is_known_roughly():
    assert rounded(0.0077459, 2e-5) == 0.00775
    assert rounded(4.427188724235732, 1e-12) == math.sqrt(19.6)


@pytest.mark.parametrize(
    ("value", "is_precise"),
    [
        (1.2345678901, True),
        (0.1 + 0.2, False),
        (1 / 3, False),
        (123456789.0, False),
        (2.5, False),
        (math.pi * 1e-20, True),
    ],
)
def test_a_precise_number_is_not_had_by_chance(value, is_precise):
    assert kind_of(FLOAT).is_precise(value, FLOAT) == is_precise
    assert kind_of(list_of(FLOAT)).is_precise([value], list_of(FLOAT)) == is_precise


def test_values_of_a_function_are_interned_as_one_by_one():
    table, same = Values().table(INT), Values().table(INT)
    given = [4, 0, "a", 3, 4, None, 10**400]

    def called(value):
        return 12 // value

    one_by_one = []
    for value in given:
        try:
            one_by_one.append(same.intern(called(value)))
        except Exception:
            one_by_one.append(0)
    assert table.intern_all(map(called, given), len(given)) == one_by_one
    assert table.values == same.values


def test_numbers_that_agree_up_to_rounding_are_one_wherever_the_boundaries_fall():
    for seed in range(300):
        rng = random.Random(seed)
        value = rng.choice([1.0, 2.0 ** rng.randint(-60, 60), rng.uniform(-1e6, 1e6)]) or 1.0
        near = value * (1 + rng.uniform(-4e-13, 4e-13))
        found = Reals()
        assert same_number(found.key(value), found.key(near))
        assert found.key(value) == found.key(near)
        assert found.key(value) != found.key(value * (1 + 1e-10))
