"""Cells that list several things: what becomes of each item is a task of its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extrapolate import learn
from extrapolate.core.saved import load, save
from extrapolate.core.task import Row, Task
from extrapolate.core.types import BOOL, TEXT
from extrapolate.languages.items import inner_tasks
from extrapolate.languages.text import LANGUAGE as TEXT_LANGUAGE


def task_of(*rows):
    numbered = [Row((given,), out, i) for i, (given, out) in enumerate(rows, 1)]
    return Task.from_rows(numbered, types=[TEXT, TEXT])


@pytest.mark.parametrize(
    ("examples", "given", "wanted"),
    [
        ([("1.2.10", "01.02.10"), ("12.3.4", "12.03.04")], "0.15.7", "00.15.07"),
        (
            [("Smith, John; Doe, Jane", "John Smith; Jane Doe"), ("Knuth, Donald", "Donald Knuth")],
            "Liskov, Barbara; Hoare, Tony; Wirth, Niklaus",
            "Barbara Liskov; Tony Hoare; Niklaus Wirth",
        ),
        (
            [("1999-2004, 2010-2012", "1999, 2010"), ("1980-1985", "1980")],
            "2001-2002, 2003-2004, 2005-2006",
            "2001, 2003, 2005",
        ),
        ([("red;_hidden;blue", "red;blue"), ("_x;green", "green"), ("one;two", "one;two")], "_a;b;_c", "b"),
        ([("1,2,3", "2,4,6"), ("10,5", "20,10")], "7,8,9,1", "14,16,18,2"),
        (
            [
                ("red wine, cheese", "#red-wine #cheese"),
                ("New York, pizza, night life", "#new-york #pizza #night-life"),
            ],
            "cats, dry dog food",
            "#cats #dry-dog-food",
        ),
        ([("b, a, c", "a, b, c"), ("zoo, pig, ant, cow", "ant, cow, pig, zoo")], "m, k, l", "k, l, m"),
    ],
)
def test_something_is_made_of_each_item(examples, given, wanted):
    result = learn([*examples, (given, None)], seconds=30)
    assert result.solved
    assert result.program(given) == wanted


def test_a_program_for_each_item_is_kept_and_exported_like_any_other(tmp_path):
    result = learn([("0:1b:44", "00:1B:44"), ("a:b:c", "0A:0B:0C")], seconds=30)
    assert (
        result.program.source
        == "def program(s: str) -> str:\n    return ':'.join(x.zfill(2).upper() for x in s.split(':'))\n"
    )
    save(result.program, tmp_path / "mac.json")
    assert load(tmp_path / "mac.json", TEXT_LANGUAGE)("7:8:9") == result.program("7:8:9") == "07:08:09"


def test_an_answer_with_another_number_of_items_is_in_doubt():
    rows = [("a-1; b-2", "1; 2"), ("c-3", "3"), ("d-4; e-5; f-6", "4; 5; 6"), ("g-7; h", None), ("i-8; j-9", None)]
    result = learn(rows, seconds=30)
    assert {doubt.row.number for doubt in result.doubts} == {4}


def test_what_is_doubtful_of_an_item_is_doubtful_of_its_row():
    examples = [
        ("Dr Ann Lee; Mr Bo Ray", "Ann Lee; Bo Ray"),
        ("Ms Al Fox", "Al Fox"),
        ("Dr Cy Po; Mr Ty Ox", "Cy Po; Ty Ox"),
    ]
    result = learn([*examples, ("Mr Ed Yo; Dr Cher", None)], seconds=30)
    assert result.program.answer(["Mr Ed Yo; Dr Cher"]) == "Ed Yo; Cher"
    assert ["'Dr Cher'" in doubt.why for doubt in result.doubts] == [True]


def test_what_stands_between_items_is_in_doubt_within_one():
    examples = [
        ("Human Resources, Information Technology", "HR, IT"),
        ("Public Affairs, Call Center, Legal", "PA, CC, L"),
    ]
    result = learn([*examples, ("Sales,Supply Chain", None), ("Quality Control, Shipping", None)], seconds=30)
    assert {doubt.row.number for doubt in result.doubts} == {3}


def test_a_number_without_the_mark_of_all_others_is_in_doubt():
    examples = [("apple $1.20, bread $3.50", "4.70"), ("milk $2.00, eggs $4.25, jam $3.75", "10.00")]
    result = learn([*examples, ("7up $1.50, cola $2.25", None), ("tea $5.10", None)], seconds=30)
    assert {doubt.row.number for doubt in result.doubts} == {3}


def test_items_of_which_nothing_is_made_are_no_fault():
    rows = [("A #BTS #data", "#BTS #data"), ("Hello #world from me", "#world"), ("#one and #two today", "#one #two")]
    assert learn(rows, seconds=30).solved


def test_lists_are_told_by_their_counts():
    both = [inner.task for inner in inner_tasks(task_of(("a, b", "A, B"), ("c", "C"), ("d, e, f", None)))]
    assert [(*row.inputs, row.output) for row in both[0].rows] == [
        ("a", "A"), ("b", "B"), ("c", "C"), ("d", None), ("e", None), ("f", None),
    ]  # fmt: skip
    kept = [inner.task for inner in inner_tasks(task_of(("a1,b", "a1"), ("c,d2", "d2")))]
    assert [task.output for task in kept] == [BOOL]


@pytest.mark.parametrize(
    "rows",
    [
        [("Ann Lee", "Lee, Ann"), ("Bob Ray", "Ray, Bob")],  # two words in every row are no list
        [("a, b", "A, B"), ("a", "X")],  # an item would need two answers
        [("a, b", "a; b"), ("c", "c")],  # nothing is changed but what stands between
        [("a, b", "3"), ("c", "1")],
    ],
)
def test_other_cells_are_no_lists(rows):
    assert not list(inner_tasks(task_of(*rows)))


@given(st.lists(st.lists(st.text("abxyz", min_size=1, max_size=3), min_size=1, max_size=4), min_size=2, max_size=4))
def test_the_task_of_what_becomes_of_each_item_is_among_those_tried(cells):
    task = task_of(*((";".join(items), "|".join(f"<{i}>" for i in items)) for items in cells))
    wanted = [(item, f"<{item}>") for item in dict.fromkeys(i for items in cells for i in items)]
    tasks = [[(*row.inputs, row.output) for row in inner.task.labelled] for inner in inner_tasks(task)]
    lists = len({len(items) for items in cells}) > 1 or len(cells[0]) > 2
    lists = lists and 2 * sum(len(items) > 1 for items in cells) >= len(cells)
    assert (wanted in tasks) == (lists and len(wanted) > 1)


def test_many_open_items_and_long_cells_keep_to_the_budget():
    examples = [("Smith, John; Doe, Jane", "John Smith; Jane Doe"), ("Knuth, Donald", "Donald Knuth")]
    few = learn([*examples, *((f"Ray, B{i}; Fox, C{i}", None) for i in range(2000))], programs=50_000)
    assert few.counts.tried < 51_000
    long = [(" ".join("abcd" for _ in range(3000)), "abcd"), ("ab " * 2000, "ab")]
    assert not list(inner_tasks(task_of(*long)))


def test_a_number_is_no_list_of_items():
    rows = [Row((f"{a}-{b}",), a - b, i) for i, (a, b) in enumerate([(3, 8), (2, 9), (5, 7)], 1)]
    assert not list(inner_tasks(Task.from_rows(rows)))


def test_what_is_said_of_progress_is_of_the_whole_task():
    told = []
    rows = [("1.2.10", "01.02.10"), ("12.3.4", "12.03.04")]
    learn(rows, seconds=30, on_progress=told.append)
    assert all(progress.best is None or "split" in progress.best.source for progress in told)


def test_a_test_of_few_items_is_no_reason():
    rows = [("apple,bat,cat", "bat,cat"), ("dog,egg", "dog"), ("ice,jam,ape", None)]
    result = learn(rows, language="text", programs=200_000)
    assert result.doubts or result.questions or not result.solved


@pytest.mark.parametrize("word", ["each", "split", "join"])
def test_a_word_that_is_left_out_is_in_no_program_for_items(word):
    language = TEXT_LANGUAGE.without(word)
    rows = [("1.2.10", "01.02.10"), ("12.3.4", "12.03.04")]
    assert not list(language.possible_inner_tasks(task_of(*rows)))
    assert "for x in" not in getattr(learn(rows, language=language, programs=20_000).program, "source", "")
