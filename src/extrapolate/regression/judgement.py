"""Judgement: from what a formula leaves of the rows of a task to the law that may be claimed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, fdtrc

from extrapolate.core.program import Program
from extrapolate.core.task import Task
from extrapolate.regression.claims import (
    LEAST_INSIDE,
    between_rows,
    claim,
    hardly_varied,
    is_exact_to_digits,
    is_told,
    rows_needed,
)
from extrapolate.regression.law import ROUNDING, Fit, Law
from extrapolate.regression.quantities import Quantity
from extrapolate.regression.search.regression import EXACT
from extrapolate.regression.search.residuals import CHANCE

Floats = NDArray[np.float64]
# Where standard errors are known, a row is right when it is missed by no more than so many of them.
KNOWN_ERRORS = 4.0
# What is left is compared where a law says least and most, in so many parts of the rows, of so many rows each at least.
PARTS, LEAST_IN_A_PART = 3, 4


@dataclass(frozen=True)
class Evidence:
    """What was found of a formula: `rest` is what it leaves in the labelled rows and `rounding` how much of it is that;
    `inside`, `outside` and `structure`, what in it is no noise, are of constants that were fitted without the edge.
    `formula` are the bits of the formula alone, `free` is how many of its constants were fitted, `least_inside` how
    much it should explain, and `comes_again` whether its waves were seen for longer than a turn. `errors` are the
    standard errors of the rows, 0 where they are not known, and `smooth_bits` those of the formula where what it leaves
    is a smooth deviation; `unlikely` are the bits for what is seldom true of a law."""

    program: Program
    rest: Floats
    rounding: Floats
    errors: Floats
    misfit: float
    inside: float
    outside: float | None
    structure: str
    bits: float
    formula: float
    free: int
    constants: tuple[Quantity, ...]
    name: str | None = None
    least_inside: float = LEAST_INSIDE
    comes_again: bool = True
    relative: bool = False
    counted: bool = False
    smooth_bits: float = math.inf
    unlikely: float = 0.0

    @property
    def chi_squared(self) -> float:
        """The sum of squares of what is left in units of the known errors; 0 where there are none."""
        return float(((self.rest / self.errors) ** 2).sum()) if self.errors.all() else 0.0

    @property
    def bits_of_errors(self) -> float:
        """The bits of the formula, what is unlikely of it, and how large known errors are under it."""
        return self.formula + self.unlikely + (float(np.log2(self.errors).sum()) if self.errors.all() else 0.0)


def law_of(found: Evidence, task: Task, edge: NDArray[np.bool_]) -> Law:
    """The law that the evidence allows; `edge` are the labelled rows that were held out."""
    rows = task.labelled
    wrong = ~(np.abs(found.rest) <= np.maximum(found.rounding, KNOWN_ERRORS * found.errors))
    missed = [row for row, bad in zip(rows, wrong.tolist(), strict=True) if bad]
    outputs = [row.output for row in rows]
    if found.misfit < EXACT and (not missed or found.errors.any()):
        kind = Fit.EXACT if is_told(outputs, found.formula) else Fit.ROWS
    elif not found.structure and is_exact_to_digits(found.rest, outputs, found.formula):
        kind, missed = Fit.EXACT, []
    else:
        n_places = len({row.inputs for row in rows})
        kind = claim(not found.structure, found.inside, len(rows), n_places, found.free, found.least_inside)
    against = list(objections(found, task)) if kind in (Fit.NOISE, Fit.ROWS) else []
    kind = Fit.ROWS if kind is Fit.NOISE and against else kind
    said = {Fit.STRUCTURE: [found.structure], Fit.ROWS: [*too_few(found, task), *against]}
    why = "; ".join(said.get(kind, []))
    return Law(
        found.program,
        found.bits,
        tuple(missed),
        tuple(found.program.answer(row.inputs) for row in task.unlabelled),
        error=float(np.sqrt(np.mean(found.rest**2))),
        misfit=found.misfit,
        fit=kind,
        inside=found.inside,
        outside=found.outside,
        held_out=frozenset(row.number for row, out in zip(rows, edge.tolist(), strict=True) if out),
        name=found.name,
        relative=found.relative,
        counted=found.counted,
        smooth_score=min(found.bits, found.smooth_bits),
        chi_squared=found.chi_squared,
        bits_of_errors=found.bits_of_errors,
        why=why,
        constants=tuple(q for q in found.constants if q.name or found.misfit > ROUNDING),
    )


def grows(rest: Floats, sizes: Floats) -> bool:
    """Whether what is left is larger where sizes are the largest than where they are the least, by more than chance has
    it (Goldfeld and Quandt, J. Am. Stat. Assoc. 60, 1965)."""
    n = len(rest) // PARTS
    if n < LEAST_IN_A_PART:
        return False
    squares = (rest[np.argsort(sizes, kind="stable")] / (float(np.abs(rest).max()) or 1.0)) ** 2
    least, most = float(squares[:n].mean()), float(squares[-n:].mean())
    return bool(most > 0 and fdtrc(n, n, most / max(least, EXACT * most)) < CHANCE)


def too_few(found: Evidence, task: Task) -> Iterator[str]:
    """Of how many rows it would take to tell whether a formula that fits is the law, where there are fewer."""
    rows, places = rows_needed(found.free)
    different = len({row.inputs for row in task.labelled})
    if found.misfit < EXACT:
        yield "the numbers say no more than the formula: any few have a curve through them"
    elif len(task.labelled) < rows or different < places:
        given = f"{len(task.labelled)} rows are given, with {different} different inputs"
        yield f"to tell {found.free} constants takes {rows} rows, with {places} different inputs; {given}"


def objections(found: Evidence, task: Task) -> Iterator[str]:
    """What keeps a formula that leaves noise in enough rows from being claimed."""
    if not found.comes_again:
        yield "a wave takes one turn and a half to be told, and three places in each"
    for name, n in hardly_varied(found.program, task).items():
        yield f"rows at {n} different values of {name} can't tell how the law goes on with it; measure at another"
    chi_squared, left = found.chi_squared, len(found.rest) - found.free
    if found.errors.all() and left > 0 and chdtrc(left, chi_squared) < CHANCE:
        times, told = math.sqrt(chi_squared / left), f"{chi_squared:.3g} for {left} degrees of freedom"
        yield f"it leaves {times:.2g} times what the given errors allow (chi squared is {told})"
    sizes = np.abs(np.array([row.output for row in task.labelled]) + found.rest)
    is_plain = not (found.relative or found.counted or found.errors.any())
    shares = found.rest / np.maximum(sizes, EXACT * float(sizes.max()) or 1.0)
    if is_plain and grows(found.rest, sizes) and grows(shares, -sizes):
        yield f"what it leaves grows with {task.target}, and yet it misses small values by much in proportion"
    untold = [q for q in found.constants if q.error > abs(q.value)]
    if len(untold) > 1:
        shown = " and ".join(f"{q.value:.3g} ± {q.error:.1g}" for q in untold[:2])
        yield f"the rows can't tell its constants from each other: {shown}"
    far = between_rows(found.program, task)
    if far is not None:
        place, value = far
        yield f"between two rows it goes far beyond both: at {place} it gives {value}"
