"""Where a text stands in the cells of a row: whether as a part of a longer name, and between which marks."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

from extrapolate.core.task import Row

# In so many places of a cell it is looked whether a text is cut there.
MOST_PLACES = 100
# What a number is by, and how much is looked at of it.
_BY, LONGEST_UNIT = re.compile(r"/[^\W\d_]{1,5}(?![\w/])"), 8
# Marks between names; a dot, an apostrophe and a hyphen may belong to one.
_BEFORE, _AFTER = re.compile(r"[^\w.'’-]*$"), re.compile(r"[^\w.'’-]*")


def texts_of(row: Row) -> list[str]:
    """The inputs of a row that are texts."""
    return [v for v in row.inputs if isinstance(v, str)]


def stands_in(row: Row, text: Any) -> bool:
    return isinstance(text, str) and any(text in cell for cell in texts_of(row))


def is_cut(row: Row, text: Any) -> bool:
    """Whether a text stands in cells of a row, and everywhere with a letter, a digit or what joins these beside it."""
    if not isinstance(text, str) or not text or not text[0].isalnum() or not text[-1].isalnum():
        return False
    places = ((cell, at) for cell in texts_of(row) for at in itertools.islice(places_of(cell, text), MOST_PLACES))
    joined = (
        joins(cell[max(0, at - 2) : at][::-1]) or goes_on(text, cell[at + len(text) : at + len(text) + LONGEST_UNIT])
        for cell, at in places
    )
    first = next(joined, False)
    return first and all(joined)


def places_of(cell: str, text: str) -> Iterator[int]:
    at = cell.find(text)
    while at >= 0:
        yield at
        at = cell.find(text, at + 1)


def joins(beside: str) -> bool:
    """Whether what stands beside a name, the nearest character first, goes on with it."""
    return bool(re.match(r"\w|[.'’/@-]\w", beside))


def goes_on(text: str, beside: str) -> bool:
    """Whether what stands behind a text belongs to it; the short name of what a number is by, as in 5/kg, does not."""
    return joins(beside) and not (text[-1].isdigit() and _BY.match(beside))


def borders(row: Row, text: str) -> tuple[set[str], set[str]]:
    """The marks that stand before a text in the cells of a row, up to the name or the start before it, and those that
    stand after it."""
    places = [(c, at) for c in texts_of(row) for at in itertools.islice(places_of(c, text), MOST_PLACES)]
    before = {("^" if not cell[:at].strip() else "") + _found(_BEFORE, cell[:at]) for cell, at in places}
    after = {
        _found(_AFTER, cell[at + len(text) :]) + ("" if cell[at + len(text) :].strip() else "$") for cell, at in places
    }
    return before, after


def _found(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[0] if found else ""
