"""The next experiment: where in the ranges of the inputs the good candidates differ most.

Two candidates are told apart at a point when they differ by several of their errors there. The point that tells most
pairs apart is looked for among points spread evenly over the ranges, then among points ever closer to the best so far.
Where a range spans decades, they are spread over its logarithm. Model discrimination goes back to Hunter and Reiner,
"Designs for Discriminating Between Two Rival Models", Technometrics 7 (1965).

>>> from extrapolate.learn import learn
>>> springs = [(1.0, 2.03), (2.0, 3.95), (3.0, 6.05), (4.0, 7.92)]
>>> found = learn(springs, language="laws", names=["stretch"], name="force", programs=5000, seconds=None)
>>> laws = found.candidates
>>> next_experiment([c.program for c in laws], {"stretch": (0, 20)}, [c.error for c in laws]).inputs
{'stretch': 20.0}
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from extrapolate.core.errors import InputError
from extrapolate.core.program import Program

Floats = NDArray[np.float64]

POINTS, ROUNDS, SHRINK = 1024, 5, 0.3
# A range that spans more than so many decades is searched on a logarithmic axis.
DECADES = 2
# Corners of the ranges are points too, where the inputs are not too many.
MOST_CORNERS = 10
DIGITS = 3
# What is told apart: differences of so many errors; and what counts as an error where none is given.
CLEAR, RELATIVE_ERROR = 3.0, 0.01
# Differences below that part of the values are rounding.
ROUNDING = 1e-9


@dataclass(frozen=True)
class Experiment:
    """A point to measure next. `inputs` are its values by name, `predictions` what each candidate says of it.

    `apart` is the largest difference between two candidates there, in units of their common error.
    """

    inputs: Mapping[str, float]
    predictions: tuple[float, ...]
    apart: float

    def __str__(self) -> str:
        where = ", ".join(f"{name} = {value:g}" for name, value in self.inputs.items())
        said = ", ".join(f"{value:.4g}" for value in self.predictions)
        return f"measure at {where}: the candidates say {said}, up to {self.apart:.3g} errors apart"


def next_experiment(
    programs: Sequence[Program], ranges: Mapping[str, tuple[float, float]], errors: Sequence[float] | None = None
) -> Experiment:
    """The point within the ranges where formulas differ most, relative to their own errors.

    `ranges` are the lowest and highest value of each input by its name; equal ones hold it fixed. `errors` are the
    errors of the programs in units of the target, as `Law.error` is; without them, a difference of 1 % counts as one
    error. The answer is the same each time, and its inputs have three digits. InputError for fewer than two programs,
    for ranges that don't fit the inputs, and where the programs agree everywhere in them.
    """
    if len(programs) < 2:
        raise InputError(
            f"{len(programs)} candidate{'s were' * (not programs) or ' was'} given, and an experiment decides between "
            "two or more; ask learn for more of them with candidates=, or take the law as it is."
        )
    names = [v.name for v in programs[0].inputs]
    axes = [axis(name, ranges) for name in names]
    for name in ranges:
        if name not in names:
            raise InputError(f"ranges has {name!r}, which is no input; the inputs are {', '.join(names)}.")
    own = None if errors is None else np.asarray(errors, dtype=np.float64)
    point = most_telling(programs, axes, own)
    inputs = {name: a.rounded(float(p)) for name, a, p in zip(names, axes, point, strict=True)}
    values = predictions(programs, np.array([list(inputs.values())]))
    apart = distances(values, own)
    if not apart.size or float(apart.max()) == 0:
        raise InputError(
            "the candidates agree everywhere in these ranges, or have no value there; widen the ranges, or take the "
            "simplest of them."
        )
    return Experiment(inputs, tuple(values[:, 0].tolist()), float(apart.max()))


@dataclass(frozen=True)
class Axis:
    """The range of an input. Places on it are numbers from 0 to 1."""

    low: float
    high: float

    @property
    def is_logarithmic(self) -> bool:
        return self.low > 0 and self.high > self.low * 10**DECADES

    def at(self, places: Floats) -> Floats:
        if self.is_logarithmic:
            values = self.low * (self.high / self.low) ** places
        else:
            values = self.low + (self.high - self.low) * places
        return np.asarray(np.clip(values, self.low, self.high))

    def rounded(self, place: float) -> float:
        """The value at a place to a few digits, as it would be set in a laboratory."""
        value = float(self.at(np.array(place)))
        return min(max(float(f"{value:.{DIGITS}g}"), self.low), self.high)


def axis(name: str, ranges: Mapping[str, tuple[float, float]]) -> Axis:
    """The range of an input; InputError where it is missing or is none."""
    if name not in ranges:
        raise InputError(f"ranges has no {name!r}; give the lowest and the highest value of each input.")
    try:
        low, high = map(float, ranges[name])
    except (TypeError, ValueError):
        raise InputError(f"the range of {name} is {ranges[name]!r}; give two numbers, (low, high).") from None
    if not (math.isfinite(low) and math.isfinite(high) and low <= high):
        raise InputError(f"the range of {name} is ({low:g}, {high:g}); give two finite numbers, the lower one first.")
    return Axis(low, high)


def most_telling(programs: Sequence[Program], axes: Sequence[Axis], errors: Floats | None) -> Floats:
    """Where on the axes most is told, `(n_inputs,)` in places from 0 to 1."""
    n = len(axes)
    spread = qmc.Sobol(n, scramble=False).random(POINTS)
    corners = list(itertools.product((0.0, 1.0), repeat=n)) if n <= MOST_CORNERS else []
    places = np.vstack([np.full((1, n), 0.5), *([corners] if corners else []), spread])
    best: Floats = places[0]
    told = -1.0
    for round_ in range(ROUNDS):
        if round_:
            places = np.clip(best + (2 * spread - 1) * SHRINK**round_, 0, 1)
        points = np.column_stack([a.at(p) for a, p in zip(axes, places.T, strict=True)])
        squared = distances(predictions(programs, points), errors) ** 2
        gains = (squared / (squared + CLEAR**2)).sum(axis=0)
        if gains.max() > told:
            best, told = places[int(gains.argmax())], float(gains.max())
    return best


def predictions(programs: Sequence[Program], points: Floats) -> Floats:
    """What each program says of each point, `(n_programs, n_points)`."""
    return np.vstack([program.over(list(points.T)) for program in programs])


def distances(values: Floats, errors: Floats | None) -> Floats:
    """How many errors each two programs are apart, `(n_pairs, n_points)`; 0 where one of them has no value."""
    with np.errstate(all="ignore"):
        sizes = np.abs(values)
        own = RELATIVE_ERROR * sizes if errors is None else np.broadcast_to(errors[:, None], values.shape)
        apart = []
        for i, j in itertools.combinations(range(len(values)), 2):
            difference = np.abs(values[i] - values[j])
            rounding = ROUNDING * np.maximum(sizes[i], sizes[j])
            error = np.sqrt(own[i] ** 2 + own[j] ** 2) + rounding
            apart.append(np.where(difference > rounding, difference / error, 0.0))
        return np.asarray(np.nan_to_num(np.array(apart), nan=0.0, posinf=0.0))
