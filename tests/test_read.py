"""Reading: what each form of examples becomes, and the one sentence that each fault gets."""

import csv
import datetime
import io
import json

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extrapolate.core.errors import InputError, WordError
from extrapolate.core.types import BOOL, FLOAT, INT, TEXT, list_of
from extrapolate.read.amounts import as_numbers
from extrapolate.read.answers import read_answers
from extrapolate.read.cells import cell_as, text_of, value_of
from extrapolate.read.examples import read_task
from extrapolate.read.sources import Form, Source, split_marks
from extrapolate.read.table import parse_table, quoted, split_records
from extrapolate.read.words import read_words


@pytest.fixture
def read(tmp_path):
    """Writes a file and reads it as a task."""

    def write_and_read(name, content, **options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_task(str(path), **options)

    return write_and_read


def rows(task):
    return [(row.inputs, row.output) for row in task.rows]


# Forms


@pytest.mark.parametrize(
    "name, content",
    [
        ("task.json", "[[[3, 1], 1], [[7], 7], [[5, 2], null]]"),
        ("task.json", '[{"input": [3, 1], "output": 1}, {"input": [7], "output": 7}, {"input": [5, 2]}]'),
        ("task.json", '[{"in": [[3, 1]], "out": 1}, {"in": [[7]], "out": 7}, {"in": [[5, 2]], "out": null}]'),
        ("task.json", '{"name": "task", "examples": [[[3, 1], 1], [[7], 7], [[5, 2], null]]}'),
        ("task.jsonl", "[[3, 1], 1]\n[[7], 7]\n[[5, 2], null]\n"),
        ("task.jsonl", '{"input": [3, 1], "output": 1}\n{"input": [7], "output": 7}\n{"input": [5, 2]}'),
        ("task.txt", "[3, 1] -> 1\n[7] -> 7\n[5, 2] ->\n"),
        ("task.txt", "# the least\n\n[3, 1] -> 1\r\n[7]->7\r\n[5, 2] -> "),
        ("task", "[[[3, 1], 1],\n [[7], 7],\n [[5, 2], null]]"),
        ("task.csv", 'xs,least\n"[3, 1]",1\n[7],7\n"[5, 2]",\n'),
        ("task.csv", "\ufeffxs;least\r\n[3, 1];1\r\n[7];7\r\n[5, 2];\r\n"),
        ("task.tsv", "xs\tleast\n[3, 1]\t1\n[7]\t7\n[5, 2]\t\n"),
        ("task.json", '[{"xs": [3, 1], "least": 1}, {"xs": [7], "least": 7}, {"xs": [5, 2]}]'),
    ],
)
def test_every_form_of_the_same_examples_is_the_same_task(read, name, content):
    target = "least" if "least" in content.replace("the least", "") else None
    task = read(name, content, target=target).task
    assert rows(task) == [(([3, 1],), 1), (([7],), 7), (([5, 2],), None)]
    assert (task.inputs[0].name, task.inputs[0].type, task.output) == ("xs", list_of(INT), INT)
    assert task.name == (target or "task")


@pytest.mark.parametrize(
    "name, content, expected",
    [
        ("a.txt", "1 ; [2] -> 3", [((1, [2]), 3)]),
        ("a.txt", 'a b ; "x; y -> z" -> "7"', [(("a b", "x; y -> z"), "7")]),
        ("a.txt", "True -> [False, True]", [((True,), [False, True])]),
        ("a.txt", "['it', 'is'] -> it", [((["it", "is"],), "it")]),
        ("a.json", '[{"in": [1, 2], "out": 3.5}, {"in": [3, 4], "out": 1}]', [((1, 2), 3.5), ((3, 4), 1.0)]),
        ("a.json", '[{"in": {"a": 1, "b": 2}, "out": 3}]', [((1, 2), 3)]),
        ("a.json", '[{"input": 1, "output": 3}]', [((1,), 3)]),
    ],
)
def test_cells_of_pairs_and_json(read, name, content, expected):
    assert rows(read(name, content).task) == expected


def test_a_json_task_may_name_its_inputs_and_declare_their_types(read):
    task = read("a.json", '{"inputs": ["numbers", "n"], "examples": [{"in": [[], 2], "out": []}]}').task
    assert task.signature == "(numbers: list[int], n: int) -> list[int]"
    task = read("a.json", '{"inputs": ["list[float]"], "output": "float", "examples": [{"in": [[1]], "out": 1}]}').task
    assert task.signature == "(xs: list[float]) -> float"
    task = read("a.json", '{"inputs": [["p", "int"]], "output": "int", "examples": [[1, 2]], "name": "up!"}').task
    assert (task.signature, task.name) == ("(p: int) -> int", "up")


def test_columns_are_typed_and_text_is_text(read):
    content = "id,on,n,x,code,word,xs,out\na1,TRUE,1,1,007,7,[],1\nb2,false,-2,2.5,12,b,[1],2\n"
    task = read("t.csv", content, target="out").task
    types = {v.name: str(v.type) for v in task.inputs}
    assert types == {
        "id": "text", "on": "bool", "n": "int", "x": "float", "code": "text", "word": "text", "xs": "list[int]",
    }  # fmt: skip
    assert task.rows[0].inputs == ("a1", True, 1, 1.0, "007", "7", [])


def test_numbers_of_rows_are_those_of_the_file(read):
    csv_task = read("t.csv", "a,b\n1,2\n\n3,\n", target="b").task
    assert [row.number for row in csv_task.rows] == [2, 4]
    pairs = read("t.txt", "# comment\n1 -> 2\n\n3 ->\n").task
    assert [row.number for row in pairs.rows] == [2, 4]


def test_inputs_are_chosen_and_the_rest_is_not_read(read):
    found = read("t.csv", "name,b,a,out\nx,1,2,3\n,n/a,5,6\n", target="out", inputs=["a"])
    assert rows(found.task) == [((2,), 3), ((5,), 6)]
    assert found.columns == ("a",)


def test_empty_columns_and_rows_that_can_have_no_answer_are_left_out_and_said_so(read):
    found = read("t.csv", "a,empty,out\n1,,1\n,,\n2,,\n", target="out")
    assert rows(found.task) == [((1,), 1), ((2,), None)]
    assert any("empty is left out" in note for note in found.task.notes)
    assert any("row 3" in note for note in found.task.notes)


def test_columns_of_text_are_left_out_where_no_word_reads_text(read):
    content = "name,a,out\nx,1,1\ny,2,2\n"
    assert read("t.csv", content, target="out", texts=False).columns == ("a",)
    assert read("t.csv", content, target="out", texts=False, inputs=["name"]).columns == ("name",)
    assert read("t.csv", "name,out\nx,1\n", target="out", texts=False).columns == ("name",)


def test_names_of_columns_become_names_of_python(read):
    task = read("t.csv", "max,2nd place,class,Größe²,out\n1,2,3,4,5\n", target="out").task
    assert [v.name for v in task.inputs] == ["max_", "_2nd_place", "class_", "größe2"]


# Faults


@pytest.mark.parametrize(
    "name, content, options, words",
    [
        ("a.json", "", {}, ["a.json is empty"]),
        ("a.csv", " \n", {}, ["empty"]),
        ("a.csv", "a,b\n", {"target": "b"}, ["no rows", "a, b"]),
        ("a.csv", "a,b\n1,2\n", {}, ["--target", "a, b"]),
        ("a.csv", "a,best\n1,2\n", {"target": "bset"}, ["'bset'", "did you mean 'best'?"]),
        ("a.csv", "a,b\n1,2\n", {"target": "b", "inputs": ["c"]}, ["'c'", "a, b"]),
        ("a.csv", "a,b\n1,2\n", {"target": "b", "inputs": ["b"]}, ["'b' is the target"]),
        ("a.csv", "a,b\n1,\n", {"target": "b"}, ["every cell of 'b' is empty"]),
        ("a.csv", "b\n1\n", {"target": "b"}, ["no column with values beside 'b'"]),
        ("a.csv", "a,b\n1,2\n1,2,3\n", {"target": "b"}, ["row 3 has 3 cells", "header has 2"]),
        ("a.csv", 'a,b\n1,2\n"1,2\n', {"target": "b"}, ["line 3", "never closed"]),
        ("a.csv", "a,b\n1,2\n2,nan\n", {"target": "b"}, ["row 3, b", "finite"]),
        ("a.csv", "a,b\n1,2\n2,1e999\n", {"target": "b"}, ["row 3, b", "finite"]),
        ("a.csv", "a,b\n1,2\n[2],4\n", {"target": "b"}, ["row 3, a", "mixed"]),
        ("a.csv", "a,b\n1,2\n10000000000000000001,4\n", {"target": "b"}, ["row 3, a", "1e+18"]),
        ("a.csv", f"a,b\n1,2\n{'9' * 9999},4\n", {"target": "b"}, ["row 3, a", "9,999 digits"]),
        ("a.csv", f"a,b\n1,2\n{'[' * 9999},4\n", {"target": "b"}, ["row 3, a", "nested"]),
        ("a.csv", b"a,b\n\xc3\xa9,\xff\n", {"target": "b"}, ["row 2, b", "not UTF-8"]),
        ("a.txt", b"1 -> \xff\n", {}, ["not UTF-8", "byte 6", "line 1"]),
        ("a.json", "[[1, 2],\n [3, 4}]", {}, ["line 2, column 7"]),
        ("a.json", "[[1, NaN]]", {}, ["row 1", "finite"]),
        ("a.json", "[[Infinity, 1]]", {}, ["row 1", "finite"]),
        ("a.json", "[[1, 1e999]]", {}, ["row 1", "finite"]),
        ("a.json", "[[1, 2], [[], 2]]", {}, ["row 2", "mixed"]),
        ("a.json", "[[[1, [2]], 2]]", {}, ["row 1", "mixed"]),
        ("a.json", "[[{}, 2]]", {}, ["row 1", "dict"]),
        ("a.json", "[[null, 2]]", {}, ["row 1", "empty"]),
        ("a.json", "[1, 2, 3]", {}, ["example 1 is 1", "[input, output]"]),
        ("a.json", "[[1, 2, 3]]", {}, ["example 1 is [1, 2, 3]"]),
        ("a.json", "[]", {}, ["list of examples"]),
        ("a.json", "7", {}, ["list of examples"]),
        ("a.json", '{"xs": [1]}', {}, ["keys xs", '"examples"']),
        ("a.json", '{"format": "extrapolate-program"}', {}, ["saved program", "apply"]),
        ("a.json", '[{"name": "t", "examples": []}]', {}, ["1 tasks"]),
        ("a.json", '[[1, 2], {"in": 1}]', {}, ["example 2", "same form"]),
        ("a.json", '[{"in": {"a": 1}, "out": 2}, {"in": {"b": 1}, "out": 2}]', {}, ["example 2", "other inputs"]),
        ("a.json", '[{"in": [3, 1], "out": 2}, {"in": [1], "out": 2}]', {}, ["row 2 has 1 inputs", '{"input": [...]}']),
        ("a.json", "[[1, null]]", {}, ["no example with an output"]),
        ("a.json", "[" * 9999 + "]" * 9999, {}, ["nested"]),
        ("a.json", f"[[{'9' * 9999}, 1]]", {}, ["9,999 digits"]),
        ("a.json", "[[[[[[[[[[[[1]]]]]]]]]], 1]]", {}, ["row 1", "nested at most"]),
        ("a.json", '[{"a": 1, "b": 2}]', {}, ["--target", "a, b"]),
        ("a.json", "[[1, 2]]", {"target": "b"}, ["leave --target out"]),
        ("a.jsonl", "[1, 2]\n[3, 4}\n", {}, ["line 2, column 6"]),
        ("a.txt", "1 -> 2\n3\n", {}, ["line 2", "has no ->"]),
        ("a.txt", "1 -> 2\na -> b -> c\n", {}, ["line 2", "more than one ->"]),
        ("a.txt", "1 ; 2 -> 3\n1 -> 2\n", {}, ["row 2 has 1 inputs and row 1 has 2"]),
        ("a.txt", "just a line", {}, ["line 1", "has no ->"]),
    ],
)
def test_each_fault_is_one_clear_sentence(read, name, content, options, words):
    with pytest.raises(InputError) as caught:
        read(name, content, **options)
    message = str(caught.value)
    assert "\n" not in message and len(message) < 400
    for word in words:
        assert word in message


def test_files_that_are_none(tmp_path):
    with pytest.raises(InputError, match="no file"):
        read_task(str(tmp_path / "missing.json"))
    with pytest.raises(InputError, match="folder"):
        read_task(str(tmp_path))
    with pytest.raises(InputError, match="can't be read"):
        read_task("a\0b.json")


# Tables keep every character

CELLS = st.text(st.sampled_from('ab1 ",;\r\n\té"'), max_size=8)


@st.composite
def tables(draw):
    """The text of a table as people and programs write them, with its columns."""
    delimiter, end = draw(st.sampled_from([",", ";", "\t", "|"])), draw(st.sampled_from(["\n", "\r\n"]))
    width = draw(st.integers(2, 4))

    def written(cell):
        always = draw(st.booleans())
        return '"' + cell.replace('"', '""') + '"' if always else quoted(cell, delimiter)

    cells = [[f"c{i}" for i in range(width)], *draw(st.lists(st.lists(CELLS, min_size=width, max_size=width)))]
    lines = [delimiter.join(map(written, row)) for row in cells]
    for _ in range(draw(st.integers(0, 2))):
        lines.insert(draw(st.integers(0, len(lines))), "")
    text = end.join(lines) + draw(st.sampled_from(["", end]))
    return draw(st.sampled_from(["", "\ufeff"])) + text, delimiter, cells[1:]


@given(tables(), st.data())
def test_only_the_cells_that_are_written_change(made, data):
    text, delimiter, cells = made
    if not cells:
        return
    table = parse_table(text, delimiter)
    assert [list(r.cells) for r in table.rows] == cells
    assert table.with_cells("c0", {}) == text
    column = data.draw(st.integers(0, len(table.columns)))
    chosen = data.draw(st.sets(st.sampled_from([r.number for r in table.rows])))
    new = data.draw(CELLS)
    written = table.with_cells(f"c{column}", dict.fromkeys(chosen, new))
    for before, after in zip(table.rows, parse_table(written, delimiter).rows, strict=True):
        raw = list(before.raw) if column < len(before.raw) else [*before.raw, ""]
        if before.number in chosen:
            raw[column] = quoted(new, delimiter)
        assert list(after.raw) == raw and after.end == before.end
    assert written.startswith(text[: text.index("c0")])


@given(st.text(st.sampled_from('ab",\r\n '), min_size=1, max_size=30))
def test_cells_are_those_of_the_csv_module(text):
    try:
        records = list(split_records(text, ",", "text"))
    except InputError:
        assert text.count('"') % 2 or '"' in text.replace('""', "")
        return
    assert [list(r.cells) for r in records] == [r or [""] for r in csv.reader(io.StringIO(text, newline=""))]
    assert "".join(",".join(r.raw) + r.end for r in records) == text


def test_a_new_column_comes_last():
    table = parse_table("a;b\r\n1;2\r\n\r\n3;4", ";")
    assert table.with_cells("c", {4: "x;y"}) == 'a;b;c\r\n1;2;\r\n\r\n3;4;"x;y"'


@given(st.lists(st.integers() | st.booleans()) | st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_values_of_cells_are_read_back(value):
    if isinstance(value, list):
        value = [v for v in value if isinstance(v, bool)]
    t = list_of(BOOL) if isinstance(value, list) else FLOAT if isinstance(value, float) else INT
    assert value_of(text_of(value, t)) == value
    assert cell_as(text_of(value, t), t) == value


def test_bools_are_spelled_as_in_the_column():
    assert [text_of(True, BOOL, like) for like in (["TRUE"], ["", "False"], ["false"], [])] == [
        "TRUE", "True", "true", "true",
    ]  # fmt: skip
    assert cell_as("12", TEXT) == "12"
    with pytest.raises(InputError, match=r"3\.5 is float"):
        cell_as("3.5", INT)


def test_marks_in_quotes_do_not_split():
    assert split_marks('"a -> b" -> c', "->") == ['"a -> b" ', " c"]
    assert split_marks('"a\\"; b"; c', ";") == ['"a\\"; b"', " c"]


@pytest.mark.parametrize(
    "text, kind",
    [
        ("[1] -> 2", "pairs"),
        ("[[1, 2]]", "json"),
        ('{"in": 1}\n{"in": 2}', "lines"),
        ("a,b\n1,2", "table"),
        ('[["a -> b", 1]]', "json"),
        ("# note\n\na -> b", "pairs"),
        ("\ufeff[[1, 2]]", "json"),
    ],
)
def test_the_kind_of_standard_input_is_seen_from_its_text(text, kind):
    assert Source(text, "standard input").kind == kind


# Words

WORD = "from extrapolate import primitive\n@primitive(cost=2)\ndef double(n: int) -> int:\n    return 2 * n\n"


def test_words_of_a_file_come_in_order(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(WORD + WORD.replace("double", "twice") + "from extrapolate.languages.lists import reverse\n")
    assert [w.name for w in read_words(str(path))] == ["double", "twice"]


@pytest.mark.parametrize(
    "content, words",
    [
        ("x = 1\n", ["declares no words", "@primitive()"]),
        ("def f(:\n", ["line 1", "SyntaxError"]),
        ("\nimport nothing_of_that_name\n", ["line 2", "ModuleNotFoundError"]),
        ("raise SystemExit\n", ["SystemExit"]),
        (WORD.replace("n: int", "n"), ["line 2", "'double'", "type for parameter 'n'"]),
        (WORD + WORD.replace("cost=2", 'name="double"').replace("def double", "def other"), ["two words", "'double'"]),
    ],
)
def test_faults_in_a_file_of_words(tmp_path, content, words):
    path = tmp_path / "mine.py"
    path.write_text(content)
    with pytest.raises(WordError) as caught:
        read_words(str(path))
    message = str(caught.value)
    assert "\n" not in message
    for word in [str(path), *words]:
        assert word in message


def test_a_file_of_words_must_be_python(tmp_path):
    with pytest.raises(InputError, match="no file"):
        read_words(str(tmp_path / "missing.py"))
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(InputError, match=r"ends in \.py"):
        read_words(str(tmp_path / "mine.txt"))


def test_json_written_by_python_is_read(read):
    examples = [[[1.5, -2], True], [[], False]]
    assert rows(read("a.json", json.dumps(examples)).task) == [(([1.5, -2.0],), True), (([],), False)]


@pytest.mark.parametrize(
    ("written", "notes"),
    [
        ("name,city,key\nAda,Köln,A\nBo,Gent,\n", []),
        ("name,city,key\nAda,Köln,A\nBo,Gent,\n".encode("utf-16"), ["utf-16"]),
        ("name,city,key\nAda,Köln,A\nBo,Gent,\n".encode("cp1252"), ["cp1252", "UTF-8"]),
        ("sep=;\nname;city;key\nAda;Köln;A\nBo;Gent;\n", ["sep=;"]),
        ("name,city,key\nAda,Köln,A\nBo,Gent\n", ["row 3", "fewer cells"]),
    ],
)
def test_tables_as_people_have_them_are_read(tmp_path, written, notes):
    path = tmp_path / "a.csv"
    path.write_bytes(written if isinstance(written, bytes) else written.encode())
    read = read_task(str(path), "key")
    assert [row.inputs for row in read.task.rows] == [("Ada", "Köln"), ("Bo", "Gent")]
    assert all(word in " ".join(read.task.notes) for word in notes)
    assert read.table.with_cells("key", {read.task.rows[1].number: "B"}).splitlines()[-1].endswith("B")


def test_columns_of_one_name_are_numbered(tmp_path):
    (tmp_path / "a.csv").write_text("x,x,y\n1,5,5\n2,3,3\n")
    read = read_task(str(tmp_path / "a.csv"), "y")
    assert read.task.columns == ("x", "x 2") and "'x 2'" in " ".join(read.task.notes)


def test_a_sheet_of_excel_is_a_table(tmp_path):
    book = openpyxl.Workbook()
    for row in (["id", "price", "on", "label"], [7, 2.5, datetime.date(2024, 3, 1), "a"], [8, 3.0, None, None]):
        book.active.append(row)
    book.create_sheet("more").append(["other"])
    book.save(tmp_path / "a.xlsx")
    read = read_task(str(tmp_path / "a.xlsx"), "label", as_text=None)
    assert [row.inputs for row in read.task.rows] == [("7", "2.5", "2024-03-01"), ("8", "3", "")]
    assert "--sheet" in " ".join(read.task.notes)
    with pytest.raises(InputError, match=r"no sheet 'moer'.*more"):
        read_task(str(tmp_path / "a.xlsx"), "label", form=Form(sheet="moer"))


def test_a_column_is_of_numbers_with_marks_for_missing_ones_or_else_of_text(tmp_path):
    (tmp_path / "a.csv").write_text("a,b,y\n1,12,2\nn/a,12A,3\n3,13,4\n5,14,\n")
    read = read_task(str(tmp_path / "a.csv"), "y")
    assert [row.inputs for row in read.task.rows] == [(1, "12"), (3, "13"), (5, "14")]
    assert "row 3 is no example, as a is empty" in read.task.notes


def test_what_stands_in_the_text_of_its_row_is_text(tmp_path):
    (tmp_path / "a.csv").write_text("v,y\n1.10-rc1,1.10\n2.0.7,2.0\n3.4,\n")
    read = read_task(str(tmp_path / "a.csv"), "y", as_text=None)
    assert [row.output for row in read.task.rows] == ["1.10", "2.0", None]


def test_answers_stand_in_the_table(tmp_path):
    (tmp_path / "a.csv").write_text("v,y\na b,a\nc d,\n")
    read = read_task(str(tmp_path / "a.csv"), "y", told={3: "d, e"})
    assert read.task.rows[1].output == "d, e" and read.table.with_cells("y", {}) == 'v,y\na b,a\nc d,"d, e"\n'
    with pytest.raises(InputError, match="no row 9"):
        read_task(str(tmp_path / "a.csv"), "y", told={9: "x"})


def test_a_cell_may_be_empty_on_purpose(tmp_path):
    """`""` is an answer where other cells are left blank, and so is `--answer ROW=`."""
    path = tmp_path / "t.csv"
    path.write_text('name,nick\n"Bo (B)",B\nAnn Lee,""\n"Cy (C)",\n')
    read = read_task(str(path), "nick", as_text=None)
    assert [row.output for row in read.task.labelled] == ["B", ""]
    path.write_text('"name","nick"\n"Bo (B)","B"\n"Ann Lee",""\n"Cy (C)",""\n')
    assert [row.output for row in read_task(str(path), "nick", as_text=None).task.labelled] == ["B"]
    told = read_task(str(path), "nick", as_text=None, told={3: ""})
    assert [row.output for row in told.task.labelled] == ["B", ""]


def test_a_target_may_be_new(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("name\nAnn Lee\nBo Fox\nCy Moon\n")
    read = read_task(str(path), "last", as_text=None, told={2: "Lee", 3: "Fox"})
    assert [row.output for row in read.task.rows] == ["Lee", "Fox", None]
    assert read.table.columns == ("name", "last")


def test_a_number_can_not_be_empty_on_purpose(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n2,4\n3,\n4,\n")
    with pytest.raises(InputError, match="only text can be"):
        read_task(str(path), "b", as_text=None, told={4: ""})


def test_two_answers_for_one_row_are_refused():
    with pytest.raises(InputError, match="two answers"):
        read_answers(["4=a", "4=b"])


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["1,5", "2,25", "3"], [1.5, 2.25, 3.0]),
        (["3,000", "12,500", "1,000.5"], [3000.0, 12500.0, 1000.5]),
        (["0,125", "0,250"], [0.125, 0.25]),
        (["102.6 %", "99%"], [102.6, 99.0]),
        (["3.0±0.1", "4.1 +/- 0.2"], [3.0, 4.1]),
        (["\N{MINUS SIGN}1.5", "n/a", ""], [-1.5, None, None]),
        (["50 %", "0.5"], None),
        (["±5", "3"], None),
        (["%", "3"], None),
        (["1,5", "red"], None),
        (["-", ""], None),
    ],
)
def test_numbers_are_read_as_people_write_them_or_not_at_all(cells, numbers):
    assert as_numbers(cells) == numbers


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("# by me\nx,y\n1,2\n2,3\n", ("x", "y")),
        ("# one\n# two\nx;y\n1,5;2\n2,5;3\n", ("x", "y")),
        ("#t;y\n1,5;2,5\n2,5;3,5\n", ("#t", "y")),
        ("#t,y\n1,2\n2,3\n", ("#t", "y")),
    ],
)
def test_comments_above_the_header_are_passed_over_and_a_header_is_none(text, columns):
    assert parse_table(text).columns == columns


def test_a_european_table_is_numbers_and_pairs_of_digits_are_text(tmp_path):
    rows = [(1.5, 2.6), (2.0, 3.4), (2.5, 4.2), (3.5, 5.8), (4.5, 7.4)]
    (tmp_path / "eu.csv").write_text("x;y\n" + "".join(f"{x};{y}\n".replace(".", ",") for x, y in rows))
    task = read_task(str(tmp_path / "eu.csv"), "y", texts=None, as_text=None).task
    assert [(row.inputs[0], row.output) for row in task.labelled] == rows
    (tmp_path / "pairs.csv").write_text(
        'point,other\n"3,4","4,3"\n"1,2","2,1"\n"5,7","7,5"\n"8,9","9,8"\n"6,1","1,6"\n'
    )
    task = read_task(str(tmp_path / "pairs.csv"), "other", texts=None, as_text=None).task
    assert task.labelled[0].output == "4,3"
