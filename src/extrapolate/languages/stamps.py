"""Stamps: dates and times as people write them, in one form in all rows.

The form follows from the dates and from what is wanted of them.

>>> dates = [datetime.datetime(2026, 3, 5), datetime.datetime(2025, 11, 29)]
>>> list(forms(dates, ["05/03/2026", "29/11/2025"]))
['%d/%m/%Y']
"""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Iterator, Sequence
from functools import reduce
from typing import Any

from extrapolate.core.expression import Apply, Expr, Literal, walk
from extrapolate.core.language import Cases
from extrapolate.core.types import DATETIME, TEXT
from extrapolate.core.word import Primitive, primitive
from extrapolate.kinds.times import STAMP, Stamp
from extrapolate.languages import dates as times
from extrapolate.languages.parts import concat

# What each part of a form says, with the word that writes it out; of several that say the same one stands in a form.
PARTS: dict[str, tuple[str, Primitive]] = {
    "%Y": ("year", times.year),
    "%y": ("year", times.short_year),
    "%B": ("month", times.month_name),
    "%b": ("month", times.short_month_name),
    "%m": ("month", times.two_digit_month),
    "%-m": ("month", times.month),
    "%d": ("day", times.two_digit_day),
    "%-d": ("day", times.day),
    "%A": ("weekday", times.weekday),
    "%a": ("weekday", times.short_weekday),
    "%+Y": ("next year", times.next_year),
    "%+y": ("next year", times.short_next_year),
    "%q": ("quarter", times.quarter),
    "%H": ("hour", times.two_digit_hour),
    "%-H": ("hour", times.hour),
    "%I": ("hour", times.two_digit_hour_of_12),
    "%-I": ("hour", times.hour_of_12),
    "%M": ("minute", times.minute),
    "%S": ("second", times.second),
    "%p": ("half", times.am_or_pm),
}
OF_TIMES = {"hour", "minute", "second", "half"}
# Parts that strftime does not know.
_OWN, _PART = re.compile(r"%[-+q]"), re.compile(r"(%[-+]?[A-Za-z])")
# The starts and ends of the spans that a time falls in.
MOVES = (times.later, times.earlier, times.days_after, times.months_after)
ENDS = tuple(word for word in times.WORDS if word.arg_types[0] == word.result_type == DATETIME and word not in MOVES)
# Days and months are both written in two digits, or both as they come.
MIXED = ({"%d", "%-m"}, {"%-d", "%m"})
FEWEST_PARTS, MOST_FORMS, LONGEST = 2, 3, 40


@primitive(cost=1, source="{d}.strftime({form})")
def strftime(d: datetime.datetime, form: Stamp) -> str:
    """The time, written in a form."""
    return d.strftime(form)


def written(d: datetime.datetime, form: str) -> str:
    """A time in a form, which may have parts that strftime does not know."""
    return "".join(PARTS[part][1].function(d) if part in PARTS else part for part in _PART.split(form))


WORDS = (strftime,)


def forms(dates: Sequence[datetime.datetime], wanted: Sequence[str]) -> Iterator[str]:
    """The forms in which dates are written so: first those of two digits, or those without zeros where there are words,
    as in March 5. Nothing where one part says all."""
    has_times = any(d.time() != datetime.time() for d in dates)
    parts = [part for part, (what, _) in PARTS.items() if has_times or what not in OF_TIMES]
    if any(" " in text and any(map(str.isalpha, text)) for text in wanted):
        parts.sort(key=lambda part: "-" not in part)
    texts = {part: [written(d, part) for d in dates] for part in parts}

    def ends(places: Sequence[int], used: tuple[str, ...]) -> Iterator[str]:
        """What the form may end with, from a place in each text on."""
        rests = [text[place:] for text, place in zip(wanted, places, strict=True)]
        if not any(rests):
            if len({PARTS[part][0] for part in used}) >= FEWEST_PARTS:
                yield ""
            return
        for part in parts:
            is_new = PARTS[part][0] not in {PARTS[other][0] for other in used}
            if is_new and all(rest.startswith(text) for rest, text in zip(rests, texts[part], strict=True)):
                now = (*used, part)
                if not any(pair.issubset(now) for pair in MIXED):
                    on = [place + len(text) for place, text in zip(places, texts[part], strict=True)]
                    yield from (part + end for end in ends(on, now))
        mark = rests[0][:1]
        if mark and not mark.isdigit() and mark != "%" and all(rest.startswith(mark) for rest in rests):
            yield from (mark + end for end in ends([place + 1 for place in places], used))

    if all(isinstance(text, str) and text and len(text) <= LONGEST for text in wanted):
        yield from itertools.islice(ends([0] * len(wanted), ()), MOST_FORMS)


def solve(dates: Sequence[Any], wanted: Sequence[Any], others: Sequence[Any]) -> Iterator[tuple[str]]:
    """The forms that dates are written in; where the first has numbers without zeros, those alone that have such."""
    found = list(forms(dates, wanted))
    plain = "%-" in found[0] if found else False
    return ((form,) for form in found if "%-" in form or not plain)


def stamped(day: Expr, form: str) -> Expr | None:
    """A time written in a form; none where it is the start or the end of more than one span."""
    steps = [part for part in walk(day) if isinstance(part, Apply) and part.word in ENDS]
    if len(steps) > 1:
        return None
    if not _OWN.search(form):
        return Apply(strftime, (day, Literal(form, STAMP)), TEXT)
    texts: list[Expr] = [
        Apply(PARTS[part][1], (day,), TEXT) if part in PARTS else Literal(part, TEXT)
        for part in _PART.split(form)
        if part
    ]
    return reduce(lambda a, b: Apply(concat, (a, b), TEXT), texts)


# Times that cost more are seldom written out.
DEAREST = 10
STAMPS = Cases("stamps", DATETIME, TEXT, solve, stamped, WORDS, DEAREST)
