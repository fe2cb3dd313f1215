"""Sizes: how many digits the numbers have that a program takes by place, or writes a 0 before.

Where they have as many in all examples, a row that has more or fewer is not like them: the first digit of 103 is no
decade, and 10 needs no 0 before it that 9 does.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Any

from extrapolate.core.expression import Apply, Expr, Literal, joined_parts
from extrapolate.core.found import Found, Why, no_doubt
from extrapolate.core.task import Row
from extrapolate.core.types import DATETIME, TEXT
from extrapolate.languages.decimals import fixed
from extrapolate.languages.scales import places

# Digits with what stands between those of a number or a time, at the end and at the start of a text, and such a number.
_END, _START = re.compile(r"[\d.,:]*$"), re.compile(r"^[\d.,:]*")
_PLAIN = re.compile(r"-?\d+(\.\d+)?")
_NUMBER = re.compile(r"\d+([.,]\d+|(:\d\d){1,2})")
# Words that take characters by their place.
BY_PLACE = ("char", "head", "rest", "substring")


def other_size(found: Found) -> Why:
    """It takes digits by their place from a number that has more or fewer of them than those of all examples."""
    return of_other_size(found, list(dict.fromkeys(taken_by_place(found))))


def taken_by_place(found: Found) -> list[Expr]:
    """The texts that characters are taken from by their place."""
    return [p.args[0] for p in found.parts if isinstance(p, Apply) and p.word.name in BY_PLACE]


def of_other_size(found: Found, numbers: Sequence[Expr]) -> Why:
    """One of some parts of a program that are numbers has more or fewer digits than in all examples."""
    texts = [found.runner(text) for text in numbers]
    shown = [(text, {len(text(row)) if is_digits(text(row)) else 0 for row in found.task.labelled}) for text in texts]
    sizes = [(text, min(known)) for text, known in shown if len(known) == 1 and 0 not in known]

    def why(row: Row, answer: Any) -> str | None:
        for text, size in sizes:
            if is_digits(value := text(row)) and len(value) != size:
                return f"{value} has {digits(len(value))}, and those of the examples have {digits(size)}"
        return None

    return why


def digits(n: int) -> str:
    return f"{n} digit{'s' * (n != 1)}"


def padded(found: Found) -> Why:
    """It writes a 0 before a number that has more or fewer digits than those of all examples."""
    pieces = joined_parts(found.expr)
    after = [b for a, b in itertools.pairwise(pieces) if isinstance(a, Literal) and str(a.value).endswith("0")]
    return of_other_size(found, after)


def other_date(found: Found) -> Why:
    """It reads a date in a number with more or fewer digits than those of all examples: in 2021 alone no day stands."""
    read = [
        p.args[0] for p in found.parts if isinstance(p, Apply) and p.type == DATETIME and p.word.arg_types == (TEXT,)
    ]
    return of_other_size(found, read)


def unlike_sizes(found: Found) -> float:
    """Whether an open row has a 0 before a number of another size than those of all examples."""
    return found.share_doubted(padded(found)) > 0


def is_digits(value: Any) -> bool:
    return isinstance(value, str) and value.isdecimal()


def parts_of_numbers(found: Found) -> list[str]:
    """Constants with digits that are a part of a number or a time in every example, as `5:` before 30."""
    pairs = [pair for part in found.parts for pair in itertools.pairwise(joined_parts(part))]
    rows = found.task.labelled
    parts = []
    for a, b in pairs:
        before, after = found.runner(a), found.runner(b)
        constants = [piece.value for piece in (a, b) if isinstance(piece, Literal)]
        if len(constants) == 1 and any(map(str.isdigit, constants[0])):
            parts += constants * all(is_within(before(row), after(row)) for row in rows)
    return parts


def is_within(before: Any, after: Any) -> bool:
    """Whether two texts meet within a number or a time."""
    start, end = _END.search(before or ""), _START.search(after or "")
    return bool(start and end and start[0] and end[0] and _NUMBER.fullmatch(start[0] + end[0]))


def part_of_number(found: Found) -> Why:
    """It writes out a part of a number, or of a time, whose other part it takes or reckons."""
    if not (parts := parts_of_numbers(found)):
        return no_doubt
    return lambda row, answer: f"{parts[0]!r} is a part of a number, the same in all examples"


def padded_decimals(found: Found) -> Why:
    """It has noughts at the end of its decimals, where the examples' answers have as many decimals as they need."""
    parts = [p for p in found.parts if isinstance(p, Apply) and p.word is fixed]
    written = [(found.runner(part.args[0]), found.runner(part)) for part in parts]
    outputs = [str(row.output) for row in found.task.labelled]
    if len(set(map(decimals, outputs))) < 2 or not all(map(_PLAIN.fullmatch, outputs)):
        return no_doubt

    def why(row: Row, answer: Any) -> str | None:
        pairs = ((number(row), text(row)) for number, text in written)
        is_padded = any(x is not None and places(x.normalize()) < decimals(text) for x, text in pairs)
        return (
            "there are noughts at its end, and the examples have as many decimals as they need" if is_padded else None
        )

    return why


def decimals(text: str) -> int:
    return len(text.partition(".")[2])


def fixed_parts(found: Found) -> float:
    """How many constants are a part of a number in every example."""
    return len(parts_of_numbers(found))
