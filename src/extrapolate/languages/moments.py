"""Moments: what a program writes out that is a part of the row's date in all examples.

`Q1` may be what stands before every year, or the quarter: where all examples are of the first one, rows of another
quarter are not like them.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from extrapolate.core.found import Found, Why
from extrapolate.core.task import Row
from extrapolate.core.types import DATETIME, TEXT
from extrapolate.core.word import Primitive
from extrapolate.languages import dates
from extrapolate.languages.looks import own_texts

# Numbers and names within what is written out.
_NAMES = re.compile(r"\d+|[^\W\d_]+")
# What is written of a date, and slots of so many minutes.
PARTS = [word for word in dates.WORDS if word.arg_types == (DATETIME,) and word.result_type == TEXT]
SLOTS = {15: "quarter of the hour", 30: "half of the hour"}


def other_moment(found: Found) -> Why:
    """It writes out what is a part of the date of the row in all examples, and another one here."""
    written = {name for text in own_texts(found) for name in _NAMES.findall(text)}
    shown = [(read, list(coincidences(found, read, written))) for read in readers(found)] if written else []

    def why(row: Row, answer: Any) -> str | None:
        for read, known in shown:
            moment = read(row)
            if moment is None:
                continue
            for what, part, value in known:
                if (own := part(moment)) != value:
                    return f"{value!r} is the {what} in all examples, and here that is {own!r}"
        return None

    return why


def readers(found: Found) -> Iterator[Callable[[Row], datetime.datetime | None]]:
    """What reads a date in a cell of a row, for the cells that are dates in all examples, different ones."""
    for place, variable in enumerate(found.task.inputs):
        for word in (dates.date, dates.day_first_date) if variable.type == TEXT else ():
            read = partial(read_by, word, place)
            moments = set(map(read, found.task.labelled))
            if len(moments) > 1 and None not in moments:
                yield read
                break


def read_by(word: Primitive, place: int, row: Row) -> datetime.datetime | None:
    """The date that a word reads in a cell, None where there is none."""
    try:
        moment: datetime.datetime = word(row.inputs[place])
    except (ValueError, OverflowError, TypeError):
        return None
    return moment


def coincidences(
    found: Found, read: Callable[[Row], datetime.datetime | None], written: set[str]
) -> Iterator[tuple[str, Callable[[datetime.datetime], str], str]]:
    """Parts of a date that are the same in all examples and stand in what is written out: what each is, what gives it,
    and its value."""
    moments = [moment for row in found.task.labelled if (moment := read(row)) is not None]
    parts = [(word.name.replace("_", " "), word.function) for word in PARTS]
    parts += [(what, partial(slot, minutes)) for minutes, what in SLOTS.items()]
    for what, part in parts:
        values = set(map(part, moments))
        if len(values) == 1 and values <= written:
            yield what, part, min(values)


def slot(minutes: int, moment: datetime.datetime) -> str:
    """The minute that a slot of so many begins with, in two digits; nothing at the full hour, as that is often cut."""
    return f"{moment.minute // minutes * minutes:02}".replace("00", "")
