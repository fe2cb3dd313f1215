"""The constants of a law as a scientist lists them: each number that was fitted, with its standard error and its unit.

A constant takes the unit that makes the law consistent: `64` in `21 + 64 * exp(-0.074 * t)` is in the unit of the
target, `0.074` in the reciprocal of that of `t`. Standard errors are those of the fit, before any constant was made
simple.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from extrapolate.core.units import unit_text
from extrapolate.regression.search.constants import is_scaled_by
from extrapolate.regression.search.form import Form, Term, as_power
from extrapolate.regression.search.formula import Constant

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
    constants: Sequence[Constant],
    error_of_sum: Callable[[Mapping[int, float]], float],
    units: Sequence[str],
) -> list[Quantity]:
    """Constants of a form as they are written, with their standard errors and units.

    `error_of_sum` gives the standard error of a sum of coefficients times factors, by their places. `units` are those
    of the inputs and then of the target; none where they are not known.
    """
    found = list(Units(units[:-1]).of_sum(form, of_text(units[-1]))) if units else []
    listed = []
    for constant in constants:
        error = error_of_sum(constant.slopes)
        unit = reduce(product, (found[place] for place in constant.factors)) if found else NO_UNIT
        if math.isfinite(error):
            listed.append(Quantity(constant.value, error, unit_text(unit), constant.name))
    return listed


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
            own = product(inside, self.natural(term), -1)
            takes_it = [is_scaled_by(term, factor) for factor, _ in term.factors]  # where 1 stands before it
            yield NO_UNIT if any(takes_it) else own
            for i, (factor, power) in enumerate(term.factors):
                more = product(NO_UNIT, own, 1 / float(power)) if takes_it[i] and not any(takes_it[:i]) else NO_UNIT
                yield from self.of_factor(factor, more)

    def of_factor(self, form: Form, more: Unit) -> Iterator[Unit]:
        """The units of the constants of a factor, which is in some unit more than that of its first term."""
        power = as_power(form)
        if power is not None:
            base, _ = power
            yield NO_UNIT  # the exponent
            yield from self.of_sum(base, self.base(base))
        elif form.word is not None:
            yield from self.of_sum(form, NO_UNIT)
        else:
            yield from self.of_sum(form, product(more, self.natural(form.terms[0])))

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


def product(a: Unit, b: Unit, power: float = 1.0) -> Unit:
    """A unit times another one to a power."""
    powers = {u: a.get(u, 0.0) + power * b.get(u, 0.0) for u in (*a, *b)}
    return {u: p for u, p in powers.items() if abs(p) > 1e-9}
