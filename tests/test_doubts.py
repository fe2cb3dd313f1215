"""Doubts: what the examples do not vouch for is asked about, and left empty where that is wanted."""

import json
import subprocess
import sys
from time import perf_counter

import pytest

from extrapolate import learn
from extrapolate.core.source import python_expression

QUICK = {"programs": 100_000, "seconds": None}
VISITORS = "age,group\n7,child\n34,adult\n70,senior\n12,child\n41,adult\n81,senior\n17,\n64,\n9,\n"


def run(folder, *args):
    command = [sys.executable, "-m", "extrapolate", "learn", "--programs", "60000", *args]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=120)


def test_rows_between_the_ranges_that_are_shown_are_asked_about(tmp_path):
    (tmp_path / "v.csv").write_text(VISITORS)
    done = run(tmp_path, "v.csv", "--target", "group", "--sure", "--fill", "out.csv", "--doubts", "why")
    assert done.returncode == 0
    rows = (tmp_path / "out.csv").read_text().splitlines()
    assert rows[0] == "age,group,why" and rows[-1] == "9,child,"
    assert rows[-3].startswith("17,,") and rows[-2].startswith("64,,") and "between 41 and 70" in rows[-2]
    assert "2 of 3 answers are in doubt and left empty: rows 8, 9. Tell one: --answer 8=VALUE." in done.stderr


def test_nothing_that_stands_in_the_table_is_written_over(tmp_path):
    (tmp_path / "v.csv").write_text(f"visitors\nof may\n{VISITORS}")
    given = ["v.csv", "--target", "group", "--skip-rows", "2", "--fill", "out.csv"]
    for more, says in (
        (["--doubts", "age"], "--doubts age names a column"),
        (["--answer", "4=adult"], "row 4 of group holds 'child' already"),
        (["--fill", "out.xlsx"], "names an Excel file"),
    ):
        done = run(tmp_path, *given, *more)
        assert done.returncode == 2 and says in done.stderr and list(tmp_path.iterdir()) == [tmp_path / "v.csv"]
    assert run(tmp_path, *given, "--doubts", "why").returncode == 0
    assert (tmp_path / "out.csv").read_text().startswith("visitors\nof may\nage,group,why\n7,child,\n")


def test_an_answer_settles_a_question_without_editing_the_file(tmp_path):
    (tmp_path / "v.csv").write_text(VISITORS)
    done = run(tmp_path, "v.csv", "--target", "group", "--answer", "8=child", "--answer", "9=adult", "--json")
    found = json.loads(done.stdout)
    assert found["solved"] and found["examples"] == 8
    assert (tmp_path / "v.csv").read_text() == VISITORS
    assert {a["row"]: a["answer"] for a in found["programs"][0]["answers"]} == {10: "child"}


def test_a_long_program_is_offered_and_applied_when_it_is_accepted(tmp_path):
    (tmp_path / "v.csv").write_text("state,code\nCalifornia,CA\nFlorida,FL\nGeorgia,GA\nTexas,\n")
    given = ["v.csv", "--target", "code", "--programs", "150000"]
    done = run(tmp_path, *given, "--fill", "out.csv")
    assert "1 of 1 answer is in doubt and left empty (--accept fills them in): row 5." in done.stderr
    assert (tmp_path / "out.csv").read_text().endswith("Texas,\n")
    run(tmp_path, *given, "--fill", "all.csv", "--accept")
    assert not (tmp_path / "all.csv").read_text().endswith("Texas,\n")


def test_an_answer_put_together_as_no_example_is_is_in_doubt():
    result = learn([("v?id=77", "77"), ("w?id=123", "123"), ("x?a=1&id=9001", None)], **QUICK)
    assert [q.row.number for q in result.questions] == [3]


def test_a_branch_that_one_example_shows_is_in_doubt():
    rows = [("Ann Lee", "L"), ("Bo Fox", "F"), ("Cy", "-"), ("Di Moon", "M"), ("Ed", None), ("Flo Ray", None)]
    result = learn(rows, **QUICK)
    assert result.solved and result.program("Ed Roy") == "R"
    assert 5 in result.unsure and 6 not in {d.row.number for d in result.doubts}


@pytest.mark.parametrize("sex", ["M", "F"])
def test_a_lookup_leaves_open_what_it_has_not_met(sex):
    rows = [("M", "Male"), ("F", "Female"), ("M", "Male"), (sex, None)]
    result = learn(rows, **QUICK)
    assert result.program(sex) == {"M": "Male", "F": "Female"}[sex]
    assert result.program.answer(("X",)) is None


def test_a_long_cell_is_looked_at_in_no_more_places_than_tell():
    rows = [("x y", "x"), ("z w", "z"), ("k" * 1_000_000 + " m", None)]
    result = learn(rows, programs=5_000, seconds=None)
    assert result.solved and len(result.unsure) <= 1


def test_questions_are_asked_one_by_one(tmp_path):
    """The second answer on offer is taken by its number, the next is typed, and both stand in the file."""
    (tmp_path / "in.csv").write_text(
        "text,code\nBlue Widget (bw-12),bw-12\nRed Gear (rg),rg\nBig (old) Pump (bp-9),\nValve (v 7),\n"
    )
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "extrapolate",
            "learn",
            "in.csv",
            "--target",
            "code",
            "--fill",
            "out.csv",
            "--ask",
            "-q",
        ],
        input="bp-9\n=v 7\n\n",
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 0
    assert "Row 4: text 'Big (old) Pump (bp-9)'" in done.stderr
    assert "nothing is open any more" in done.stderr
    assert (tmp_path / "out.csv").read_text().splitlines()[3:] == ["Big (old) Pump (bp-9),bp-9", "Valve (v 7),v 7"]


def test_asking_needs_standard_input(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "extrapolate", "learn", "-", "--ask"], input="a -> b", capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "give a file" in done.stderr


@pytest.mark.parametrize(
    ("examples", "row", "answer"),
    [
        # Between the same marks as in every example.
        ([("Blue Widget (BW-12)", "BW-12"), ("Red Gear (RG)", "RG")], "Big (old) Pump (BP-9)", "BP-9"),
        # With all words of the cell, as in every example; letters are not passed over where none was.
        ([("951-0-15092-4", "9510150924"), ("978-3-16", "978316")], "0-306-X", "0306X"),
        ([("London]", "London"), ("paris,", "Paris")], "[new york", "New York"),
        # Words of a name, in any case.
        ([("documentName", "document name"), ("user_id", "user id")], "lastUpdatedAt", "last updated at"),
        ([("US-PA", "US"), ("TX", "TX")], "CA-ON", "CA"),
        ([("Mar", "03"), ("Jan", "01"), ("Dec", "12")], "Oct", "10"),
        # The end of a cell is no mark, and no answer is better than a wrong one only where it is known.
        ([("bob@x.com", "x.com"), ("ann@y.org", "y.org")], "li <li@z.net>", "z.net"),
        ([("user=bob;id=7", "7"), ("user=ann;id=12", "12")], "id=99;user=li", "99"),
        ([("09:30 AM", "09:30"), ("11:15 PM", "11:15")], "noon", "noon"),
        ([("Ann Lee", "AL"), ("Bob Q Fox", "BQF")], "mary-jane watson", "mw"),
    ],
)
def test_what_a_person_would_mean_wins(examples, row, answer):
    result = learn([*examples, (row, None)], language="text", programs=300_000, seconds=None)
    assert result.candidates[0].answers == (answer,), result


def test_two_texts_are_joined_where_both_say_something():
    rows = [(("US", "PA"), "US-PA"), (("", "TX"), "TX"), (("DE", ""), "DE"), (("FR", "IDF"), None)]
    result = learn(rows, language="text", programs=300_000, seconds=None)
    assert result.candidates[0].answers == ("FR-IDF",), result


@pytest.mark.parametrize(
    ("examples", "row", "why"),
    [
        ([("ERROR: disk", "ERROR"), ("WARN: slow", "WARN")], "started", "there is no ':' in the row"),
        ([("a1b2", "12"), ("c3d4", "34")], "e5.6f", "in the row, and in no example"),
        (
            [("(212) 555-0198", "+1 212 555 0198"), ("415.555.0123", "+1 415 555 0123")],
            "+1 646 555 0111",
            "has 11 digits",
        ),
        (
            [("3.1 miles", "5.0 km"), ("6.2 miles", "10.0 km"), ("13.1 miles", "21.1 km")],
            "900 miles",
            "larger or smaller",
        ),
        (
            [("Rihanna feat. Drake - Work", "Rihanna"), ("Adele - Hello", "Adele"), ("Eminem feat. Dido", "Eminem")],
            "Daft Punk - Da Funk",
            "'Punk' stands after it",
        ),
        (
            [('["red","green"]', "red, green"), ('["blue"]', "blue"), ('["a","b","c"]', "a, b, c")],
            '["x-ray","zinc"]',
            "apart by '-'",
        ),
        (
            [("23", "20-29"), ("35", "30-39"), ("41", "40-49")],
            "103",
            "103 has 3 digits, and those of the examples have",
        ),
        ([("East", "open"), ("West", "open")], "North", "all examples have this answer"),
        ([("3 Jan 2031", "Q1 2031"), ("17 Feb 1990", "Q1 1990")], "16 Aug 1985", "'1' is the quarter in all examples"),
        ([("3 Jan 2031", "Q1 2031"), ("17 Feb 1990", "Q1 1990")], "16 Mar 1985", None),
        ([("17:10:52", "5pm"), ("14:39:21", "2pm")], "09:12:00", "'pm' is the small am or pm in all examples"),
        ([("2143-10-06 18:25", "18:15"), ("1809-01-11 13:24", "13:15")], "1953-04-22 23:34", "other programs give"),
        ([("5816", "5850"), ("31732", "31750")], "-5783", "rounded down or up"),
        ([("4111 1234", "**** 1234"), ("5500-0004", "**** 0004")], "4012888888881881", "digits stand in other groups"),
        ([("(415) 555-0132", "415-555-0132"), ("415.555.0177", "415-555-0177")], "6505550148", "other groups"),
        ([("Springfield, IL 62704", "62704"), ("Austin, TX 78701", "78701")], "Toronto M5J 2T3", "a letter in it"),
        ([("12:01 INFO a", "INFO"), ("12:02 ERROR b", "ERROR")], "at com.foo", "small letters"),
        (
            [("<p>Hello world</p>", "Hello world"), ("<p>Great <b>day</b></p>", "Great day")],
            "<p>a &amp; b</p>",
            "&amp;",
        ),
        (
            [("<p>Hello world</p>", "Hello world"), ("<p>Great <b>day</b></p>", "Great day")],
            "<p>of<br/>it</p>",
            "'ofit'",
        ),
        ([("IMG_20210314_1.jpg", "2021-03-14"), ("IMG_20200105_2.jpg", "2020-01-05")], "scan 2020.pdf", "4 digits"),
        ([("ann@x.org", "Ann"), ("bo@y.com", "Bo")], "not given", "no '@' in the row"),
        ([("anna", "Anna"), ("bo li", "Bo Li")], "zoë", None),
        ([("12345678", "12,345,678"), ("87654321", "87,654,321")], "1234567", None),
        ([("IBM Corp", "IBM"), ("SAP SE", "SAP")], "Google Inc", None),
        ([("red;blue;tan", "red"), ("big;small;x;y", "big")], "one;two", None),
        ([("ab", "ab!"), ("cde", "cde!")], " ", "the row is empty"),
        ([("Austin, Texas", "TX"), ("Reno, Nevada", "NV")], "Salem, Oregon", "by their place"),
        ([("978-0", "9780"), ("0-306", "0306")], "0-30X", None),
        ([("1 of 4", "25%"), ("3 of 4", "75%"), ("1 of 2", "50%")], "1 of 5", None),
        ([("a-b", "b"), ("c-d", "d")], "e-f", None),
        (
            [("US-123", "America"), ("DE-77", "Germany"), ("US-5", "America"), ("FR-1", "France")],
            "UK-2",
            "no example has 'UK'",
        ),
        ([("x30", "5:30"), ("y45", "5:45")], "z10", "'5:' is a part of a number"),
        ([("key: va", "va"), ("id: wb", "wb")], "at: null", "something is missing"),
        ([("ann lee", "lee"), ("bob fox", "fox")], "cy van dyck", "the second may be meant"),
        (
            [('William "Bill" Harper', "Bill"), ("Robert (Bob) Dole", "Bob"), ("Ann Lee", "Ann")],
            'Margaret "Peggy" Sue Olson',
            "more parts than in any example",
        ),
        ([("sky blue;red", "2"), ("red;navy blue;tan", "3"), ("tan", "1")], "sky blue;tan;", "behind the last one"),
        ([("ann LEE", "Ann LEE"), ("bo", "Bo")], "x", None),
        ([("12.1", "H"), ("14.0", "N"), ("3.1", "L"), ("3.3", "L")], "12.5", "one example alone"),
        ([("42", "low"), ("45", "low"), ("71", "high"), ("79", "high")], "60", "anywhere between 45 and 71"),
        (
            [('a="Drama" b="War"', "Drama, War"), ('a="Comedy"', "Comedy"), ('a="Noir" b="Art"', "Noir, Art")],
            'a="Science Fiction" b="War"',
            "by a space alone",
        ),
        ([("SW1A 1AA", "SW1A"), ("M1 1AE", "M1")], "EC1A1BB", "one word alone in the row"),
        ([("(415) 555-2671", "+14155552671"), ("212.555.0100", "+12125550100")], "1-800-555-0199", "other groups"),
        ([("Price: $12.99 / lb", "12.99"), ("Price: $5 / ea", "5")], "Price: $1,299.00 / unit", "',' in the number"),
        ([("Price: $12.99 / lb", "12.99"), ("Price: $5 / ea", "5")], "Price: $3.25/bag", None),
        ([("nuts, milk, eggs", "eggs, milk, nuts"), ("soy, ale", "ale, soy")], "rye,mustard", "there is no ', '"),
        (
            [("id 7, Homo sapiens OX=9606", "Homo sapiens"), ("x/3: Mus musculus OX=10090", "Mus musculus")],
            "y 4; Escherichia coli K12 OX=83333",
            "stands behind it in every example",
        ),
        ([("AB-001-red", "red or AB"), ("CD-12-blue", "blue or CD")], "EF", "in every example"),
        ([("12", "0-17"), ("25", "18-34"), ("50", "35-64"), ("70", "65+")], "34", None),
        ([("5", "0-17"), ("12", "0-17"), ("20", "18-34"), ("30", "18-34")], "18", None),
        (
            [("1.5", "up to 5"), ("7.5", "over 5"), ("9.5", "over 5"), ("2.5", "up to 5")],
            "5.2",
            "stands in every example",
        ),
    ],
)
def test_what_the_examples_do_not_vouch_for_is_in_doubt(examples, row, why):
    result = learn([*examples, (row, None)], language="text")
    said = result.unsure.get(len(examples) + 1)
    assert (said is None) if why is None else (said is not None and why in said), (result.program.source, said)


@pytest.mark.parametrize(
    ("examples", "row", "answers"),
    [
        (
            [("12:00 ERROR com.foo.Bar - failed", "Bar"), ("12:01 INFO com.foo.db.Pool - 5 left", "Pool")],
            "12:02 INFO App - done - bye",
            {"App", "done"},
        ),
        (
            [("nuts, milk, eggs", "eggs, milk, nuts"), ("soy, ale", "ale, soy")],
            "eggs, fish",
            {"fish, eggs", "eggs, fish"},
        ),
    ],
)
def test_what_a_person_may_as_well_mean_is_asked_about(examples, row, answers):
    """The other place of a mark, and items sorted in place of backwards."""
    (question,) = learn([*examples, (row, None)], language="text", **QUICK).questions
    assert answers <= set(question.answers)


def test_two_columns_that_are_compared_have_no_bound_between_examples():
    rows = [((5, 10), "order"), ((20, 10), "ok"), ((10, 10), "order"), ((100, 30), "ok"), ((300, 250), None)]
    result = learn(rows, names=["stock", "least"], **QUICK)
    assert result.candidates[0].answers == ("ok",) and not result.doubts


def test_a_value_that_is_part_of_the_cell_in_some_rows_only_is_looked_up():
    examples = [("Y", "Yes"), ("no", "No"), ("yes", "Yes"), ("N", "No"), ("y", None), ("YES", None)]
    result = learn(examples, language="text", **QUICK)
    assert result.candidates[0].answers == ("Yes", "Yes") and not result.doubts


@pytest.mark.parametrize(
    "examples",
    [
        [(("Ann Lee", "x" * 60_000), "Lee"), (("Bo Fox", "y" * 60_000), "Fox"), (("Cy Moon", "z" * 60_000), None)],
        [("n 1", "1"), ("n 22", "22"), ("n " + "1" * 15_000, None), ("n " + "2" * 15_000, None)],
    ],
    ids=["letters", "digits"],
)
def test_one_huge_cell_does_not_outlast_the_budget(examples):
    start = perf_counter()
    learn(examples, language="text", seconds=2)
    assert perf_counter() - start < 20


def test_values_that_tell_their_bounds_are_heeded_however_many_rows_there_are():
    ages = [(5, "0-17"), (12, "0-17"), (20, "18-34"), (30, "18-34"), (50, "35-64"), (55, "35-64"), (70, "65+")]
    result = learn([*ages, (18, None), (62, None), (65, None)], **QUICK)
    assert result.candidates[0].answers == ("18-34", "35-64", "65+") and not result.doubts


def test_a_value_that_no_example_has_is_in_doubt_where_one_of_them_is_looked_for(tmp_path):
    (tmp_path / "f.csv").write_text("x,y\nyes,1\nno,0\nyes,1\nY,\nmaybe,\nno,\n")
    done = run(tmp_path, "f.csv", "--target", "y")
    assert "str(x.count('yes'))" in done.stdout and "no example has 'Y'" in done.stdout


def test_a_program_that_says_nothing_of_rows_that_are_filled_in_is_in_doubt(tmp_path):
    (tmp_path / "b.csv").write_text("a,b,sum\n0,20,20\n100,1,101\n,35,34\n,12,7\n10,5,\n")
    done = run(tmp_path, "b.csv", "--target", "sum")
    assert "rows 4, 5, filled in already" in done.stdout


def test_a_key_that_no_example_has_is_asked_about():
    where = {"Bern": "South", "Oslo": "North", "Rome": "East"}
    cities = ["Bern", "Oslo", "Rome", "Oslo", "Bern"]
    known = [((name, city), where[city]) for name, city in zip("kfwbd", cities, strict=True)]
    result = learn([*known, (("a", "Kyiv"), None)], language="text", programs=100_000, seconds=None)
    assert result.candidates[0].answers == (None,) and result.unsure == {6: "'Kyiv' is in no example"}, result


def test_what_only_counts_the_rows_is_in_doubt(tmp_path):
    (tmp_path / "g.csv").write_text("game,result,streak\n1,W,1\n2,W,2\n3,L,0\n4,W,1\n5,W,\n6,W,\n")
    done = run(tmp_path, "g.csv", "--target", "streak")
    assert "a column that counts the rows" in done.stdout


def test_a_balance_carries_on_from_what_there_was(tmp_path):
    (tmp_path / "b.csv").write_text("in,out,left\n0,20,480\n100,0,580\n,35,545\n,12,533\n10,5,\n")
    done = run(tmp_path, "b.csv", "--target", "left")
    assert "'538'" in done.stdout


def test_a_date_that_is_none_is_in_doubt():
    result = learn([("03/14/2024", "2024-03-14"), ("12/01/2023", "2023-12-01"), ("31/01/2024", None)], language="text")
    (answer,) = result.candidates[0].answers
    assert answer in (None, "2024-01-31") or 3 in result.unsure


def test_a_column_that_counts_the_rows_is_the_last_to_be_used():
    rows = [((1, "Y"), True), ((2, "N"), False), ((3, "Y"), True), ((4, "N"), None), ((5, "N"), None)]
    assert learn(rows).program(5, "N") is False


@pytest.mark.parametrize(
    ("examples", "wanted"),
    [
        ([([3, 1, 2], 3), ([5, 4], 5), ([1, 7, 7], 7)], "statistics.mode(xs)"),
        (
            [
                ([4, 8], True),
                ([3, 8], False),
                ([2, 6, 4], True),
                ([1], False),
                ([5, 6, 2, 4, 3], False),
                ([8, 2], True),
            ],
            "all(x % 2 == 0 for x in xs)",
        ),
    ],
)
def test_an_input_shows_what_examples_leave_open(examples, wanted):
    result = learn(examples, programs=30_000, seconds=None)
    telling = result.telling
    assert python_expression(telling.candidate.program.expr) == wanted
    assert result.program(*telling.inputs) == telling.answer != telling.other
    assert telling.candidate.program(*telling.inputs) == telling.other
    assert telling.sentence in result.notes
    more = learn([*examples, (*telling.inputs, telling.other)], programs=30_000, seconds=None)
    assert more.program(*telling.inputs) == telling.other


def test_nothing_is_open_where_programs_agree_or_rows_are_asked_about():
    assert learn([(3, 6), (4, 8), (7, 14)], programs=30_000, seconds=None).telling is None
    open_row = learn([([3, 1, 2], 3), ([5, 4], 5), ([1, 7, 7], 7), ([2, 2, 9], None)], programs=30_000, seconds=None)
    assert open_row.telling is None
    assert open_row.questions
