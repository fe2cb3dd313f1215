"""Programs as expressions of polars and DuckDB: word by word and whole, against the program in Python row by row."""

import random

import pytest

from extrapolate import InputError, learn
from extrapolate.core.expression import Apply, Var, literal_of
from extrapolate.core.kind import kind_of
from extrapolate.core.program import Program
from extrapolate.core.types import BOOL, DELIMITER, FLOAT, INT, TEXT, list_of
from extrapolate.core.values import equal
from extrapolate.kinds.patterns import PATTERN

pl = pytest.importorskip("polars")
duckdb = pytest.importorskip("duckdb")
from extrapolate.engines import duckdb as sql  # noqa: E402
from extrapolate.engines import polars  # noqa: E402

ROWS = 60
TEXTS = [
    "", " ", "Ann Lee", "ann", "a-b-c", "1,250.50", "x  y", " pad ", "7", "-7", "+12", "007", "AB-12 cd", "Éva O'Neil",
    "straße 12b", "a@b.c", "CamelCase", "日本 12", "one, two; three", "b b b", "2024-01-31", "o", "A", "ab12\n",
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
            yield Program(Apply(word, tuple(args), result), tuple(inputs), result, blank=frozenset(v.name for v in inputs))


def on_polars(program, rows):
    kinds = {TEXT: pl.String, INT: pl.Int64, FLOAT: pl.Float64, BOOL: pl.Boolean, list_of(TEXT): pl.List(pl.String)}
    schema = {v.name: kinds[v.type] for v in program.inputs}
    frame = pl.DataFrame([list(row) for row in rows], schema=schema, orient="row")
    return frame.select(polars.expression(program))[program.name].to_list()


def given(program, rng):
    return [tuple(value(v.type, rng) for v in program.inputs) for _ in range(ROWS)]


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
    return [tuple(value(v.type, rng) for v in program.inputs) for _ in range(ROWS)]


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
            wanted = program.answer(list(row))
            assert (own is None) == (wanted is None), (program.source, row, own, wanted)
            assert own is None or equal(own, wanted, program.output), (program.source, row, own, wanted)
    assert tried
