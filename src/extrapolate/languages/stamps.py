"""Stamps: dates and times as people write them, in one form in all rows.

The form follows from the dates and from what is wanted of them.

>>> dates = [datetime.datetime(2026, 3, 5), datetime.datetime(2025, 11, 29)]
>>> list(forms(dates, ["05/03/2026", "29/11/2025"]))
['%d/%m/%Y']
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from extrapolate.core.expression import Apply, Expr, Literal, walk
from extrapolate.core.language import Cases
from extrapolate.core.types import DATETIME, TEXT
from extrapolate.core.word import primitive
from extrapolate.kinds.times import STAMP, Stamp
from extrapolate.languages import dates as times

# What each part of a form writes out; of several that say the same only one stands in a form.
SAYS = {
    "%Y": "year",
    "%y": "year",
    "%B": "month",
    "%b": "month",
    "%m": "month",
    "%-m": "month",
    "%+Y": "next year",
    "%+y": "next year",
    "%q": "quarter",
    "%d": "day",
    "%-d": "day",
    "%A": "weekday",
    "%a": "weekday",
    "%H": "hour",
    "%-H": "hour",
    "%I": "hour",
    "%-I": "hour",
    "%M": "minute",
    "%S": "second",
    "%p": "half",
}
MOVES = (times.later, times.earlier, times.days_after, times.months_after)
# The starts and ends of the spans that a time falls in.
ENDS = tuple(word for word in times.WORDS if word.arg_types[0] == word.result_type == DATETIME and word not in MOVES)
OF_TIMES = {"hour", "minute", "second", "half"}
# Days and months are both written in two digits, or both as they come.
MIXED = ({"%d", "%-m"}, {"%-d", "%m"})
FEWEST_PARTS, MOST_FORMS, LONGEST = 2, 3, 40


@primitive(cost=1, source="{d}.strftime({form})")
def strftime(d: datetime.datetime, form: Stamp) -> str:
    """The time, written in a form."""
    return d.strftime(form)


@primitive(cost=2)
def written(d: datetime.datetime, form: Stamp) -> str:
    """The time in a form in which numbers as %-d have no zeros before them; %q is the quarter, %+Y the next year."""
    parts: dict[str, object] = {
        "%-d": d.day,
        "%-m": d.month,
        "%-H": d.hour,
        "%-I": d.hour % 12 or 12,
        "%q": (d.month + 2) // 3,
    }
    parts |= {"%+Y": d.year + 1, "%+y": f"{(d.year + 1) % 100:02}"}
    for part, n in parts.items():
        form = form.replace(part, str(n))  # type: ignore[assignment]
    return d.strftime(form)


WORDS = (strftime, written)


def forms(dates: Sequence[datetime.datetime], wanted: Sequence[str]) -> Iterator[str]:
    """The forms in which dates are written so, those of two digits first. Nothing where one part says all."""
    has_times = any(d.time() != datetime.time() for d in dates)
    parts = [part for part, what in SAYS.items() if has_times or what not in OF_TIMES]
    texts = {part: [written(d, part) for d in dates] for part in parts}

    def ends(places: Sequence[int], used: tuple[str, ...]) -> Iterator[str]:
        """What the form may end with, from a place in each text on."""
        rests = [text[place:] for text, place in zip(wanted, places, strict=True)]
        if not any(rests):
            if len({SAYS[part] for part in used}) >= FEWEST_PARTS:
                yield ""
            return
        for part in parts:
            is_new = SAYS[part] not in {SAYS[other] for other in used}
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
    return ((form,) for form in forms(dates, wanted))


def stamped(day: Expr, form: str) -> Expr | None:
    """A time written in a form; none where it is the start or the end of more than one span."""
    steps = [part for part in walk(day) if isinstance(part, Apply) and part.word in ENDS]
    if len(steps) > 1:
        return None
    is_plain = not any(part in form for part in ("%-", "%+", "%q"))
    return Apply(strftime if is_plain else written, (day, Literal(form, STAMP)), TEXT)


# Times that cost more are seldom written out.
DEAREST = 10
STAMPS = Cases("stamps", DATETIME, TEXT, solve, stamped, WORDS, DEAREST)
