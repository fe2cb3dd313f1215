"""Measurements: the rows of a task as arrays, in units that fit together, with what dimensions allow.

Columns are converted to SI base units, where laws have their plain constants; `in_given_units` brings a formula back. A
column without units whose numbers are very large or small is scaled by a power of ten.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.errors import InputError
from extrapolate.core.task import Row, Task
from extrapolate.core.units import NO_UNIT, Constant, Unit, dimension_matrix, parse_unit
from extrapolate.regression.search.digits import last_digits, own_digits
from extrapolate.regression.search.form import Form, Term, as_power

Floats = NDArray[np.float64]

# Numbers within so many powers of ten of 1 are left as they are.
PLAIN_EXPONENT = 3
SMALLEST = 1e-300
# What is nearer than that is exact, and no nearer for being computed with less rounding.
SMALLEST_MISFIT = 1e-11
# Where standard errors are known, rows that are missed by such a part of them are as good as met.
PART_OF_ERRORS = 0.3
# The standard deviation of what rounding takes, in units of the last digit.
UNIFORM = 12**-0.5
# Where the target varies so much, its errors may be in proportion to it.
WIDE = 10.0
NEAR = 1e-9


@dataclass(frozen=True)
class Measurements:
    """`x` is `(n_inputs, n_rows)` and `y` `(n_rows,)`, both multiplied by their `factors`; rows weigh `weights`. Beyond
    that, `offsets` were added, as temperatures need. Where it `knows_errors`, weights are one over standard errors;
    where inputs have some too, `errors` are those of the inputs and then of the target, `(n_inputs + 1, n_rows)`.

    `dimensions` are `(n_inputs, n_dimensions)` and `wanted` `(n_dimensions,)`, with no dimensions where no units are
    known; where it `is_scaled` they are what the rows tell of units, which constants may have. With `is_relative`
    errors are in proportion to the target, with `is_counted` they are those of counts.
    """

    x: Floats
    y: Floats
    weights: Floats
    factors: Floats
    y_factor: float
    dimensions: Floats
    wanted: Floats
    is_relative: bool = False
    is_counted: bool = False
    offsets: Floats | None = None
    y_offset: float = 0.0
    knows_errors: bool = False
    errors: Floats | None = None
    is_scaled: bool = False
    typical: float | None = None

    @classmethod
    def of(cls, task: Task, rows: Sequence[Row], places: Sequence[int], constants: Sequence[Constant]) -> Measurements:
        """Labelled rows of a task as arrays: the inputs in some places, and below them constants.

        InputError for a target that no product of these can make.
        """
        x = np.array([[float(row.inputs[i]) for row in rows] for i in places]).reshape(len(places), len(rows))
        y = np.array([float(row.output) for row in rows])
        errors = np.array([task.errors.get(row.number, 1.0) for row in rows])
        if task.units:
            units = [parse_unit(task.units[i]) for i in places]
            target = parse_unit(task.units[-1])
            factors, y_factor = np.array([u.factor for u in units]), target.factor
            if not any(u.dimension for u in (*units, target)):
                own = [plain_factor(column) if f == 1 else f for column, f in zip(x, factors.tolist(), strict=True)]
                factors, y_factor = np.array(own), plain_factor(y) if y_factor == 1 else y_factor
            offsets, y_offset = np.array([u.offset for u in units]), target.offset
        else:
            offsets, y_offset = np.zeros(len(places)), 0.0
            units, target = [NO_UNIT] * len(places), NO_UNIT
            factors, y_factor = np.array([plain_factor(column) for column in x]), plain_factor(y)
        x = np.concatenate(
            [x * factors[:, None] + offsets[:, None], *(np.full((1, len(rows)), c.value) for c in constants)]
        )
        factors = np.concatenate([factors, np.ones(len(constants))])
        of_inputs = [task.input_errors.get(task.inputs[i].name, {}) for i in places] + [{} for _ in constants]
        every = np.array([[own.get(row.number, 0.0) for row in rows] for own in of_inputs]) * factors[:, None]
        units += [c.unit for c in constants]
        _, matrix = dimension_matrix([*units, target] if task.units else [NO_UNIT] * (len(units) + 1))
        powers = np.array([[float(p) for p in row] for row in matrix]).reshape(len(units) + 1, -1)
        y = y * y_factor + y_offset
        shifts = np.concatenate([offsets, np.zeros(len(constants))]) if offsets.any() else None
        dims = powers[:-1], powers[-1]
        made = cls(
            x,
            y,
            1 / errors,
            factors,
            y_factor,
            *dims,
            offsets=shifts,
            y_offset=y_offset,
            knows_errors=bool(task.errors),
            errors=np.concatenate([every, [errors * abs(y_factor)]]) if every.any() else None,
        )
        if made.particular(made.wanted) is None:
            names = [*(task.columns[i] for i in places), *(c.name for c in constants)]
            raise InputError(unreachable(task.target, target, names, units))
        return made

    @property
    def with_relative_errors(self) -> Measurements | None:
        """The same with errors in proportion to the target; None where they are known, or it is near 0 or does not vary
        much."""
        size = np.abs(self.y)
        if self.knows_errors or (not (self.y > 0).all() and not (self.y < 0).all()):
            return None
        if size.max() < WIDE * size.min():
            return None
        return replace(self, weights=self.weights / size, is_relative=True)

    @property
    def with_errors_of_counts(self) -> Measurements | None:
        """The same with the errors of counts, whose variance is what they are (Poisson); None where errors are known,
        the target is no count or does not vary much."""
        given = self.given_target
        if self.knows_errors or (given < 0).any() or (given != np.round(given)).any():
            return None
        if given.max() < WIDE * max(given.min(), 1.0):
            return None
        return replace(self, weights=self.weights / np.sqrt(np.maximum(given, 1.0)), is_counted=True)

    def with_rounding(self, scatter: float) -> Measurements:
        """The same, of errors in proportion to the target by such a part of it, with those that rounding adds to small
        numbers of few digits: such rows weigh less."""
        rounding = UNIFORM * own_digits(self.given_target) * abs(self.y_factor)
        return replace(self, weights=self.weights / np.hypot(1.0, rounding / (scatter * np.abs(self.y))))

    @property
    def given_target(self) -> Floats:
        """The target as it was given, without what a conversion leaves in the last digits."""
        return np.array([tidied(y) for y in ((self.y - self.y_offset) / self.y_factor).tolist()])

    @property
    def known_errors(self) -> Floats:
        """The standard errors of the rows in units of the target as it was given, 0 where they are not known."""
        return 1 / self.weights if self.knows_errors else np.zeros(self.n_rows)

    @property
    def typical_target(self) -> float:
        """The root of the mean squared target as it was given and measured, wherever rows were moved."""
        given = (self.y - self.y_offset) / self.y_factor  # whose size is the same in all units
        return float(np.sqrt(np.mean(given**2))) if self.typical is None else self.typical

    @property
    def scatter_bits(self) -> float:
        """What the weights themselves say of the residuals, in bits: laws under other weights compare by it."""
        scale = abs(self.y_factor) * self.typical_target * self.weights / (self.size / math.sqrt(self.n_rows))
        return -float(np.log2(scale).sum())

    @cached_property
    def finest(self) -> float:
        """The smallest misfit that says anything, as the target is known to its last digits, or to a part of its
        standard errors; whole numbers are not taken for rounded ones."""
        if self.knows_errors:
            return max(SMALLEST_MISFIT, PART_OF_ERRORS * math.sqrt(self.n_rows) / self.size)
        given = self.given_target
        if (given == np.round(given)).all():
            return SMALLEST_MISFIT
        rounding = [float(np.linalg.norm(steps * self.y_factor * self.weights)) for steps in last_digits(given)]
        return max(SMALLEST_MISFIT, min(rounding) * UNIFORM / self.size)

    def rows(self, chosen: NDArray[np.bool_]) -> Measurements:
        errors = None if self.errors is None else self.errors[:, chosen]
        return replace(self, x=self.x[:, chosen], y=self.y[chosen], weights=self.weights[chosen], errors=errors)

    @property
    def n_inputs(self) -> int:
        return len(self.x)

    @property
    def n_rows(self) -> int:
        return len(self.y)

    @property
    def has_units(self) -> bool:
        return int(self.dimensions.shape[1]) > 0

    @property
    def has_rates(self) -> bool:
        """Whether the constants that products of inputs are multiplied by inside words may be any number."""
        return not self.has_units or self.is_scaled

    @property
    def is_converted(self) -> bool:
        """Whether columns were converted by more than powers of ten."""
        return any(f != float(f"1e{round(math.log10(f))}") for f in (*self.factors.tolist(), self.y_factor))

    @cached_property
    def logs(self) -> Floats:
        return np.log(np.maximum(np.abs(self.x), SMALLEST))

    @cached_property
    def signs(self) -> Floats:
        return np.sign(self.x)

    @property
    def size(self) -> float:
        """The weighted norm of the target."""
        return float(np.linalg.norm(self.y * self.weights)) or 1.0

    def rest(self, values: Floats) -> Floats:
        """What values leave of the target, weighted: of its logarithm where errors are in proportion to what is true,
        so that those above it and those below count alike. Not finite where they have another sign."""
        if not self.is_relative:
            return (values - self.y) * self.weights
        with np.errstate(all="ignore"):
            return np.log(values / self.y) * (self.weights * np.abs(self.y))

    def rest_slope(self, values: Floats) -> Floats:
        """How `rest` changes with the values."""
        return self.weights * np.abs(self.y) / values if self.is_relative else self.weights

    def misfit(self, form: Form) -> float:
        """The weighted norm of what a form leaves over that of the target; infinite where it has no value in a row."""
        with np.errstate(all="ignore"):
            rest = self.rest(form.values(self.x))
        return float(np.linalg.norm(rest)) / self.size if np.isfinite(rest).all() else math.inf

    def particular(self, dimension: Floats) -> Floats | None:
        """The powers of one product of the inputs that has a dimension, `(n_inputs,)`; None where none has."""
        if not self.has_units:
            return np.zeros(self.n_inputs)
        solved, *_ = np.linalg.lstsq(self.dimensions.T, dimension, rcond=None)
        powers: Floats = np.round(solved, 12).astype(np.float64)
        return powers if np.abs(self.dimensions.T @ powers - dimension).max() < NEAR else None

    @cached_property
    def groups(self) -> Floats:
        """A basis of the products without dimension, `(n_groups, n_inputs)`."""
        if not self.has_units:
            return np.eye(self.n_inputs)
        _, sizes, right = np.linalg.svd(self.dimensions.T)
        return right[int((sizes > NEAR).sum()) :]

    def as_given(self) -> Measurements:
        """The same over the columns as they were given."""
        ones, offsets = np.ones_like(self.factors), 0.0 if self.offsets is None else self.offsets[:, None]
        x, y = (self.x - offsets) / self.factors[:, None], (self.y - self.y_offset) / self.y_factor
        factors = np.abs([*self.factors, self.y_factor])[:, None]
        errors = None if self.errors is None else self.errors / factors
        return replace(self, x=x, y=y, factors=ones, y_factor=1.0, offsets=None, y_offset=0.0, errors=errors)

    def in_given_units(self, form: Form) -> Form:
        """The form over the columns as they were given."""
        inner = rescaled(form, self.factors, self.offsets)
        none = (Fraction(0),) * self.n_inputs
        if self.y_factor != 1 and form.word is None:
            terms = tuple(replace(t, coefficient=tidied(t.coefficient / self.y_factor)) for t in inner.terms)
            inner = replace(inner, terms=terms)
        elif self.y_factor != 1:
            inner = Form((Term(1 / self.y_factor, none, ((inner, Fraction(1)),)),))
        if self.y_offset:
            inner = without_offset(inner, self.y_offset / self.y_factor)
        return inner if self.offsets is None else multiplied_out(inner)


def without_offset(form: Form, offset: float) -> Form:
    """A form less an offset, which is taken from its constant term where there is one."""
    none = tuple(p * 0 for p in form.terms[0].powers)
    terms = form.terms if form.word is None else (Term(1.0, none, ((form, Fraction(1)),)),)
    total = tidied(sum(t.coefficient for t in terms if t.is_constant) - offset)
    rest = tuple(t for t in terms if not t.is_constant)
    return Form((*rest, Term(total, none)) if total else rest)


def multiplied_out(form: Form) -> Form:
    """A form with sums alone in a term multiplied out, and one constant term: `x + 273.15 - 273.15` is `x`."""
    terms: list[Term] = []
    for term in form.terms:
        alone = len(term.factors) == 1 and not any(term.powers)
        if alone and term.factors[0][0].word is None and term.factors[0][1] == 1:
            terms += [inner.times(term.coefficient) for inner in term.factors[0][0].terms]
        else:
            terms.append(term)
    constants = [t for t in terms if t.is_constant]
    rest = [t for t in terms if not t.is_constant]
    total = tidied(sum(t.coefficient for t in constants))
    return replace(form, terms=(*rest, constants[0].times(total / constants[0].coefficient)) if total else tuple(rest))


def rescaled(form: Form, factors: Floats, offsets: Floats | None = None) -> Form:
    """The form with each input multiplied by its factor, and its offset added."""
    terms = []
    for term in form.terms:
        scale, powers, shifted = 1.0, list(term.powers), []
        for i, (factor, power) in enumerate(zip(factors, term.powers, strict=True)):
            scale *= float(factor) ** float(power)
            if power and offsets is not None and offsets[i]:
                powers[i] = Fraction(0)
                shifted.append((plus(i, len(powers), float(offsets[i] / factor)), power))
        inner = []
        for own, power in term.factors:
            plain, by = begun_as(own, rescaled(own, factors, offsets))
            inner.append((plain, power))
            scale *= by ** float(power)
        terms.append(Term(tidied(term.coefficient * scale), tuple(powers), (*inner, *shifted)))
    return replace(form, terms=tuple(terms))


def begun_as(before: Form, after: Form) -> tuple[Form, float]:
    """A factor after its inputs were scaled, and what it was divided by: a sum that began with 1 or -1 does so again,
    as in `x - 7.26` for `1e-6 * x - 7.26e-6`, and so does the base of a power."""
    powers = as_power(before), as_power(after)
    if powers[0] is not None and powers[1] is not None:
        base, by = begun_as(powers[0][0], powers[1][0])
        (outer,) = after.terms
        ((logarithm, whole),) = outer.factors
        changed = replace(outer, factors=((replace(base, word=logarithm.word), whole),))
        return replace(after, terms=(changed,)), by ** powers[1][1]
    by = abs(after.terms[0].coefficient)
    if before.word is not None or abs(before.terms[0].coefficient) != 1 or by in (0, 1):
        return after, 1.0
    return replace(after, terms=tuple(replace(t, coefficient=tidied(t.coefficient / by)) for t in after.terms)), by


def plus(place: int, width: int, number: float) -> Form:
    """An input plus a number."""
    own = tuple(Fraction(i == place) for i in range(width))
    return Form((Term(1.0, own), Term(tidied(number), (Fraction(0),) * width)))


def tidied(value: float) -> float:
    """The number without what conversions there and back leave in its last digits."""
    return float(f"{value:.13g}")


def plain_factor(column: Floats) -> float:
    """1, or the power of ten that brings a column of very large or small numbers near 1."""
    sizes = np.abs(column[column != 0])
    if not len(sizes):
        return 1.0
    exponent = round(float(np.median(np.log10(sizes))))
    return 1.0 if abs(exponent) <= PLAIN_EXPONENT else float(f"1e{-exponent}")


def unreachable(name: str, target: Unit, names: Sequence[str], units: Sequence[Unit]) -> str:
    """What to say of a target that no product of the inputs can make."""
    shown = ", ".join(f"{n} [{u}]" for n, u in zip(names, units, strict=True))
    missing = sorted(set(target.dimension) - {d for u in units for d in u.dimension})
    why = (
        f"none of them has the dimension {' or '.join(missing)}"
        if missing
        else "their dimensions can't be combined to it"
    )
    return (
        f"{name} [{target}] can't be made of products of {shown}: {why}; add the column that is missing, name a "
        "physical constant that brings it, or leave the units out."
    )
