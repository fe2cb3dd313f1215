"""Real numbers as keys: floats that agree up to rounding are the same number, wherever the rounding falls.

A number is looked for among those met before it: it is the nearest one within the tolerance, else a new one. Cells of
about the tolerance find the near ones, and a number's own cell and those beside it are looked into, so that no boundary
of cells parts equal numbers.

>>> reals = Reals()
>>> reals.key(0.1 + 0.2) == reals.key(0.3), reals.key(0.3) == reals.key(0.30001)
(True, False)
"""

from __future__ import annotations

import math

# Numbers that differ by less, in proportion, are the same.
TOLERANCE = 5e-13
# Numbers are written with so many digits at most.
MOST_DIGITS = 12
# Mantissas between a half and 1 have half of these cells; cells of two exponents are so many numbers apart.
_CELLS, _APART = 2.0**40, 1 << 41


def same_number(a: float, b: float, tolerance: float = TOLERANCE) -> bool:
    """Whether two numbers agree up to rounding."""
    return a == b or abs(a - b) <= tolerance * max(abs(a), abs(b))


def digits_of(value: float, most: int = MOST_DIGITS) -> int:
    """How many digits it takes to write a number that is rounded to the most, without zeros at either end."""
    digits = f"{abs(value):.{most - 1}e}".split("e")[0].replace(".", "")
    return len(digits.rstrip("0")) or 1


class Reals:
    """The numbers met so far; `key` is the one among them that a number equals."""

    def __init__(self) -> None:
        self.cells: dict[int, list[float]] = {}
        self.known: dict[float, float] = {}

    def key(self, value: float) -> float:
        """The number met before that this one equals, itself when it is new."""
        found = self.known.get(value)
        if found is not None:
            return found
        mantissa, exponent = math.frexp(value)
        scaled = mantissa * _CELLS
        cell = round(scaled)
        place = cell + exponent * _APART
        places = [place, place - 1, place + 1]
        if abs(cell) >= _CELLS - 1 or abs(cell) <= _CELLS / 2 + 1:  # next to a power of two the exponents differ
            for shift in (-1, 1):
                other = round(math.ldexp(scaled, -shift)) + (exponent + shift) * _APART
                places += [other - 1, other, other + 1]
        cells = self.cells
        equal = [n for at in places if at in cells for n in cells[at] if same_number(n, value)]
        found = min(equal, key=lambda n: abs(n - value)) if equal else value + 0.0
        if not equal:
            cells.setdefault(place, []).append(found)
        self.known[value] = found
        return found
