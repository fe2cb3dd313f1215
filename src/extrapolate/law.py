"""Laws: formulas for measurements, with how well they fit and how far they hold."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from extrapolate.result import Candidate


class Fit(Enum):
    """What a law leaves of the measurements."""

    EXACT = "exact: it leaves nothing but rounding"
    NOISE = "what it leaves looks like noise"
    STRUCTURE = "an approximation: what it leaves still depends on the inputs"


@dataclass(frozen=True)
class Law(Candidate):
    """A formula as a candidate: `score` is its description length in bits.

    `error` is the root of the mean squared residual, in units of the target, and `misfit` that over the root of the
    mean squared target. `inside` and `outside` are R squared among the rows it was learned from and among those at the
    edge of the range, which were held out; None where none were. Both are those of the constants fitted inside.
    """

    error: float
    misfit: float
    fit: Fit
    inside: float
    outside: float | None

    @property
    def verdict(self) -> str:
        """What may be said of it, in one sentence without its end."""
        if self.fit is Fit.EXACT:
            return f"{self.fit.value} ({self.misfit:.0e} of the values)"
        return f"{self.fit.value} ({self.misfit:.2g} of the values)"
