"""Slots: the half hour, the quarter, the morning that a time falls in, written from when to when.

Both ends say how long a slot is and when the first one starts, so that neither has to be looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from extrapolate.core.expression import Apply, Expr, Literal
from extrapolate.core.found import Found
from extrapolate.core.types import DATETIME, DURATION
from extrapolate.languages.dates import (
    MINUTES,
    ceil_time,
    end_time,
    end_time_from,
    floor_time,
    floor_time_from,
    later,
    round_time,
)
from extrapolate.languages.decimals import ceil_to, end_of_step, floor_to

ROUNDING = (floor_time, floor_time_from, ceil_time, end_time, end_time_from, round_time)

_TIME = re.compile(r"(?<![\d:])(\d{1,2})(?::([0-5]\d))?(?::[0-5]\d)?(?:\s*([AaPp])\.?[Mm]\b|(?<=:\d\d))")
DAY, HALF_DAY = 1440, 720


def slots(day: Expr, given: list[datetime], outputs: list[Any]) -> Iterator[Expr]:
    """The start and the end of the slot that a time falls in, where that is so in all examples."""
    ends = [times_in(output) for output in outputs]
    if len(ends) < 2 or any(len(times) != 2 for times in ends):
        return
    turn = DAY if all(is_full for times in ends for _, is_full in times) else HALF_DAY
    lengths = {(end - start) % turn for (start, _), (end, _) in ends}
    if len(lengths) != 1 or not (length := lengths.pop()):
        return
    starts = [start for (start, _), _ in ends]
    # Slots follow each other, but there may be a break between them.
    for step in (length, *(minutes for minutes in MINUTES if minutes > length)):
        first = starts[0] % step
        if all(not (start_of(time, step, first) - start) % turn for time, start in zip(given, starts, strict=True)):
            floor = floored(day, step, first)
            yield floor
            yield Apply(later, (floor, of_minutes(length)), DATETIME)
            return


def start_of(time: datetime, step: int, first: int) -> int:
    """When the slot of a time starts, in minutes after midnight."""
    minutes = DAY * time.toordinal() + 60 * time.hour + time.minute - DAY  # as from the first of all days
    return (minutes - (minutes - first) % step) % DAY


def floored(day: Expr, step: int, first: int) -> Expr:
    if not first:
        return Apply(floor_time, (day, of_minutes(step)), DATETIME)
    return Apply(floor_time_from, (day, of_minutes(step), of_minutes(first)), DATETIME)


def of_minutes(minutes: int) -> Literal:
    return Literal(timedelta(minutes=minutes), DURATION)


def several_roundings(found: Found) -> float:
    """In how many more ways than one times are rounded: up and down, or to several steps."""
    rounded = {(p.word, p.args[1]) for p in found.parts if isinstance(p, Apply) and p.word in ROUNDING}
    return max(0, len(rounded) - 1)


def odd_slots(found: Found) -> float:
    """Whether a slot of numbers ends at a multiple of its step that may be the number itself, so that it is empty then;
    or a number alone is rounded up to a multiple that is never itself."""
    words = {part.word for part in found.parts if isinstance(part, Apply)}
    return float(ceil_to in words if floor_to in words else end_of_step in words)


def times_in(text: Any) -> list[tuple[int, bool]]:
    """The times of the day that stand in a text, in minutes after midnight, and whether the half of the day is told: by
    am or pm, or by an hour of two digits."""
    found = []
    for hour, minute, half in _TIME.findall(text) if isinstance(text, str) else ():
        if half and not 1 <= int(hour) <= 12:
            return []
        hours = int(hour) % 12 + 12 * (half in "Pp") if half else int(hour)
        found.append((60 * hours + int(minute or 0), bool(half) or len(hour) == 2))
    return found
