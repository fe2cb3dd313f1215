"""Masked: codes and numbers of many digits written in a form of their own, as 555-123-4567 for 5551234567.

>>> list(solve(["5551234567", "5559876543"], ["555-123-4567", "555-987-6543"], []))
[('###-###-####',)]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from extrapolate.core.expression import Apply, Expr, Literal
from extrapolate.core.language import Cases
from extrapolate.core.task import Task
from extrapolate.core.types import INT, TEXT
from extrapolate.core.word import primitive
from extrapolate.kinds.masks import MASK, Mask
from extrapolate.languages.parts import rest

# So many characters at least, and so dear a program for them.
FEWEST, DEAREST = 4, 10


@primitive(cost=1)
def in_form(s: str, form: Mask) -> str:
    """The characters of a text in the places of the # of a form, as many as there are."""
    if len(s) != form.count("#"):
        raise ValueError(f"{s!r} has not the {form.count('#')} characters of {form}")
    characters = iter(s)
    return "".join(next(characters) if c == "#" else c for c in form)


WORDS = (in_form,)


def solve(given: Sequence[Any], wanted: Sequence[Any], others: Sequence[Any]) -> Iterator[tuple[str]]:
    """The form in which all texts are written so: what is wanted has their characters, and marks between them."""
    if not all(isinstance(text, str) and len(text) >= FEWEST and text.isalnum() for text in given):
        return
    forms = {"".join("#" if c.isalnum() else c for c in text) for text in wanted}
    same = all("".join(filter(str.isalnum, out)) == text for text, out in zip(given, wanted, strict=True))
    form = forms.pop() if len(forms) == 1 and same else ""
    if "#" in form and not form.isalnum() and set(form) != {"#"}:
        yield (form,)


def masked(text: Expr, form: str) -> Expr:
    return Apply(in_form, (text, Literal(form, MASK)), TEXT)


def last_digits(task: Task, digits: dict[int, Expr]) -> Iterator[Expr]:
    """The digits of a column, and the last ones of them, as many as every example has."""
    counts = {sum(map(str.isdigit, str(row.output))) for row in task.labelled}
    n = counts.pop() if len(counts) == 1 else 0
    for expr in digits.values() if n >= FEWEST else ():
        yield from (expr, Apply(rest, (expr, Literal(-n, INT)), TEXT))


MASKS = Cases("masks", TEXT, TEXT, solve, masked, WORDS, DEAREST)
