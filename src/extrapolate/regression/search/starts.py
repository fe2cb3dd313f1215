"""Starts: textbook shapes with estimates of their constants, from the best places of a grid."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import reduce
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.language import Algebra
from extrapolate.regression.search.form import LARGEST_DENOMINATOR, Form, Term, Textbook, as_power
from extrapolate.regression.search.formula import without_fractions
from extrapolate.regression.search.measurements import Measurements
from extrapolate.regression.search.shapes import FACTORS, SHAPES, Axis, Shape

Floats = NDArray[np.float64]

# How many places of a grid are starts, no two of them neighbours where each would end where the other does.
MOST_STARTS, NEAR_PLACES = 2, 0.02
MOST_ROWS = 80
LARGEST_EXPONENT, MOST_OF_ALL = 600, 0.8
SMALLEST = 1e-12
# So often rows that stand on a background, or hang from it, are weighed so little, and it is drawn anew.
ASIDE, LITTLE = 6, 0.1
# Powers of other inputs are told by so many rows, and are no steeper than that.
LEAST_BESIDE, STEEPEST = 8, 4
RATIONAL = Textbook("rational", 2.5)
RATIONALS, ITERATIONS = ((1, 1), (2, 1), (1, 2), (2, 2), (3, 3)), 6


class Goal(NamedTuple):
    """What a shape is to give: `values`, of which rows weigh `weights`."""

    values: Floats
    weights: Floats


def starts(
    m: Measurements, algebra: Algebra, place: int, goal: Goal, shapes: Sequence[Shape] = SHAPES
) -> Iterator[Form]:
    """Textbook shapes of one input near a goal, and quotients of polynomials in it."""
    yield from drawn(shapes, m, algebra, place, goal)
    if changes(m, place):
        yield from rationals(Axis(place, m.n_inputs, m.x[place], algebra), goal)


def beside_powers(m: Measurements, algebra: Algebra, place: int) -> Iterator[Form]:
    """Textbook shapes of one input times powers of all others, as neighbouring rows on that input tell them, where the
    shape is nearly the same. O(n_rows * n_inputs**2) beside the starts."""
    others = [i for i in range(m.n_inputs) if i != place and (m.x[i] > 0).all()]
    sign = 1.0 if np.median(m.y) > 0 else -1.0
    rows = np.flatnonzero(m.y * sign > 0)
    rows = rows[np.argsort(m.x[place, rows], kind="stable")]
    if not others or len(rows) < max(LEAST_BESIDE, MOST_OF_ALL * m.n_rows):
        return
    steps = np.diff(np.log(np.abs(m.y[rows])))
    found, *_ = np.linalg.lstsq(np.diff(m.logs[others][:, rows], axis=1).T, steps, rcond=None)
    halves = [Fraction(round(2 * p), 2) for p in found.tolist()]
    if not any(halves) or max(map(abs, halves)) > STEEPEST:
        return
    powers = dict(zip(others, halves, strict=True))
    product = Term(1.0, tuple(powers.get(i, Fraction(0)) for i in range(m.n_inputs)))
    values = product.values(m.x)
    if not np.isfinite(values).all() or not values.all():
        return
    for form in starts(m, algebra, place, Goal(m.y / values, m.weights * np.abs(values)), FACTORS):
        is_power = len(form.terms) == 1 and any(as_power(factor) for factor, _ in form.terms[0].factors)
        if not is_power:  # a product of powers alone was drawn before
            yield replace(form, terms=tuple(term.times_term(product) for term in form.terms))


def drawn(shapes: Sequence[Shape], m: Measurements, algebra: Algebra, place: int, goal: Goal) -> Iterator[Form]:
    """Some shapes of one input near a goal, at the best places of their grids."""
    if not changes(m, place):
        return
    axis = Axis(place, m.n_inputs, m.x[place], algebra)
    for shape in shapes:
        if is_usable(shape, axis, goal):
            yield from placed(shape, axis, m, goal)


def backgrounds(shape: Shape, m: Measurements, algebra: Algebra) -> Iterator[Form]:
    """A shape of the first input, with a constant and without, below what stands on it or above what hangs from it:
    rows on the other side weigh little (asymmetric least squares; Eilers, Anal. Chem. 76, 2004)."""
    for is_raised in (True, False):
        sides = [found for side in (1.0, -1.0) if (found := background(shape, m, algebra, side, is_raised)) is not None]
        if sides:
            yield min(sides, key=itemgetter(0))[1]


def background(
    shape: Shape, m: Measurements, algebra: Algebra, side: float, is_raised: bool
) -> tuple[float, Form] | None:
    """What is left of the rows on one side of a background, and it."""
    best, weights = None, m.weights
    for _ in range(ASIDE):
        forms = drawn([shape], m, algebra, 0, Goal(m.y, weights))
        found = next((form for form in forms if form.terms[0].is_constant == is_raised), None)
        if found is None:
            return None
        rest = m.y - found.values(m.x)
        weights = np.where(side * rest > 0, LITTLE, 1.0) * m.weights
        best = float(np.linalg.norm(weights * rest)), found
    return best


def changes(m: Measurements, place: int) -> bool:
    """Whether an input has more than one value."""
    return bool(np.ptp(m.x[place]) > SMALLEST * np.abs(m.x[place]).max())


def powers_of_all(m: Measurements, algebra: Algebra) -> Iterator[Form]:
    """The product of powers of all inputs, whatever the exponents are; noise may turn the sign of a few rows."""
    sign = 1.0 if np.median(m.y) > 0 else -1.0
    rows = m.y * sign > 0
    if (m.x <= 0).any() or algebra.log is None or rows.mean() < MOST_OF_ALL or rows.sum() < m.n_inputs + 2:
        return
    size = np.abs(m.y[rows])
    weights = m.weights[rows] * size
    design = np.concatenate([np.ones((1, len(size))), m.logs[:, rows]]) * weights
    found, *_ = np.linalg.lstsq(design.T, np.log(size) * weights, rcond=None)
    constant, *exponents = found.tolist()
    if abs(constant) > LARGEST_EXPONENT or not all(exponents):
        return
    axes = [Axis(place, m.n_inputs, m.x[place], algebra) for place in range(m.n_inputs)]
    parts = [axis.to(exponent) for axis, exponent in zip(axes, exponents, strict=True)]
    yield Form((reduce(Term.times_term, parts, axes[0].number(sign * math.exp(constant))),))


def with_fitted_powers(form: Form, m: Measurements, algebra: Algebra) -> Form:
    """The form with exponents of inputs that are no simple fractions as constants, which can be fitted; units leave
    none."""
    if m.has_units or algebra.log is None:
        return form
    terms = []
    for term in form.terms:
        odd = [i for i, p in enumerate(term.powers) if p.denominator > LARGEST_DENOMINATOR and (m.x[i] > 0).all()]
        term = without_fractions(term, lambda _: True) if odd else term
        plain = replace(term, powers=tuple(Fraction(0) if i in odd else p for i, p in enumerate(term.powers)))
        parts = [Axis(i, m.n_inputs, m.x[i], algebra).to(float(term.powers[i])) for i in odd]
        terms.append(reduce(Term.times_term, parts, plain))
    return replace(form, terms=tuple(terms))


def is_usable(shape: Shape, axis: Axis, goal: Goal) -> bool:
    if any(getattr(axis.algebra, word) is None for word in shape.words):
        return False
    if shape.is_positive and axis.low < 0:
        return False
    return not shape.in_logarithms or bool((goal.values > 0).all() or (goal.values < 0).all())


def placed(shape: Shape, axis: Axis, m: Measurements, goal: Goal) -> Iterator[Form]:
    """The forms of a shape at the best places of its grid, with a constant term and without."""
    places = list(shape.grid(axis))
    if not places:
        return
    few = np.unique(np.linspace(0, m.n_rows - 1, min(MOST_ROWS, m.n_rows)).astype(int))
    rows = np.argsort(axis.values, kind="stable")[few]
    target, weights = goal.values[rows], goal.weights[rows]
    if shape.in_logarithms:
        target, weights = np.log(np.abs(target)), weights * np.abs(target)
    x = m.x[:, rows]
    columns = np.array([[t.values(x) for t in shape.terms(axis, *place)] for place in places])
    with_one = np.concatenate([np.ones((len(places), 1, len(rows))), columns], axis=1)
    for design in (with_one,) if shape.in_logarithms else (with_one, columns):
        if design.shape[1] >= len(rows):
            continue
        left, coefficients = solved(design * weights, target * weights)
        for i in apart(left, places):
            found = coefficients[i].tolist()
            constant = found.pop(0) if design is with_one else 0.0
            form = written(shape, axis, places[i], constant, found, goal)
            if form is not None:
                yield form


def solved(designs: Floats, target: Floats) -> tuple[Floats, Floats]:
    """What least squares leave of a target `(n_rows,)` and the coefficients, for designs `(n, n_columns, n_rows)`."""
    with np.errstate(all="ignore"):
        sizes = np.linalg.norm(designs, axis=2)
        good = np.isfinite(sizes).all(axis=1) & (sizes > 0).all(axis=1)
        unit = np.where(good[:, None, None], designs / np.where(sizes > 0, sizes, 1.0)[:, :, None], 0.0)
    unit[~good, :, : unit.shape[1]] = np.eye(unit.shape[1])
    q, r = np.linalg.qr(unit.transpose(0, 2, 1))
    along = q.transpose(0, 2, 1) @ target
    left = ((target - (q @ along[:, :, None])[:, :, 0]) ** 2).sum(axis=1)
    steep = np.abs(np.diagonal(r, axis1=1, axis2=2)).min(axis=1)
    good &= steep > SMALLEST
    r[~good] = np.eye(r.shape[1])
    coefficients = np.linalg.solve(r, along[:, :, None])[:, :, 0] / np.where(sizes > 0, sizes, 1.0)
    return np.where(good, left, np.inf), coefficients


def apart(left: Floats, places: Sequence[tuple[float, ...]]) -> list[int]:
    """The best places, the second one where something else than the first was tried."""
    order = [int(i) for i in np.argsort(left, kind="stable") if np.isfinite(left[i])]
    chosen: list[int] = []
    for i in order:
        if len(chosen) == MOST_STARTS:
            break
        if all(abs(i - j) > max(1, NEAR_PLACES * len(places)) for j in chosen):
            chosen.append(i)
    return chosen


def written(
    shape: Shape, axis: Axis, place: tuple[float, ...], constant: float, coefficients: list[float], goal: Goal
) -> Form | None:
    """The form of a shape with all its constants; None where one of them is nothing."""
    if shape.is_wave:
        first, second = coefficients
        terms = [shape.terms(axis, *place, -math.atan2(second, first))[0].times(math.hypot(first, second))]
    else:
        terms = [t.times(c) for t, c in zip(shape.terms(axis, *place), coefficients, strict=True)]
    if any(not math.isfinite(t.coefficient) or t.coefficient == 0 for t in terms):
        return None
    if shape.in_logarithms:
        if abs(constant) > LARGEST_EXPONENT:
            return None
        product = axis.number(math.copysign(math.exp(constant), float(goal.values[0])))
        return Form((reduce(Term.times_term, map(axis.exp, terms), product),), textbook=shape.textbook)
    return Form((axis.number(constant), *terms) if constant else tuple(terms), textbook=shape.textbook)


def rationals(axis: Axis, goal: Goal) -> Iterator[Form]:
    """Polynomials over polynomials, linear once multiplied out, the rows weighted by the divisor found before
    (Sanathanan and Koerner, IEEE Trans. Autom. Control 8, 1963)."""
    middle, half = (axis.low + axis.high) / 2, axis.span / 2
    x = (axis.values - middle) / half  # in which powers are far from parallel
    for above, below in RATIONALS:
        if above + below + 1 >= len(x):
            continue
        divisor = np.ones_like(x)
        for _ in range(ITERATIONS):
            columns = np.array([*(x**k for k in range(above + 1)), *(-goal.values * x**k for k in range(1, below + 1))])
            weights = goal.weights / np.maximum(np.abs(divisor), SMALLEST)
            found, *_ = np.linalg.lstsq((columns * weights).T, goal.values * weights, rcond=None)
            divisor = 1 + sum(c * x ** (k + 1) for k, c in enumerate(found[above + 1 :]))
        if (divisor > 0).all() or (divisor < 0).all():
            form = quotient(
                axis, moved(found[: above + 1].tolist(), middle, half), moved([1.0, *found[above + 1 :]], middle, half)
            )
            if form is not None:
                yield form


def moved(coefficients: Sequence[float], middle: float, half: float) -> list[float]:
    """The coefficients of a polynomial in `(x - middle) / half` as one in `x`."""
    inner = np.polynomial.Polynomial([-middle / half, 1 / half])
    return [float(c) for c in np.polynomial.Polynomial(coefficients)(inner).coef]


def quotient(axis: Axis, above: Sequence[float], below: Sequence[float]) -> Form | None:
    """One polynomial over another, the constant of the latter 1; None where it has none."""
    if not all(map(math.isfinite, (*above, *below))) or abs(below[0]) < SMALLEST or not above[0]:
        return None
    over = Form(tuple(axis.power(c / below[0], k) for k, c in enumerate(below)))
    under = Form(tuple(axis.power(c / above[0], k) for k, c in enumerate(above)))
    whole = axis.number(above[0] / below[0])
    return Form((whole.times_term(axis.factor(under)).times_term(axis.factor(over, -1)),), textbook=RATIONAL)


def added(form: Form, other: Form) -> Form:
    """The sum of two forms without words around them; their constant terms are one, and where textbooks have a name for
    both, the sum is called by these."""
    constants = [t for t in (*form.terms, *other.terms) if t.is_constant]
    rest = [t for t in (*form.terms, *other.terms) if not t.is_constant]
    total = sum(t.coefficient for t in constants)
    textbook = None
    if form.textbook and other.textbook:
        (name, parts), (more, others) = form.textbook, other.textbook
        textbook = Textbook(f"{name} + {more}", parts + others)
    return Form((Term(total, constants[0].powers), *rest) if constants and total else tuple(rest), textbook=textbook)
