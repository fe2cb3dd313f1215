"""Masked: codes and numbers of many digits written in a form of their own, as 555-123-4567 for 5551234567.

>>> list(solve(["5551234567", "5559876543"], ["555-123-4567", "555-987-6543"], []))
[('###-###-####',)]
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from extrapolate.core.expression import Apply, Expr, Literal
from extrapolate.core.language import Cases
from extrapolate.core.task import Task
from extrapolate.core.types import INT, TEXT
from extrapolate.core.word import primitive
from extrapolate.kinds.masks import MASK, Mask
from extrapolate.languages.decimals import to_int
from extrapolate.languages.parts import rest

_WHOLE, LONGEST = re.compile(r"\d+"), 15
# So many characters at least, and so dear a program for them.
FEWEST, DEAREST = 4, 10
# So many digits may stand before them in all rows, as a 0; and the marks that codes are written with.
MOST_BEFORE, _MARKED = 3, re.compile(r"([#\d]|[-+./:_(),] ?| )+(?<! )")


@primitive(cost=1)
def in_form(s: str, form: Mask) -> str:
    """The characters of a text in the places of the # of a form, as many as there are."""
    if len(s) != form.count("#"):
        raise ValueError(f"{s!r} has not the {form.count('#')} characters of {form}")
    characters = iter(s)
    return "".join(next(characters) if c == "#" else c for c in form)


@primitive(cost=1)
def in_two(n: int, size: int, form: Mask) -> str:
    """How many times a number goes into another one, and what is left of it, in a form such as {}h {:02}m."""
    if n < 0 or size < 1 or "{" in form.replace("{}", "").replace("{:02}", ""):
        raise ValueError(f"{n} is not parted by {size} as {form}")
    return form.format(*divmod(n, size))


WORDS = (in_form, in_two)


def solve(given: Sequence[Any], wanted: Sequence[Any], others: Sequence[Any]) -> Iterator[tuple[str]]:
    """The form in which all texts are written so: what is wanted has their characters, and marks between them."""
    if not all(isinstance(text, str) and len(text) >= FEWEST and text.isalnum() for text in given):
        return
    forms = {form_of(text, out) for text, out in zip(given, wanted, strict=True)}
    form = forms.pop() if len(forms) == 1 else None
    if form and "#" in form and _MARKED.fullmatch(form) and not form.isalnum() and set(form) != {"#"}:
        yield (form,)


def form_of(text: str, wanted: str) -> str | None:
    """What is wanted with a # for each character of a text, which ends it but for marks; digits may stand before."""
    before = len(list(filter(str.isalnum, wanted))) - len(text)
    own = "".join(filter(str.isalnum, wanted))
    if before < 0 or own[before:] != text or not own[:before].isdecimal() * before:
        return None if before or own != text else "".join("#" if c.isalnum() else c for c in wanted)
    places = itertools.count()
    return "".join(("#" if next(places) >= before else c) if c.isalnum() else c for c in wanted)


def masked(text: Expr, form: str) -> Expr:
    return Apply(in_form, (text, Literal(form, MASK)), TEXT)


def last_digits(task: Task, digits: dict[int, Expr]) -> Iterator[Expr]:
    """The digits of a column, and the last ones of them, as many as every example has or a few less."""
    wanted = ["".join(filter(str.isdigit, str(row.output))) for row in task.labelled]
    longest = len(wanted[0]) if len(set(map(len, wanted))) == 1 else 0
    for place, expr in digits.items():
        cells = ["".join(filter(str.isdigit, row.inputs[place])) for row in task.labelled]
        fitting = range(longest, max(FEWEST, longest - MOST_BEFORE) - 1, -1)
        n = next((n for n in fitting if all(c[-n:] == w[-n:] for c, w in zip(cells, wanted, strict=True))), 0)
        if n:
            yield from (expr, Apply(rest, (expr, Literal(-n, INT)), TEXT))


def parted(task: Task, numbers: Iterable[int]) -> Iterator[Expr]:
    """How often some number goes into the whole one of a column, and what is left, where each example has these two."""
    forms = {_WHOLE.sub("{}", str(row.output)) for row in task.labelled}
    wanted = [_WHOLE.findall(str(row.output)) for row in task.labelled]
    if len(forms) != 1 or any(len(pair) != 2 for pair in wanted):
        return
    form = forms.pop()
    filled, has_two = "{:02}".join(form.rsplit("{}", 1)), all(len(left) == 2 for _, left in wanted)
    is_told = any(left[0] == "0" < left for _, left in wanted)
    # Where nothing tells, minutes after words are seldom filled up.
    tried = [form] if not has_two else [filled] if is_told else [form, filled] if form[-1].isalpha() else [filled, form]
    for place in numbers:
        cells = [row.inputs[place] for row in task.labelled]
        if all(cell.isdecimal() and len(cell) < LONGEST for cell in cells) and (size := size_of(cells, wanted)):
            whole = Apply(to_int, (task.inputs[place],), INT)
            yield from (Apply(in_two, (whole, Literal(size, INT), Literal(own, MASK)), TEXT) for own in tried)


def size_of(cells: Sequence[str], wanted: Sequence[Sequence[str]]) -> int | None:
    """What numbers are divided by to get two others of each."""
    rows = [(int(cell), int(times), int(left)) for cell, (times, left) in zip(cells, wanted, strict=True)]
    sizes = {(n - left) // times for n, times, left in rows if times}
    size = sizes.pop() if len(sizes) == 1 else 0
    return size if size > 1 and all(divmod(n, size) == (times, left) for n, times, left in rows) else None


MASKS = Cases("masks", TEXT, TEXT, solve, masked, (in_form,), DEAREST)
