"""Columns made of other rows: what is made, what is suggested, and tables that are filled in with them."""

import itertools
import json
import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extrapolate.read.table import parse_table
from extrapolate.read.windows import KINDS, Window, named, says, suggested, windows, with_windows

SALES = "day,shop,amount\n1,A,10\n2,B,5\n3,A,20\n4,,7\n5,A,\n"


def cells(kind, column, by=None, text=SALES):
    return Window(kind, column, by).cells(parse_table(text))


@pytest.mark.parametrize(
    ("kind", "column", "by", "wanted"),
    [
        ("number", "shop", None, ["1", "1", "2", "1", "3"]),
        ("times", "shop", None, ["3", "1", "3", "1", "3"]),
        ("repeated", "shop", None, ["no", "no", "yes", "no", "yes"]),
        ("shared", "shop", None, ["yes", "no", "yes", "no", "yes"]),
        ("filled", "shop", None, ["A", "B", "A", "A", "A"]),
        ("previous", "amount", None, ["", "10", "5", "20", "7"]),
        ("previous", "amount", "shop", ["", "", "10", "", "20"]),
        ("next", "amount", None, ["5", "20", "7", "", ""]),
        ("running", "amount", None, ["10", "15", "35", "42", ""]),
        ("running", "amount", "shop", ["10", "5", "30", "7", ""]),
        ("total", "amount", None, ["42", "42", "42", "42", ""]),
        ("largest", "amount", "shop", ["20", "5", "20", "7", ""]),
        ("rank", "amount", None, ["2", "4", "1", "3", ""]),
        ("rising rank", "amount", None, ["3", "1", "4", "2", ""]),
    ],
)
def test_a_window_has_a_cell_for_each_row(kind, column, by, wanted):
    assert cells(kind, column, by) == wanted


STAFF = "id,name,boss,since\n7,Ann,,2020-05-01\n8,Bo,7,2021-01-01\n9,Cy,7,2019-12-31\n10,Di,9,2022-02-02\n"


@pytest.mark.parametrize(
    ("kind", "column", "by", "wanted"),
    [
        ("found", "name where id", "boss", ["", "Ann", "Ann", "Cy"]),
        ("largest", "since", "boss", ["2020-05-01", "2021-01-01", "2021-01-01", "2022-02-02"]),
        ("smallest", "since", None, ["2019-12-31"] * 4),
    ],
)
def test_rows_that_others_name_and_dates(kind, column, by, wanted):
    assert cells(kind, column, by, STAFF) == wanted
    table = parse_table(STAFF)
    (window,) = [w for w in windows(table, table.columns) if w == Window(kind, column, by)]
    assert named(window.name, table.columns) == window == named(window.name.replace(" ", "_"), table.columns)


def test_what_is_wanted_of_other_rows_is_suggested():
    table = parse_table(STAFF.replace("since\n", "since,boss_name\n").replace("2021-01-01\n", "2021-01-01,Ann\n")
                        .replace("2019-12-31\n", "2019-12-31,Ann\n").replace("2022-02-02\n", "2022-02-02,Cy\n")
                        .replace("2020-05-01\n", "2020-05-01,\n"))  # fmt: skip
    found = suggested(table, "boss_name", list(windows(table, table.columns[:-1])))
    assert Window("found", "name where id", "boss") in found


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=12))
def test_counts_agree_with_counting(column):
    text = "x,y\n" + "".join(f"{c},1\n" for c in column)
    assert cells("number", "x", text=text) == [str(column[: i + 1].count(c)) for i, c in enumerate(column)]
    assert cells("times", "x", text=text) == [str(Counter(column)[c]) for c in column]
    assert cells("running", "y", "x", text=text) == cells("number", "x", text=text)


def test_every_window_is_found_by_its_name():
    table = parse_table(SALES)
    for window in windows(table, table.columns):
        assert named(window.name, table.columns) == window
        assert named(window.name.replace(" ", "_"), table.columns) == window
    assert named("repeated shop and amount", table.columns) == Window("repeated", "shop and amount")
    assert named("previous nothing", table.columns) is None
    assert set(KINDS) >= {window.kind for window in windows(table, table.columns)}


TABLES = {
    "running": ("day,amount,total\n1,10,10\n2,5,15\n3,20,35\n4,7,\n5,1,\n", "total", ["42", "43"]),
    "by group": (
        "shop,amount,total\nA,10,10\nB,5,5\nA,20,30\nB,7,12\nA,1,\nB,2,\n",
        "total",
        ["31", "14"],
    ),
    "number": ("who,order,n\nann,a1,1\nbo,a2,1\nann,a3,2\nann,a4,3\nbo,a5,\nann,a6,\n", "n", ["2", "4"]),
    "duplicate": ("mail,name,dup\na@x,Ann,no\nb@x,Bo,no\na@x,Al,yes\nc@x,Cy,\nb@x,Bob,\n", "dup", ["no", "yes"]),
    "balance": (
        "what,in,out,balance\npay,500,,500\nfood,,62.5,437.5\nback,20,,457.5\nrent,,310,\npay,1200,,\n",
        "balance",
        ["147.5", "1347.5"],
    ),
    "balance carried forward": (
        "what,in,out,balance\nforward,,,1250\nrent,,1080,170\npay,2000,,2170\nfood,,70,2100\nshoes,,100,\npay,50,,\n",
        "balance",
        ["2000", "2050"],
    ),
    "balance in money": (
        "what,in,out,balance\npay,500.00,,500.00\nfood,,62.50,437.50\nback,20.00,,457.50\nrent,,310.50,\n",
        "balance",
        ["147.00"],
    ),
    "lines of an order": (
        "order,item,line\nS-7,bolt,S-7/1\nS-7,nut,S-7/2\nS-8,saw,S-8/1\nS-8,drill,\nS-8,tape,\nS-9,nail,\n",
        "line",
        ["S-8/2", "S-8/3", "S-9/1"],
    ),
    "labels": (
        "mail,name,is\na@x,Ann,first\nb@x,Bo,first\na@x,Al,again\nc@x,Cy,\nb@x,Bob,\n",
        "is",
        ["first", "again"],
    ),
    "whole rows": ("a,b,dup\n1,x,no\n1,y,no\n1,x,yes\n2,x,no\n2,x,\n1,y,\n3,z,\n", "dup", ["yes", "yes", "no"]),
    "filled down": (
        "city,street,full\nRome,a,Rome\n,b,Rome\n,c,Rome\nOslo,d,Oslo\n,e,\nBern,f,\n,g,\n",
        "full",
        ["Oslo", "Bern", "Bern"],
    ),
    "difference": (
        "day,meter,used\n1,100,\n2,130,30\n3,145,15\n4,180,35\n5,200,\n6,260,\n",
        "used",
        ["", "20", "60"],
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_filled_in_with_what_other_rows_tell(name, tmp_path):
    text, target, wanted = TABLES[name]
    (tmp_path / "in.csv").write_text(text)
    command = [sys.executable, "-m", "extrapolate"]
    learned = [*command, "learn", "in.csv", "--target", target, "--fill", "out.csv", "--save", "p.json", "-q"]
    done = subprocess.run(learned, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    before, after = parse_table(text), parse_table((tmp_path / "out.csv").read_text())
    open_rows = [i for i, (_, cell) in enumerate(before.column(target)) if not cell]
    assert [after.column(target)[i][1] for i in open_rows] == wanted
    assert after.columns == before.columns
    again = [*command, "apply", "p.json", "in.csv", "--target", target]
    assert (
        subprocess.run(again, capture_output=True, text=True, cwd=tmp_path).stdout == (tmp_path / "out.csv").read_text()
    )


@pytest.mark.parametrize(
    ("target", "doubted"), [("region_full", 0), ("area", 2)], ids=["the header says it", "the header says nothing"]
)
def test_a_header_may_say_that_a_column_is_made_of_other_rows(target, doubted, tmp_path):
    (tmp_path / "in.csv").write_text(f"region,n,{target}\nNorth,1,North\n,2,North\nSouth,7,South\n,8,\n,9,\n")
    command = [sys.executable, "-m", "extrapolate", "learn", "in.csv", "--target", target, "--json"]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, cwd=tmp_path).stdout)
    assert [a["answer"] for a in found["programs"][0]["answers"]] == ["South", "South"]
    assert len(found["doubts"]) == doubted


@pytest.mark.parametrize("target", ["last_name", "full name", "phone number", "unique_id", "line"])
def test_common_names_say_nothing_of_other_rows(target):
    assert not any(says(target, Window(kind, "dept")) for kind in KINDS)


def test_small_numbers_tell_no_column_of_other_rows(tmp_path):
    (tmp_path / "in.csv").write_text("sku,code\nfoo,1\nfoo,2\nbar,\nfoo,\n")
    command = [sys.executable, "-m", "extrapolate", "learn", "in.csv", "--target", "code", "--json"]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, cwd=tmp_path).stdout)
    assert len(found["doubts"]) == 2


def test_numbers_of_many_digits_tell_a_column_of_other_rows(tmp_path):
    (tmp_path / "in.csv").write_text("amount,left\n500.00,500.00\n-42.50,457.50\n-300.00,157.50\n1200.00,\n")
    command = [sys.executable, "-m", "extrapolate", "learn", "in.csv", "--target", "left", "--json"]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, cwd=tmp_path).stdout)
    assert [a["answer"] for a in found["programs"][0]["answers"]] == [1357.5] and not found["doubts"]


def test_nothing_is_suggested_where_rows_stand_alone():
    table = parse_table("name,last\nAnn Lee,Lee\nBo Fox,Fox\nCy Moon,\n")
    assert suggested(table, "last", list(windows(table, ["name"]))) == []


def test_a_share_of_a_group_is_suggested():
    table = parse_table("g,v,share\nA,1,25%\nA,3,75%\nB,2,50%\nB,2,\n")
    assert [w.name for w in suggested(table, "share", list(windows(table, ["g", "v"])))] == ["total v by g"]


def test_another_way_to_read_a_table_raises_a_question(tmp_path):
    """With two rows the difference to the row before is as likely as to a constant: both are offered."""
    (tmp_path / "in.csv").write_text("day,meter,used\n1,100,\n2,130,30\n3,145,15\n4,180,\n5,200,\n")
    command = [sys.executable, "-m", "extrapolate", "learn", "in.csv", "--target", "used", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    asked = json.loads(done.stdout)["questions"]
    assert {35} <= set(itertools.chain(*(q["answers"] for q in asked)))


def test_what_can_not_be_read_gives_nothing_rather_than_something_wrong():
    assert cells("running", "v", text='v,x\n100,a\n"1,200",b\n50,c\n') == ["100", "1300", "1350"]
    assert cells("running", "v", text="v,x\n100,a\nabout 7,b\n50,c\n") == ["", "", ""]
    assert cells("largest", "v", "g", text="v,g\n1,a\n,b\n,b\n") == ["1", "", ""]


def test_what_comes_in_less_what_goes_out_needs_numbers_in_each_row():
    text = "in,out,x\n5,,a\n,2,b\n{},c\n"
    table = parse_table(text.format("1,"))
    assert [w.name for w in windows(table, ["in", "out"]) if " less " in w.column][:1] == ["running in less out"]
    assert cells("running", "in less out", text=text.format("1,")) == ["5", "3", "4"]
    assert with_windows(table, ["running_in_less_out"]).column("running_in_less_out") == [(2, "5"), (3, "3"), (4, "4")]
    for row in ("one,", ",2b"):
        assert not any(" less " in w.column for w in windows(parse_table(text.format(row)), ["in", "out"]))


def test_columns_taken_together_are_named():
    """Where the target stands does not matter, nor whether there is one."""
    for text in ("a,b,dup\nx,1,no\nx,2,no\nx,1,yes\n", "dup,a,b\nno,x,1\nno,x,2\nyes,x,1\n", "a,b\nx,1\nx,2\nx,1\n"):
        table = with_windows(parse_table(text), ["repeated_a_and_b", "number of a"])
        assert [cell for _, cell in table.column("repeated_a_and_b")] == ["no", "no", "yes"]
        assert [cell for _, cell in table.column("number of a")] == ["1", "2", "3"]


def test_a_column_that_is_there_is_not_made_again(tmp_path):
    (tmp_path / "in.csv").write_text("item,price,total price,code\na,5,55,T55\nb,7,78,T78\nc,9,91,T91\nd,2,13,\n")
    command = [sys.executable, "-m", "extrapolate"]
    learned = [*command, "learn", "in.csv", "--target", "code", "--inputs", "total price", "--save", "p.json", "-q"]
    assert subprocess.run(learned, capture_output=True, text=True, cwd=tmp_path).returncode == 0
    applied = subprocess.run([*command, "apply", "p.json", "in.csv"], capture_output=True, text=True, cwd=tmp_path)
    assert applied.stdout.splitlines()[-1] == "d,2,13,T13"


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("shop,pay less than 5,dup\nA,x,no\nB,y,no\nA,x,yes\nB,z,\n", "dup"),
        ("salt and pepper,x,y\n1,2,3\n2,2,4\n3,5,\n", "y"),
        ("in less out,x,y\n1,2,3\n2,2,4\n3,5,\n", "y"),
    ],
)
def test_columns_may_be_called_as_windows_are(text, target):
    table = parse_table(text)
    for window in windows(table, [c for c in table.columns if c != target]):
        assert len(window.cells(table)) == len(table.rows)
        assert named(window.name, table.columns) is not None


def test_long_numbers_at_an_end_are_no_lines():
    table = parse_table(f"a,n\nx,{'9' * 5000}\nx,{'8' * 5000}\nx,\n")
    assert [w for w in suggested(table, "n", list(windows(table, ["a"]))) if w.kind == "number"] == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("team,goals,best\nA,5,yes\nA,3,no\nB,4,no\nB,7,yes\nC,2,\n", "largest goals by team"),
        ("date,gap\n2024-01-01,0\n2024-01-04,3\n2024-01-09,5\n2024-01-11,\n", "previous date"),
        ("name,key\nrat,rat\nmouse,mouse\nrat,rat_2\nrat,\n", "number of name"),
        ("in,out,left\n0,20,480\n100,0,580\n,35,545\n10,5,\n", "running in less out"),
    ],
)
def test_what_is_wanted_speaks_for_a_column_of_other_rows(text, name):
    table = parse_table(text)
    *columns, target = table.columns
    assert name in [window.name for window in suggested(table, target, list(windows(table, columns)))]


def test_two_balances_are_too_few_to_speak_for_two_columns():
    table = parse_table("in,out,left\n0,20,480\n100,0,580\n5,35,\n")
    assert not any(" less " in w.column for w in suggested(table, "left", list(windows(table, ["in", "out"]))))


@pytest.mark.parametrize("target", ["N_next", "N_before"])
def test_a_table_of_numbers_and_what_each_becomes_is_no_shift_of_itself(target):
    steps = ["12", "18.6", "28.3", "42.5", "64.1"]
    pairs = list(itertools.pairwise(steps))
    full = [(a, b) if target == "N_next" else (b, a) for a, b in pairs]
    rows = "".join(f"{a},{b}\n" for a, b in full)
    is_neighbour = Window("next" if target == "N_next" else "previous", "N").name
    table = parse_table(f"N,{target}\n{rows}")
    assert is_neighbour not in [w.name for w in suggested(table, target, list(windows(table, ["N"])))]
    rows += "64.1,\n" if target == "N_next" else "99.1,\n"  # one is to be filled in
    table = parse_table(f"N,{target}\n{rows}")
    assert is_neighbour in [w.name for w in suggested(table, target, list(windows(table, ["N"])))]


def test_what_was_carried_over_is_told_by_the_row_before_in_complete_tables():
    table = parse_table("moved,closing,opening\n5,15,10\n-3,12,15\n8,20,12\n-6,14,20\n1,15,14\n")
    looked_at = list(windows(table, ["moved", "closing"]))
    assert "previous closing" in [w.name for w in suggested(table, "opening", looked_at)]
