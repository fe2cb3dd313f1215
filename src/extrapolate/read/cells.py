"""Cells: text that stands for a value, and back.

A cell is a bool, a number, a list in JSON (or as Python writes it) or else text. An empty cell is None.

>>> [value_of(c) for c in ("7", "-0.5", "true", "[1, [2]]", "red", " ")]
[7, -0.5, True, [1, [2]], 'red', None]
"""

from __future__ import annotations

import ast
import json
import math
import re
import warnings
from collections.abc import Sequence
from typing import Any

from extrapolate.core.errors import InputError
from extrapolate.core.kind import Undefined, join, kind_of, type_of
from extrapolate.core.types import BOOL, FLOAT, TEXT, Type
from extrapolate.read.amounts import as_number, is_missing

LONGEST_INT = 4000
# Of more numbers it is likelier that they were measured.
FEW_AMOUNTS, FEWEST_AMOUNTS = 6, 4
_INT = re.compile(r"[+-]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_DECIMALS = re.compile(r"[+-]?[0-9]+\.([0-9]+)")
_AMOUNT = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_CODE = re.compile(r"0[0-9]+")
_NOT_A_NUMBER = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)


def parse_json(text: str) -> Any:
    """The value of a JSON text; ValueError when it is none, InputError when it is one that can't be used."""
    try:
        return json.loads(text, parse_int=_integer)
    except RecursionError:
        raise InputError("lists are nested too deeply; give lists of a few levels.") from None


def _integer(digits: str) -> int:
    if len(digits) > LONGEST_INT:
        raise InputError(f"the integer {digits[:12]}... of {len(digits):,} digits is too large; leave it out.")
    return int(digits)


def value_of(cell: str) -> Any:
    """The value a cell stands for when nothing is known of its column."""
    cell = cell.strip()
    if not cell:
        return None
    if cell.lower() in ("true", "false"):
        return cell.lower() == "true"
    if _INT.fullmatch(cell):
        return _integer(cell)
    if (_FLOAT.fullmatch(cell) and not _CODE.fullmatch(cell)) or _NOT_A_NUMBER.fullmatch(cell):
        return float(cell)
    if cell[0] in "[\"'":
        return _literal(cell)
    return cell


def _literal(cell: str) -> Any:
    """A list or quoted text, as JSON or else as Python writes it; the text itself when it is neither."""
    try:
        return parse_json(cell)
    except ValueError as error:
        if isinstance(error, InputError):
            raise
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.literal_eval(cell)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return cell


def column_values(cells: Sequence[tuple[int, str]], name: str) -> list[Any]:
    """The values of a column of numbered cells: None where empty, and all of them text where one is text.

    Among numbers, the usual marks of a missing value, as `n/a` or `-`, are empty too.
    """
    values = []
    for number, cell in cells:
        try:
            values.append(_table_value(cell))
        except InputError as error:
            raise InputError(f"row {number}, {name}: {error}") from None
    texts = [v for v in values if isinstance(v, str)]
    if not texts:
        return values
    if any(isinstance(v, int | float) for v in values) and all(map(is_missing, texts)):
        return [None if isinstance(v, str) else v for v in values]
    return [None if v is None else cell for v, (_, cell) in zip(values, cells, strict=True)]


def cells_as_text(cells: Sequence[tuple[int, str]], name: str) -> list[Any]:
    """The cells of a column as they stand; None where empty."""
    return [cell if cell.strip() else None for _, cell in cells]


def holds_text(cells: Sequence[tuple[int, str]]) -> bool:
    """Whether a column holds text: a cell that is neither a bool nor a number nor a list, and no mark of a missing one
    among such."""
    filled = [cell for _, cell in cells if cell.strip()]
    texts = [cell for cell in filled if _is_text(cell)]
    return bool(texts) and (len(texts) == len(filled) or not all(map(is_missing, texts)))


def are_amounts(cells: Sequence[tuple[int, str]]) -> bool:
    """Whether the few cells that are filled in, of more, are numbers, some with decimals: how they are written and
    rounded is a part of what is wanted. More of them are so where all have as many decimals, some with a zero at the
    end; else they are measurements."""
    filled = [cell.strip() for _, cell in cells if cell.strip()]
    if len(filled) == len(cells) or not all(map(_AMOUNT.fullmatch, filled)):
        return False
    places = {_decimals(cell) for cell in filled}
    is_written = len(places) == 1 and min(places) > 1 and any(cell.endswith("0") for cell in filled)
    return any(float(cell) % 1 for cell in filled) and len(filled) <= (FEW_AMOUNTS if is_written else FEWEST_AMOUNTS)


def are_reckoned(cells: Sequence[tuple[int, str]], others: Sequence[Sequence[tuple[int, str]]]) -> bool:
    """Whether the few cells that are filled in, of more, have all as many decimals, and no number in the other columns
    has any: they are rounded so."""
    filled = [cell.strip() for _, cell in cells if cell.strip()]
    places = {_decimals(cell) for cell in filled if _AMOUNT.fullmatch(cell)}
    is_few = len(filled) < len(cells) and len(filled) <= FEWEST_AMOUNTS
    numbers = [cell for column in others for _, cell in column if _AMOUNT.fullmatch(cell.strip())]
    return is_few and len(places) == 1 and min(places) > 0 and not any("." in cell for cell in numbers)


def is_part_of(whole: str, part: str) -> bool:
    """Whether the characters of a text stand in another one in their order, as the digits of a code do."""
    rest = iter(whole)
    return all(c in rest for c in part)


def _is_text(cell: str) -> bool:
    try:
        return isinstance(_table_value(cell), str)
    except InputError:
        return False


def _table_value(cell: str) -> Any:
    """As `value_of`, but quotes are part of a table's text."""
    return cell if cell.strip()[:1] in ("'", '"') else value_of(cell)


def cell_as(cell: str, t: Type) -> Any:
    """The value of a cell in a column of a known type, None when it is empty; InputError when it is of another."""
    if t == TEXT:
        return cell if cell.strip() else None
    if not cell.strip():
        return None
    try:
        return kind_of(t).from_cell(cell, t)
    except InputError:
        raise
    except (Undefined, TypeError, ValueError):
        pass
    value = value_of(cell)
    if value is None or (kind_of(t).is_number and is_missing(cell)):
        return None
    if t == FLOAT and isinstance(value, str) and (found := as_number(cell)) is not None:
        return found
    return checked(value, t)


def checked(value: Any, t: Type) -> Any:
    """The value, when it is of the type, a number as text where that is taken; InputError when it isn't."""
    if t == TEXT and isinstance(value, int | float) and not isinstance(value, bool):
        return repr(value)
    found = type_of(value)
    if not fits(found, t):
        raise InputError(f"{short(value)} is {found} and the program takes {t}.")
    return value


def fits(found: Type, t: Type) -> bool:
    """Whether values of one type may stand where another is expected: an int is a float, an empty list any list."""
    try:
        return join(t, found) == t
    except InputError:
        return False


def text_of(value: Any, t: Type, like: Sequence[str] = ()) -> str:
    """The cell that stands for a value; bools are spelled as in the cells it should look like, and numbers that need no
    more have as many decimals as all of these."""
    written = kind_of(t).to_cell(value, t)
    if t == FLOAT:
        return _with_decimals(value, {_decimals(c) for c in like if c.strip()}) or written
    if t != BOOL:
        return written
    spelled = next((c.strip() for c in like if c.strip()), written)
    return written.upper() if spelled.isupper() else written.title() if spelled.istitle() else written


def _decimals(cell: str) -> int:
    """How many decimals a number is written with; -1 for anything else."""
    found = _DECIMALS.fullmatch(cell.strip())
    return -1 if found is None else len(found[1])


def _with_decimals(value: float, decimals: set[int]) -> str | None:
    """A number with so many decimals, where they are one number and all that it needs."""
    places = min(decimals, default=-1)
    if len(decimals) != 1 or places < 1 or not math.isclose(value, round(value, places), rel_tol=1e-12):
        return None
    return f"{value:.{places}f}"


def short(value: Any, width: int = 60) -> str:
    """The value as Python writes it, cut when it is long."""
    shown = repr(value)
    return shown if len(shown) <= width else f"{shown[: width - 3]}..."
