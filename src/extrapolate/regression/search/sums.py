"""Laws that are sums of few terms, or one sum over another.

`y = a*t + b*u` is linear in its constants. So is `y = a*t / (1 - b*u)`, once it is written `y = a*t + b*(y*u)`: terms
times the target itself stand among the columns too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from extrapolate.regression.search.columns import Columns
from extrapolate.regression.search.form import Form, Term
from extrapolate.regression.search.measurements import Measurements
from extrapolate.regression.search.selection import Chosen, selections
from extrapolate.regression.search.spans import Span
from extrapolate.regression.search.targets import Target
from extrapolate.search.budget import Meter

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

MOST_TERMS, MOST_ABOVE, MOST_BELOW, MOST_FORMS = 20_000, 2000, 120, 20
LESS_EFFORT, NOTHING, LARGEST_TERM = 0.5, 1e-9, 1e4


class Sums:
    """The laws that are sums and give one target."""

    def __init__(self, m: Measurements, target: Target):
        self.m, self.target = m, target
        self.usable = m.particular(target.dimension) is not None
        self.none = (Fraction(0),) * m.n_inputs
        free = not target.dimension.any()
        self.always = np.ones((int(free), m.n_rows))
        self.span = Span(target.values, self.always, target.weights)

    def forms(self, columns: Columns, cost: int, meter: Meter) -> Iterator[Form]:
        """Forms whose terms cost at most so much, those that fit best."""
        if not self.usable or self.span.is_fitted:
            return
        # Where the terms have a dimension, the cheapest product costs 1 and says nothing yet.
        terms = columns.terms_of(self.target.dimension, cost + bool(self.target.dimension.any()))
        n_terms = min(len(terms), MOST_TERMS)
        values, costs = terms.values[:n_terms], terms.costs[:n_terms]
        for chosen, fitted in self.fitted(values, costs, cost, meter, 1.0):
            above = [terms.term(i).times(c) for i, c in zip(chosen, fitted[1:], strict=True)]
            yield from self.form(above, fitted[0])
        # The target among its own columns fits all too well where there is noise: fractions have places of their own.
        below = columns.terms_of(columns.none, cost - 1)
        n_terms, n_below = min(n_terms, MOST_ABOVE), min(len(below), MOST_BELOW)
        values = np.concatenate([values[:n_terms], self.target.values * below.values[:n_below]])
        costs = np.concatenate([costs[:n_terms], below.costs[:n_below] + 1])
        for chosen, fitted in self.fitted(values, costs, cost, meter, LESS_EFFORT):
            parts = list(zip(chosen, fitted[1:], strict=True))
            under = [below.term(i - n_terms).times(-c) for i, c in parts if i >= n_terms]
            if under:
                yield from self.form([terms.term(i).times(c) for i, c in parts if i < n_terms], fitted[0], under)

    def fitted(
        self, values: Floats, costs: Ids, cost: int, meter: Meter, effort: float
    ) -> Iterator[tuple[Chosen, list[float]]]:
        """The sets of columns that fit best, with a constant and the coefficients of each.

        Not those with terms so large that only rounding errors would be left of them.
        """
        largest = LARGEST_TERM * float(np.abs(self.target.values).max())
        for chosen in selections(self.span, values, costs, cost, meter, effort * self.target.effort)[:MOST_FORMS]:
            coefficients = self.solve(values[list(chosen)])
            sizes = np.abs(values[list(chosen)]).max(axis=1) * np.abs(coefficients[1:])
            if sizes.max() < largest:
                yield chosen, coefficients

    def solve(self, columns: Floats) -> list[float]:
        """The constant term, 0 where there can be none, and the coefficients of columns."""
        fitted = self.span.solve(np.concatenate([self.always, columns]), self.target.values).tolist()
        return [float(c) for c in (fitted if len(self.always) else [0.0, *fitted])]

    def form(self, above: list[Term], constant: float, under: Sequence[Term] = ()) -> Iterator[Form]:
        """The law that is some terms over 1 and others, and the same with a constant before the terms."""
        if abs(constant) > NOTHING * float(np.abs(self.target.values).max()):
            yield from self.form(above, 0.0, under)
            above = [Term(constant, self.none), *above]
        if not above or not all(term.coefficient for term in above):
            return
        if under:
            divisor = (Form((Term(1.0, self.none), *under)), Fraction(-1))
            first = above[0].coefficient
            whole = Form(tuple(term.times(1 / first) for term in above))
            factors = (divisor,) if len(above) == 1 else ((whole, Fraction(1)), divisor)
            single = above[0] if len(above) == 1 else Term(first, self.none)
            above = [single.times_term(Term(1.0, self.none, factors))]
        form = self.target.form(above)
        if form is not None:
            yield form
