"""Textbook shapes of one input: growth, decay, saturation, peaks, waves, steps, kinks, and where their constants lie.

A shape is a sum of terms whose coefficients follow from least squares once the few other constants of it are known
(separable least squares; Golub and Pereyra, SIAM J. Numer. Anal. 10, 1973). Those are looked for on a grid that suits
the range of the input; `starts.py` takes the best places of it as starts. Each shape is an ordinary form, judged by
its bits as any other, so that what is found can be a term or a factor of a longer law.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.language import Algebra
from extrapolate.core.word import Primitive
from extrapolate.regression.search.form import Form, Term, Textbook

Floats = NDArray[np.float64]
Place = tuple[Any, ...]

# A rate is so many turns or bends within the range; waves are fewer than half as many as the rows.
BENDS, MOST_WAVES, FEWER = 2.0 ** np.arange(-2, 7), 40, 0.9
WIDTHS = (0.03, 0.07, 0.15, 0.3, 0.6)
# How far outside its range an input may have its origin, in parts of the range.
OUTSIDE = (0.003, 0.01, 0.03, 0.07, 0.15, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0)
EXPONENTS = (-4.0, -3.0, -2.0, -1.5, -1.0, -0.5, 0.33, 0.5, 0.67, 1.5, 2.0, 3.0, 4.0)
STEEPNESS = (0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0)
MOST_CENTRES = 15
# An input is far from 0 when it is so many times its range away.
FAR = 3.0
HALVES = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
# How fast a damped wave goes, or grows, within the range, and how much of a turn it is at least.
DAMPED, LEAST_TURN = (-8.0, -3.0, -1.0, 1.5), 1.5 * np.pi


@dataclass(frozen=True)
class Axis:
    """An input to write shapes in: its place among `width` inputs, its values, and the words there are."""

    place: int
    width: int
    values: Floats
    algebra: Algebra

    def power(self, coefficient: float = 1.0, exponent: int = 1) -> Term:
        return Term(coefficient, tuple(Fraction(exponent * (i == self.place)) for i in range(self.width)))

    def number(self, value: float) -> Term:
        return self.power(value, 0)

    def straight(self, slope: float, offset: float) -> Form:
        """`slope * x + offset`; of `x` alone where nothing is added."""
        return Form((self.power(slope), self.number(offset)) if offset else (self.power(slope),))

    def from_(self, place: float) -> Term:
        """`x - place`."""
        return self.factor(self.straight(1.0, -place))

    def factor(self, form: Form, power: int | Fraction = 1) -> Term:
        return Term(1.0, (Fraction(0),) * self.width, ((form, Fraction(power)),))

    def of(self, word: Primitive | None, *terms: Term) -> Term:
        """A word applied to the sum of terms."""
        assert word is not None
        return self.factor(Form(terms, word))

    def exp(self, *terms: Term) -> Term:
        return self.of(self.algebra.exp, *terms)

    def growth(self, rate: float) -> Term:
        """`exp(rate * x)`, counted from where the rows begin where that is far from 0, as years are."""
        return self.exp(self.from_(self.origin).times(rate) if self.origin else self.power(rate))

    @cached_property
    def origin(self) -> float:
        """A plain number near the lowest value where all are far from 0, else 0."""
        if min(abs(self.low), abs(self.high)) < FAR * self.span or self.low * self.high < 0:
            return 0.0
        return float(np.floor(self.low / self.span) * self.span) if self.span < 1 else float(np.floor(self.low))

    def log(self, offset: float = 0.0, sign: float = 1.0) -> Term:
        """The logarithm of `x + offset`, or of `offset - x`."""
        return self.of(self.algebra.log, *self.straight(sign, offset).terms)

    def to(self, exponent: float, scale: float = 1.0) -> Term:
        """`scale * x` to any power."""
        return self.exp(self.log(sign=scale).times(exponent))

    def over(self, offset: float, sign: float) -> Term:
        """`1 / (x + offset)`, or of what is below an offset `1 / (x - offset)`."""
        return self.factor(self.straight(1.0, sign * offset), -1)

    @cached_property
    def low(self) -> float:
        return float(self.values.min())

    @cached_property
    def high(self) -> float:
        return float(self.values.max())

    @property
    def span(self) -> float:
        return self.high - self.low

    @cached_property
    def rates(self) -> Floats:
        """Rates of growth and decay that bend within the range."""
        return np.concatenate([-BENDS, BENDS]) / self.span

    @cached_property
    def centres(self) -> Floats:
        """Places within the range, as dense as the rows."""
        return np.unique(np.quantile(self.values, np.linspace(0, 1, MOST_CENTRES + 2)[1:-1]))

    @cached_property
    def inner_places(self) -> Floats:
        """Places within the range, evenly."""
        return np.linspace(self.low, self.high, MOST_CENTRES + 2)[1:-1]

    @cached_property
    def waves(self) -> Floats:
        """From half a wave to many within the range."""
        most = min(MOST_WAVES, len(np.unique(self.values)) // 2)
        return np.arange(1, max(2, int(2 * FEWER * most))) / 2 * (2 * np.pi / self.span)

    @cached_property
    def origins(self) -> list[tuple[float, float]]:
        """Offsets and signs that make `sign * x + offset` positive everywhere."""
        found = [(-self.low + s * self.span, 1.0) for s in OUTSIDE]
        if self.low > 0:
            found.append((0.0, 1.0))
        return [*found, *((self.high + s * self.span, -1.0) for s in OUTSIDE)]


@dataclass(frozen=True)
class Shape:
    """`terms(axis, *place)` are the terms whose coefficients are linear, `grid(axis)` the places of other constants.

    What `has_end` has no value beyond one, so that it is no factor of anything else.

    With `in_logarithms` the logarithm of the target is the sum of the terms, so that it is a product of their
    exponentials. `words` are those of the algebra it is written with. What `is_local` may be added to what other laws
    leave, a peak to a background, and of a `wave` the two terms are a cosine and a sine, which are one with a phase.
    """

    textbook: Textbook | None
    grid: Callable[[Axis], Iterator[Place]]
    terms: Callable[..., list[Term]]
    words: tuple[str, ...] = ()
    in_logarithms: bool = False
    is_local: bool = False
    is_peak: bool = False
    is_background: bool = False
    is_positive: bool = False
    is_wave: bool = False
    has_end: bool = False


def nowhere(axis: Axis) -> Iterator[Place]:
    yield ()


def over(*names: str) -> Callable[[Axis], Iterator[Place]]:
    """A grid that is the product of some of the places of an axis."""

    def grid(axis: Axis) -> Iterator[Place]:
        return itertools.product(*(getattr(axis, name) for name in names))

    return grid


def pairs_of_rates(axis: Axis) -> Iterator[Place]:
    return itertools.combinations(axis.rates.tolist(), 2)


def triples_of_rates(axis: Axis) -> Iterator[Place]:
    """Three rates of one sign."""
    for rates in np.split(axis.rates, 2):
        yield from itertools.combinations(rates.tolist(), 3)


def exponentials(axis: Axis, *rates: float) -> list[Term]:
    return [axis.growth(rate) for rate in rates]


def peaks(axis: Axis) -> Iterator[Place]:
    return ((c, w * axis.span) for c in axis.inner_places for w in WIDTHS)


def halves(axis: Axis) -> Iterator[Place]:
    """Where half of what can be reached is."""
    return ((share * axis.high,) for share in HALVES if axis.low >= 0)


def bends(axis: Axis) -> Iterator[Place]:
    """Exponents and middles of what saturates in a power; falling ones too where it is never divided by 0."""
    exponents = [*STEEPNESS, *(-p for p in STEEPNESS)] if axis.low > 0 else STEEPNESS
    return itertools.product(exponents, axis.centres[axis.centres > 0].tolist())


def damped(axis: Axis) -> Iterator[Place]:
    return itertools.product(
        (rate / axis.span for rate in DAMPED), axis.waves[axis.waves * axis.span > LEAST_TURN].tolist()
    )


def exponents(axis: Axis) -> Iterator[Place]:
    return ((p,) for p in EXPONENTS)


def powers(axis: Axis, most: int) -> list[Term]:
    return [axis.power(1.0, n) for n in range(1, most + 1)]


def wave(axis: Axis, rate: float, phase: float = 0.0) -> Term:
    return axis.of(axis.algebra.cos, *axis.straight(rate, phase).terms)


def waves(axis: Axis, rate: float, phase: float = 0.0) -> list[Term]:
    """A cosine and a sine."""
    return [wave(axis, rate, phase), wave(axis, rate, phase - np.pi / 2)]


def damped_waves(axis: Axis, decay: float, rate: float, phase: float = 0.0) -> list[Term]:
    return [axis.growth(decay).times_term(term) for term in waves(axis, rate, phase)]


def saturation(axis: Axis, rate: float) -> list[Term]:
    """`1 - exp(rate * x)`."""
    return [axis.factor(Form((axis.number(1.0), axis.growth(rate).times(-1.0))))]


def logistic(axis: Axis, inner: Term) -> Term:
    """`1 / (1 + inner)`."""
    return axis.factor(Form((axis.number(1.0), inner)), -1)


def step(axis: Axis, rate: float, middle: float) -> list[Term]:
    return [logistic(axis, axis.exp(axis.from_(middle).times(rate)))]


def steps(axis: Axis) -> Iterator[Place]:
    return ((-r / axis.span, c) for r in (3.0, 6.0, 12.0, 30.0, 80.0) for c in axis.inner_places)


def gompertz(axis: Axis, rate: float, middle: float) -> list[Term]:
    return [axis.exp(axis.exp(axis.from_(middle).times(rate)).times(-1.0))]


def rates_and_middles(axis: Axis) -> Iterator[Place]:
    return ((s * r / axis.span, c) for s in (-1, 1) for r in (1.0, 3.0, 8.0, 20.0) for c in axis.inner_places)


def gaussian(axis: Axis, middle: float, width: float) -> list[Term]:
    return [axis.exp(axis.factor(axis.straight(1.0, -middle), 2).times(-0.5 / width**2))]


def lorentzian(axis: Axis, middle: float, width: float) -> list[Term]:
    squared = axis.factor(axis.straight(1.0, -middle), 2).times(width**-2)
    return [logistic(axis, squared)]


def resonance(axis: Axis, middle: float, width: float) -> list[Term]:
    """How far what is driven swings: `1 / sqrt((middle ** 2 - x ** 2) ** 2 + (width * x) ** 2)`."""
    squared = axis.power(width**2 - 2 * middle**2, 2)
    return [axis.factor(Form((axis.number(middle**4), squared, axis.power(1.0, 4))), Fraction(-1, 2))]


def hill(axis: Axis, exponent: float, middle: float) -> list[Term]:
    return [logistic(axis, axis.to(exponent, 1 / middle))]


def stretched(axis: Axis, exponent: float, middle: float) -> list[Term]:
    return [axis.exp(axis.to(exponent, 1 / middle).times(-1.0))]


def over_a_line(axis: Axis, rate: float, origin: tuple[float, float]) -> list[Term]:
    return [axis.growth(rate).times_term(axis.over(*origin))]


def rates_and_origins(axis: Axis) -> Iterator[Place]:
    return itertools.product(axis.rates.tolist(), axis.origins[::2])


def logit(axis: Axis, limit: float) -> list[Term]:
    """`log(limit / x - 1)`, as in a titration."""
    return [axis.of(axis.algebra.log, axis.number(-1.0), axis.power(limit, -1))]


def rise_and_fall(axis: Axis, slow: float, fast: float) -> list[Term]:
    """`exp(slow * x) - exp(fast * x)`, 0 where both begin."""
    return [axis.factor(Form((axis.growth(slow), axis.growth(fast).times(-1.0))))]


def pairs_of_decays(axis: Axis) -> Iterator[Place]:
    return itertools.combinations((-BENDS / axis.span).tolist(), 2)


def pauli_and_dispersion(axis: Axis) -> list[Term]:
    return [axis.power(1.0, -12), axis.power(1.0, -6)]


def bose(axis: Axis, inner: Term) -> Term:
    """`1 / (exp(inner) - 1)`."""
    return axis.factor(Form((axis.exp(inner), axis.number(-1.0))), -1)


def of_wavelengths(axis: Axis, middle: float) -> list[Term]:
    return [axis.power(1.0, -5).times_term(bose(axis, axis.power(middle, -1)))]


def of_frequencies(axis: Axis, rate: float) -> list[Term]:
    return [axis.power(1.0, 3).times_term(bose(axis, axis.power(rate)))]


def middles(axis: Axis) -> Iterator[Place]:
    """Where an exponential of `1 / x` bends, from within the range to beyond it."""
    return ((float(bend * axis.high),) for bend in BENDS)


def growing_rates(axis: Axis) -> Iterator[Place]:
    return ((float(bend / axis.high),) for bend in BENDS)


def limits(axis: Axis) -> Iterator[Place]:
    return ((axis.high + share * axis.span,) for share in OUTSIDE)


def kink(axis: Axis, place: float) -> list[Term]:
    """A straight line that goes on at another slope."""
    return [axis.power(), axis.of(axis.algebra.maximum, axis.power(1 / place))]


def kinks(axis: Axis) -> Iterator[Place]:
    return ((c,) for c in axis.centres.tolist() if c)


SHAPES: Sequence[Shape] = (
    Shape(Textbook("line", 1.5), nowhere, lambda a: powers(a, 1), is_background=True),
    Shape(Textbook("parabola", 1.5), nowhere, lambda a: powers(a, 2)),
    *(Shape(None, nowhere, lambda a, n=n: powers(a, n)) for n in (3, 4)),
    Shape(Textbook("exponential", 1.5), over("rates"), lambda a, k: [a.growth(k)], is_local=True, is_background=True),
    Shape(None, over("rates"), lambda a, k: [a.power(), a.growth(k)]),
    Shape(Textbook("two exponentials", 2.5), pairs_of_rates, exponentials),
    Shape(Textbook("three exponentials", 3.5), triples_of_rates, exponentials),
    Shape(Textbook("saturating exponential", 1.5), over("rates"), saturation),
    Shape(Textbook("rise and fall", 2.0), pairs_of_decays, rise_and_fall),
    Shape(Textbook("power", 1.5), exponents, lambda a, p: [a.to(p)], ("log",), is_positive=True),
    Shape(Textbook("logarithm", 1.5), nowhere, lambda a: [a.log()], ("log",), is_positive=True),
    Shape(Textbook("shifted logarithm", 2.0), over("origins"), lambda a, o: [a.log(*o)], ("log",)),
    Shape(Textbook("logit", 1.5), limits, logit, ("log",), is_positive=True, has_end=True),
    Shape(Textbook("hyperbola", 1.5), over("origins"), lambda a, o: [a.over(*o)]),
    Shape(Textbook("Michaelis-Menten", 1.0), halves, lambda a, k: [a.power().times_term(a.over(k, 1.0))]),
    Shape(Textbook("hill", 1.5), bends, hill, ("log",), is_positive=True),
    Shape(Textbook("stretched exponential", 2.5), bends, stretched, ("log",), is_positive=True),
    Shape(Textbook("logistic", 1.5), steps, step, is_local=True),
    Shape(Textbook("gompertz", 2.0), rates_and_middles, gompertz),
    Shape(Textbook("gaussian", 1.5), peaks, gaussian, is_local=True, is_peak=True),
    Shape(Textbook("lorentzian", 2.5), peaks, lorentzian, is_local=True, is_peak=True),
    Shape(Textbook("resonance", 2.0), peaks, resonance, is_positive=True),
    Shape(Textbook("wave", 1.5), over("waves"), lambda a, w: [a.of(a.algebra.cos, a.power(w))], ("cos",)),
    Shape(Textbook("wave", 1.5), over("waves"), lambda a, w: [a.of(a.algebra.sin, a.power(w))], ("sin",)),
    Shape(Textbook("wave", 1.5), over("waves"), waves, ("cos",), is_local=True, is_wave=True),
    Shape(Textbook("damped wave", 3.0), damped, damped_waves, ("cos",), is_local=True, is_wave=True),
    Shape(Textbook("Lennard-Jones", 2.0), nowhere, pauli_and_dispersion, is_positive=True),
    Shape(Textbook("Planck", 2.0), middles, of_wavelengths, is_positive=True),
    Shape(Textbook("Planck", 2.0), growing_rates, of_frequencies, is_positive=True),
    Shape(Textbook("kink", 2.0), kinks, kink, ("maximum",), is_local=True),
    Shape(
        None,
        peaks,
        lambda a, c, w: [a.power(), a.of(a.algebra.arctan, *a.straight(1 / w, -c / w).terms)],
        ("arctan",),
    ),
    Shape(Textbook("shifted power", 2.0), over("origins"), lambda a, o: [a.log(*o)], ("log",), in_logarithms=True),
    Shape(None, rates_and_origins, over_a_line),
    Shape(Textbook("Arrhenius", 1.0), nowhere, lambda a: [a.power(1.0, -1)], in_logarithms=True),
    Shape(
        Textbook("exponential of a hyperbola", 1.5),
        over("origins"),
        lambda a, o: [a.over(*o)],
        in_logarithms=True,
    ),
)
FACTORS = tuple(shape for shape in SHAPES if not shape.has_end)
LOCAL = tuple(shape for shape in SHAPES if shape.is_local)
BACKGROUNDS = tuple(shape for shape in SHAPES if shape.is_background)
PEAKS = tuple(shape for shape in SHAPES if shape.is_peak)


def two_of(peak: Shape) -> Shape:
    """Two peaks at once, as wide as each other where they are looked for: of two that overlap, the best single one
    lies between them."""

    def grid(axis: Axis) -> Iterator[Place]:
        of_a_width = itertools.groupby(sorted(peak.grid(axis), key=itemgetter(1)), key=itemgetter(1))
        return (pair for _, places in of_a_width for pair in itertools.combinations(list(places), 2))

    def terms(axis: Axis, first: Place, second: Place) -> list[Term]:
        return [*peak.terms(axis, *first), *peak.terms(axis, *second)]

    textbook = peak.textbook and Textbook(f"{peak.textbook.name} + {peak.textbook.name}", 2 * peak.textbook.parts)
    return Shape(textbook, grid, terms)
