"""The search for laws, beside a slow obvious way to do each thing."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extrapolate.core.expression import Var, evaluator
from extrapolate.core.result import Budget, Stop
from extrapolate.core.source import python_expression
from extrapolate.core.types import FLOAT
from extrapolate.core.values import Values
from extrapolate.languages.laws import LANGUAGE
from extrapolate.regression.claims import fails
from extrapolate.regression.search import monomials
from extrapolate.regression.search.columns import Columns, pairs
from extrapolate.regression.search.constants import fit, free_constants, parts_of, simple_numbers
from extrapolate.regression.search.description import complexity, constant_bits
from extrapolate.regression.search.form import Form, Term, prepared
from extrapolate.regression.search.formula import Writer
from extrapolate.regression.search.measurements import Measurements
from extrapolate.regression.search.regression import Regression
from extrapolate.regression.search.residuals import is_serial, is_smooth, ranks_of
from extrapolate.regression.search.selection import selections
from extrapolate.regression.search.simplicity import simplified
from extrapolate.regression.search.spans import Span
from extrapolate.regression.search.targets import targets_of
from extrapolate.search.budget import Meter

WORDS = {word.name: word for word in LANGUAGE.words}
F = Fraction
INPUTS = (Var("x", FLOAT), Var("y", FLOAT))
X = np.random.default_rng(3).uniform(1, 4, (2, 60))


def measured(y, x=X, dimensions=None, wanted=()):
    width = len(wanted)
    powers = np.array(dimensions, dtype=float) if dimensions else np.zeros((len(x), width))
    return Measurements(x, y, np.ones(len(y)), np.ones(len(x)), 1.0, powers, np.array(wanted, dtype=float))


def meter(programs=None, seconds=20.0):
    return Meter(Budget(programs, seconds), Values())


def term(coefficient, *powers, factors=()):
    return Term(coefficient, tuple(map(F, powers)), tuple(factors))


def form(*terms, word=None):
    return Form(tuple(terms), word and WORDS[word])


# Forms


FORMS = [
    (form(term(2.0, 1, "-1/2")), "2 * x / np.sqrt(y)"),
    (form(term(-0.5, 2, 0)), "-x ** 2 / 2"),
    (form(term(2 * math.pi, "1/2", "-1/2")), "2 * np.pi * np.sqrt(x / y)"),
    (form(term(1.0, 1, 0), term(-3.0, 0, 2)), "x - 3 * y ** 2"),
    (form(term(-1.0, 1, 0), term(1.0, 0, 1)), "y - x"),
    (form(term(1.0, 0, 1, factors=[(form(term(1.0, 0, 0), term(1.0, 1, -1)), F(1))])), "y + x"),
    (form(term(1.0, 1, 0, factors=[(form(term(1.0, 0, 0), term(-1.0, 2, -2)), F(-1, 2))])), None),
    (form(term(3.0, 0, 0, factors=[(form(term(0.5, 1, 0), word="sin"), F(2))])), "3 * np.sin(x / 2) ** 2"),
    (form(term(1.0, 1, 1), word="arcsin"), "np.arcsin(x * y)"),
    (form(term(1.0, 0, 1, factors=[(form(term(1.0, 1, -1), word="minimum"), F(1))])), "y * np.minimum(x / y, 1)"),
    (form(term(1 / 3, 0, "1/3")), "y ** (1 / 3) / 3"),
    (form(term(0.37, 0, 1)), "0.37 * y"),
    (form(term(-2.0, 1, 0, factors=[(form(term(1.0, 0, 0), term(-1.0, 0, 1)), F(-1))])), "2 * x / (y - 1)"),
    (form(term(1.0, "3/2", "-1/2")), "np.sqrt(x ** 3 / y)"),
    (form(term(1.0, "3/2", 0)), "x ** 1.5"),
    (form(term(5.0, -1, "-1/2")), "5 / (x * np.sqrt(y))"),
]


@pytest.mark.parametrize(("given", "printed"), FORMS, ids=lambda v: v if isinstance(v, str) else "")
def test_a_form_is_written_as_a_person_would(given, printed):
    expr = Writer(INPUTS, LANGUAGE.algebra).expression(given)
    if printed is not None:
        assert python_expression(expr) == printed
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(evaluator(expr)({"x": X[0], "y": X[1]}), given.values(X), rtol=1e-12)


@pytest.mark.parametrize("given", [given for given, _ in FORMS])
def test_prepared_forms_have_the_same_values(given):
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(prepared(given, X)(given.coefficients), given.values(X), rtol=1e-12)
    changed = [c + 1.5 for c in given.coefficients]
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(prepared(given, X)(changed), given.with_coefficients(changed).values(X), rtol=1e-12)


def test_a_factor_of_one_term_is_multiplied_out():
    inner = form(term(4.0, -1, 1))
    given = form(term(3.0, 0, 1, factors=[(inner, F(-1, 2))]), term(1.0, 0, 0, factors=[(form(term(2.0, 1, 0)), F(2))]))
    assert given.flat == form(term(1.5, "1/2", "1/2"), term(4.0, 2, 0))
    np.testing.assert_allclose(given.flat.values(X), given.values(X))


def test_the_first_constant_of_a_sum_that_is_a_factor_is_not_free():
    inner = form(term(1.0, 0, 0), term(-2.0, 1, 0))
    assert free_constants(form(term(3.0, 0, 0, factors=[(inner, F(-1))]))) == [0, 2]
    assert free_constants(form(term(3.0, 0, 0, factors=[(form(term(2.0, 1, 0), word="sin"), F(1))]))) == [0, 1]


# Monomials and columns


@pytest.mark.parametrize(("n", "degree"), [(1, 3), (2, 4), (3, 3)])
def test_all_exponents_of_a_degree_are_there_once(n, degree):
    wanted = {e for e in itertools.product(range(-degree, degree + 1), repeat=n) if sum(map(abs, e)) <= degree}
    found = monomials.exponents(n, degree)
    assert {tuple(e) for e in found.tolist()} == wanted
    assert len(found) == len(wanted) == monomials.count(n, degree)
    assert (np.diff(np.abs(found).sum(axis=1)) >= 0).all()


def test_monomials_of_negative_numbers_have_their_sign():
    x = np.array([[-2.0, 3.0]])
    found = monomials.values(np.array([[1.0], [2.0], [-1.0], [0.5]]), np.log(np.abs(x)), np.sign(x))
    np.testing.assert_allclose(found, [[-2, 3], [4, 9], [-0.5, 1 / 3], [math.nan, math.sqrt(3)]])


@pytest.mark.parametrize("has_units", [False, True])
def test_every_column_is_what_its_term_says(has_units):
    x = np.random.default_rng(0).uniform(0.5, 2, (3, 30))
    dimensions, wanted = ([[1, 0], [1, -1], [0, 1]], (1, 0)) if has_units else (None, ())
    columns = Columns(measured(x[0], x, dimensions, wanted), [WORDS["sin"], WORDS["exp"], WORDS["maximum"]])
    for _ in range(4):
        columns.grow()
    terms = columns.terms_of(np.array(wanted, dtype=float), 4)
    for block in (terms, columns.free, columns.sums, columns.atoms, columns.raised, columns.factors, columns.exponents):
        assert len(block) > 0
        for i in range(0, len(block), 5):
            with np.errstate(all="ignore"):
                np.testing.assert_allclose(block.term(i).values(x), block.values[i], rtol=1e-9)


def test_terms_have_the_dimension_that_is_asked_for():
    x = np.random.default_rng(0).uniform(0.5, 2, (3, 30))
    dimensions = np.array([[1.0, 0.0], [1.0, -1.0], [0.0, 1.0]])
    columns = Columns(measured(x[0], x, dimensions.tolist(), (2, -1)), [WORDS["sin"]])
    columns.grow()
    columns.grow()
    terms = columns.terms_of(np.array([2.0, -1.0]), 3)
    for i in range(len(terms)):
        powers = np.array(terms.term(i).powers, dtype=float)
        np.testing.assert_allclose(powers @ dimensions, [2, -1], atol=1e-12)


@given(st.integers(0, 30), st.integers(0, 30), st.integers(1, 200))
def test_pairs_are_all_pairs_where_they_are_few(n, m, most):
    first, second = pairs(np.arange(n), np.arange(m), most)
    made = set(zip(first.tolist(), second.tolist(), strict=True))
    assert len(made) == len(first) <= max(most, n * m if n * m <= most else most)
    if n * m <= most:
        assert made == set(itertools.product(range(n), range(m)))


# Least squares


def misfit(span, columns, target):
    """What is left by the plainest means."""
    design = (columns * span.weights).T
    wanted = target * span.weights
    found, *_ = np.linalg.lstsq(design, wanted, rcond=None)
    return float(np.linalg.norm(wanted - design @ found))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_singles_pairs_and_triples_are_those_of_least_squares(seed, weighted):
    rng = np.random.default_rng(seed)
    columns, target, always = rng.normal(size=(9, 25)), rng.normal(size=25), rng.normal(size=(2, 25))
    span = Span(target, always, rng.uniform(0.5, 2, 25) if weighted else np.ones(25))
    directions, places = span.directions(columns)
    assert places.tolist() == list(range(9))

    def slow(chosen):
        return misfit(span, np.concatenate([always, columns[list(chosen)]]), target) / span.norm

    singles = [slow((i,)) for i in range(9)]
    np.testing.assert_allclose(span.singles(directions), singles, rtol=1e-9)
    best = sorted(itertools.combinations(range(9), 2), key=slow)
    value, i, j = span.pairs(directions, np.arange(9), 5)[0]
    assert tuple(sorted((i, j))) == best[0]
    assert math.isclose(value, slow(best[0]), rel_tol=1e-9)
    best = min(itertools.combinations(range(9), 3), key=slow)
    value, found = span.triples(directions, 5)[0]
    assert tuple(sorted(found)) == best
    assert math.isclose(value, slow(best), rel_tol=1e-9)


def test_leading_columns_are_paired_with_all_others():
    columns = np.random.default_rng(1).normal(size=(40, 30))
    span = Span(2 * columns[1] - columns[35], np.zeros((0, 30)), np.ones(30))
    directions, _ = span.directions(columns)
    assert span.pairs(directions, np.array([0, 1, 2]), 3)[0][1:] == (1, 35)


@pytest.mark.parametrize("chosen", [(4,), (2, 17), (1, 9, 30), (0, 3, 5, 8)])
def test_a_few_of_many_columns_are_found(chosen):
    columns = np.random.default_rng(5).normal(size=(40, 80))
    target = (columns[list(chosen)] * np.arange(1, len(chosen) + 1)[:, None]).sum(axis=0)
    span = Span(target, np.zeros((0, 80)), np.ones(80))
    assert tuple(sorted(selections(span, columns, np.ones(40, dtype=np.int64), 3, meter(), 1.0)[0])) == chosen


# Constants


def test_constants_are_fitted_and_their_errors_are_right():
    rng = np.random.default_rng(2)
    found = []
    for _ in range(60):
        y = 2.5 * X[0] ** 2 + rng.normal(scale=0.1, size=60)
        fitted = fit(form(term(1.0, 2, 0)), measured(y))
        found.append((fitted.form.coefficients[0], fitted.errors[0]))
    constants, errors = np.array(found).T
    assert abs(constants.mean() - 2.5) < 0.002
    assert 0.7 < constants.std() / errors.mean() < 1.4


def test_errors_are_smaller_where_another_constant_is_known():
    y = 3 + 2 * X[0] + np.random.default_rng(5).normal(scale=0.1, size=60)
    law = form(term(3.0, 0, 0), term(2.0, 1, 0))
    free = fit(law, measured(y))
    known = fit(free.form, measured(y), fixed=frozenset({0}))
    found = free.knowing([0])
    assert found.free == known.free == (1,)
    # One row more is free where one constant less is fitted.
    assert math.isclose(found.errors[0], known.errors[0] * math.sqrt(59 / 58), rel_tol=1e-6)
    assert found.errors[0] < free.errors[1]
    assert free.knowing([]) is free


@pytest.mark.parametrize("wanted", [2 * math.pi, 0.75, 9.81, -3.0, 1 / (4 * math.pi), math.sqrt(2)])
def test_constants_become_simple_in_spite_of_noise(wanted):
    y = wanted * X[0] * X[1]
    y = y + 0.003 * np.std(y) * np.random.default_rng(4).normal(size=60)
    m = measured(y)
    best = simplified(fit(form(term(1.0, 1, 1)), m), m)
    assert math.isclose(best.form.coefficients[0], wanted, rel_tol=1e-12)


def test_the_constant_that_saves_most_is_made_simple_first():
    x = np.random.default_rng(1).uniform(1, 3, (2, 200))
    y = 4.19 * (x[0] ** 2 + x[1] ** 2)
    m = measured(y * (1 + 0.01 * np.random.default_rng(3).normal(size=200)), x)
    inner = form(term(1.0, 2, 0), term(0.99, 0, 2))
    best = simplified(fit(form(Term(4.2, (F(0), F(0)), ((inner, F(1)),))), m), m)
    first, *others = best.form.coefficients
    assert others == [1.0, 1.0] and first == pytest.approx(4.19, rel=2e-3)


def test_digits_are_those_left_when_what_has_a_name_is_known():
    x = np.linspace(1, 2, 30)[None]
    m = measured(5 * x[0] ** 3 + 0.05 * np.random.default_rng(0).normal(size=30), x)
    free = fit(form(Term(1.0, (F(0),), ((form(term(5.0, 0), term(3.1, 1)), F(1)),))), m)
    known = free.knowing(free.free[1:])
    assert known.fineness[0] < free.fineness[0]


def test_simple_numbers_are_what_their_parts_say():
    values, prices, parts = simple_numbers()
    assert (np.diff(values) > 0).all()
    assert (prices > 0).all()
    for i in range(0, len(values), 997):
        p = parts[i]
        made = p.numerator / p.denominator * math.pi ** float(p.pi) * math.sqrt(p.root)
        assert math.isclose(made, values[i], rel_tol=1e-14)
        assert parts_of(values[i]) == p


def test_simpler_is_shorter():
    assert constant_bits(1.0) < constant_bits(2.0) < constant_bits(0.37) < constant_bits(0.123456)
    plain, odd = form(term(1.0, 1, 1)), form(term(1.0, "3/2", 1))
    assert complexity(form(term(1.0, 1, 0))) < complexity(plain) < complexity(odd)


# Targets


def test_a_target_is_what_must_have_been_transformed():
    y = np.arcsin(0.2 * X[0])
    targets = {(t.word.name if t.word else str(t.power)): t for t in targets_of(measured(y), list(WORDS.values())[6:])}
    np.testing.assert_allclose(targets["arcsin"].values, 0.2 * X[0])
    np.testing.assert_allclose(targets["2"].values, y**2)
    back = targets["2"].form([term(4.0, 2, 0)])
    np.testing.assert_allclose(back.values(X), 2 * X[0])


# The whole search


LAWS = [
    ("x / np.sqrt(1 - 1 / y**2)", lambda x, y: x / np.sqrt(1 - 1 / y**2)),
    ("x * y + np.sin(x)", lambda x, y: x * y + np.sin(x)),
    ("exp", lambda x, y: 3 * np.exp(-x * y / 2)),
    ("rational", lambda x, y: x / (1 + x * y / 3)),
    ("hypotenuse", lambda x, y: np.sqrt(x**2 + y**2)),
    ("log of a ratio", lambda x, y: x * np.log(y / x)),
    ("arccos", lambda x, y: np.arccos(x / (5 * y))),
    ("negative", lambda x, y: -2 * x**2 / y),
    ("planck", lambda x, y: x**3 / (np.exp(x / y) - 1)),
    ("smaller", lambda x, y: np.minimum(x, y) * 2),
]


@pytest.mark.parametrize(("name", "law"), LAWS, ids=lambda v: v if isinstance(v, str) else "")
def test_laws_are_found_exactly_and_hold_outside(name, law):
    search = Regression(measured(law(*X)), LANGUAGE, meter())
    assert search.run() is Stop.SOLVED
    assert search.best.is_exact
    far = np.random.default_rng(9).uniform(2, 9, (2, 40))
    far[0] = np.minimum(far[0], far[1])
    np.testing.assert_allclose(search.best.form.values(far), law(*far), rtol=1e-6, atol=1e-12)


NOISY = [
    ("decay", lambda t: 293 + 70 * np.exp(-t / 17), "292.975 + 70.039 * np.exp(-x / 17)"),
    ("wave", lambda t: 3 * np.sin(1.7 * t) + 1, "1 + 3 * np.sin(1.7 * x)"),
]


@pytest.mark.parametrize(("name", "law", "printed"), NOISY, ids=lambda v: v if isinstance(v, str) else "")
def test_rates_are_found_in_noise(name, law, printed):
    t = np.linspace(0.1, 14, 90)
    y = law(t)
    y = y + 0.003 * np.std(y) * np.random.default_rng(6).normal(size=90)
    m = measured(y, t[None])
    search = Regression(m, LANGUAGE, meter(programs=60_000_000, seconds=None))
    search.run(5)
    found = simplified(search.best.fitted, m)
    assert python_expression(Writer(INPUTS[:1], LANGUAGE.algebra).expression(found.form)) == printed


def test_units_leave_few_formulas():
    x = np.random.default_rng(0).uniform(1, 3, (3, 50))
    y = 2 * math.pi * np.sqrt(x[0] / x[1])
    search = Regression(measured(y, x, [[1, 0], [1, -2], [0, 0]], (0, 1)), LANGUAGE, meter())
    assert search.run() is Stop.SOLVED
    assert search.best.form.terms[0].powers == (F(1, 2), F(-1, 2), F(0))
    assert search.meter.counts.tried < 1000


def test_the_same_budget_in_programs_gives_the_same_laws():
    y = np.sin(X[0] * X[1]) + 0.1 * np.random.default_rng(1).normal(size=60)

    def run():
        search = Regression(measured(y), LANGUAGE, meter(programs=3_000_000, seconds=None))
        return search.run(), [law.form for law in search.laws if is_told(law.fitted)]

    def is_told(fitted):
        """Whether the rows tell its constants: of those of a law with one too many a solver may give any."""
        return np.linalg.matrix_rank(fitted.covariance) == len(fitted.free)

    first, second = run(), run()
    assert first == second
    assert first[0] is Stop.PROGRAMS and len(first[1]) > 50


def line_through(y):
    x = np.linspace(0, 1, len(y))[None]
    m = measured(y, x)
    line = fit(form(term(1.0, 0), term(1.0, 1)), m).form
    return m, line.values(x), np.array([np.ones_like(x[0]), x[0]])


@pytest.mark.parametrize("n_rows", [8, 12, 30])
def test_a_slow_wave_is_seen_in_what_a_fit_leaves_and_noise_is_not(n_rows):
    rng, x = np.random.default_rng(n_rows), np.linspace(0, 1, n_rows)
    assert is_serial(*line_through(x + 0.1 * np.sin(5 * x)))
    # Chance takes 1 in 200 for a wave.
    assert sum(is_serial(*line_through(x + 0.1 * rng.normal(size=n_rows))) for _ in range(400)) <= 8


def test_rows_that_are_sorted_by_the_target_where_inputs_are_equal_are_no_slow_wave():
    x, rng = np.repeat(np.arange(6.0), 6), np.random.default_rng(0)
    y = np.concatenate([np.sort(own) for own in (x + 0.1 * rng.normal(size=36)).reshape(6, 6)])
    m = measured(y, x[None])
    line = fit(form(term(1.0, 0), term(1.0, 1)), m).form
    assert not is_serial(m, line.values(m.x), np.array([np.ones(36), x]))
    assert not is_smooth(line.values(m.x) - y, ranks_of(m))


def missed_at_the_edge(y):
    """Whether a parabola that was fitted to the rows but the last five misses these."""
    x = np.linspace(0, 1, len(y))
    m, edge = measured(y, x[None]), x > x[-6]
    shape = form(term(1.0, 0), term(1.0, 1), term(1.0, 2))
    return fails(fit(shape, m.rows(~edge)).form, lambda: fit(shape, m).form, m, edge, 3)


def test_the_edge_may_be_missed_by_as_much_as_constants_that_know_nothing_of_it_may_be_off():
    x, rng = np.linspace(0, 1, 20), np.random.default_rng(5)
    assert sum(missed_at_the_edge(1 - x + 0.1 * rng.normal(size=20)) for _ in range(400)) <= 8
    assert missed_at_the_edge(np.where(x > 0.75, 3.0, 1 - x) + 0.1 * rng.normal(size=20))
    assert missed_at_the_edge(np.exp(12 * x - 8) + 0.01 * rng.normal(size=20))


def test_noise_is_told_from_structure():
    noise = 0.05 * np.random.default_rng(8).normal(size=60)
    search = Regression(measured(X[0] * X[1] + noise), LANGUAGE, meter(programs=200_000))
    search.run(2)
    right, wrong = form(term(1.0, 1, 1)), form(term(1.5, 1, "1/2"))
    assert search.is_noise(right)
    assert not search.is_noise(wrong)
