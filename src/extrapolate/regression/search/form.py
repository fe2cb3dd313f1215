"""Formulas in normal form: sums of terms, each a constant times powers of the inputs times powers of factors.

    Form    a sum of terms, perhaps with a word applied to it
    Term    coefficient * x**a * y**b * ... * form**p * ...

All constants of a formula are coefficients of terms, so that they can be fitted and then made simple, whatever the
shape of the formula. `formula.py` writes a form as an expression.

>>> x_squared = Term(0.5, (Fraction(2),))
>>> Form((x_squared,)).values(np.array([[1.0, 2.0, 3.0]])).tolist()
[0.5, 2.0, 4.5]
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.elementwise import elementwise
from extrapolate.core.word import Primitive

Floats = NDArray[np.float64]
Powers = tuple[Fraction, ...]


@dataclass(frozen=True)
class Term:
    """`factors` are forms with the powers they are raised to."""

    coefficient: float
    powers: Powers
    factors: tuple[tuple[Form, Fraction], ...] = ()

    def values(self, x: Floats) -> Floats:
        result = np.full(x.shape[1], self.coefficient)
        for column, power in zip(x, self.powers, strict=True):
            if power:
                result = result * raised(column, float(power))
        for form, power in self.factors:
            result = result * raised(form.values(x), float(power))
        return result

    def times(self, coefficient: float) -> Term:
        return Term(self.coefficient * coefficient, self.powers, self.factors)

    def times_term(self, other: Term) -> Term:
        """The product of two terms."""
        merged = dict(self.factors)
        for form, power in other.factors:
            merged[form] = merged.get(form, Fraction(0)) + power
        kept = tuple((form, power) for form, power in merged.items() if power)
        powers = tuple(a + b for a, b in zip(self.powers, other.powers, strict=True))
        return Term(self.coefficient * other.coefficient, powers, kept)

    def raised(self, power: Fraction) -> Term:
        """The term to a power; its coefficient must be positive where the power is no whole number."""
        factors = tuple((form, p * power) for form, p in self.factors)
        return Term(self.coefficient ** float(power), tuple(p * power for p in self.powers), factors)


@dataclass(frozen=True)
class Form:
    terms: tuple[Term, ...]
    word: Primitive | None = None

    def values(self, x: Floats) -> Floats:
        """The values on columns `(n_inputs, n_rows)`; NaN or infinite where there is none."""
        total = self.terms[0].values(x)
        for term in self.terms[1:]:
            total = total + term.values(x)
        return total if self.word is None else applied(self.word, total)

    @property
    def flat(self) -> Form:
        """The form without factors that are single terms, which are multiplied out."""
        return replace(self, terms=tuple(flattened(term) for term in self.terms))

    @property
    def coefficients(self) -> list[float]:
        """All constants, outermost first."""
        return list(self._coefficients())

    def _coefficients(self) -> Iterator[float]:
        for term in self.terms:
            yield term.coefficient
            for form, _ in term.factors:
                yield from form._coefficients()

    def with_coefficients(self, coefficients: Sequence[float]) -> Form:
        """The form with other constants, in the order of `coefficients`."""
        return self._with(iter(coefficients))

    def _with(self, left: Iterator[float]) -> Form:
        terms = []
        for term in self.terms:
            first = next(left)
            factors = tuple((form._with(left), power) for form, power in term.factors)
            terms.append(Term(first, term.powers, factors))
        return replace(self, terms=tuple(terms))


def flattened(term: Term) -> Term:
    """The term with factors that are single terms multiplied out."""
    flat = replace(term, factors=())
    for form, power in term.factors:
        inner = form.flat
        (first, *more) = inner.terms
        if inner.word is None and not more and (first.coefficient > 0 or power.denominator == 1):
            flat = flat.times_term(first.raised(power))
        else:
            flat = flat.times_term(Term(1.0, (Fraction(0),) * len(term.powers), ((inner, power),)))
    return flat


def applied(word: Primitive, values: Floats) -> Floats:
    """A word on a column; the second argument of one that takes two is 1, as it is homogeneous."""
    return elementwise(word)(*([values] if len(word.params) == 1 else [values, np.ones_like(values)]))


def raised(base: Floats, power: float) -> Floats:
    """A power, by multiplication where that is exact."""
    if power == 1:
        return base
    if power == -1:
        return 1 / base
    if power == 2:
        return base * base
    return np.sqrt(base) if power == 0.5 else base**power


def prepared(form: Form, x: Floats) -> Callable[[Sequence[float]], Floats]:
    """The values of a form on columns as a function of its constants, in the order of `coefficients`.

    What does not depend on them is computed once.
    """
    places = itertools.count()

    def of_form(inner: Form) -> Callable[[Sequence[float]], Floats]:
        terms = [of_term(term) for term in inner.terms]
        first, rest, word = terms[0], terms[1:], inner.word

        def values(constants: Sequence[float]) -> Floats:
            total = first(constants)
            for term in rest:
                total = total + term(constants)
            return total if word is None else applied(word, total)

        return values

    def of_term(term: Term) -> Callable[[Sequence[float]], Floats]:
        place, column = next(places), Term(1.0, term.powers).values(x)
        factors = [(of_form(inner), float(power)) for inner, power in term.factors]

        def values(constants: Sequence[float]) -> Floats:
            result = constants[place] * column
            for factor, power in factors:
                result = result * raised(factor(constants), power)
            return result

        return values

    return of_form(form)
