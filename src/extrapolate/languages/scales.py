r"""Scales: a number in a text that is another number of its row on another scale, as `24 inches` for `2 feet`.

The rows fix a factor, an offset, or both, and how the result is written. A result with so many decimals stands for all
numbers that round to it, so that each row leaves an interval for a constant; of all that lie in the intervals of every
row the one with the fewest digits is meant.

>>> numbers, wanted = [Decimal("2"), Decimal("5")], ["24", "60"]
>>> next(scaled(numbers, wanted, []))
Scale(line=Line(before=None, factor=Decimal('12'), divisor=None, offset=None), style='plain', places=0)
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from extrapolate.core.expression import Apply, Expr, Literal, literal_of, walk
from extrapolate.core.language import Cases
from extrapolate.core.types import DECIMAL, INT, TEXT
from extrapolate.languages.decimals import (
    fixed,
    minus,
    over,
    plain,
    plus,
    round_to,
    shortest,
    signed,
    times,
    with_thousands,
)

_WRITTEN = re.compile(r"[+-]?(?:0|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d*)(?:\.\d+)?")
# A number that is put on another scale costs at most so much.
DEAREST = 10
MOST = 400
# By how much a number may differ that is written with all its digits, and how much less than a half one may that is
# rounded, as the half is rounded away from zero.
LEAST_SLACK, BELOW_HALF = 1e-9, 1e-6
# Constants of more digits, and quotients of larger numbers, are not what people reckon with.
MOST_DIGITS = 6
# Longer numbers are codes, and larger ones more than float64 holds exactly.
LONGEST, LARGEST = 15, 10**15
# Factors between units in common use, of sizes of files, of pounds and ounces, of miles, feet, yards and inches, of
# gallons, acres and calories, as they are written, and how many digits such a one counts for: there are some twenty.
CONVERSIONS = {
    Decimal(text)
    for text in (
        *("2.20462", "0.453592", "28.3495", "0.035274"),
        *("1.60934", "0.621371", "3.28084", "0.3048", "0.9144", "1.09361", "2.54", "25.4", "0.393701", "0.0393701"),
        *("32", "1.8", "273.15", "1024", "1048576", "1073741824"),
        *("3.78541", "0.264172", "4.54609", "0.219969", "0.404686", "2.47105", "4.184", "0.239006"),
    )
}
DIGITS_OF_KNOWN = 1
QUOTIENTS = [(p, q) for q in (3, 6, 7, 9, 11, 12) for p in range(1, 13) if math.gcd(p, q) == 1]


class Line(NamedTuple):
    """`(number + before) * factor / divisor + offset`; None stands for what is not there."""

    before: Decimal | None = None
    factor: Decimal | None = None
    divisor: Decimal | None = None
    offset: Decimal | None = None

    @property
    def digits(self) -> int:
        return sum(map(digits, self))

    @property
    def constants(self) -> int:
        """How many numbers the rows must fix."""
        return ((self.factor or self.divisor) is not None) + ((self.before or self.offset) is not None)


class Scale(NamedTuple):
    """A line, and how what it gives is written."""

    line: Line
    style: str
    places: int


Range = tuple[float, float]


@dataclass(frozen=True)
class Wanted:
    """Numbers as they are written: their values, how many decimals all have, or None where some have more, whether
    commas stand between thousands, and whether a plus stands before what is not negative."""

    values: tuple[float, ...]
    places: int | None
    grouped: bool
    signed: bool = False

    @property
    def slack(self) -> float:
        """By how much a result may differ and still be written so."""
        return LEAST_SLACK if self.places is None else 0.5 * 10.0**-self.places

    @cached_property
    def ranges(self) -> list[Range]:
        """What is written so, for each of them."""
        up, down = self.slack * (1 - BELOW_HALF), self.slack * (1 + LEAST_SLACK)
        return [(w - (down if w > 0 else up), w + (down if w < 0 else up)) for w in self.values]

    @property
    def evidence(self) -> float:
        """How many digits of a constant the rows can vouch for: those by which they differ."""
        spread = max(self.values) - min(self.values)
        return len(self.values) * math.log10(1 + spread / (2 * self.slack))


@lru_cache(maxsize=256)
def read(texts: tuple[str, ...]) -> Wanted | None:
    """The numbers that texts stand for; None where one is no number, or is written with zeros in front."""
    if not all(_WRITTEN.fullmatch(text) and len(text) <= LONGEST for text in texts):
        return None
    places = {len(text.partition(".")[2]) for text in texts}
    values = tuple(float(text.replace(",", "")) for text in texts)
    grouped = any("," in text for text in texts)
    if any(abs(v) >= 1000 and "," not in t for v, t in zip(values, texts, strict=True)) and grouped:
        return None
    pluses = {text[0] == "+" for text in texts if text[0] != "-"}
    if len(pluses) > 1 or (True in pluses and (grouped or len(places) > 1)):
        return None
    return Wanted(values, places.pop() if len(places) == 1 else None, grouped, True in pluses)


def scaled(numbers: Sequence[Decimal], wanted: Sequence[str], others: Sequence[Any]) -> Iterator[Scale]:
    """The scales on which numbers are as wanted, at most one of each form; nothing where a constant would do."""
    found = read(tuple(wanted))
    if found is None or len(set(numbers)) < 2 or len(set(found.values)) < 2:
        return
    if any(abs(x) >= LARGEST for x in numbers):
        return
    xs = [float(x) for x in numbers]
    for line in (*factors(xs, found), *shifts(xs, found), *slopes(xs, found)):
        results = [on_line(x, line) for x in numbers]
        exact = is_exact(results, found)
        is_sure = exact or line == Line() or not CONVERSIONS.isdisjoint(line)
        if line.digits + line.constants + (line != Line() and not exact) <= found.evidence + is_sure:
            yield from (Scale(line, style, places) for style, places in styles(results, found, line, exact))


def factors(xs: Sequence[float], wanted: Wanted) -> Iterator[Line]:
    """A factor or a divisor, whichever has fewer digits; neither where rounding alone will do."""
    bounds = common(divided(r, x) for x, r in zip(xs, wanted.ranges, strict=True) if x)
    zeros = all(low <= 0 <= high for x, (low, high) in zip(xs, wanted.ranges, strict=True) if not x)
    if bounds is None or not zeros or bounds[0] * bounds[1] <= 0:
        return
    if bounds[0] <= 1 <= bounds[1]:
        yield Line()
        return
    factor = fewest_digits(*bounds)
    divisor = fewest_digits(1 / bounds[1], 1 / bounds[0])
    if divisor is not None and (
        factor is None or (digits(divisor), divisor % 1 != 0) < (digits(factor), factor % 1 != 0)
    ):
        yield Line(divisor=divisor)
    elif factor is not None:
        yield Line(factor=factor)


def shifts(xs: Sequence[float], wanted: Wanted) -> Iterator[Line]:
    """What is added to each number."""
    bounds = common((low - x, high - x) for x, (low, high) in zip(xs, wanted.ranges, strict=True))
    if bounds is not None and not bounds[0] <= 0 <= bounds[1] and (offset := fewest_digits(*bounds)) is not None:
        yield Line(offset=offset)


def slopes(xs: Sequence[float], wanted: Wanted) -> Iterator[Line]:
    """A factor, or a quotient of small numbers, and what is added before or after, where there are rows to tell: the
    one of fewest digits."""
    if len(set(xs)) < 3:
        return
    low, high = (select(range(len(xs)), key=xs.__getitem__) for select in (min, max))
    run, rise = xs[high] - xs[low], wanted.values[high] - wanted.values[low]
    flattest, steepest = (rise - 2 * wanted.slack) / run, (rise + 2 * wanted.slack) / run
    if flattest * steepest <= 0 or flattest <= 1 <= steepest:
        return
    slope = fewest_digits(flattest, steepest)
    tried: list[tuple[float, Decimal, Decimal | None]] = [] if slope is None else [(float(slope), slope, None)]
    tried += [(p / q, Decimal(p), Decimal(q)) for p, q in QUOTIENTS if flattest <= p / q <= steepest][:1]
    found = []
    for k, factor, divisor in tried:
        rows = list(zip(xs, wanted.ranges, strict=True))
        after = common((low - k * x, high - k * x) for x, (low, high) in rows)
        before = common((low - x, high - x) for x, (low, high) in ((x, divided(r, k)) for x, r in rows))
        if after is not None and (offset := fewest_digits(*after)):
            found.append(Line(factor=factor, divisor=divisor, offset=offset))
        if before is not None and (offset := fewest_digits(*before)):
            found.append(Line(before=offset, factor=factor, divisor=divisor))
    yield from sorted(found, key=lambda line: (line.digits, misfit(line, xs, wanted)))[:1]


def misfit(line: Line, xs: Sequence[float], wanted: Wanted) -> float:
    """The largest difference to what is wanted before rounding."""
    results = [float(on_line(Decimal(x), line)) for x in xs]
    return max(abs(result - w) for result, w in zip(results, wanted.values, strict=True))


def styles(results: Sequence[Decimal], wanted: Wanted, line: Line, exact: bool) -> Iterator[tuple[str, int]]:
    """How the results are written: as they come where that gives as many decimals as wanted, else rounded, or without
    zeros at the end."""
    if wanted.signed:
        yield "signed", wanted.places or 0
        return
    decimals = set(map(places, results))
    if exact and line.divisor is None and line != Line() and decimals == {wanted.places}:
        yield "grouped" if wanted.grouped else "plain", wanted.places or 0
        return
    if wanted.places is not None:
        yield "grouped rounded" if wanted.grouped else "fixed", wanted.places
    if exact and not wanted.grouped and line != Line() and wanted.places in (None, 0):
        yield "shortest", 0


def is_exact(results: Sequence[Decimal], wanted: Wanted) -> bool:
    """Whether nothing is rounded."""
    pairs = zip(results, wanted.values, strict=True)
    return all(math.isclose(result, w, rel_tol=1e-12, abs_tol=1e-9) for result, w in pairs)


def on_line(number: Decimal, line: Line) -> Decimal:
    return (number + (line.before or 0)) * (line.factor or 1) / (line.divisor or 1) + (line.offset or 0)


def places(number: Decimal) -> int:
    return max(0, -int(number.as_tuple().exponent))


def divided(r: Range, x: float) -> Range:
    """The range of what is a number times as large when it lies in a range."""
    ends = r[0] / x, r[1] / x
    return min(ends), max(ends)


def common(ranges: Iterator[Range]) -> Range | None:
    """What lies in all ranges; None where nothing does."""
    low, high = -math.inf, math.inf
    for least, most in ranges:
        low, high = max(low, least), min(high, most)
        if low > high:
            return None
    return (low, high) if math.isfinite(low) else None


def fewest_digits(low: float, high: float) -> Decimal | None:
    """The number of fewest digits in an interval, the one nearest to its middle, or a factor between units where all
    have more than two; None where all have many."""
    middle = (low + high) / 2
    size = math.floor(math.log10(abs(middle))) if middle else 0
    for n in range(MOST_DIGITS):
        number = round(middle, n - size)
        if low <= number <= high and n > 1 and (known := [c for c in CONVERSIONS if low <= c <= high]):
            return min(known)
        if low <= number <= high:
            return Decimal(f"{number:.{max(0, n - size)}f}")
    return None


def digits(constant: Decimal | None) -> int:
    """How many digits a constant has, without zeros at its ends; few for a factor that is known."""
    if constant in CONVERSIONS:
        return DIGITS_OF_KNOWN
    return 0 if constant is None else len(str(constant).lstrip("-").replace(".", "").strip("0"))


def on_scale(number: Expr, line: Line, style: str, places: int) -> Expr | None:
    """The text of a number on a scale; None for one that is reckoned with constants already."""
    if any(isinstance(part, Literal) and part.type == DECIMAL for part in walk(number)):
        return None
    value = number
    for constant, word, negative in (
        (line.before, plus, minus),
        (line.factor, times, None),
        (line.divisor, over, None),
        (line.offset, plus, minus),
    ):
        if constant is not None and negative is not None and constant < 0:
            value = Apply(negative, (value, literal_of(-constant, DECIMAL)), DECIMAL)
        elif constant is not None:
            value = Apply(word, (value, literal_of(constant, DECIMAL)), DECIMAL)
    if style in ("fixed", "signed"):
        return Apply(fixed if style == "fixed" else signed, (value, Literal(places, INT)), TEXT)
    if style == "grouped rounded":
        value = Apply(round_to, (value, literal_of(Decimal(1).scaleb(-places), DECIMAL)), DECIMAL)
    return Apply({"plain": plain, "shortest": shortest}.get(style, with_thousands), (value,), TEXT)


SCALES = Cases(
    "scale",
    DECIMAL,
    TEXT,
    scaled,
    on_scale,
    (times, over, plus, minus, fixed, signed, plain, shortest, round_to, with_thousands),
    dearest=DEAREST,
    most=MOST,
)
