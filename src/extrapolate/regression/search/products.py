"""Laws that are products: powers of the inputs times powers of factors.

The logarithm of such a law is a sum: powers are coefficients, and need no search. The logarithms of all inputs always
take part; one, two or three factors are looked for among all that are known.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.word import Primitive
from extrapolate.regression.search.block import as_term
from extrapolate.regression.search.columns import Columns
from extrapolate.regression.search.form import Form, Term
from extrapolate.regression.search.logarithms import Logarithm, Logarithms
from extrapolate.regression.search.measurements import Measurements
from extrapolate.regression.search.selection import selections
from extrapolate.regression.search.spans import Span
from extrapolate.regression.search.targets import Target
from extrapolate.search.budget import Meter

Floats = NDArray[np.float64]

HIGHEST_POWER = 9
# How many of the best sets of factors are tried, and how many laws made of them.
MOST_SETS, MOST_FORMS = 80, 30
# In how many ways the powers of a set of factors are made simple.
MOST_CHOICES = 3
# How far a fitted power may be from a whole or half one, and from another simple fraction.
NEAR_HALF, NEAR_FRACTION = 0.05, 0.02


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
        if self.usable:
            yield from self.laws([])
            yield from self.of_logarithms(columns.logarithms, cost, meter)

    def of_logarithms(self, found: Logarithms, cost: int, meter: Meter) -> Iterator[Form]:
        """Forms with some of these factors and exponents, those that fit best."""
        if not self.usable or self.span.is_fitted or not len(found.columns):
            return
        sets = selections(self.span, found.columns, found.costs, cost, meter, self.target.effort)
        made = (form for chosen in sets[:MOST_SETS] for form in self.laws([found.column(i) for i in chosen]))
        yield from itertools.islice(made, MOST_FORMS)

    def laws(self, chosen: Sequence[Logarithm]) -> Iterator[Form]:
        """The laws with these factors, their powers made simple in a few ways."""
        fitted = self.solve(chosen, self.logarithms)[len(self.always) :]
        choices = [[None] if c.is_exponent else factor_powers(p) for c, p in zip(chosen, fitted.tolist(), strict=True)]
        for powers in itertools.islice(itertools.product(*choices), MOST_CHOICES):
            rest = self.logarithms
            for column, power in zip(chosen, powers, strict=True):
                if power is not None:
                    rest = rest - float(power) * column.values
            exponents = [c for c in chosen if c.is_exponent]
            own = self.start + self.solve(exponents, rest)[1 : len(self.always)] @ self.m.groups
            for simple in self.simple_powers(own, few=len(chosen) < 2):
                scales = self.scales(exponents, rest - (np.array(simple, dtype=float) - self.start) @ self.m.logs)
                yield from self.law(Term(1.0, simple), chosen, powers, iter(scales))

    def law(
        self, term: Term, chosen: Sequence[Logarithm], powers: Sequence[Fraction | None], scales: Iterator[float]
    ) -> Iterator[Form]:
        """The law that is a constant times a term and the factors, if it has a value everywhere."""
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
        form = self.target.form([term.times(scale)]) if scale else None
        if form is not None:
            yield form

    def solve(self, chosen: Sequence[Logarithm], logarithms: Floats) -> Floats:
        columns = np.array([c.values for c in chosen]).reshape(len(chosen), self.m.n_rows)
        return self.span.solve(np.concatenate([self.always, columns]), logarithms)

    def scales(self, exponents: Sequence[Logarithm], rest: Floats) -> list[float]:
        """What exponents are multiplied by, when all powers are settled."""
        if not exponents:
            return []
        columns = np.array([np.ones(self.m.n_rows), *(c.values for c in exponents)])
        return [float(c) for c in self.span.solve(columns, rest)[1:]]

    def simple_powers(self, powers: Floats, few: bool) -> Iterator[tuple[Fraction, ...]]:
        """Simple fractions near fitted powers, of the same dimension: halves, others where they are much nearer.

        Where there are few factors, two decimals too: not all powers in the world are simple.
        """
        exact = powers.tolist()
        choices = [tuple(Fraction(round(2 * p), 2) for p in exact)]
        if off(powers, choices[0]) > NEAR_HALF:
            choices.append(tuple(Fraction(p).limit_denominator(4) for p in exact))
            if few and off(powers, choices[1]) > NEAR_FRACTION:
                choices.append(tuple(Fraction(round(p, 2)).limit_denominator(100) for p in exact))
        for simple in choices:
            shift = self.m.dimensions.T @ (np.array(simple, dtype=float) - self.start)
            if max(map(abs, simple)) <= HIGHEST_POWER and float(np.abs(shift).max(initial=0.0)) < 1e-6:
                yield simple


def off(powers: Floats, simple: Sequence[Fraction]) -> float:
    return float(np.abs(powers - np.array(simple, dtype=float)).max())


def factor_powers(fitted: float) -> list[Fraction | None]:
    """The powers that a factor may have: the nearest half, and the nearest whole one."""
    nearest = [Fraction(round(2 * fitted), 2), Fraction(round(fitted) or (1 if fitted > 0 else -1))]
    return [p for p in dict.fromkeys(nearest) if 0 < abs(p) <= HIGHEST_POWER]


def negated(part: Term) -> Term:
    """A factor with the other sign, so that it can have a root."""
    (form, power), *_ = part.factors
    return as_term(Form(tuple(t.times(-1.0) for t in form.terms))) if form.word is None and power == 1 else part
