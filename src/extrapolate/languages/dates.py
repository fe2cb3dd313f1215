"""Words on dates and times that stand in text: read by dateutil, rounded, and written part by part."""

from __future__ import annotations

import datetime
import decimal
from datetime import timedelta
from decimal import Decimal

from extrapolate.core.expression import Literal
from extrapolate.core.types import DATETIME, DURATION
from extrapolate.core.word import Primitive, primitive
from extrapolate.languages.domain import require

MINUTES = (1, 5, 10, 15, 20, 30, 60, 90, 120, 180, 240, 360, 720)


@primitive(cost=3)
def date(s: str) -> datetime.datetime:
    """The date that a text stands for, or a month or a quarter alone; in 1/2/2024 the month must come first."""
    import datetime
    import re

    import dateutil.parser

    if re.fullmatch(r"\d{8}", s) and int(s[4:6]) > 12:
        return datetime.datetime.strptime(s, "%m%d%Y")
    if quarter := re.fullmatch(r"(\d{4})[ -]*Q([1-4])|Q([1-4])[ -]*(\d{4})", s, re.IGNORECASE):
        return datetime.datetime(int(quarter[1] or quarter[4]), 3 * int(quarter[2] or quarter[3]) - 2, 1)
    month = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
    if len(s) > 60 or not (
        re.search(r"\d\D+\d+\D+\d|\d:\d\d|[A-Za-z]{3}.*\d|\d.*[A-Za-z]{2}|^[12]\d{3}$|^\d{8}(T\d{4,6}Z?|\d{6})?$", s)
        or re.fullmatch(month, s, re.IGNORECASE)
    ):
        raise ValueError(f"{s!r} is no date")
    if re.match(r"(1[3-9]|[23]\d)[-/. ]+\d\d?[-/. ]+\d\d", s):
        raise ValueError(f"{s!r} does not start with the month")
    found: datetime.datetime = dateutil.parser.parse(s, default=datetime.datetime(1900, 1, 1), ignoretz=True)
    return found


@primitive(cost=4)
def day_first_date(s: str) -> datetime.datetime:
    """The date and time that a text stands for, in any common form; in 1/2/2024 the day comes first, as it must."""
    import datetime
    import re

    import dateutil.parser

    if re.fullmatch(r"\d{8}", s) and int(s[4:6]) > 12:
        return datetime.datetime.strptime(s, "%d%m%Y")
    if len(s) > 60 or not re.search(
        r"\d\D+\d+\D+\d\d|\d.*[A-Za-z]{3}.*\d\d|[A-Za-z]{3}.*\d.*\d\d|^\d{4}\D+\d+\D+\d", s
    ):
        raise ValueError(f"{s!r} is no date with a day")
    if re.match(r"\d\d?[-/. ]+(1[3-9]|[23]\d)[-/. ]+\d\d", s):
        raise ValueError(f"{s!r} does not start with the day")
    day_first, start = not re.match(r"\d{4}", s), datetime.datetime(1900, 1, 1)
    found: datetime.datetime = dateutil.parser.parse(s, default=start, ignoretz=True, dayfirst=day_first)
    return found


@primitive(cost=3)
def day_of_week(s: str) -> datetime.datetime:
    """The day that a name of one of the week stands for, in the second week of 1900."""
    import datetime

    days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    found = [i for i, day in enumerate(days, 1) if len(s) > 1 and day.startswith(s.strip(" .").lower())]
    if len(found) != 1:
        raise ValueError(f"{s!r} is no day of the week")
    return datetime.datetime(1900, 1, 7 + found[0])


# Parts, as they are written


@primitive(cost=1, source="{d}.strftime('%Y')")
def year(d: datetime.datetime) -> str:
    """The year, as 2024."""
    return d.strftime("%Y")


@primitive(cost=2, source="{d}.strftime('%y')")
def short_year(d: datetime.datetime) -> str:
    """The last two digits of the year."""
    return d.strftime("%y")


@primitive(cost=3, source="str({d}.year + 1)")
def next_year(d: datetime.datetime) -> str:
    """The year after, as 2025 for a time in 2024."""
    return str(d.year + 1)


@primitive(cost=3, source="format(({d}.year + 1) % 100, '02')")
def short_next_year(d: datetime.datetime) -> str:
    """The last two digits of the year after."""
    return format((d.year + 1) % 100, "02")


@primitive(cost=1, source="{d}.strftime('%m')")
def two_digit_month(d: datetime.datetime) -> str:
    """The month in two digits, as 03."""
    return d.strftime("%m")


@primitive(cost=1, source="str({d}.month)")
def month(d: datetime.datetime) -> str:
    """The month, as 3."""
    return str(d.month)


@primitive(cost=1, source="{d}.strftime('%B')")
def month_name(d: datetime.datetime) -> str:
    """The name of the month, as March."""
    return d.strftime("%B")


@primitive(cost=1, source="{d}.strftime('%b')")
def short_month_name(d: datetime.datetime) -> str:
    """The first letters of the month, as Mar."""
    return d.strftime("%b")


@primitive(cost=2, source="str(({d}.month + 2) // 3)")
def quarter(d: datetime.datetime) -> str:
    """The quarter of the year, 1 to 4."""
    return str((d.month + 2) // 3)


@primitive(cost=2, source="format({d}.isocalendar().week, '02')")
def two_digit_week(d: datetime.datetime) -> str:
    """The week of the year (ISO 8601) in two digits, as 07."""
    return format(d.isocalendar().week, "02")


@primitive(cost=2, source="str({d}.isocalendar().week)")
def week(d: datetime.datetime) -> str:
    """The week of the year (ISO 8601), as 7."""
    return str(d.isocalendar().week)


@primitive(cost=1, source="{d}.strftime('%d')")
def two_digit_day(d: datetime.datetime) -> str:
    """The day of the month in two digits, as 05."""
    return d.strftime("%d")


@primitive(cost=1, source="str({d}.day)")
def day(d: datetime.datetime) -> str:
    """The day of the month, as 5."""
    return str(d.day)


@primitive(cost=1, source="{d}.strftime('%A')")
def weekday(d: datetime.datetime) -> str:
    """The name of the day of the week, as Monday."""
    return d.strftime("%A")


@primitive(cost=1, source="{d}.strftime('%a')")
def short_weekday(d: datetime.datetime) -> str:
    """The first letters of the day of the week, as Mon."""
    return d.strftime("%a")


@primitive(cost=2, source="str({d}.isoweekday())")
def weekday_number(d: datetime.datetime) -> str:
    """The number of the day of the week, 1 for Monday to 7 for Sunday."""
    return str(d.isoweekday())


@primitive(cost=1, source="{d}.strftime('%H')")
def two_digit_hour(d: datetime.datetime) -> str:
    """The hour, 00 to 23."""
    return d.strftime("%H")


@primitive(cost=1, source="str({d}.hour)")
def hour(d: datetime.datetime) -> str:
    """The hour, 0 to 23."""
    return str(d.hour)


@primitive(cost=1, source="{d}.strftime('%I')")
def two_digit_hour_of_12(d: datetime.datetime) -> str:
    """The hour before or after noon in two digits, 01 to 12."""
    return d.strftime("%I")


@primitive(cost=1, source="str({d}.hour % 12 or 12)")
def hour_of_12(d: datetime.datetime) -> str:
    """The hour before or after noon, 1 to 12."""
    return str(d.hour % 12 or 12)


@primitive(cost=1, source="{d}.strftime('%M')")
def minute(d: datetime.datetime) -> str:
    """The minute in two digits."""
    return d.strftime("%M")


@primitive(cost=1, source="{d}.strftime('%S')")
def second(d: datetime.datetime) -> str:
    """The second in two digits."""
    return d.strftime("%S")


@primitive(cost=1, source="{d}.strftime('%p')")
def am_or_pm(d: datetime.datetime) -> str:
    """AM before noon, PM after it."""
    return d.strftime("%p")


@primitive(cost=2, source="{d}.strftime('%p').lower()")
def small_am_or_pm(d: datetime.datetime) -> str:
    """The same in small letters."""
    return d.strftime("%p").lower()


@primitive(cost=2, source="{d}.strftime('%I:%M%p').lstrip('0')")
def clock_of_12(d: datetime.datetime) -> str:
    """The time of the day before or after noon, as 6:05PM."""
    return d.strftime("%I:%M%p").lstrip("0")


@primitive(cost=3, source="{d}.strftime('%Y-%m-%d')")
def iso_date(d: datetime.datetime) -> str:
    """The date as ISO 8601 writes it, 2024-03-05."""
    return d.strftime("%Y-%m-%d")


@primitive(cost=4, source="{d}.strftime('%Y-%m-%d %H:%M:%S')")
def iso_time(d: datetime.datetime) -> str:
    """The date and the time of the day, as 2024-03-05 12:41:14."""
    return d.strftime("%Y-%m-%d %H:%M:%S")


@primitive(cost=4, source="{d}.strftime('%G-W%V')")
def iso_week(d: datetime.datetime) -> str:
    """The week as ISO 8601 writes it, 2024-W10."""
    return d.strftime("%G-W%V")


# Dates as numbers


@primitive(cost=3, source="{d}.weekday() > 4")
def is_weekend(d: datetime.datetime) -> bool:
    """Whether a date is a Saturday or a Sunday."""
    return d.weekday() > 4


@primitive(cost=2, source="({b} - {a}).days")
def days_between(a: datetime.datetime, b: datetime.datetime) -> int:
    """The days from one date to another."""
    return (b - a).days


@primitive(cost=2)
def hours_between(a: datetime.datetime, b: datetime.datetime) -> Decimal:
    """The hours from one time to another; over midnight to one that is earlier on the same day, as without dates."""
    import decimal

    span = b - a + datetime.timedelta(days=b < a and a.date() == b.date())
    return decimal.Decimal(span // datetime.timedelta(microseconds=1)) / 3_600_000_000


@primitive(cost=3, source="{b}.year - {a}.year - (({b}.month, {b}.day) < ({a}.month, {a}.day))")
def years_between(a: datetime.datetime, b: datetime.datetime) -> int:
    """The full years from one date to another, as an age is counted."""
    return b.year - a.year - ((b.month, b.day) < (a.month, a.day))


@primitive(cost=3, source="{b}.year + ({b}.month >= {month})")
def year_that_starts_in(b: datetime.datetime, month: int) -> int:
    """The year in which a fiscal year ends that starts in a month of the year before."""
    require(1 < month <= 12)
    return b.year + (b.month >= month)


@primitive(cost=3, source="datetime.datetime(1899, 12, 30) + datetime.timedelta(days={n})")
def date_of_serial(n: int) -> datetime.datetime:
    """The date that a spreadsheet means by a number of days."""
    require(0 < n < 100_000)
    return datetime.datetime(1899, 12, 30) + datetime.timedelta(days=n)


@primitive(cost=3)
def date_of_epoch(n: int) -> datetime.datetime:
    """The date and time in UTC so many seconds after the start of 1970, or milliseconds where there are too many."""
    if not 0 <= n < 10**14:
        raise ValueError(f"{n} is no time")
    seconds = n // 1000 if n >= 10**11 else n
    return datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)


@primitive(cost=3, source="({d} - datetime.datetime(1970, 1, 1)) // datetime.timedelta(seconds=1)")
def epoch(d: datetime.datetime) -> int:
    """The seconds from the start of 1970 to a date and time, both in UTC."""
    return (d - datetime.datetime(1970, 1, 1)) // datetime.timedelta(seconds=1)


# Durations


@primitive(cost=3)
def seconds_in(s: str) -> Decimal:
    """The seconds of a duration, as in 1:02:03, 2h 5m, 8h30, 90 minutes, 350 ms or P1DT00H05M."""
    import decimal
    import re

    sizes = {"ms": "0.001", "mi": "60", "m": "60", "s": "1", "h": "3600", "d": "86400", "w": "604800"}
    if re.fullmatch(r"\d+(:[0-5]\d){1,2}(\.\d+)?", s):
        numbers = map(decimal.Decimal, reversed(s.split(":")))
        return sum((n * 60**i for i, n in enumerate(numbers)), decimal.Decimal(0))
    text = re.sub(r"^p|t(?=\d)|,(?!\d)|\band\b", " ", s.lower())
    units = r"ms|msecs?|m|mins?|minutes?|s|secs?|seconds?|h|hrs?|hours?|d|days?|w|wks?|weeks?"
    part = rf"\s*(\d+(?:\.\d+)?)\s*({units})(?![a-z])\.?"
    if not re.fullmatch(rf"({part})+\s*|\s*\d+\s*h\s*[0-5]\d", text):
        raise ValueError(f"{s!r} is no duration")
    found = [(n, unit[:2] if unit[:2] in sizes else unit[0]) for n, unit in re.findall(part, text)]
    minutes = re.search(r"h\s*(\d\d)$", text)
    return sum((decimal.Decimal(n) * decimal.Decimal(sizes[unit]) for n, unit in found), decimal.Decimal(0)) + (
        60 * int(minutes[1]) if minutes else 0
    )


@primitive(cost=3)
def minutes_and_seconds(n: Decimal) -> str:
    """A number of seconds as minutes and seconds, as in 2:05."""
    whole = int(abs(n) + decimal.Decimal("0.5"))
    return f"{'-' * (n < 0 < whole)}{whole // 60}:{whole % 60:02}"


@primitive(cost=3)
def hours_minutes_and_seconds(n: Decimal) -> str:
    """A number of seconds as hours, minutes and seconds, as in 1:02:05."""
    whole = int(abs(n) + decimal.Decimal("0.5"))
    return f"{'-' * (n < 0 < whole)}{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


@primitive(cost=3)
def hours_and_minutes(hours: Decimal) -> str:
    """A number of hours as hours and minutes, as in 7:30."""
    minutes = int(60 * abs(hours) + decimal.Decimal("0.5"))
    return f"{'-' * (hours < 0 < minutes)}{minutes // 60}:{minutes % 60:02}"


# Times rounded and moved


@primitive(cost=2)
def floor_time(d: datetime.datetime, step: datetime.timedelta) -> datetime.datetime:
    """The last time at or before a time that is a whole number of steps after midnight."""
    return d - (d - datetime.datetime.min) % step


@primitive(cost=3)
def floor_time_from(d: datetime.datetime, step: datetime.timedelta, start: datetime.timedelta) -> datetime.datetime:
    """The last time at or before a time that is a whole number of steps after a start."""
    return d - (d - datetime.datetime.min - start) % step


@primitive(cost=2)
def ceil_time(d: datetime.datetime, step: datetime.timedelta) -> datetime.datetime:
    """The first time at or after a time that is a whole number of steps after midnight."""
    return d + (datetime.datetime.min - d) % step


@primitive(cost=2)
def end_time(d: datetime.datetime, step: datetime.timedelta) -> datetime.datetime:
    """The first time after a time that is a whole number of steps after midnight."""
    return d - (d - datetime.datetime.min) % step + step


@primitive(cost=3)
def end_time_from(d: datetime.datetime, step: datetime.timedelta, start: datetime.timedelta) -> datetime.datetime:
    """The first time after a time that is a whole number of steps after a start."""
    return d - (d - datetime.datetime.min - start) % step + step


@primitive(cost=3)
def round_time(d: datetime.datetime, step: datetime.timedelta) -> datetime.datetime:
    """The time nearest to a time that is a whole number of steps after midnight."""
    return d + step / 2 - (d + step / 2 - datetime.datetime.min) % step


@primitive(cost=3, source="{d} + {step}")
def later(d: datetime.datetime, step: datetime.timedelta) -> datetime.datetime:
    """The time a step after a time."""
    return d + step


@primitive(cost=3, source="{d} - {step}")
def earlier(d: datetime.datetime, step: datetime.timedelta) -> datetime.datetime:
    """The time a step before a time."""
    return d - step


@primitive(cost=5, source="{d} + datetime.timedelta(days=int({n}))")
def days_after(d: datetime.datetime, n: Decimal) -> datetime.datetime:
    """The time so many days after a time."""
    return d + datetime.timedelta(days=int(n))


@primitive(cost=5)
def months_after(d: datetime.datetime, n: Decimal) -> datetime.datetime:
    """The time so many months after a time, on the last day of the month where it has not that many."""
    import calendar

    year, month = divmod(12 * d.year + d.month - 1 + int(n), 12)
    return d.replace(year=year, month=month + 1, day=min(d.day, calendar.monthrange(year, month + 1)[1]))


@primitive(cost=3, source="{d} - datetime.timedelta(days={d}.weekday())")
def week_start(d: datetime.datetime) -> datetime.datetime:
    """The Monday of the week of a time."""
    return d - datetime.timedelta(days=d.weekday())


@primitive(cost=3, source="{d}.replace(day=1)")
def month_start(d: datetime.datetime) -> datetime.datetime:
    """The first day of the month of a time."""
    return d.replace(day=1)


@primitive(cost=3, source="{d}.replace(month=({d}.month + 2) // 3 * 3 - 2, day=1)")
def quarter_start(d: datetime.datetime) -> datetime.datetime:
    """The first day of the quarter of a time."""
    return d.replace(month=(d.month + 2) // 3 * 3 - 2, day=1)


@primitive(cost=3)
def quarter_end(d: datetime.datetime) -> datetime.datetime:
    """The last day of the quarter of a time."""
    month = (d.month + 2) // 3 * 3
    return d.replace(month=month, day=31 if month in (3, 12) else 30)


@primitive(cost=3)
def month_end(d: datetime.datetime) -> datetime.datetime:
    """The last day of the month of a time."""
    next_month = d.replace(day=28) + datetime.timedelta(days=4)
    return next_month - datetime.timedelta(days=next_month.day)


WORDS = tuple(word for word in list(globals().values()) if isinstance(word, Primitive))
TYPES = (DATETIME, DURATION)
CONSTANTS = tuple(Literal(timedelta(minutes=n), DURATION) for n in MINUTES)
