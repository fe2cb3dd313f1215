"""What people do with columns of tables: thresholds, comparisons, totals, dates and times."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest

from extrapolate import learn
from extrapolate.core.task import Task
from extrapolate.languages.cases import bounds, few_ranges, ranges
from extrapolate.languages.columns import shortcuts
from extrapolate.languages.fits import roundest
from extrapolate.read.cells import are_amounts

QUICK = {"seconds": None, "programs": 120_000}


def filled(table: str, **options):
    """What is learned of a table of texts whose last column has open cells."""
    names, *rows = csv.reader(io.StringIO(table.strip()))
    examples = [(tuple(row[:-1]) if len(row) > 2 else row[0], row[-1] or None) for row in rows]
    return learn(Task.from_examples(examples, names=names[:-1]), **{"language": "text", **QUICK, **options})


@pytest.mark.parametrize(
    ("table", "answers"),
    [
        ("x,y\n2.0,low\n2.4,low\n2.5,high\n3.1,high\n1.25,\n9.5,", ["low", "high"]),
        ("moisture,y\n12.4,dry\n12.6,ok\n17.9,ok\n18.2,wet\n9.7,\n14.35,\n25.5,", ["dry", "ok", "wet"]),
        ("a,b,c,y\n70,80,75,75.0\n62,71,58,63.7\n91,88,94,\n45,66,57,", ["91.0", "56.0"]),
        ('a,b,c,y\n4100,3950,9800,"17,850"\n812,790,1585,"3,187"\n58,41,139,', ["238"]),
        ("a,b,c,y\n10.50,3.00,2.25,15.75\n4.00,1.10,30.00,35.10\n14.00,,30.00,\n1.00,2.00,3.50,", ["44.00", "6.50"]),
        ("old,new,y\n80,90,+12.5%\n250,230,-8.0%\n64,80,+25.0%\n120,95,", ["-20.8%"]),
        ("start,end,y\n09:00,17:30,8.5\n22:00,06:00,8\n08:15,12:00,3.75\n07:30,15:45,", ["8.25"]),
        ("d,y\n2024-01-05,2024-01-31\n2024-02-10,2024-02-29\n2023-02-11,", ["2023-02-28"]),
        ("d,y\n05/01/2024,04/02/2024\n20/02/2024,21/03/2024\n19/12/2024,", ["18/01/2025"]),
        ("d,n,y\n2024-01-05,30,2024-02-04\n2024-03-03,60,2024-05-02\n2024-02-28,7,", ["2024-03-06"]),
        ("angle,y\n48°51'24\"N,48.8567\n33°52'08\"S,-33.8689\n59°54'50\"N,", ["59.9139"]),
        ("kg,y\n72,158.7\n90.5,199.5\n58.2,128.3\n104,", ["229.3"]),
        ("s,y\n<p>Hello <b>world</b></p>,Hello world\n<p>Fish &amp; chips</p>,Fish & chips\n<i>a</i>,", ["a"]),
        ("s,y\nHurt [Live],Hurt\nSpace (Mono) [2],Space\nLola,", ["Lola"]),
    ],
)
def test_what_tables_are_made_for(table, answers):
    result = filled(table)
    assert result.solved and list(result.candidates[0].answers) == answers, result


def test_two_columns_are_compared_and_a_bound_is_its_rival():
    result = filled(
        "budget,spent,y\n1250,1310,over\n840,830,within\n320,290,within\n910,920,over\n1500,1210,\n640,645,"
    )
    assert result.candidates[0].answers == ("within", "over")
    assert len(result.questions) == 2


def test_floats_are_compared_as_texts_are():
    rows = [((a, b), "over" if a > b else "ok") for a, b in [(10.5, 12.5), (13.5, 12.0), (8.25, 8.0), (4.0, 9.5)]]
    program = learn(rows, **QUICK).program
    assert (program(3.5, 2.0), program(2.0, 3.5)) == ("over", "ok")
    assert "y < x" in program.source or "x < y" in program.source


def test_what_has_many_more_decimals_than_any_example_is_in_doubt():
    result = filled("a,b,y\n3,4,0.75\n1,2,0.5\n7,8,0.875\n1,3,")
    assert "decimals" in result.doubts[0].why


def test_one_word_of_several_is_in_doubt():
    result = filled(
        "s,y\nDr. Anna Weiss,Anna Weiss\nProf. Dr. Karl Meier,Karl Meier\nTom Ford,Tom Ford\nPeter J. Stone,"
    )
    assert result.candidates[0].answers == ("Stone",) and "one word" in result.doubts[0].why


def test_what_stands_in_other_brackets_than_those_shown_is_in_doubt():
    rows = "+44 (0) 20,+44 20\n+49 (0) 30,+49 30\n+1 (212) 55,\n+33 (0) 14,"
    result = filled("s,y\n" + rows)
    assert [doubt.row.number for doubt in result.doubts if "'(212)' is left out" in doubt.why] in ([3], [])
    assert 3 in result.unsure


def test_a_word_that_is_left_out_is_in_no_shortcut():
    result = filled(
        "start,end,y\n09:00,17:30,8.5\n22:00,06:00,8\n08:15,12:00,3.75\n07:30,15:45,", without=["hours_between"]
    )
    assert all("hours_between" not in str(c.program.expr) for c in result.candidates)


def test_lists_are_no_classes_of_numbers():
    assert learn([("a 1.5", ["a", "1.5"]), ("c 2.5", ["c", "2.5"])], **QUICK).solved


@pytest.mark.parametrize(
    ("low", "high", "round_"), [(45_001, 52_000, 50_000), (22, 29, 25), (-24, 50, 0), (125, 126, 125), (41, 44, 42)]
)
def test_the_roundest_number_of_a_range(low, high, round_):
    assert roundest(low, high) == round_


def test_ranges_have_bounds_with_no_more_decimals_than_the_numbers():
    numbers, classes = [Decimal("12.4"), Decimal("12.6"), Decimal("17.9"), Decimal("18.20")], ["dry", "ok", "ok", "wet"]
    assert list(ranges(numbers, classes, [])) == []
    (first, *_) = few_ranges(numbers, classes, [])
    assert first == ((Decimal("12.5"), Decimal("18.00")), ["dry", "ok", "wet"])
    assert list(few_ranges([Decimal(n) for n in (1, 2, 3)], ["a", "b", "c"], [])) == []
    assert [bound for (bound,) in bounds([1.5, 2.5, 4.0], "aab", [])] == [Decimal("4.0")]


def test_shortcuts_are_of_columns_that_can_be_read_in_every_row():
    table = [(("a", "1", "2", "3"), "6"), (("b", "1", "x", "3"), None)]
    assert list(shortcuts(Task.from_examples(table))) != list(shortcuts(Task.from_examples(table[:1])))


def test_a_few_measurements_are_no_text():
    def cells(*texts):
        return list(enumerate([*texts, ""]))

    assert are_amounts(cells("24.8", "52.7", "82.8")) and are_amounts(cells(*["1.50", "2.25", "3.75"] * 2))
    assert not are_amounts(cells("2.53", "5.11", "7.46", "10.07", "12.49"))
    assert not are_amounts(cells("3.0", "6.0")) and not are_amounts([(1, "24.8"), (2, "52.7")])


def test_months_are_added_to_a_date():
    result = filled("start,months,y\n2024-01-10,3,2024-04-10\n2023-11-05,2,2024-01-05\n2024-01-31,1,")
    assert result.candidates[0].answers == ("2024-02-29",), result


def test_the_mean_of_columns_passes_over_blanks():
    result = filled("a,b,c,y\n7,8,9,8.0\n6,,9,7.5\n5,5,6,5.3\n1,2,4,2.3\n3,,4,")
    assert result.candidates[0].answers == ("3.5",), result


def test_days_in_a_text_move_a_date():
    rows = [(("2024-03-05", "30 days"), "2024-04-04"), (("2024-01-25", "14 days"), "2024-02-08")]
    rows += [(("2023-11-20", "60 days"), "2024-01-19"), (("2024-12-31", "30 days"), None)]
    result = learn(rows, language="text", names=["sent", "terms"], programs=200_000, seconds=None)
    assert result.candidates[0].answers == ("2025-01-30",)


@pytest.mark.parametrize(
    ("table", "answers"),
    [
        ("due,paid,y\n2024-03-01,2024-02-27,ok\n2024-03-15,2024-04-02,late\n2024-01-31,2024-01-31,ok\n"
         "2023-12-20,2024-01-03,\n2024-06-01,2024-05-30,", ["late", "ok"]),
        ("part,size,low,high,y\na7,14.0,13.5,14.5,pass\nb2,3.1,3.5,5.1,fail\nc4,11.2,8.5,10.5,fail\nf3,60,70,99,\n"
         "h1,80,70,99,", ["fail", "pass"]),
        ("id,tags,y\n1,rock; pop; rock,pop; rock\n2,jazz; blues; folk,blues; folk; jazz\n3,ska; dub; ska; air,",
         ["air; dub; ska"]),
        ("file,size,y\na,2 GB,2048\nb,512 MB,512\nc,1.5 GB,1536\nd,10 GB,", ["10240"]),
        ("d,y\n2024-01-03,no\n2024-01-06,yes\n2024-01-07,yes\n2024-01-09,no\n2024-01-13,\n2024-01-12,", ["yes", "no"]),
    ],
)  # fmt: skip
def test_what_is_compared_arranged_and_told(table, answers):
    result = filled(table)
    assert result.solved and list(result.candidates[0].answers) == answers, result
