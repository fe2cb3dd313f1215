"""Sizes: how many digits the numbers have that a program takes by place, or writes a 0 before.

Where they have as many in all examples, a row that has more or fewer is not like them: the first digit of 103 is no
decade, and 10 needs no 0 before it that 9 does.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from extrapolate.core.expression import Apply, Expr, Literal, joined_parts
from extrapolate.core.found import Found, Why
from extrapolate.core.task import Row
from extrapolate.core.types import DATETIME, TEXT

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
