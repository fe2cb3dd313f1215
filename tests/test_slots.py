"""Slots of time: from when to when, as both ends tell."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extrapolate import learn
from extrapolate.core.expression import Var, evaluator
from extrapolate.core.types import DATETIME
from extrapolate.languages.slots import slots, times_in

DAY = Var("day", DATETIME)


@pytest.mark.parametrize(
    ("examples", "given", "wanted"),
    [
        (
            [("6:25PM", "6:00PM-6:30PM"), ("1:44PM", "1:30PM-2:00PM"), ("11:27AM", "11:00AM-11:30AM")],
            "9:50AM",
            "9:30AM-10:00AM",
        ),
        (
            [("11:12", "10:45AM-11:15AM"), ("08:29", "8:15AM-8:45AM"), ("12:41", "12:15PM-12:45PM")],
            "04:54",
            "4:45AM-5:15AM",
        ),
        ([("2024-05-01 14:23", "14:00-15:00"), ("2024-05-01 09:59", "09:00-10:00")], "2024-05-02 23:10", "23:00-00:00"),
        (
            [("2024-05-01", "2024-04-29"), ("2024-05-05", "2024-04-29"), ("2024-05-09", "2024-05-06")],
            "2024-06-01",
            "2024-05-27",
        ),
    ],
)
def test_times_fall_into_slots(examples, given, wanted):
    assert learn(examples, seconds=30).program(given) == wanted


def test_the_first_of_all_days_is_a_day_like_others():
    assert learn([("0001-01-01 00:03", "23:55-00:05"), ("0001-01-01 00:20", "00:15-00:25")], programs=20_000)


def test_times_are_read_with_the_half_of_the_day_where_it_is_told():
    assert times_in("6:00PM-6:30 pm") == [(1080, True), (1110, True)]
    assert times_in("9:05 to 14:00") == [(545, False), (840, True)]
    assert times_in("5AM") == [(300, True)]
    assert times_in("2024-05-01, 13 rows") == times_in("25AM") == times_in(None) == []


@given(
    st.lists(st.datetimes(datetime.datetime(2000, 1, 1), datetime.datetime(2030, 1, 1)), min_size=2, max_size=6),
    st.sampled_from([10, 15, 30, 60, 90, 120]),
    st.integers(0, 11),
)
def test_what_is_found_gives_both_ends(times, length, part):
    start_of_day = datetime.timedelta(minutes=5 * part % length)
    step = datetime.timedelta(minutes=length)
    starts = [t - (t - datetime.datetime.min - start_of_day) % step for t in times]
    found = list(slots(DAY, times, [f"{a:%H:%M} - {a + step:%H:%M}" for a in starts]))
    assert len(found) == 2
    for time, start in zip(times, starts, strict=True):
        env = {"day": time}
        assert [evaluator(expr)(env) for expr in found] == [start, start + step]
