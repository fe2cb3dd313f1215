"""Variants: programs that a person may as well mean by one that was found, as all examples show the same of both.

Where a mark stands once in every example, its first place is its last; few items in a cell that are backwards may be
sorted. Each is tried on the examples, and where it gives something else in an open row, that row is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extrapolate.core.expression import Apply, Expr, Literal, replaced
from extrapolate.core.found import Found
from extrapolate.core.types import DELIMITER
from extrapolate.languages import gaps
from extrapolate.languages.lists import reverse, sorted_
from extrapolate.languages.parts import after, after_last, before, before_last

OTHER_END = {before: before_last, before_last: before, after: after_last, after_last: after}
OTHER_ORDER = {reverse: sorted_, sorted_: reverse}


def variants(found: Found) -> Iterator[Expr]:
    """Programs that split elsewhere, cut at the other end or at spaces beside a mark too, or order items otherwise."""
    yield from gaps.at_marks(found)
    for part in dict.fromkeys(p for p in found.parts if isinstance(p, Apply)):
        others = other_ends(found, part) if part.word in OTHER_END else other_orders(part)
        yield from (replaced(found.expr, part, other) for other in others)


def other_ends(found: Found, cut: Apply) -> Iterator[Expr]:
    """What is cut at the other place of the same mark, and at either place of the mark with the spaces beside it."""
    text, mark = cut.args
    if not isinstance(mark, Literal) or mark.type != DELIMITER:
        return
    for own in dict.fromkeys((mark.value, *spaced(found, text, mark.value))):
        for word in (cut.word, OTHER_END[cut.word]):
            if (word, own) != (cut.word, mark.value):
                yield Apply(word, (text, Literal(own, DELIMITER)), cut.type)


def spaced(found: Found, text: Expr, mark: str) -> Iterator[str]:
    """A mark with the spaces that it has beside it somewhere in every example."""
    of, pattern = found.runner(text), re.compile(rf"(?<! ) *{re.escape(mark)} *")
    cells = [of(row) for row in found.task.labelled]
    first = cells[0] if cells and isinstance(cells[0], str) else ""
    for own in pattern.findall(first):
        if own != mark and all(isinstance(cell, str) and own in cell for cell in cells):
            yield own


def other_orders(order: Apply) -> Iterator[Expr]:
    """Items sorted in place of backwards, and backwards in place of sorted."""
    if order.word in OTHER_ORDER:
        yield Apply(OTHER_ORDER[order.word], order.args, order.type)
