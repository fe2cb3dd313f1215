"""Programs as expressions of polars and DuckDB: word by word and whole, against the program in Python row by row; and
Parquet files, which are filled in as a stream."""

import math
import random
import subprocess
import sys

import pytest

from extrapolate import InputError, learn
from extrapolate.core.expression import Apply, Var, literal_of, walk
from extrapolate.core.kind import kind_of
from extrapolate.core.program import Program
from extrapolate.core.types import BOOL, DELIMITER, FLOAT, INT, TEXT, list_of
from extrapolate.core.values import equal
from extrapolate.kinds.patterns import PATTERN
from extrapolate.languages import lists

pl = pytest.importorskip("polars")
duckdb = pytest.importorskip("duckdb")
from extrapolate.engines import duckdb as sql  # noqa: E402
from extrapolate.engines import polars  # noqa: E402

ROWS = 60
TEXTS = [
    "", " ", "Ann Lee", "ann", "a-b-c", "1,250.50", "x  y", " pad ", "7", "-7", "+12", "007", "AB-12 cd", "Éva O'Neil",
    "straße 12b", "a@b.c", "CamelCase", "日本 12", "one, two; three", "b b b", "2024-01-31", "o", "A", "ab12\n",
    "a\u00a0b", "\u00a0", "m²5",
]  # fmt: skip
CONSTANT = {DELIMITER, PATTERN}


def value(t, rng):
    if t == TEXT:
        return rng.choice(TEXTS)
    if t == INT:
        return rng.randint(-4, 7)
    if t == FLOAT:
        return rng.choice([-2.5, -1.0, 0.0, 0.5, 1.0, 3.0, 10.0])
    if t == list_of(TEXT):
        return [rng.choice(TEXTS) for _ in range(rng.randrange(4))]
    return kind_of(t).random(t, rng)


def said(cell):
    """What a cell says, as files are read: nothing where there are only spaces."""
    return None if cell != cell or (isinstance(cell, str) and not cell.strip()) else cell


def binding(word):
    names = {v for t in (*word.arg_types, word.result_type) for v in t.variables()}
    order = (FLOAT, INT, TEXT) if "numbers" in word.function.__module__ else (TEXT, FLOAT)
    return {n: next((t for t in order if t in word.constraints.get(n, order)), TEXT) for n in names}


def programs(word, rng, most=12):
    """Programs of one word: inputs where it takes columns, constants where it needs them."""
    types = [t.substitute(binding(word)) for t in word.arg_types]
    result = word.result_type.substitute(binding(word))
    for k in range(most):
        args, inputs = [], []
        for i, t in enumerate(types):
            fixed = t in CONSTANT or t.name == "lookup" or (i and t in (INT, TEXT, DELIMITER) and (k + i) % 3)
            found = rng.choice((0, 1, 2, 3, -1, -2)) if t == INT else value(t, rng)
            if fixed and found != "":
                args.append(literal_of(found, t))
            else:
                inputs.append(Var(f"x{i}", t))
                args.append(inputs[-1])
        if inputs and not any(t in CONSTANT for t in (v.type for v in inputs)):
            yield Program(
                Apply(word, tuple(args), result),
                tuple(inputs),
                result,
                blank=frozenset(v.name for v in inputs if v.type == TEXT and k % 2),
            )


def on_polars(program, rows):
    kinds = {TEXT: pl.String, INT: pl.Int64, FLOAT: pl.Float64, BOOL: pl.Boolean, list_of(TEXT): pl.List(pl.String)}
    schema = {v.name: kinds[v.type] for v in program.inputs}
    frame = pl.DataFrame([list(row) for row in rows], schema=schema, orient="row")
    return frame.select(polars.expression(program))[program.name].to_list()


def on_duckdb(program, rows):
    kinds = {TEXT: "VARCHAR", INT: "BIGINT", FLOAT: "DOUBLE", BOOL: "BOOLEAN", list_of(TEXT): "VARCHAR[]"}
    columns = ", ".join(f'"{v.name}" {kinds[v.type]}' for v in program.inputs)
    expression = sql.expression(program)
    with duckdb.connect() as database:
        database.execute(f"CREATE TABLE rows (number BIGINT, {columns})")
        database.executemany(
            f"INSERT INTO rows VALUES (?{', ?' * len(program.inputs)})", [(i, *row) for i, row in enumerate(rows)]
        )
        return [found for (found,) in database.execute(f"SELECT {expression} FROM rows ORDER BY number").fetchall()]


def given(program, rng):
    """Rows of values, some of them missing, and some numbers beyond what can be reckoned with."""
    divides = {"quotient", "remainder"} & {part.word.name for part in walk(program.expr) if isinstance(part, Apply)}
    far = {INT: [2**62, -(2**62)], FLOAT: [math.nan, 1e3 if divides else 1e308]}
    rows = [[value(v.type, rng) for v in program.inputs] for _ in range(ROWS)]
    for row in rows[::7]:
        i = rng.randrange(len(row))
        row[i] = rng.choice([None, *far.get(program.inputs[i].type, [])])
    return [tuple(row) for row in rows]


CASES = [(on, word) for on, module in ((on_polars, polars), (on_duckdb, sql)) for word in module.WORDS]


@pytest.mark.parametrize(
    ("on", "word"), CASES, ids=[f"{on.__name__}-{w.function.__module__.split('.')[-1]}.{w.name}" for on, w in CASES]
)
def test_a_word_is_the_same_on_an_engine(on, word):
    rng, tried = random.Random(word.name), 0
    for program in programs(word, rng):
        rows = given(program, rng)
        try:
            found = on(program, rows)
        except InputError:
            continue
        tried += 1
        for row, own in zip(rows, found, strict=True):
            wanted = program.answer([said(x) for x in row])
            assert (own is None) == (wanted is None), (program.source, row, own, wanted)
            assert own is None or equal(own, wanted, program.output), (program.source, row, own, wanted)
    assert tried


LEARNED = [
    ([("Ann Lee", "Lee, A."), ("Bo Fox", "Fox, B.")], ["Cy van Dyck", "Éva", "", "  "]),
    ([("a.b@c.org", "c.org"), ("x@y.z", "y.z")], ["no mark", "a@b@c", "@"]),
    ([("M", "Male"), ("F", "Female"), ("M", None), ("F", None)], ["M", "x", ""]),
    ([("7", "child"), ("34", "adult"), ("12", "child"), ("41", "adult"), ("17", "child")], ["18", "x", "30", " 5 "]),
    ([("AB-12 x", "AB-12"), ("see CD-7", "CD-7")], ["none", "XY-1 ZZ-2"]),
    ([(3, 7), (10, 21), (4, 9)], [0, -5, None]),
    ([(1.0, 2.5), (2.0, 5.0), (4.0, 10.0), (8.0, 20.0), (3.0, 7.5), (5.5, 13.75)], [0.5, -2.0, None]),
]


@pytest.mark.parametrize("on", [on_polars, on_duckdb])
@pytest.mark.parametrize(("examples", "more"), LEARNED, ids=[str(e[0][0]) for e, _ in LEARNED])
def test_a_learned_program_is_the_same_on_an_engine(on, examples, more):
    program = learn(examples).program
    given = [*(x for x, _ in examples), *more]
    found = on(program, [(x,) for x in given])
    for x, own in zip(given, found, strict=True):
        wanted = program.answer([said(x)])
        assert (own is None) == (wanted is None), (program.source, x, own, wanted)
        assert own is None or equal(own, wanted, program.output), (program.source, x, own, wanted)


def test_columns_may_be_called_otherwise():
    program = learn([("a b", "b"), ("c d", "d")]).program
    frame = pl.DataFrame({"full name": ["x y"]})
    assert frame.select(program.polars({"s": "full name"})).item() == "y"
    assert '"full name"' in program.sql(columns={"s": "full name"})


def test_a_word_without_a_form_is_named():
    program = learn([("3/4/2020", "April"), ("1/9/2021", "September")], language="text").program
    with pytest.raises(InputError, match="polars has no form for the word 'month_name'"):
        program.polars()
    with pytest.raises(InputError, match="no engine 'mysql'; the engines are"):
        program.sql("mysql")


def test_text_of_others_stays_text_in_sql():
    program = Program(literal_of("'; DROP TABLE rows; --", TEXT), (), TEXT)
    assert program.sql() == "'''; DROP TABLE rows; --'"


def run(*args, cwd):
    done = subprocess.run([sys.executable, "-m", "extrapolate", *args], capture_output=True, text=True, cwd=cwd)
    return done.returncode, done.stdout, done.stderr


NAMES = ["Ann Lee", "Bo Fox", "Cy Moon", None, "Édith Piaf"]


@pytest.fixture
def names(tmp_path):
    frame = pl.DataFrame({"name": NAMES, "n": range(5), "last": ["Lee", "Fox", None, None, None]})
    frame.write_parquet(tmp_path / "names.parquet")
    return tmp_path


def test_a_parquet_file_is_learned_from_and_filled_in(names):
    code, _, err = run("learn", "names.parquet", "--target", "last", "--inputs", "name", "--fill", "out.parquet",
                       "--save", "last.json", "-q", cwd=names)  # fmt: skip
    assert code == 0
    assert "1 of 5 rows left empty" in err
    out = pl.read_parquet(names / "out.parquet")
    assert out["last"].to_list() == ["Lee", "Fox", "Moon", None, "Piaf"]
    assert out.columns == ["name", "n", "last"]
    code, _, err = run("apply", "last.json", "names.parquet", "--fill", "again.parquet", cwd=names)
    assert code == 0
    assert pl.read_parquet(names / "again.parquet").equals(out)


def test_python_answers_where_polars_has_no_form(names):
    pl.DataFrame({"d": ["3/4/2020", "1/9/2021", "5/12/1999"], "m": ["April", "September", None]}).write_parquet(
        names / "days.parquet"
    )
    code, _, err = run("learn", "days.parquet", "--target", "m", "--fill", "out.parquet", "-q", cwd=names)
    assert code == 0
    assert "Python answers each row" in err
    assert pl.read_parquet(names / "out.parquet")["m"].to_list() == ["April", "September", "December"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--fill", "out.csv"), "as a table and a Parquet file as one"),
        (("--fill", "out.parquet", "--sure"), "leave them out"),
        (("--fill", "names.parquet"), "exists"),
    ],
)
def test_what_can_not_be_written_is_refused(names, args, said):
    code, _, err = run("learn", "names.parquet", "--target", "last", "--inputs", "name", *args, cwd=names)
    assert code == 2
    assert said in err
    assert not (names / "out.parquet").exists()


def test_a_file_that_is_no_parquet_is_refused(tmp_path):
    (tmp_path / "x.parquet").write_text("a,b\n1,2\n")
    code, _, err = run("learn", "x.parquet", "--target", "b", cwd=tmp_path)
    assert code == 2
    assert "no Parquet file" in err


@pytest.mark.parametrize("on", [on_polars, on_duckdb])
def test_a_product_beyond_64_bits_is_no_answer_and_not_another_number(on):
    a, b = Var("a", INT), Var("b", INT)
    program = Program(Apply(lists.LANGUAGE["mul"], (a, b), INT), (a, b), INT)
    assert on(program, [(2**62, 4), (2**31, 2**31), (-3, 7)]) == [None, 2**62, -21]
