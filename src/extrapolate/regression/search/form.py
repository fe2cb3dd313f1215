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
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.elementwise import elementwise
from extrapolate.core.word import Primitive

Floats = NDArray[np.float64]
Powers = tuple[Fraction, ...]
# Exponents that are such fractions are simple.
LARGEST_DENOMINATOR = 4
# How far a word is looked at on both sides for its slope, in parts of what it is applied to.
STEP = 1e-6


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

    @property
    def is_constant(self) -> bool:
        return not self.factors and not any(self.powers)

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


class Valued(Protocol):
    """What has values on columns `(n_inputs, n_rows)`: a form, or another formula with its constants."""

    def values(self, x: Floats) -> Floats: ...


class Textbook(NamedTuple):
    """What textbooks call a shape, and how many parts they need to say so beside its constants."""

    name: str
    parts: float


@dataclass(frozen=True)
class Form:
    """`textbook` is what the whole shape is known as, where textbooks have a name for it."""

    terms: tuple[Term, ...]
    word: Primitive | None = None
    textbook: Textbook | None = field(default=None, compare=False)

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

    @property
    def constant_terms(self) -> frozenset[int]:
        """The places of the constants that are terms by themselves."""
        places = itertools.count()

        def of(form: Form) -> Iterator[int]:
            for term in form.terms:
                place = next(places)
                if term.is_constant:
                    yield place
                for inner, _ in term.factors:
                    yield from of(inner)

        return frozenset(of(self))

    @property
    def exponents(self) -> frozenset[int]:
        """The places of the constants that are exponents of powers."""
        places = itertools.count()

        def of(form: Form) -> Iterator[int]:
            is_exponent = as_power(form) is not None
            for term in form.terms:
                place = next(places)
                if is_exponent:
                    yield place
                for inner, _ in term.factors:
                    yield from of(inner)

        return frozenset(of(self))

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


def as_power(form: Form) -> tuple[Form, float] | None:
    """The base and the exponent of a form that is a power, `exp(p * log(base))`; None for any other."""
    if form.word is None or not form.word.is_exponential or len(form.terms) != 1:
        return None
    (term,) = form.terms
    if any(term.powers) or len(term.factors) != 1:
        return None
    ((inner, power),) = term.factors
    if power != 1 or inner.word is None or not inner.word.is_logarithm:
        return None
    return replace(inner, word=None), term.coefficient


def with_plain_powers(form: Form) -> Form:
    """The form with powers of simple exponents as such: `x ** 2` for `exp(2 * log(x))`."""
    if as_power(form) is not None:
        none = (Fraction(0),) * len(form.terms[0].powers)
        return with_plain_powers(Form((Term(1.0, none, ((form, Fraction(1)),)),)))
    terms = []
    for term in form.terms:
        plain = replace(term, factors=())
        for inner, power in term.factors:
            found = as_power(inner)
            whole = None if found is None else Fraction(found[1]).limit_denominator(LARGEST_DENOMINATOR)
            if found is None:
                inner = with_plain_powers(inner)
            elif whole == found[1]:
                inner, power = with_plain_powers(found[0]), power * whole
            own = Term(1.0, (Fraction(0),) * len(term.powers), ((inner, power),))
            plain = plain.times_term(own)
        terms.append(flattened(plain))
    return replace(form, terms=tuple(terms))


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


def slope_of(word: Primitive, at: Floats, values: Floats) -> Floats:
    """The slope of a word where it has some values."""
    if word.is_exponential:
        return values
    if word.is_logarithm:
        return 1 / at
    step = STEP * np.maximum(np.abs(at), STEP)
    slope: Floats = (applied(word, at + step) - applied(word, at - step)) / (2 * step)
    return slope


def with_slopes(form: Form, x: Floats) -> Callable[[Sequence[float]], tuple[Floats, Floats]]:
    """The values of a form on columns, `(n_rows,)`, and how they change with each of its constants, `(n_constants,
    n_rows)`, as a function of the constants in the order of `coefficients`."""
    places = itertools.count()
    Sloped = tuple[Floats, list[Floats]]

    def of_form(inner: Form) -> Callable[[Sequence[float]], Sloped]:
        terms, word = [of_term(term) for term in inner.terms], inner.word

        def values(constants: Sequence[float]) -> Sloped:
            parts = [term(constants) for term in terms]
            total = sum((part for part, _ in parts[1:]), parts[0][0])
            slopes = [slope for _, own in parts for slope in own]
            if word is None:
                return total, slopes
            result = applied(word, total)
            outer = slope_of(word, total, result)
            return result, [outer * slope for slope in slopes]

        return values

    def of_term(term: Term) -> Callable[[Sequence[float]], Sloped]:
        place, column = next(places), Term(1.0, term.powers).values(x)
        factors = [(of_form(inner), float(power)) for inner, power in term.factors]

        def values(constants: Sequence[float]) -> Sloped:
            inner = [(*factor(constants), power) for factor, power in factors]
            sizes = [raised(base, power) for base, _, power in inner]
            whole = column
            for size in sizes:
                whole = whole * size
            slopes = [whole]
            for i, (base, own, power) in enumerate(inner):
                others = constants[place] * column
                for j, size in enumerate(sizes):
                    others = others * size if i != j else others
                outer = others * (1.0 if power == 1 else power * raised(base, power - 1))
                slopes += [outer * slope for slope in own]
            return constants[place] * whole, slopes

        return values

    sloped = of_form(form)

    def values(constants: Sequence[float]) -> tuple[Floats, Floats]:
        result, slopes = sloped(constants)
        return result, np.array(slopes)

    return values
