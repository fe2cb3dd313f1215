"""Forms written as expressions, the way a person would write them.

Sums are freed of fractions inside, roots are gathered under one sign, constants are written as fractions and multiples
of pi where they are such, and what divides stands below.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial, reduce
from typing import NamedTuple

from extrapolate.core.expression import Apply, Expr, Literal, literal_of
from extrapolate.core.language import Algebra
from extrapolate.core.reals import MOST_DIGITS, TOLERANCE, digits_of
from extrapolate.core.types import FLOAT, TEXT
from extrapolate.core.word import Primitive
from extrapolate.kinds.lookups import lookup_of
from extrapolate.regression.search.constants import parts_of, radicand
from extrapolate.regression.search.form import LARGEST_DENOMINATOR, Form, Powers, Term, as_power

# What a sum may be multiplied by so that its constants are whole; others stay decimals.
WHOLE_SCALES = (1, 2, 3, 4, 6)
# A number with so few digits is written with a point rather than as a fraction of two numbers above 1.
FEW_DIGITS = 2
# A number that agrees in eleven digits with one of so few is that one.
MOST_OF_ROUNDED = 6
HALF, ONE, NONE = Fraction(1, 2), Fraction(1), Fraction(0)


# The place of a coefficient that is written in another constant.
NOWHERE = -1


# A number that so many texts have, and most of all, is that of any other text too, which are called so.
MANY_TEXTS, OTHERS = 4, "any other"


class Constant(NamedTuple):
    """A constant as it is written: the texts that it is of, where it differs between these, its value, how that changes
    with the coefficients that it is made of, by their places, and the places of those whose units multiply."""

    name: str
    value: float
    slopes: Mapping[int, float]
    factors: tuple[int, ...]


class Writer:
    """Writes forms over some inputs with the words of an algebra."""

    def __init__(self, inputs: Sequence[Expr], algebra: Algebra, *, has_roots: bool = True):
        self.inputs, self.algebra, self.has_roots = inputs, algebra, has_roots

    def expression(self, form: Form) -> Expr:
        power = as_power(form)
        if power is not None:
            base, exponent = power
            return self.raised_to(base, exponent)
        inner = self.sum(form.terms)
        if form.word is None:
            return inner
        others = [number(1.0)] * (len(form.word.params) - 1)
        return apply(form.word, inner, *others)

    def sum(self, terms: Sequence[Term]) -> Expr:
        """Terms added up, those with a minus behind the others, and lookups for what differs between categories."""
        differing = self.differing(terms)
        inside = {i for texts in differing.values() for places in texts.values() for i in places}
        others = [self.turned(term) for i, term in enumerate(terms) if i not in inside]
        above = [self.product(term) for term in others if term.coefficient >= 0]
        above += [self.lookup(terms, texts, key) for key, texts in differing.items()]
        below = [term for term in others if term.coefficient < 0]
        if not above:
            above, below = [self.signed(below[0])], below[1:]
        total = reduce(partial(apply, self.algebra.add), above)
        for term in below:
            total = apply(self.algebra.sub, total, self.product(term.times(-1.0)))
        return total

    def differing(self, terms: Sequence[Term]) -> dict[Expr, dict[str, list[int]]]:
        """By the columns of text, the places of the terms of a sum that are added up for each of the texts.

        The constant of the sum is among those of the first column.
        """
        found: dict[Expr, dict[str, list[int]]] = {}
        for place, term in enumerate(terms):
            category = self.category(term)
            if category is not None:
                table, key = category.args
                assert isinstance(table, Literal)
                texts = found.setdefault(key, {text: [] for text in table.value})
                for text in (text for text, value in table.value.items() if value):
                    texts[text].append(place)
        for texts in list(found.values())[:1]:
            for places in texts.values():
                places[:0] = [place for place, term in enumerate(terms) if term.is_constant]
        return found

    def lookup(self, terms: Sequence[Term], texts: Mapping[str, Sequence[int]], key: Expr) -> Expr:
        number_of, number_or = self.algebra.number_of, self.algebra.number_or
        assert number_of is not None
        sums = {text: float(sum(terms[i].coefficient for i in places)) for text, places in texts.items()}
        table = {t: float(f"{total:.{MOST_DIGITS}g}") if len(texts[t]) > 1 else total for t, total in sums.items()}
        if number_or is None or not (most := shared_by_most(texts)):
            return apply(number_of, literal_of(table, lookup_of(TEXT, FLOAT)), key)
        others = {text: value for text, value in table.items() if text not in most}
        return apply(number_or, literal_of(others, lookup_of(TEXT, FLOAT)), key, number(table[most[0]]))

    def category(self, term: Term) -> Apply | None:
        """The lookup that a term multiplies by its constant and nothing else; None for any other term."""
        used = [(v, p) for v, p in zip(self.inputs, term.powers, strict=True) if p]
        if term.factors or len(used) != 1:
            return None
        ((symbol, power),) = used
        if power == 1 and isinstance(symbol, Apply) and symbol.word is self.algebra.number_of:
            return symbol
        return None

    def constants(self, form: Form, free: Sequence[int]) -> list[Constant]:
        """The constants of a form as they are written, in their order, of which a coefficient is in one of the places
        that are free."""
        found: list[tuple[int, Constant]] = []
        first = 0

        def visit(inner: Form, outer: tuple[int, float] | None) -> None:
            nonlocal first
            own: list[int] = []
            for term in inner.terms:
                place = first
                own.append(place)
                first += 1
                inside = self.taking(term)
                for factor, _ in term.factors:
                    visit(factor, (place, term.coefficient) if factor is inside else None)
                if inside is not None:
                    own[-1] = NOWHERE
            alone = {i for i, place in enumerate(own) if place != NOWHERE}
            for texts in self.differing(inner.terms).values():
                for places, names in alike(texts).items():
                    alone -= set(places)
                    name = OTHERS if names == shared_by_most(texts) else ", ".join(names)
                    if places:
                        note([(own[i], inner.terms[i].coefficient) for i in places], name, outer)
            for i in alone:
                note([(own[i], inner.terms[i].coefficient)], "", outer)

        def note(parts: list[tuple[int, float]], name: str, outer: tuple[int, float] | None) -> None:
            total, times = sum(value for _, value in parts), 1.0 if outer is None else outer[1]
            slopes = {place: times for place, _ in parts} | ({} if outer is None else {outer[0]: total})
            factors = (parts[0][0], *(() if outer is None else (outer[0],)))
            if not slopes.keys().isdisjoint(free):
                found.append((parts[-1][0], Constant(name, times * total, slopes, factors)))

        visit(form, None)
        return [constant for _, constant in sorted(found, key=lambda pair: pair[0])]

    def taking(self, term: Term) -> Form | None:
        """The factor of a term that takes its coefficient: a constant that differs between categories."""
        return next((f for f, power in term.factors if power == 1 and self.tells_apart(f)), None)

    def turned(self, term: Term) -> Term:
        """The term without a minus where a difference in it can be turned round: `1 / (v - u)` for `-1 / (u - v)`."""
        for i, (form, p) in enumerate(term.factors):
            signs = {math.copysign(1.0, t.coefficient) for t in form.terms}
            is_difference = form.word is None and len(signs) == 2 and not self.differing(form.terms)
            if term.coefficient < 0 and is_difference and p.denominator == 1 and p.numerator % 2:
                other = Form(tuple(t.times(-1.0) for t in form.terms))
                return Term(-term.coefficient, term.powers, (*term.factors[:i], (other, p), *term.factors[i + 1 :]))
        return term

    def signed(self, term: Term) -> Expr:
        if term.coefficient >= 0:
            return self.product(term)
        return self.negated(self.product(term.times(-1.0)))

    def negated(self, positive: Expr) -> Expr:
        """A product or quotient with a minus before its first number or name."""
        if isinstance(positive, Literal):
            return number(-float(positive.value))
        if isinstance(positive, Apply) and positive.word in (self.algebra.mul, self.algebra.divide):
            first, second = positive.args
            return apply(positive.word, self.negated(first), second)
        return apply(self.algebra.negate, positive)

    def product(self, term: Term) -> Expr:
        """A term with a positive coefficient: constants first, then inputs, then factors, over what divides."""
        apart = [(form, p) for form, p in term.factors if self.tells_apart(form)]
        others = tuple(factor for factor in term.factors if factor not in apart)
        inside = self.taking(term)
        if inside is not None:
            scaled = replace(inside, terms=tuple(t.times(term.coefficient) for t in inside.terms))
            apart = [(scaled, p) if form is inside else (form, p) for form, p in apart]
            term = replace(term, coefficient=1.0)
        term = self.merged(without_fractions(replace(term, factors=others), lambda f: not self.differing(f.terms)))
        constant = None if is_decimal(term.coefficient) else parts_of(term.coefficient)
        square = radicand(term.coefficient) if self.has_roots and not term.is_constant else None
        powers: list[tuple[Expr, Fraction]] = []
        if constant is None and square is not None:
            powers.append((number(square), HALF))
        elif constant is None:
            over = float(f"{1 / term.coefficient:.{MOST_DIGITS}g}") if term.coefficient else 0.0
            is_shorter = over and not term.is_constant and digits_of(over) + 1 < digits_of(term.coefficient)
            powers.append((number(over), -ONE) if is_shorter else (number(term.coefficient), ONE))
        else:
            powers += [(number(float(constant.numerator)), ONE), (number(float(constant.denominator)), -ONE)]
            powers += [(number(math.pi), constant.pi), (number(float(constant.root)), HALF)]
        powers += [self.factor(form, p) for form, p in apart]
        powers += [(v, p) for v, p in zip(self.inputs, term.powers, strict=True)]
        powers += [self.factor(form, p) for form, p in term.factors]
        powers = [(e, p) for e, p in powers if p and e != number(1.0)]
        under = [(e, 2 * p) for e, p in powers if p.denominator == 2]
        if not self.has_roots or (len(under) == 1 and abs(under[0][1]) != 1):
            under = []  # `x ** 1.5` is shorter than the root of `x ** 3`
        plain = [(e, p) for e, p in powers if not under or p.denominator != 2]
        above = [self.raised(e, p) for e, p in plain if p > 0]
        below = [self.raised(e, -p) for e, p in plain if p < 0]
        roots = [self.raised(e, p) for e, p in under if p > 0], [self.raised(e, -p) for e, p in under if p < 0]
        if roots[0]:
            above.append(apply(self.algebra.sqrt, self.quotient(*roots)))
        elif roots[1]:
            below.append(apply(self.algebra.sqrt, self.quotient(roots[1], [])))
        return self.quotient(above, below)

    def tells_apart(self, form: Form) -> bool:
        """Whether a sum is a constant that differs between categories, which are words applied to other columns."""
        return form.word is None and all(t.is_constant or self.category(t) for t in form.terms)

    def factor(self, form: Form, p: Fraction) -> tuple[Expr, Fraction]:
        """A factor and its power; a power with a minus stands below."""
        power = as_power(form)
        if power is not None and power[1] * p < 0:
            base, exponent = power
            return self.raised_to(base, -exponent), -abs(p)
        return self.expression(form), p

    def raised_to(self, base: Form, exponent: float) -> Expr:
        return self.raised(self.expression(base), exponent)

    def merged(self, term: Term) -> Term:
        """The term with one exponential for several."""
        exponentials = [(f, p) for f, p in term.factors if f.word is self.algebra.exp and as_power(f) is None]
        if len(exponentials) < 2 and all(p == 1 for _, p in exponentials):
            return term
        inside = tuple(t.times(float(p)) for form, p in exponentials for t in form.terms)
        others = tuple(factor for factor in term.factors if factor not in exponentials)
        return replace(term, factors=(*others, (Form(inside, self.algebra.exp), ONE)))

    def raised(self, base: Expr, power: Fraction | float) -> Expr:
        """A power, whose exponent is written as a fraction where its decimals don't end."""
        if power == 1:
            return base
        whole = Fraction(power).limit_denominator(LARGEST_DENOMINATOR)
        exponent: Expr = number(float(power))
        if whole.denominator == 3 and math.isclose(whole, power, rel_tol=TOLERANCE):
            exponent = apply(self.algebra.divide, number(float(whole.numerator)), number(3.0))
        return apply(self.algebra.power, base, exponent)

    def quotient(self, above: Sequence[Expr], below: Sequence[Expr]) -> Expr:
        top = reduce(lambda a, b: apply(self.algebra.mul, a, b), above) if above else number(1.0)
        if not below:
            return top
        return apply(self.algebra.divide, top, reduce(lambda a, b: apply(self.algebra.mul, a, b), below))


def alike(texts: Mapping[str, Sequence[int]]) -> dict[tuple[int, ...], list[str]]:
    """The texts by the places of the terms that are added up for them."""
    groups: dict[tuple[int, ...], list[str]] = {}
    for text, places in texts.items():
        groups.setdefault(tuple(places), []).append(text)
    return groups


def shared_by_most(texts: Mapping[str, Sequence[int]]) -> list[str]:
    """The texts that share the number of most of many texts, none where there are few or no such number."""
    groups = alike(texts)
    most = max(groups.values(), key=len)
    return most if len(most) >= MANY_TEXTS and len(most) > len(texts) / 2 and len(groups) > 1 else []


def is_decimal(value: float) -> bool:
    """Whether a number is better written with a point, as 1.8 is and a half is not."""
    whole = Fraction(value).limit_denominator(1000)
    return digits_of(value) <= FEW_DIGITS and whole.denominator > 1 < whole.numerator


def apply(word: Primitive, *args: Expr) -> Expr:
    return Apply(word, args, FLOAT)


def number(value: float) -> Literal:
    """A number without the last digits that products and quotients leave: 0.498436, not 0.49843599999999993, and
    59.29, not 59.29000000002728."""
    shorter = ((float(f"{value:.{digits}g}"), most) for digits, most in ((15, MOST_DIGITS), (11, MOST_OF_ROUNDED)))
    short = next((number for number, most in shorter if digits_of(number, 15) <= most), value)
    return Literal(short, FLOAT)


def without_fractions(term: Term, is_plain: Callable[[Form], bool]) -> Term:
    """The term with its plain sums multiplied by what makes all the shortest: `(u + v)`, not `u * (1 + v / u)`; what is
    taken out of one may go into another."""
    for _ in term.factors:
        term = with_whole_sums(term, is_plain)
    return term


def with_whole_sums(term: Term, is_plain: Callable[[Form], bool]) -> Term:
    powers, coefficient, factors = term.powers, term.coefficient, []
    for form, p in term.factors:
        if form.word is not None or len(form.terms) < 2 or not is_plain(form):
            factors.append((form, p))
            continue
        choices = [tuple(NONE for _ in powers), denominators(form), powers_alone(form)]
        best = min(choices, key=lambda u: weight([added(t.powers, u) for t in form.terms]) + size(added(powers, u, -p)))
        scale = whole_scale([t.coefficient for t in form.terms])
        terms = tuple(Term(t.coefficient * scale, added(t.powers, best), t.factors) for t in form.terms)
        powers = added(powers, best, -p)
        coefficient *= scale ** -float(p)
        factors.append((Form(terms), p))
    return Term(coefficient, powers, tuple(factors))


def added(a: Powers, b: Powers, times: Fraction = ONE) -> Powers:
    return tuple(x + times * y for x, y in zip(a, b, strict=True))


def size(powers: Powers) -> Fraction:
    return sum((abs(p) + (p < 0) * HALF for p in powers), NONE)


def weight(every: Sequence[Powers]) -> Fraction:
    """How long a sum is; a fraction in it is worse than one outside: `x / (x + 3)`, not `1 / (1 + 3 / x)`."""
    return sum((size(powers) + any(p < 0 for p in powers) for powers in every), NONE)


def denominators(form: Form) -> Powers:
    """What a sum must be multiplied by so that nothing in it divides."""
    return tuple(max(NONE, *(-t.powers[i] for t in form.terms)) for i in range(len(form.terms[0].powers)))


def powers_alone(form: Form) -> Powers:
    """What a sum must be multiplied by so that its terms have no powers in common, and nothing in it divides."""
    return tuple(-min(t.powers[i] for t in form.terms) for i in range(len(form.terms[0].powers)))


def whole_scale(coefficients: Sequence[float]) -> float:
    """A small number that makes all coefficients whole, 1 where there is none."""
    for scale in WHOLE_SCALES:
        if all(abs(c * scale - round(c * scale)) < 1e-9 and round(c * scale) for c in coefficients):
            return float(scale)
    return 1.0
