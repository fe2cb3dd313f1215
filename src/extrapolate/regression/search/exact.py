"""Exact laws only: the same shapes as in `regression.py`, but nothing is fitted that does not fit to the last digits.

Sub-tasks of a search are many and mostly have no law: so a set of columns is looked at only if its misfit is that of
rounding, few levels are climbed, and no constants are refined.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.language import Algebra
from extrapolate.core.word import Primitive
from extrapolate.regression.search.block import Block, Monomial, sum_of
from extrapolate.regression.search.columns import Columns
from extrapolate.regression.search.form import Form
from extrapolate.regression.search.logarithms import Logarithms
from extrapolate.regression.search.measurements import Measurements
from extrapolate.regression.search.products import Products
from extrapolate.regression.search.selection import CLOSE, distinct
from extrapolate.regression.search.spans import Span
from extrapolate.regression.search.sums import Sums
from extrapolate.regression.search.targets import Target, targets_of
from extrapolate.search.budget import Meter

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

EXACT, DEGREE = 1e-9, 4
MOST_COLUMNS, MOST_BELOW, MOST_LEADING, MOST_SETS = 3000, 60, 400, 6
# Sets of three are looked for among so many columns, more where there are few inputs.
MOST_TRIPLED, FEW_TRIPLED, FEW_INPUTS = 260, 60, 5


def exact_laws(
    m: Measurements, algebra: Algebra, words: Sequence[Primitive], levels: int, meter: Meter
) -> Iterator[Form]:
    """The laws of some measurements that leave nothing but rounding, the simplest first; none after the first level
    that has some."""
    columns = Columns(m, words, DEGREE)
    shapes: list[Products | Sums] = []
    for target in targets_of(m, ()):
        if not target.is_power:
            shapes.append(Products(m, target, algebra.exp))
        shapes.append(Sums(m, target))
    found = False
    with np.errstate(all="ignore"):
        for level in range(1, levels + 1):
            columns.grow()
            for shape in shapes:
                if isinstance(shape, Products):
                    forms = of_product(shape, columns.logarithms, meter)
                else:  # sets of three are many, and looked through once
                    last = level == levels and not shape.target.is_power
                    tripled = (MOST_TRIPLED if m.n_inputs <= FEW_INPUTS else FEW_TRIPLED) if last else 0
                    forms = of_sum(shape, columns, level, tripled, meter)
                for form in forms:
                    if m.misfit(form) < EXACT:
                        found = True
                        yield form
                if found:
                    return


def exact_products(m: Measurements, algebra: Algebra, meter: Meter) -> Iterator[Form]:
    """The laws that leave nothing but rounding and are powers of the inputs, times powers of sums and differences of
    two of them: all of them in a moment."""
    shape = Products(m, Target(m.y, m.weights, m.wanted), algebra.exp)
    if not shape.usable:
        return
    with np.errstate(all="ignore"):
        found = [form for form in shape.laws([]) if m.misfit(form) < EXACT]
        if not found:
            logarithms = Logarithms.of(sums_of_two(m), Block.empty(m.n_rows))
            found = [form for form in with_factors(shape, logarithms, meter) if m.misfit(form) < EXACT]
        yield from found


def sums_of_two(m: Measurements) -> Block:
    """The sums and differences of any two inputs of one dimension."""
    block = Block.empty(m.n_rows)
    inputs = [Monomial(row) for row in np.eye(m.n_inputs).tolist()]
    pairs = [
        (i, j) for i, j in itertools.combinations(range(m.n_inputs), 2) if (m.dimensions[i] == m.dimensions[j]).all()
    ]
    first, second = np.array(pairs, dtype=np.int64).reshape(len(pairs), 2).T
    for sign in (-1.0, 1.0):
        parts = [sum_of((1.0, inputs[i]), (sign, inputs[j])) for i, j in pairs]
        block.add(m.x[first] + sign * m.x[second], 1, parts)
    return block


def of_product(shape: Products, logarithms: Logarithms, meter: Meter) -> Iterator[Form]:
    """Laws that are products of powers, and of one factor or two."""
    if not shape.usable:
        return
    meter.try_(1)
    yield from shape.laws([])
    yield from with_factors(shape, logarithms, meter)


def with_factors(shape: Products, logarithms: Logarithms, meter: Meter) -> Iterator[Form]:
    """Laws that are products of powers and one factor or two."""
    if not shape.span.is_fitted and len(logarithms.columns):
        for chosen in exact_sets(shape.span, logarithms.columns[:MOST_COLUMNS], 0, meter):
            yield from shape.laws([logarithms.column(i) for i in chosen])


def of_sum(shape: Sums, columns: Columns, level: int, tripled: int, meter: Meter) -> Iterator[Form]:
    """Laws that are sums of few terms, and such sums over others; three terms among so many of the cheapest."""
    if not shape.usable or shape.span.is_fitted:
        return
    terms = columns.terms_of(shape.target.dimension, level)
    below = columns.terms_of(columns.none, level - 1)
    n = min(len(terms), MOST_COLUMNS)
    u = min(len(below), MOST_BELOW)
    values = np.concatenate([shape.target.values * below.values[:u], terms.values[:n]])
    order = np.argsort(np.concatenate([below.costs[:u] + 1, terms.costs[:n]]), kind="stable")
    for places in exact_sets(shape.span, values[order], tripled, meter):
        chosen = order[list(places)].tolist()
        constant, *fitted = shape.solve(values[chosen])
        above = [terms.term(i - u).times(c) for i, c in zip(chosen, fitted, strict=True) if i >= u]
        under = [below.term(i).times(-c) for i, c in zip(chosen, fitted, strict=True) if i < u]
        yield from shape.form(above, constant, under)


def exact_sets(span: Span, columns: Floats, tripled: int, meter: Meter) -> list[tuple[int, ...]]:
    """The sets of columns, of one, two or three, that explain a target to the last digits; the smallest that there
    are."""
    directions, places = span.directions(columns)
    kept = distinct(directions)
    directions, places = directions[kept], places[kept]
    if not len(directions):
        return []
    meter.try_(len(directions))
    misfits = span.singles(directions)
    found: list[tuple[float, tuple[int, ...]]] = [
        (float(misfits[i]), (int(i),)) for i in np.argsort(misfits)[:MOST_SETS]
    ]
    if found[0][0] >= CLOSE and len(directions) > 1:
        leading = np.arange(min(len(directions), MOST_LEADING))
        meter.try_(len(leading) * len(directions))
        found = [(misfit, (i, j)) for misfit, i, j in span.pairs(directions, leading, MOST_SETS)]
    few = min(len(directions), tripled)
    if (not found or found[0][0] >= CLOSE) and few > 2:
        meter.try_(few**3 // 6)
        found = [(misfit, chosen) for misfit, chosen in span.triples(directions[:few], MOST_SETS)]
    return [tuple(places[list(chosen)].tolist()) for misfit, chosen in found if misfit < CLOSE]
