"""Studies: the ways to look at the rows of a task as measurements, each with a writer of formulas over them.

With units, laws are looked for whose dimensions agree by themselves, then as plain numbers whose constants take the
units that are missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.errors import InputError
from extrapolate.core.expression import Expr, Literal
from extrapolate.core.language import Algebra
from extrapolate.core.method import Request
from extrapolate.core.program import Program
from extrapolate.core.task import Task
from extrapolate.core.types import FLOAT
from extrapolate.core.units import Constant, find_constant, parse_unit
from extrapolate.regression.categories import Category, categories_of
from extrapolate.regression.rows import at_the_edge, numbers_of, varying
from extrapolate.regression.search.form import Form, with_plain_powers
from extrapolate.regression.search.formula import Writer
from extrapolate.regression.search.inputs import telling
from extrapolate.regression.search.measurements import Measurements
from extrapolate.regression.search.regression import Regression
from extrapolate.search.budget import Meter

# The share of the time after which the search ends.
SEARCHING = 0.75
# The part of the time for laws whose dimensions agree by themselves, where others may be tried.
STRICT = 0.65


@dataclass(frozen=True)
class Pace:
    """A meter whose shares of the time are shares of a part of it, for a study that is followed by another one."""

    meter: Meter
    end: float

    def is_past(self, share: float) -> bool:
        return self.meter.is_past(share * self.end)


@dataclass(frozen=True)
class Study:
    """One way to look at the rows of a task: as measurements, the edge of which is held out, and a writer of formulas
    over them. The study ends when a part of the time is over, from 0 to 1."""

    task: Task
    every: Measurements
    edge: NDArray[np.bool_]
    writer: Writer
    places: tuple[int, ...]
    request: Request
    end: float
    categories: tuple[Category, ...] = ()
    notes: tuple[str, ...] = ()

    def search(self, m: Measurements, meter: Meter) -> Regression:
        """A search for laws in some of the rows that has what the request allows and nothing else."""
        allows = self.allows if self.request.is_restricted else None
        return Regression(m, self.request.language, meter, allows)

    def allows(self, form: Form) -> bool:
        """Whether a form over the numbers may be a law, whatever is made of it over the categories."""
        own = {self.task.inputs[place].name for place in self.places}
        return replace(self.request, using=self.request.using & own).allows(self.program(form))

    def program(self, form: Form) -> Program:
        return self.of_given(self.every.in_given_units(form))

    def of_given(self, form: Form) -> Program:
        """The program of a form over the columns as they were given."""
        task, language = self.task, self.request.language
        expr = self.writer.expression(with_plain_powers(form))
        return Program(expr, task.inputs, FLOAT, task.name, language.name, units=task.units, costs=language.costs)

    def pace(self, meter: Meter) -> Pace:
        meter.share = SEARCHING * self.end
        budget = meter.budget.programs
        meter.ceiling = None if budget is None or self.end == 1 else int(self.end * budget)
        return Pace(meter, self.end)


def studies(task: Task, request: Request, algebra: Algebra) -> Iterator[Study]:
    """The ways to look at a task: as its dimensions have it, where they allow a law, then as plain numbers."""
    changing = varying(task)
    constants = [find_constant(name) for name in dict.fromkeys(request.constants)]
    strict = None
    if task.units:
        try:
            strict = study_of(
                task, request, algebra, changing, constants, STRICT if request.dimensional_constants else 1.0
            )
        except InputError:
            if not request.dimensional_constants:
                raise
    if strict is not None:
        yield strict if strict.every.has_units else replace(strict, end=1.0)
    if strict is None or (request.dimensional_constants and strict.every.has_units):
        plain = replace(task, units=without_dimensions(task.units))
        study = study_of(plain, request, algebra, varying(plain), () if task.units else constants, 1.0)
        yield replace(study, task=task)


def without_dimensions(units: Sequence[str]) -> tuple[str, ...]:
    """Those of plain numbers alone, as degrees are, which waves need in radians; none where there is none of them."""
    read = [parse_unit(unit) for unit in units]
    plain = tuple(unit.text if not unit.dimension and unit.factor != 1 else "" for unit in read)
    return plain if any(plain) else ()


def study_of(
    task: Task, request: Request, algebra: Algebra, changing: Sequence[int], constants: Sequence[Constant], end: float
) -> Study:
    places = list(changing)
    every = Measurements.of(task, task.labelled, places, constants)
    if not every.has_units and not constants:
        used = [i for i, place in enumerate(changing) if task.inputs[place].name in request.using]
        places = [changing[i] for i in sorted({*telling(every), *used})]
        every = every if places == changing else Measurements.of(task, task.labelled, places, constants)
    symbols: list[Expr] = [*(task.inputs[i] for i in places), *(Literal(c.value, FLOAT) for c in constants)]
    constant = [task.columns[i] for i in numbers_of(task) if i not in changing]
    said = [f"column {c} is constant, so nothing can be learned of it, and is left out" for c in constant]
    if len(places) < len(changing):
        names = ", ".join(task.columns[i] for i in places)
        said.append(f"a law was looked for in the {len(places)} of {len(changing)} columns that tell most: {names}")
    has_lookups = algebra.number_of in request.language.words
    return Study(
        task,
        every,
        at_the_edge(every),
        Writer(symbols, algebra, has_roots=algebra.sqrt in request.language.words),
        tuple(places),
        request,
        end,
        tuple(categories_of(task)) if has_lookups else (),
        tuple(said),
    )
