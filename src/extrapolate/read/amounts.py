"""Numbers as people write them, where a whole table is of such: `1,5` and `3,000`, `102.6 %`, `3.0±0.1`.

Text keeps its cells as they stand, so a table is read in this way only where its target and what it may depend on are
numbers in disguise, or where laws are asked for.

>>> as_numbers(["1,5", "2", "-"]), as_numbers(["3,000", "12,500"]), as_numbers(["3.0±0.1"]), as_numbers(["1,5", "red"])
([1.5, 2.0, None], [3000.0, 12500.0], [3.0], None)
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# What people write where a number is missing.
MISSING = ("n/a", "na", "#n/a", "n.a.", "nan", "none", "null", "missing", "unknown", "-", "--", "\N{EN DASH}", "?", ".")
_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_WITH_COMMA = re.compile(r"[+-]?(\d+),(\d+)([eE][+-]?\d+)?")
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
_ERROR = re.compile(r"(\+/?-|±)\s*[\d.,]+$")
_PERCENT = re.compile(r"\s*%$")
MINUS = "\N{MINUS SIGN}"


def is_missing(cell: str) -> bool:
    """Whether a cell among numbers says that there is none."""
    return cell.strip().lower() in MISSING


def as_numbers(cells: Sequence[str]) -> list[float | None] | None:
    """The numbers of a column, None where one is missing; None for a column that holds anything else, or numbers that
    may be meant in two ways, as percents among others."""
    given = [cell.strip().replace(MINUS, "-") for cell in cells]
    filled = [cell for cell in given if cell and not is_missing(cell)]
    bare = [_PERCENT.sub("", _ERROR.sub("", cell)).strip() for cell in filled]
    percents = sum(cell.endswith("%") for cell in filled)
    if not filled or percents not in (0, len(filled)):
        return None
    commas = [cell for cell in bare if "," in cell]
    if commas and all(_GROUPED.fullmatch(cell) for cell in commas):
        bare = [cell.replace(",", "") for cell in bare]
    elif commas and all(_WITH_COMMA.fullmatch(cell) for cell in commas):
        bare = [cell.replace(",", ".") for cell in bare]
    if not all(map(_PLAIN.fullmatch, bare)):
        return None
    numbers = iter(bare)
    return [float(next(numbers)) if cell and not is_missing(cell) else None for cell in given]


def as_number(cell: str) -> float | None:
    """The number in one cell of a column of numbers; None where it may be meant in two ways, as `3,000`."""
    if _GROUPED.fullmatch(cell.strip()) and "." not in cell and cell.count(",") == 1:
        return None
    found = as_numbers([cell])
    return None if found is None else found[0]


def is_disguised(cells: Sequence[str]) -> bool:
    """Whether a column is of numbers, some of which are written otherwise than computers do."""
    plain = all(not c.strip() or is_missing(c) or _PLAIN.fullmatch(c.strip()) for c in cells)
    return not plain and as_numbers(cells) is not None
