"""Labels: what the names of ranges tell of their bounds, as `18-34`, `65+`, `under 18` and `over 20` do."""

from __future__ import annotations

import re
from decimal import Decimal

_BARE = re.compile(r"[\d.,]*")
_NUMBER = re.compile(r"(?<![\w.,])(-?\d[\d,]*(?:\.\d+)?)(?!\w)")
# What says that a number stands for all that is larger, or not less, or less.
_ABOVE = re.compile(r"(?i)>(?!\s*=)|\b(?:over|above|more than|greater than)\s+(?=[-\d])")
_OPEN = re.compile(
    r"(?i)[+<>≥≤]|\b(?:over|above|under|below|more|less|greater|older|younger|fewer|up|from|at least|at most)\b"
)


def lower_bounds(label: str, are_whole: bool) -> list[Decimal]:
    """The numbers in the name of a range, the first of which is where it begins; the next whole one for what says that
    it is of larger ones, and none of these where numbers are not whole. A number alone, or in another name, is none."""
    numbers = [Decimal(written.replace(",", "")) for written in _NUMBER.findall(label)]
    if _BARE.fullmatch(label) or not (len(numbers) > 1 or _OPEN.search(label)):
        return []
    if _ABOVE.search(label):
        return [n + 1 for n in numbers] if are_whole else []
    return numbers


def told_bound(below: str, label: str, low: Decimal, high: Decimal, are_whole: bool) -> Decimal | None:
    """The bound between two ranges that the name of the upper one tells, and where the lower one ends too; it lies
    between a number that is in the lower one and the next that is in the upper one."""
    bound = next((bound for bound in lower_bounds(label, are_whole) if low < bound <= high), None)
    ends = lower_bounds(below, are_whole)[1:]
    return bound if bound is None or not ends or 0 <= bound - ends[-1] <= 1 else None
