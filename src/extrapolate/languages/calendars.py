"""Calendars: dates whose month is named in another language, or that have no day; years and quarters that begin in
another month than January; spans in years and months.
"""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from extrapolate.core.expression import Apply, Expr, literal_of
from extrapolate.core.task import Task
from extrapolate.core.types import DATETIME, DECIMAL
from extrapolate.core.word import Primitive, primitive
from extrapolate.languages.dates import months_after

# A quarter as it is written, and a year.
_QUARTER, _YEAR = re.compile(r"Q([1-4])\b", re.IGNORECASE), re.compile(r"(?<!\d)(\d{4}|\d{2})(?!\d)")
_YEARS = re.compile(r"(\d{4})\s*[-/–]\s*(\d{4}|\d{2})(?!\d)")
SHIFTS = [months for months in range(-11, 12) if months]


@primitive(cost=3)
def date_with_month_name(s: str) -> datetime.datetime:
    """The date in a text that names the month, in English or another language of Europe, or has no day; a day is first.

    >>> date_with_month_name("15. März 2018"), date_with_month_name("Mar-21").strftime("%Y-%m")
    (datetime.datetime(2018, 3, 15, 0, 0), '2021-03')
    """
    import datetime
    import re
    import unicodedata

    text = "".join(c for c in unicodedata.normalize("NFKD", s.lower()) if not unicodedata.combining(c))
    names = "january januar janvier enero gennaio janeiro,february februar fevrier febrero febbraio fevereiro,"
    names += (
        "march marz maerz mars marzo marco maart mrz mrt,april avril abril aprile,may mai mayo maggio maio mei maj,"
    )
    names += (
        "june juni juin junio giugno junho,july juli juillet julio luglio julho,august aout agosto augustus augusti,"
    )
    names += "september septembre septiembre settembre setembro,october oktober octobre octubre ottobre outubro,"
    names += "november novembre noviembre,december dezember decembre diciembre dicembre dezembro"
    months = [name.split() for name in names.split(",")]
    day, year = r"(?:(\d{1,2})(?:\.|er|o)?[ /-]*(?:de )?)", r"(\d{4}|\d\d)"
    if found := re.fullmatch(rf"(?:[a-z]{{2,10}},? )?{day}?([a-z]{{3,10}})\.?( del?|')?([ /'-]*){year}", text.strip()):
        if not found[1] and len(found[5]) == 2 and not found[4].strip():
            raise ValueError(f"{s!r} may have a day or a year")
        month = next((i for i, own in enumerate(months, 1) if any(n.startswith(found[2]) for n in own)), 0)
        n, in_year = int(found[1] or 1), int(found[5])
    elif found := re.fullmatch(r"(?:(\d\d?)[-/. ]((?:19|20)\d\d)|((?:19|20)\d\d)[-/. ](\d\d?))", text.strip()):
        month, n, in_year = int(found[1] or found[4]), 1, int(found[2] or found[3])
    else:
        raise ValueError(f"{s!r} is no date with the name of a month")
    return datetime.datetime(in_year if in_year > 99 else in_year + (2000 if in_year < 69 else 1900), month, n)


@primitive(cost=3, source="12 * ({b}.year - {a}.year) + {b}.month - {a}.month - ({b}.day < {a}.day)")
def months_between(a: datetime.datetime, b: datetime.datetime) -> int:
    """The full months from one date to another."""
    return 12 * (b.year - a.year) + b.month - a.month - (b.day < a.day)


@primitive(cost=3, source="({b}.month - {a}.month - ({b}.day < {a}.day)) % 12")
def months_over(a: datetime.datetime, b: datetime.datetime) -> int:
    """The full months from one date to another that are over when full years are taken off."""
    return (b.month - a.month - (b.day < a.day)) % 12


WORDS = (date_with_month_name, months_between, months_over)


def fiscal(task: Task, word: Primitive, dates: dict[int, Expr]) -> Iterator[Expr]:
    """The dates of a column moved by so many months that their quarters, or the two years from one to the next, are
    those that all examples have, and their years where these are written too."""
    tests = [test for test in (is_in_quarter, is_in_years) if all(test(None, row.output) for row in task.labelled)]
    for test, (place, day) in itertools.product(tests[: bool(task.labelled)], dates.items()):
        given = [word.function(row.inputs[place]) if row.inputs[place] else None for row in task.labelled]
        if None not in given:
            pairs = list(zip(given, task.labelled, strict=True))
            shifts = [n for n in SHIFTS if all(d and test(shifted(d, n), row.output) for d, row in pairs)]
            # Years that begin where a quarter does are by far the most, but for those of schools.
            for months in [n for n in shifts if n % 3 == 0] or shifts:
                yield Apply(months_after, (day, literal_of(Decimal(months), DECIMAL)), DATETIME)


def shifted(d: datetime.datetime, months: int) -> datetime.datetime:
    """A time so many months later; the last one there is where there is none."""
    try:
        found: datetime.datetime = months_after.function(d, Decimal(months))
    except ValueError:
        return datetime.datetime.max
    return found


def is_in_quarter(d: datetime.datetime | None, wanted: Any) -> bool:
    """Whether a date lies in the quarter, and in one of the years, that a text names; of no date, whether one does."""
    quarter = _QUARTER.search(str(wanted))
    if d is None or quarter is None:
        return quarter is not None
    years = _YEAR.findall(wanted)
    in_year = not years or any(int(year) in (d.year, d.year % 100) for year in years)
    return in_year and int(quarter[1]) == (d.month + 2) // 3


def is_in_years(d: datetime.datetime | None, wanted: Any) -> bool:
    """Whether a date lies in the first of two years that a text names, as 2019/20; of no date, whether it does so."""
    years = _YEARS.search(str(wanted))
    is_pair = years is not None and (int(years[1]) + 1) % 100 == int(years[2]) % 100
    return is_pair and (d is None or (years is not None and d.year == int(years[1])))
