"""Laws that are products: powers of the inputs times powers of factors.

The logarithm of such a law is a sum: powers are coefficients, and need no search. The logarithms of all inputs always
take part; one, two or three factors are looked for among all that are known.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from extrapolate.primitive import Primitive
from extrapolate.search.meter import Meter
from extrapolate.search.regression.block import Block, as_term
from extrapolate.search.regression.columns import Columns
from extrapolate.search.regression.form import Form, Term
from extrapolate.search.regression.measurements import Measurements
from extrapolate.search.regression.selection import selections
from extrapolate.search.regression.spans import Span
from extrapolate.search.regression.targets import Target

Floats = NDArray[np.float64]

HIGHEST_POWER = 9
# How many of the best sets of factors are tried, and how many laws made of them.
MOST_SETS, MOST_FORMS = 80, 20
# How far a fitted power may be from a whole or half one, and from another simple fraction.
NEAR_HALF, NEAR_FRACTION = 0.05, 0.02


class Column(NamedTuple):
    """A column of logarithms: of a factor, or the exponent of an exponential."""

    cost: int
    block: Block
    place: int
    is_exponent: bool
    logarithms: Floats


class Products:
    """The laws that are products and give one target."""

    def __init__(self, m: Measurements, target: Target, exp: Primitive):
        self.m, self.target, self.exp = m, target, exp
        self.usable = bool((target.values != 0).all())
        start = m.particular(target.dimension)
        if start is None or not self.usable:
            self.usable = False
            return
        self.start: Floats = start
        self.logarithms = np.log(np.abs(target.values)) - start @ m.logs
        self.always = np.concatenate([np.ones((1, m.n_rows)), m.groups @ m.logs])
        self.span = Span(self.logarithms, self.always, target.weights * np.abs(target.values))

    def forms(self, columns: Columns, cost: int, meter: Meter) -> Iterator[Form]:
        """Forms with factors of at most this cost, those that fit best."""
        if not self.usable:
            return
        yield from self.form([])
        if self.span.is_fitted:
            return
        found = self.columns(columns)
        if not found:
            return
        logarithms = np.array([c.logarithms for c in found])
        costs = np.array([c.cost for c in found])
        sets = selections(self.span, logarithms, costs, cost, meter, self.target.effort)
        made = (form for chosen in sets[:MOST_SETS] for form in self.form([found[i] for i in chosen]))
        yield from itertools.islice(made, MOST_FORMS)

    def columns(self, columns: Columns) -> list[Column]:
        """All factors and exponents, the cheapest first."""
        factors, exponents = columns.factors, columns.exponents
        with np.errstate(all="ignore"):
            logarithms = np.log(np.abs(factors.values))
        found = [Column(int(factors.costs[i]), factors, i, False, logarithms[i]) for i in range(len(factors))]
        for i in range(len(exponents)):
            found.append(Column(int(exponents.costs[i]), exponents, i, True, exponents.values[i]))
        return sorted(found, key=lambda column: column.cost)

    def form(self, chosen: Sequence[Column]) -> Iterator[Form]:
        """The law with these factors, their powers made simple, if there is one."""
        fitted = self.solve(chosen, self.logarithms)[len(self.always) :]
        powers = [None if c.is_exponent else Fraction(round(2 * p), 2) for c, p in zip(chosen, fitted, strict=True)]
        if any(p is not None and not 0 < abs(p) <= HIGHEST_POWER for p in powers):
            return
        rest = self.logarithms
        for column, power in zip(chosen, powers, strict=True):
            if power is not None:
                rest = rest - float(power) * column.logarithms
        exponents = [c for c in chosen if c.is_exponent]
        fitted = self.solve(exponents, rest)
        own = self.simple_powers(self.start + fitted[1 : len(self.always)] @ self.m.groups)
        if own is None:
            return
        term = Term(1.0, own)
        scales = iter(self.scales(exponents, rest - (np.array(own, dtype=float) - self.start) @ self.m.logs))
        for column, power in zip(chosen, powers, strict=True):
            part = column.block.term(column.place)
            if power is None:
                term = term.times_term(as_term(Form((part.times(next(scales)),), self.exp)))
                continue
            if power.denominator > 1 and (column.block.values[column.place] < 0).all():
                part = negated(part)
            term = term.times_term(part.raised(power))
        with np.errstate(all="ignore"):
            values = term.values(self.m.x) * self.target.weights
            if not np.isfinite(values).all() or not values.any():
                return
            scale = float(values @ (self.target.values * self.target.weights) / (values @ values))
        form = self.target.form([term.times(scale)])
        if form is not None and scale:
            yield form

    def solve(self, chosen: Sequence[Column], logarithms: Floats) -> Floats:
        columns = np.array([c.logarithms for c in chosen]).reshape(len(chosen), self.m.n_rows)
        return self.span.solve(np.concatenate([self.always, columns]), logarithms)

    def scales(self, exponents: Sequence[Column], rest: Floats) -> list[float]:
        """What exponents are multiplied by, when all powers are settled."""
        if not exponents:
            return []
        columns = np.array([np.ones(self.m.n_rows), *(c.logarithms for c in exponents)])
        return [float(c) for c in self.span.solve(columns, rest)[1:]]

    def simple_powers(self, powers: Floats) -> tuple[Fraction, ...] | None:
        """Simple fractions near fitted powers, of the same dimension; None where there are none.

        Halves, unless others are much nearer: noise shifts fitted powers, and what they should be is seen later.
        """
        simple = [Fraction(round(2 * p), 2) for p in powers.tolist()]
        if max(abs(powers - np.array(simple, dtype=float))) > NEAR_HALF:
            finer = [Fraction(p).limit_denominator(4) for p in powers.tolist()]
            if max(abs(powers - np.array(finer, dtype=float))) < NEAR_FRACTION:
                simple = finer
        off = self.m.dimensions.T @ (np.array(simple, dtype=float) - self.start)
        fits = not off.size or float(np.abs(off).max()) < 1e-6
        return tuple(simple) if fits and max(map(abs, simple)) <= HIGHEST_POWER else None


def negated(part: Term) -> Term:
    """A factor with the other sign, so that it can have a root."""
    (form, power), *_ = part.factors
    return as_term(Form(tuple(t.times(-1.0) for t in form.terms))) if form.word is None and power == 1 else part
