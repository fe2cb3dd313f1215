"""Portions: what stands in the outputs of all rows and may be found by itself, as a number that is reckoned or a word
that is looked up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extrapolate.core.task import Row

# A number as people write it, with a sign only where nothing stands before it.
_NUMBER = re.compile(r"(?:(?<![^\s(:=])[+-])?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\d,]*\d)")
MOST_NUMBERS, MOST_WORDS = 3, 5


def portions(rows: Sequence[Row]) -> Iterator[list[str]]:
    """The n-th number of every output, for each n where all have as many, and likewise words, else the first and the
    last: those of which some do not stand in their row; none of outputs that are no text."""
    if not all(isinstance(row.output, str) for row in rows):
        return
    numbers = [_NUMBER.findall(row.output) for row in rows]
    words = [row.output.split() for row in rows]
    columns: list[list[str]] = []
    if len({len(found) for found in numbers}) == 1 and len(numbers[0]) <= MOST_NUMBERS:
        columns += map(list, zip(*numbers, strict=True))
    if len({len(found) for found in words}) == 1 and 1 < len(words[0]) <= MOST_WORDS:
        columns += map(list, zip(*words, strict=True))
    elif min(map(len, words)) > 1:
        columns += [[found[end] for found in words] for end in (0, -1)]
    known: list[list[str]] = []
    for column in columns:
        whole = all(part == row.output for part, row in zip(column, rows, strict=True))
        copied = all(any(part in str(v) for v in row.inputs) for part, row in zip(column, rows, strict=True))
        if len(set(column)) > 1 and not whole and not copied and column not in known:
            known.append(column)
            yield column
