"""Words on numbers that stand in text: read with signs, separators and currencies, rounded, and written again."""

from __future__ import annotations

import decimal
from decimal import Decimal

from extrapolate.core.expression import Literal, literal_of
from extrapolate.core.types import DECIMAL, INT, list_of
from extrapolate.core.word import Primitive, commutative, primitive
from extrapolate.languages.domain import require

# How many of the last unit each unit is: feet and inches, pounds and ounces, stones and pounds, yards, feet and inches.
UNITS = ([12, 1], [16, 1], [14, 1], [36, 12, 1])
STEPS = ("0.01", "0.1", "0.5", "1", "5", "10", "20", "25", "50", "100", "1000", "10000", "100000")


@primitive(cost=2)
def number(s: str) -> Decimal:
    """The number in a text, with commas between thousands, currencies and percent signs; its minus may stand last."""
    import re

    found = re.fullmatch(r"[^\w.+-]*([+-]?)[^\w.+-]*(\d[\d,]*\.?\d*|\.\d+)([^\w.]*)", s, re.ASCII)
    if found is None:
        raise ValueError(f"{s!r} is no number")
    sign = "-" if "-" in found[3] or ("(" in s and ")" in found[3]) else found[1]
    return decimal.Decimal(sign + found[2].replace(",", ""))


@primitive(cost=2, source="int({s})")
def to_int(s: str) -> int:
    """The whole number that a text stands for."""
    require(len(s) < 30)
    return int(s)


@primitive(cost=3)
def number_with_comma(s: str) -> Decimal:
    """The number in a text whose comma stands before its decimals and whose dots separate thousands, as 1.234,50."""
    import re

    found = re.fullmatch(
        r"[^\w.,+-]*([+-]?)[^\w.,+-]*(\d{1,3}(?:[. \xa0\u202f]\d{3})+|\d+)(,\d+)?([^\w.,]*)", s, re.ASCII
    )
    if found is None:
        raise ValueError(f"{s!r} is no number with a comma")
    sign = "-" if "-" in found[4] else found[1]
    return decimal.Decimal(sign + re.sub(r"[. \xa0\u202f]", "", found[2]) + (found[3] or "").replace(",", "."))


@primitive(cost=4)
def number_in(s: str) -> Decimal:
    """The first number in a text, whose commas separate thousands; a sign is one where no letter or digit precedes."""
    import re

    found = re.search(r"(?:(?<!\w)[+-])?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?", s, re.ASCII)
    if found is None:
        raise ValueError(f"there is no number in {s!r}")
    return decimal.Decimal(found[0].replace(",", ""))


@primitive(cost=4)
def number_with_suffix(s: str) -> Decimal:
    """The number in a text that may end in K, M, B or bn for thousands, millions and more, as 1.5M."""
    import re

    text = re.sub(r",(?=\d{1,2}(?!\d))", ".", s.strip())
    found = re.fullmatch(r"[^\w.+-]*([+-]?\d[\d,]*\.?\d*|\.\d+)\s*(k|m|b|bn|t|)", text, re.IGNORECASE | re.ASCII)
    if found is None:
        raise ValueError(f"{s!r} is no number")
    size = {"": 0, "k": 3, "m": 6, "b": 9, "bn": 9, "t": 12}[found[2].lower()]
    x = decimal.Decimal(found[1].replace(",", "")) * decimal.Decimal(10**size)
    return x.quantize(decimal.Decimal(1)) if x == x.to_integral_value() else x


@primitive(cost=3)
def number_with_exponent(s: str) -> Decimal:
    """The number in a text that is times a power of ten, as 3.2 x 10^5 or 1.5e-3."""
    import re

    found = re.fullmatch(r"\s*([+-]?\d+(?:\.\d+)?)(?:\s*[x×·*]\s*10\s*\^|[eE])\s*([+-]?\d{1,2})\s*", s, re.ASCII)
    if found is None:
        raise ValueError(f"{s!r} has no power of ten")
    return decimal.Decimal(found[1]).scaleb(int(found[2]))


@primitive(cost=3)
def degrees(s: str) -> Decimal:
    """The degrees of an angle as 48°51'24"N, below 0 in the south and the west, or the hours of 7:30."""
    import re

    found = re.findall(r"\d+(?:\.\d+)?", s)
    is_angle = re.fullmatch(r"\s*[NSEW]?\s*-?\d[\d.\s°º:'′’\"″”dhms]*[NSEW]?\s*", s)
    least = 1 if re.search("[NSEW]", s) else 2
    if not (is_angle and least <= len(found) <= 3 and all(float(n) < 60 for n in found[1:])):
        raise ValueError(f"{s!r} is no angle")
    size = sum((decimal.Decimal(n) / 60**i for i, n in enumerate(found)), decimal.Decimal(0))
    return -size if re.search("[SW-]", s) else size


@primitive(cost=3)
def measure(s: str) -> Decimal:
    """The metres, kilograms or litres that a text like 1.2 km, 400 m, 5 lb or 0,75 l stands for."""
    import re

    sizes = {"mm": "0.001", "cm": "0.01", "m": "1", "km": "1000", "in": "0.0254", "ft": "0.3048", "yd": "0.9144"}
    sizes |= {"mi": "1609.344", "mg": "0.000001", "g": "0.001", "kg": "1", "t": "1000", "oz": "0.028349523125"}
    sizes |= {"lb": "0.45359237", "lbs": "0.45359237", "ml": "0.001", "cl": "0.01", "dl": "0.1", "l": "1"}
    text = re.sub(r",(?=\d{1,2}(?!\d))", ".", s)
    found = re.fullmatch(r"\s*([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*([a-zA-Z]+)\.?\s*", text)
    if found is None or found[2].lower() not in sizes or found[2] in ("M", "Mg", "G", "T"):
        raise ValueError(f"{s!r} is no number with a unit")
    return decimal.Decimal(found[1].replace(",", "")) * decimal.Decimal(sizes[found[2].lower()])


@primitive(cost=3)
def bytes_in(s: str) -> Decimal:
    """The bytes that a size like 12 KB, 1.5M or 3 GiB stands for, each unit 1024 times the one before."""
    import re

    text = re.sub(r",(?=\d{1,2}(?!\d))", ".", s)
    form = r"\s*((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*(?:([KMGT])i?B?|B|bytes)?\s*"
    found = re.fullmatch(form, text, re.IGNORECASE)
    if found is None:
        raise ValueError(f"{s!r} is no size")
    unit = (found[2] or "").upper()
    x = decimal.Decimal(found[1].replace(",", "")) * decimal.Decimal(1024) ** ("KMGT".index(unit) + 1 if unit else 0)
    return decimal.Decimal(int(x)) if x == int(x) else x


@primitive(cost=1, source="decimal.Decimal(sum(int(n) * size for n, size in zip({numbers}, {sizes}, strict=True)))")
def in_last_unit(numbers: list[str], sizes: list[int]) -> Decimal:
    """The sum of numbers of different units, of which each is so many of the last one, as feet and inches are."""
    return decimal.Decimal(sum(int(n) * size for n, size in zip(numbers, sizes, strict=True)))


@primitive(cost=2, source="sum(map(decimal.Decimal, {numbers}))")
def total(numbers: list[str]) -> Decimal:
    """The sum of numbers in texts; undefined where there is none."""
    require(len(numbers) > 0)
    return sum(map(decimal.Decimal, numbers), decimal.Decimal(0))


@primitive(cost=2, source="sum(map(decimal.Decimal, {numbers})) / len({numbers})")
def mean(numbers: list[str]) -> Decimal:
    """The mean of numbers in texts, as the middle of `10-20`."""
    require(len(numbers) > 0)
    return sum(map(decimal.Decimal, numbers), decimal.Decimal(0)) / len(numbers)


@primitive(cost=3, source="math.prod(map(decimal.Decimal, {numbers}))")
def product(numbers: list[str]) -> Decimal:
    """The product of two numbers or more in texts, as the volume of 10x20x30."""
    require(len(numbers) > 1)
    found = Decimal(1)
    for n in map(decimal.Decimal, numbers):
        require(found.adjusted() + n.adjusted() < 18)
        found *= n
    return found


@primitive(cost=2, source="max({numbers}, key=decimal.Decimal)")
def largest(numbers: list[str]) -> str:
    """The largest of numbers in texts, as it is written."""
    return max(numbers, key=decimal.Decimal)


@primitive(cost=2, source="min({numbers}, key=decimal.Decimal)")
def smallest(numbers: list[str]) -> str:
    """The smallest of numbers in texts, as it is written."""
    return min(numbers, key=decimal.Decimal)


@primitive(cost=2)
def difference_of_two(numbers: list[str]) -> Decimal:
    """The first of two numbers in texts less the second, as by how much 3-1 is won."""
    first, second = numbers
    return decimal.Decimal(first) - decimal.Decimal(second)


@primitive(cost=2)
def ratio_of_two(numbers: list[str]) -> Decimal:
    """The first of two numbers in texts divided by the second, as 3/4."""
    first, second = numbers
    return decimal.Decimal(first) / decimal.Decimal(second)


@primitive(cost=1, source="format({x}, 'f')")
def plain(x: Decimal) -> str:
    """The number with the decimals it has."""
    return format(x, "f")


@primitive(cost=5, source="format({x}.normalize(), 'f')")
def shortest(x: Decimal) -> str:
    """The number without zeros at the end of its decimals."""
    return format(x.normalize(), "f")


@primitive(cost=1)
def fixed(x: Decimal, n: int) -> str:
    """The number rounded to so many decimals, the half away from zero."""
    if not 0 <= n <= 12:
        raise ValueError(f"{n} decimals")
    return str(x.quantize(decimal.Decimal(1).scaleb(-n), decimal.ROUND_HALF_UP) + 0)


@primitive(cost=2)
def signed(x: Decimal, n: int) -> str:
    """The number rounded to so many decimals, the half away from zero, with a plus where it is not negative."""
    if not 0 <= n <= 12:
        raise ValueError(f"{n} decimals")
    return format(x.quantize(decimal.Decimal(1).scaleb(-n), decimal.ROUND_HALF_UP) + 0, "+f")


@primitive(cost=3, source="format({x}, ',f')")
def with_thousands(x: Decimal) -> str:
    """The number with commas between thousands."""
    return format(x, ",f")


@primitive(cost=3)
def fixed_with_comma(x: Decimal, n: int) -> str:
    """The number rounded to so many decimals behind a comma, with dots between thousands, as 1.234,50."""
    if not 0 <= n <= 12:
        raise ValueError(f"{n} decimals")
    rounded = x.quantize(decimal.Decimal(1).scaleb(-n), decimal.ROUND_HALF_UP) + 0
    return f"{rounded:,f}".translate(str.maketrans(",.", ".,"))


@primitive(cost=4)
def in_thousands(x: Decimal, n: int) -> str:
    """The number in thousands, millions or billions where it is so large, with so many decimals, as 45.3K."""
    if not 0 <= n <= 3:
        raise ValueError(f"{n} decimals")
    if abs(x) < 1000:
        return format(x + 0, "f")
    units = [(x.scaleb(-size), letter) for size, letter in ((3, "K"), (6, "M"), (9, "B"))]
    rounded = [(v.quantize(decimal.Decimal(1).scaleb(-n), decimal.ROUND_HALF_UP), letter) for v, letter in units]
    return next((f"{v:f}{letter}" for v, letter in rounded if abs(v) < 1000), f"{rounded[-1][0]:f}B")


@primitive(cost=2)
def round_to(x: Decimal, step: Decimal) -> Decimal:
    """The multiple of the step nearest to the number, the one farther from zero where two are; written as the step."""
    return ((x / step).to_integral_value(decimal.ROUND_HALF_UP) * step).quantize(step) + 0


@primitive(cost=2)
def floor_to(x: Decimal, step: Decimal) -> Decimal:
    """The largest multiple of the step that is not above the number, with as many decimals as the step."""
    return ((x / step).to_integral_value(decimal.ROUND_FLOOR) * step).quantize(step) + 0


@primitive(cost=2)
def end_of_step(x: Decimal, step: Decimal) -> Decimal:
    """The smallest multiple of the step that is above the number, with as many decimals as the step."""
    return ((x / step).to_integral_value(decimal.ROUND_FLOOR) * step + step).quantize(step)


@primitive(cost=2)
def ceil_to(x: Decimal, step: Decimal) -> Decimal:
    """The smallest multiple of the step that is not below the number, with as many decimals as the step."""
    return ((x / step).to_integral_value(decimal.ROUND_CEILING) * step).quantize(step) + 0


@primitive(cost=1, source="{x} + {y}")
def plus(x: Decimal, y: Decimal) -> Decimal:
    """The sum of two numbers."""
    return x + y


@primitive(cost=2, source="{x} - {y}")
def minus(x: Decimal, y: Decimal) -> Decimal:
    """The first number less the second."""
    return x - y


@primitive(cost=1, source="{x} * {y}")
def times(x: Decimal, y: Decimal) -> Decimal:
    """The product of two numbers."""
    require(x.adjusted() + y.adjusted() < 18)
    return x * y


@primitive(cost=1, source="{x} / {y}")
def over(x: Decimal, y: Decimal) -> Decimal:
    """The first number divided by the second, with 28 digits."""
    return x / y


@primitive(cost=3, source="{x} < 0")
def is_negative(x: Decimal) -> bool:
    """Whether the number is below zero."""
    return x < 0


@primitive(cost=3, source="abs({x})")
def magnitude(x: Decimal) -> Decimal:
    """The number without its sign."""
    return abs(x)


@primitive(cost=2, source="min({x}, {y})", laws=[commutative])
def smaller(x: Decimal, y: Decimal) -> Decimal:
    """The smaller one of two numbers."""
    return min(x, y)


@primitive(cost=2, source="max({x}, {y})", laws=[commutative])
def larger(x: Decimal, y: Decimal) -> Decimal:
    """The larger one of two numbers."""
    return max(x, y)


WORDS = tuple(word for word in list(globals().values()) if isinstance(word, Primitive))
TYPES = (DECIMAL,)
CONSTANTS = (
    *(Literal(step, DECIMAL) for step in STEPS),
    *(literal_of(sizes, list_of(INT)) for sizes in UNITS),
)
