"""Laws that are sums of few terms, or one sum over another.

`y = a*t + b*u` is linear in its constants. So is `y = a*t / (1 - b*u)`, once it is written `y = a*t + b*(y*u)`: terms
times the target itself stand among the columns too.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from extrapolate.search.meter import Meter
from extrapolate.search.regression.columns import Columns
from extrapolate.search.regression.form import Form, Term
from extrapolate.search.regression.measurements import Measurements
from extrapolate.search.regression.selection import selections
from extrapolate.search.regression.spans import Span
from extrapolate.search.regression.targets import Target

Floats = NDArray[np.float64]

MOST_TERMS, MOST_BELOW, MOST_FORMS = 12_000, 60, 20


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
        terms = columns.terms_of(self.target.dimension, cost + self.m.has_units)
        below = columns.terms_of(columns.none, cost - 1)
        n_terms, n_below = min(len(terms), MOST_TERMS), min(len(below), MOST_BELOW)
        values = np.concatenate([terms.values[:n_terms], self.target.values * below.values[:n_below]])
        costs = np.concatenate([terms.costs[:n_terms], below.costs[:n_below] + 1])
        for chosen in selections(self.span, values, costs, cost, meter, triples=True)[:MOST_FORMS]:
            fitted = self.span.solve(np.concatenate([self.always, values[list(chosen)]]), self.target.values)
            above, under = [], [Term(1.0, self.none)]
            if len(self.always) and abs(fitted[0]) > 1e-9 * float(np.abs(self.target.values).max()):
                above.append(Term(float(fitted[0]), self.none))
            for place, c in zip(chosen, fitted[len(self.always) :].tolist(), strict=True):
                if place < n_terms:
                    above.append(terms.term(place).times(c))
                else:
                    under.append(below.term(place - n_terms).times(-c))
            form = self.target.form(self.over(above, under)) if above and all(t.coefficient for t in above) else None
            if form is not None:
                yield form

    def over(self, above: list[Term], under: list[Term]) -> list[Term]:
        """The terms of one sum divided by another that begins with 1."""
        if len(under) == 1:
            return above
        divisor = (Form(tuple(under)), Fraction(-1))
        if len(above) == 1:
            return [above[0].times_term(Term(1.0, self.none, (divisor,)))]
        first = above[0].coefficient
        whole = Form(tuple(t.times(1 / first) for t in above))
        return [Term(first, self.none, ((whole, Fraction(1)), divisor))]
