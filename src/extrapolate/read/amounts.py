"""Numbers as people write them, where a whole table is of such: `1,5` and `3,000`, `102.6 %`, `3.0±0.1`.

Text keeps its cells as they stand, so a table is read in this way only where its target and what it may depend on are
numbers in disguise, or where laws are asked for.

>>> as_numbers(["1,5", "2", "-"]), as_numbers(["3,000", "12,500"]), as_numbers(["3.0±0.1"]), as_numbers(["1,5", "red"])
([1.5, 2.0, None], [3000.0, 12500.0], [3.0], None)
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extrapolate.read.cells import is_missing

_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_WITH_COMMA = re.compile(r"[+-]?(\d+),(\d+)([eE][+-]?\d+)?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_ERROR = re.compile(r"(\+/?-|±)\s*[\d.,]+$")
_PERCENT = re.compile(r"\s*%$")
MINUS = "\N{MINUS SIGN}"


def as_numbers(cells: Sequence[str]) -> list[float | None] | None:
    """The numbers of a column, None where one is missing; None for a column that holds anything else."""
    given = [_PERCENT.sub("", _ERROR.sub("", cell.strip().replace(MINUS, "-")).strip()) for cell in cells]
    filled = [cell for cell in given if cell and not is_missing(cell)]
    commas = [cell for cell in filled if "," in cell]
    if not filled:
        return None
    if commas and all(_GROUPED.fullmatch(cell) for cell in commas):
        given = [cell.replace(",", "") for cell in given]
    elif commas and all(_WITH_COMMA.fullmatch(cell) for cell in commas):
        given = [cell.replace(",", ".") for cell in given]
    if not all(not cell or is_missing(cell) or _PLAIN.fullmatch(cell) for cell in given):
        return None
    return [None if not cell or is_missing(cell) else float(cell) for cell in given]


def is_disguised(cells: Sequence[str]) -> bool:
    """Whether a column is of numbers, some of which are written otherwise than computers do."""
    plain = all(not c.strip() or is_missing(c) or _PLAIN.fullmatch(c.strip()) for c in cells)
    return not plain and as_numbers(cells) is not None
