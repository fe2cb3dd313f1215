"""Laws: formulas for measurements, with how well they fit and how far they hold."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

from extrapolate.core.result import Candidate
from extrapolate.core.source import python_expression
from extrapolate.core.task import Task
from extrapolate.regression.quantities import Quantity

# Answers that differ by less, in proportion, are the same.
NEAR = 1e-9
# What is left of an exact law of floats is less than that part of the values.
ROUNDING = 1e-8
# A law comes near the rows when it explains so much of the variance of the target.
MOST_OF_IT = 0.5
# Numbers with more digits than are of use in a table.
_LONG = re.compile(r"\d+\.\d{5,}(e[-+]?\d+)?")


class Fit(Enum):
    """What a law leaves of the measurements."""

    EXACT = "exact: it leaves nothing but rounding"
    NOISE = "what it leaves looks like noise"
    ROWS = "it fits these rows, which can't tell whether it is the law: what it leaves looks like noise"
    PART = "it explains a part of the target; the rest is scatter, or depends on what the columns don't tell"
    NOTHING = "it explains nothing of the target: the columns tell no law"
    STRUCTURE = "an approximation: what it leaves still depends on the inputs"


@dataclass(frozen=True)
class Law(Candidate):
    """A formula as a candidate: `score` is its description length in bits.

    `error` is the root of the mean squared residual, in units of the target, and `misfit` that over the root of the
    mean squared target. `inside` and `outside` are R squared among the rows it was learned from and among those at the
    edge of the range, which were held out; None where none were. Both are those of the constants fitted inside.
    `held_out` are the numbers of those rows, `name` is what textbooks call its shape, and `constants` are
    the numbers in it that were fitted, in the order they are printed in, with their standard errors and units.
    With `relative` errors these are in proportion to the target, and `counted` ones are its root. `smooth_score` are
    the bits where what it leaves may be a smooth deviation. With known errors `chi_squared` is what it leaves in units
    of these, and `bits_of_errors` are the bits without that. Of a law that may not be said to hold, `why` says what
    speaks against it, or what would tell.
    """

    error: float
    misfit: float
    fit: Fit
    inside: float
    outside: float | None
    held_out: frozenset[int]
    name: str | None = None
    constants: tuple[Quantity, ...] = ()
    relative: bool = False
    counted: bool = False
    smooth_score: float = math.inf
    chi_squared: float = 0.0
    bits_of_errors: float = 0.0
    why: str = ""

    titles: ClassVar[tuple[str, ...]] = ("error", "misfit", "bits", "law")

    def agree(self, a: float, b: float) -> bool:
        """Whether two answers differ by no more than the law does from the measurements."""
        return abs(a - b) <= max(2 * self.error, NEAR * abs(a))

    def cells(self, task: Task, best: Candidate) -> tuple[str, ...]:
        """The error in units of the target, the misfit in percent, the bits behind the best, and the formula."""
        unit = f" {task.units[-1]}" if task.units and task.units[-1] else ""
        misfit = "exact" if self.fit is Fit.EXACT else f"{100 * self.misfit:.2g} %"
        formula = _LONG.sub(lambda number: f"{float(number[0]):.5g}", python_expression(self.program.expr))
        return f"{self.error:.2g}{unit}", misfit, f"{self.score - best.score:+.0f}" if self is not best else "", formula

    @property
    def fits(self) -> bool:
        """Whether it may be said to hold: it leaves nothing, or noise, and the rows can tell it from others."""
        return self.fit in (Fit.EXACT, Fit.NOISE)

    @property
    def leaves_noise(self) -> bool:
        """Whether it leaves nothing, or noise, even where the rows can't tell it from others."""
        return self.fits or self.fit is Fit.ROWS

    @property
    def solves(self) -> bool:
        """Whether it is right on every row; known errors excuse what a law misses that may be said to hold alone."""
        return not self.missed and (self.fits or self.misfit <= ROUNDING)

    @property
    def left(self) -> float:
        """The misfit."""
        return self.misfit

    def record(self) -> dict[str, Any]:
        """Its cost, what it leaves, how far it holds, and the formula, by names."""
        return {
            "cost": self.cost,
            "bits": self.score,
            "error": self.error,
            "misfit": self.misfit,
            "inside": self.inside,
            "outside": self.outside,
            "fit": self.fit.name.lower(),
            "why": self.why,
            "expression": python_expression(self.program.expr),
        }

    @property
    def is_near(self) -> bool:
        """Whether it explains most of the target among the rows it was learned from."""
        return self.inside >= MOST_OF_IT

    def is_long(self, examples: int) -> bool:
        """Never: bits say what its length is worth."""
        return False

    @property
    def verdict(self) -> str:
        """What may be said of it, in one sentence without its end."""
        if self.fit is Fit.EXACT and self.misfit > ROUNDING:
            return f"exact to the digits given: it leaves nothing but their rounding ({self.misfit:.1g} of the values)"
        if self.fit is Fit.EXACT:
            return f"{self.fit.value} ({self.misfit:.0e} of the values)"
        return f"{self.fit.value} ({self.misfit:.2g} of the values)"
