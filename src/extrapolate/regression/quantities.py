"""The constants of a law as a scientist lists them: each number that was fitted, with its standard error and its unit.

A constant takes the unit that makes the law consistent: `64` in `21 + 64 * exp(-0.074 * t)` is in the unit of the
target, `0.074` in the reciprocal of that of `t`. Standard errors are those of the fit, before any constant was made
simple.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from extrapolate.core.units import unit_text
from extrapolate.regression.search.form import Form, Term, as_power

Unit = Mapping[str, float]
NO_UNIT: Unit = {}


@dataclass(frozen=True)
class Quantity:
    """A constant of a law: its value, its standard error, its unit, "" for none, and its name in a form that was given,
    or the texts it is of where it differs between these, "" in any other."""

    value: float
    error: float
    unit: str
    name: str = ""

    def __str__(self) -> str:
        written = f"{self.value:.6g} ± {self.error:.2g} {self.unit}".rstrip()
        return f"{self.name} = {written}" if self.name else written


def quantities(
    form: Form,
    constants: Sequence[tuple[str, tuple[int, ...]]],
    error_of_sum: Callable[[Sequence[int]], float],
    units: Sequence[str],
) -> list[Quantity]:
    """Constants of a form, each the sum of the coefficients in some places, with its name and standard error.

    `units` are those of the inputs and then of the target; none where they are not known.
    """
    found = list(Units(units[:-1]).of_sum(form, of_text(units[-1]))) if units else []
    values = form.coefficients
    return [
        Quantity(sum(values[i] for i in places), error, unit_text(found[places[0]]) if found else "", name)
        for name, places in constants
        if math.isfinite(error := error_of_sum(places))
    ]


@dataclass(frozen=True)
class Units:
    """The units that the constants of a form take, in the order of its coefficients, from those of the inputs."""

    inputs: Sequence[str]

    def of_sum(self, form: Form, wanted: Unit) -> Iterator[Unit]:
        """The units of the constants of a form that is in some unit; inside a word all is without one."""
        inside = wanted if form.word is None else NO_UNIT
        if form.word is not None and form.word.is_logarithm and abs(form.terms[0].coefficient) == 1:
            inside = self.natural(form.terms[0])  # of a quantity over its unit
        for term in form.terms:
            yield product(inside, self.natural(term), -1)
            for factor, _ in term.factors:
                yield from self.of_factor(factor)

    def of_factor(self, form: Form) -> Iterator[Unit]:
        power = as_power(form)
        if power is not None:
            base, _ = power
            yield NO_UNIT  # the exponent
            yield from self.of_sum(base, self.base(base))
        elif form.word is not None:
            yield from self.of_sum(form, NO_UNIT)
        else:
            yield from self.of_sum(form, self.natural(form.terms[0]))

    def natural(self, term: Term) -> Unit:
        """The unit of a term but for its coefficient."""
        unit: Unit = NO_UNIT
        for name, power in zip(self.inputs, term.powers, strict=True):
            unit = product(unit, of_text(name), float(power))
        for form, power in term.factors:
            unit = product(unit, self.of_whole(form), float(power))
        return unit

    def of_whole(self, form: Form) -> Unit:
        """The unit of a factor: of a sum that of its first term, as that begins with 1."""
        power = as_power(form)
        if power is not None:
            base, exponent = power
            return product(NO_UNIT, self.base(base), exponent)
        return self.natural(form.terms[0]) if form.word is None else NO_UNIT

    def base(self, form: Form) -> Unit:
        """The unit of the base of a power, none where a constant before it takes the unit."""
        return self.natural(form.terms[0]) if abs(form.terms[0].coefficient) == 1 else NO_UNIT


def of_text(unit: str) -> Unit:
    return {unit: 1.0} if unit and unit != "1" else NO_UNIT


def product(a: Unit, b: Unit, power: float) -> Unit:
    """A unit times another one to a power."""
    powers = {u: a.get(u, 0.0) + power * b.get(u, 0.0) for u in (*a, *b)}
    return {u: p for u, p in powers.items() if abs(p) > 1e-9}
