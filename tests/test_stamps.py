"""Dates and codes written in a form that all examples have: which form it is, and what is learned with it."""

import json
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extrapolate import learn
from extrapolate.core.errors import InputError
from extrapolate.core.expression import cost
from extrapolate.core.saved import from_data, to_data
from extrapolate.core.task import Task
from extrapolate.languages import masks, rows, stamps
from extrapolate.languages.calendars import date_with_month_name
from extrapolate.languages.text import LANGUAGE

FORMS = ("%d/%m/%Y", "%-d/%-m/%y", "%B %-d, %Y", "%Y%m%d", "%a %d %b", "%Y/%+y", "FY%Y Q%q", "%d.%m.%Y %H:%M")
QUICK = {"programs": 300_000, "seconds": None, "language": "text"}


@pytest.mark.parametrize("form", FORMS)
@given(days=st.lists(st.integers(0, 20_000), min_size=2, max_size=5, unique=True))
def test_the_form_that_dates_are_written_in_gives_them_again(form, days):
    dates = [datetime(1990, 1, 1, 9, 30) + timedelta(days=n) for n in days]
    wanted = [stamps.written(d, form) for d in dates]
    found = list(stamps.forms(dates, wanted))
    assert found and all([stamps.written(d, own) for d in dates] == wanted for own in found)


def test_one_part_of_a_date_has_no_form():
    assert list(stamps.forms([datetime(2024, 3, 5), datetime(2023, 4, 6)], ["2024", "2023"])) == []
    assert list(stamps.forms([datetime(2024, 3, 5)], ["no date"])) == []


@pytest.mark.parametrize(
    ("examples", "answers"),
    [
        ({"03/02/2026": "05/03/2026", "15/11/2025": "15/12/2025"}, {"31/12/2025": "30/01/2026"}),
        ({"2024-05-17": "2024-04-01", "2023-12-31": "2023-10-01"}, {"2022-08-09": "2022-07-01"}),
        ({"2019-09-01": "2019/20", "2020-08-31": "2019/20", "2020-10-15": "2020/21"}, {"1999-11-02": "1999/00"}),
        ({"2012-04-01": "FY2013 Q1", "2012-03-31": "FY2012 Q4", "2012-11-30": "FY2013 Q3"},
         {"2014-07-15": "FY2015 Q2"}),
        ({"3 März 2021": "2021-03-03", "14 Mai 2019": "2019-05-14"}, {"24 Dezember 2018": "2018-12-24"}),
        ({"(555) 123-4567": "555-123-4567", "+1 555 987 6543": "555-987-6543"}, {"5553334444": "555-333-4444"}),
        ({"7123456700": "07123 456700", "07700 900123": "07700 900123"}, {"+44 7700 900456": "07700 900456"}),
        ({"135": "2h 15m", "60": "1h 0m"}, {"45": "0h 45m"}),
        ({"125": "2:05", "61": "1:01"}, {"3600": "60:00"}),
    ],
)  # fmt: skip
def test_what_is_written_in_one_form_is_learned_from_few_examples(examples, answers):
    result = learn([*examples.items(), *((given, None) for given in answers)], **QUICK)
    assert result.candidates[0].answers == tuple(answers.values()), result
    saved = from_data(to_data(result.program), LANGUAGE)
    scope: dict = {}
    exec(result.program.source, scope)
    for given_, wanted in answers.items():
        assert saved(given_) == wanted == scope[result.program.name](given_)


@pytest.mark.parametrize("form", ["%n%d", "%", 7])
def test_a_form_in_a_file_is_data(form):
    result = learn([("2024-03-05", "05/03/2024"), ("2023-11-29", "29/11/2023")], **QUICK)
    data = json.dumps(to_data(result.program))
    assert '"%d/%m/%Y"' in data
    with pytest.raises(InputError):
        from_data(json.loads(data.replace('"%d/%m/%Y"', json.dumps(form))), LANGUAGE)


@pytest.mark.parametrize("text", ["31 Februar 2020", "3 Quux 2020", "March", "12 2020 2021", ""])
def test_what_names_no_month_is_no_date(text):
    with pytest.raises(ValueError):
        date_with_month_name(text)


@given(n=st.integers(0, 10**6), size=st.integers(2, 100))
def test_what_is_parted_is_whole_again(n, size):
    times, left = map(int, masks.in_two(n, size, "{} and {:02}").split(" and "))
    assert (times * size + left, left < size) == (n, True)


def test_a_form_has_as_many_characters_as_the_text():
    given_, wanted = ["12345678", "87654321"], ["(12) 345-678", "(87) 654-321"]
    assert list(masks.solve(given_, wanted, [])) == [("(##) ###-###",)]
    assert list(masks.solve(given_, ["***-678", "***-321"], [])) == []
    with pytest.raises(ValueError, match="8 characters"):
        masks.in_form("123", "(##) ###-###")


AGGREGATES = [
    ("total", "8.50,3,2.25,13.75\n1,2,3,6\n4,4.5,1,9.5\n", ("7,1,2.5", "10.5")),
    ("average", "8,7,6,7.0\n9,9,6,8.0\n", ("5,6,6", "5.7")),
    ("best", "12,5,7,b\n1,15,7,c\n3,8,20,d\n", ("5,18,8", "c")),
    ("said", "yes,no,yes,2\nno,no,yes,1\nyes,yes,yes,3\n", ("no,no,no", "0")),
]


@pytest.mark.parametrize(("target", "table", "open_"), AGGREGATES)
def test_what_is_reckoned_along_a_row(target, table, open_):
    lines = [row.split(",") for row in table.split()]
    given_, wanted = open_
    examples = [(tuple(cells), out) for *cells, out in lines] + [(tuple(given_.split(",")), None)]
    task = Task.from_examples(examples, names=["b", "c", "d"], name=target)
    result = learn(task, **QUICK)
    assert result.candidates[0].answers == (wanted,), result


@given(st.lists(st.lists(st.integers(-99, 99), min_size=12, max_size=12), min_size=3, max_size=3))
def test_many_columns_are_no_dearer_than_few(numbers):
    examples = [(tuple(map(str, row)), str(sum(row))) for row in numbers]
    whole = next(rows.along_rows(Task.from_examples(examples)))
    assert whole.word is rows.row_sum and cost(whole) == rows.row_sum.cost + 3
    assert all(rows.row_sum(list(map(str, row))) == Decimal(sum(row)) for row in numbers)


def test_a_file_has_no_inputs_of_types_that_stand_inside_programs():
    data = to_data(learn([("135", "2h 15m"), ("60", "1h 0m")], **QUICK).program)
    data["inputs"] = [["s", "text"], ["m", "mask"]]
    with pytest.raises(InputError, match="only inside programs"):
        from_data(data, LANGUAGE)
    with pytest.raises(ValueError, match="not parted"):
        masks.in_two(65, 60, "{0.__class__}")
    with pytest.raises(ValueError, match="not parted"):
        masks.in_two(-5, 60, "{}h")


@pytest.mark.parametrize(
    "examples",
    [
        [("31/12/9999", "Q4"), ("15/03/2021", "Q1"), ("20/05/2020", "Q2"), ("08/08/2020", None)],
        [
            ("9999-12-31", "9999-12-31"),
            ("2021-03-15", "2021-03-31"),
            ("2020-11-20", "2020-11-30"),
            ("2020-12-11", None),
        ],
        [(("123456789012345678901234567890", "1", "2"), "12"), (("5", "1", "2"), "8"), (("1", "1", "2"), None)],
    ],
)
def test_the_last_of_all_dates_and_long_numbers_end_no_search(examples):
    assert learn(examples, programs=20_000, seconds=None, language="text").candidates


@pytest.mark.parametrize("cells", [["nan", "1"], [], ["", "1"], ["Infinity"]])
def test_what_is_no_number_has_no_sum(cells):
    for word in (rows.row_sum, rows.row_mean):
        with pytest.raises((ValueError, ArithmeticError)):
            word(cells)


def test_a_cell_is_blank_among_others_and_nowhere_else():
    examples = [(("1", "2", "3"), "1/6"), (("4", "", "9"), "4/13"), (("7", "1", "1"), "7/9"), (("", "5", "5"), None)]
    result = learn(Task.from_examples(examples, names=["a", "b", "c"]), **QUICK)
    assert result.candidates[0].answers == (None,), result


def test_years_and_words_that_begin_like_months_are_no_dates():
    for text in ("Market 2021", "General 2020", "Novak 2020", "1.2345", "03/0000", "Dec 25"):
        with pytest.raises(ValueError):
            date_with_month_name(text)
    assert date_with_month_name("1º de enero de 2020") == datetime(2020, 1, 1)
