"""Categories beside numbers: laws whose constants differ between the texts of a column."""

import csv
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from extrapolate import InputError, learn
from extrapolate.core.expression import Apply, Var, literal_of
from extrapolate.core.program import Program
from extrapolate.core.result import Result
from extrapolate.core.source import python_expression
from extrapolate.core.types import FLOAT, TEXT
from extrapolate.kinds.lookups import lookup_of
from extrapolate.languages.laws import LANGUAGE
from extrapolate.regression.search.form import Form, Term
from extrapolate.regression.search.formula import Writer
from extrapolate.show.plot import plot_law
from extrapolate.show.python import python_module

DENSITIES = {"wood": 0.5, "steel": 5.0, "lead": 50.0}


def materials(noise: float = 0.0) -> list[tuple[tuple[str, float], float]]:
    draw = np.random.default_rng(1)
    rows = []
    for i in range(30):
        material, x = list(DENSITIES)[i % 3], float(np.round(draw.uniform(1, 10), 2))
        rows.append(((material, x), DENSITIES[material] * x**2 * (1 + noise * draw.normal())))
    return rows


def learned(rows: list[tuple[tuple[str, float], float]]) -> Result:
    return learn(rows, language="laws", names=["material", "x"], name="y", programs=300_000, seconds=None)


@pytest.fixture(scope="module")
def program() -> Program:
    return learned(materials(0.02)).candidates[0].program


@pytest.mark.parametrize("material", DENSITIES)
def test_a_constant_differs_between_categories(program: Program, material: str) -> None:
    assert program(material, 20.0) == pytest.approx(DENSITIES[material] * 400, rel=0.05)


def test_over_whole_columns_it_is_what_it_is_row_by_row(program: Program) -> None:
    names, x = np.array(["wood", "lead", "steel"], dtype=object), np.array([1.0, 2.0, 3.0])
    assert program.over([names, x]).tolist() == pytest.approx([program(n, v) for n, v in zip(names, x, strict=True)])


def test_exact_rows_give_an_exact_law() -> None:
    result = learned(materials())
    assert result.solved
    assert result.program is not None
    assert result.program("lead", 3.0) == pytest.approx(450)


def test_a_column_that_does_not_matter_is_not_in_the_law() -> None:
    rows = [((["a", "b"][i % 2], float(i)), 3.0 * i + 1) for i in range(1, 20)]
    program = learned(rows).candidates[0].program
    assert [v.name for v in program.used] == ["x"]


def test_source_and_latex_have_a_line_for_each_category(program: Program) -> None:
    assert re.search(r"\{'wood': .*'steel': .*'lead': .*\}\[material\]", program.source)
    assert r"\, [\mathrm{material} = \text{steel}]" in program.latex()


def test_a_law_with_categories_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    plot_law(learned(materials(0.02)), tmp_path / "law.png")
    assert (tmp_path / "law.png").stat().st_size > 1000


def test_sympy_has_a_piece_for_each_category(program: Program) -> None:
    from sympy import Piecewise, Symbol

    formula = program.sympy()
    (piecewise,) = formula.atoms(Piecewise)
    of_lead = {piecewise: next(value for value, when in piecewise.args if Symbol("lead") in when.free_symbols)}
    assert float(formula.subs(of_lead).subs(Symbol("x", real=True), 20)) == pytest.approx(program("lead", 20.0))


def test_a_category_that_no_example_has_gets_no_value(program: Program) -> None:
    assert program.answer(("gold", 2.0)) is None
    exported: dict[str, Any] = {}
    exec("import numpy as np\n" + program.source, exported)
    assert exported["y"]("lead", 20.0) == pytest.approx(program("lead", 20.0))
    with pytest.raises(KeyError):
        exported["y"]("gold", 2.0)
    assert np.isnan(program.over([np.array(["lead", "gold"], dtype=object), np.array([1.0, 1.0])])).tolist() == [
        False,
        True,
    ]


def test_polars_and_sql_have_null_for_a_category_that_no_example_has(program: Program) -> None:
    duckdb, polars = pytest.importorskip("duckdb"), pytest.importorskip("polars")
    rows = "(VALUES ('lead', 20.0), ('gold', 20.0)) AS t(material, x)"
    frame = polars.DataFrame({"material": ["lead", "gold"], "x": [20.0, 20.0]})
    wanted = [pytest.approx(program("lead", 20.0)), None]
    assert frame.select(program.polars()).to_series().to_list() == wanted
    assert [row[0] for row in duckdb.sql(f"SELECT {program.sql()} FROM {rows}").fetchall()] == wanted


def test_constants_are_those_of_each_category() -> None:
    law = learned(materials(0.02)).candidates[0]
    named = {q.name: q for q in law.constants if q.name}
    assert {name: named[name].value for name in DENSITIES} == pytest.approx(DENSITIES, rel=0.05)
    for name, density in DENSITIES.items():
        assert 0 < named[name].error < 0.05 * density


def test_texts_that_do_not_come_again_are_left_out() -> None:
    rows = [((f"n{i}", float(i)), 3.0 * i + 1) for i in range(1, 20)]
    assert any("no categories" in note for note in learned(rows).notes)


def test_a_form_is_of_numbers() -> None:
    rows = materials()
    options = {"language": "laws", "names": ["material", "x"], "name": "y"}
    assert learn(rows, form="a * x ** b", **options).candidates
    with pytest.raises(InputError, match="material is text"):
        learn(rows, form="a * x * material", **options)


def test_rows_of_a_category_with_few_are_left_out_and_open() -> None:
    few = [(("gold", 4.0), 400.0), (("gold", 9.0), 900.0), (("gold", 5.0), None)]
    result = learned([*materials(), *few])  # type: ignore[list-item]
    assert [doubt.row.number for doubt in result.doubts] == [33]
    assert "rows 31, 32 are left out, as too few rows have the same material" in result.notes


def test_what_has_no_value_in_a_row_is_passed_over() -> None:
    draw = np.random.default_rng(5)
    rows = []
    for i in range(30):
        t = float(draw.uniform(-50, 300))
        rows.append((("ab"[i % 2], t), (1 + i % 2) * (t + 273.15) * (1 + 0.002 * draw.normal())))
    assert learn(rows, language="laws", names=["m", "T"], name="y", programs=3000, seconds=None).candidates


def test_laws_need_a_number() -> None:
    with pytest.raises(InputError, match="every input is text"):
        learn([(("a", "b"), 1.0), (("b", "a"), 2.0), (("b", "b"), 3.0)], language="laws")


def test_a_category_that_no_example_has_is_left_open(tmp_path: Path) -> None:
    source, filled = tmp_path / "m.csv", tmp_path / "out.csv"
    with source.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["material", "x", "y"])
        writer.writerows([(m, x, y) for (m, x), y in materials(0.02)])
        writer.writerows([("gold", 2, ""), ("lead", 2, "")])
    command = ["learn", str(source), "--target", "y", "--language", "laws", "--programs", "300000"]
    run = subprocess.run(
        [sys.executable, "-m", "extrapolate", *command, "--fill", str(filled)], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    *_, gold, lead = csv.reader(filled.read_text().splitlines())
    assert gold == ["gold", "2", ""]
    assert float(lead[2]) == pytest.approx(200, rel=0.05)
    assert "the examples tell nothing of the material 'gold'" in run.stdout


def test_rows_far_off_and_rare_texts_are_both_left_out() -> None:
    draw = np.random.default_rng(4)
    rows = [(("pqs"[i % 3], float(x)), 10.0 * (i % 3) + 2 * x + 0.05 * draw.normal()) for i, x in enumerate(range(40))]
    rows[20] = (rows[20][0], rows[20][1] + 300)
    every = [*rows, (("gold", 3.0), 9.0)]
    result = learn(every, language="laws", names=["material", "x"], name="y", seconds=6)
    assert "row 41 is left out, as too few rows have the same material" in result.notes
    assert any("row 21 looks like an outlier" in note for note in result.notes)


@pytest.mark.parametrize("rate", [0.3, 0.7])
def test_a_category_that_does_not_matter_is_in_no_exponential(rate: float) -> None:
    draw = np.random.default_rng(300)
    rows = [
        ((["on", "off"][i % 2], float(x)), float(7 * np.exp(-rate * x) + 0.05 * draw.normal()))
        for i, x in enumerate(np.linspace(0.5, 9, 24))
    ]
    assert "on" not in learned(rows).candidates[0].program.source


def test_listed_constants_are_those_that_are_written() -> None:
    """Whatever stands around a lookup: each of its numbers is listed, under the texts it is of."""
    x, cat = Var("x", FLOAT), Var("m", TEXT)
    table = {"p": 0.0, "q": 1.0}
    symbol = Apply(LANGUAGE["number_of"], (literal_of(table, lookup_of(TEXT, FLOAT)), cat), FLOAT)
    assert LANGUAGE.algebra is not None
    writer, one = Writer([x, symbol], LANGUAGE.algebra), (Fraction(0), Fraction(0))
    differs = Form((Term(2.0, one), Term(3.0, (Fraction(0), Fraction(1)))))
    squared = Form((Term(1.0, (Fraction(1), Fraction(0))), Term(0.5, one), Term(1.5, (Fraction(0), Fraction(1)))))
    for form, printed, listed in [
        (
            Form((Term(5.0, (Fraction(1), Fraction(0)), ((differs, Fraction(1)),)),)),
            "{'p': 10, 'q': 25}[m] * x",
            [10, 25],
        ),
        (
            Form((Term(1.0, (Fraction(1), Fraction(0)), ((differs, Fraction(-1)),)),)),
            "x / {'p': 2, 'q': 5}[m]",
            [2, 5],
        ),
        (
            Form((Term(3.0, one, ((squared, Fraction(2)),)),)),
            "3 * (x + {'p': 0.5, 'q': 2}[m]) ** 2",
            [3, 0.5, 2],
        ),
    ]:
        assert python_expression(writer.expression(form)) == printed
        constants = writer.constants(form, range(len(form.coefficients)))
        assert [c.value for c in constants if c.name or c.value != 1] == listed


def test_constants_of_categories_have_the_unit_that_makes_the_law_consistent() -> None:
    frame = pd.DataFrame([(m, x, y) for (m, x), y in materials(0.02)], columns=["material", "x [m]", "y [N]"])
    law = learn(frame, target="y [N]", programs=300_000, seconds=None).candidates[0]
    assert {q.unit for q in law.constants if q.name} == {"N/m**2"}


def test_texts_in_latex_stay_as_they_are() -> None:
    rows = [((m, float(x)), s * x) for x in range(1, 9) for m, s in (("a + -b", 2.0), ("c", -5.0))]
    assert r"\text{a + -b}" in learned(rows).candidates[0].program.latex()


def test_an_exported_law_with_quotes_in_a_text_can_be_tested(tmp_path: Path) -> None:
    rows = [((m, float(x)), s * x) for x in range(1, 9) for m, s in (('Cu "pure"', 2.0), ("O'Brien", -5.0))]
    result = learned(rows)
    assert result.program is not None
    (tmp_path / "law.py").write_text(python_module(result.program, result.task.labelled, measured=True))
    run = subprocess.run([sys.executable, "law.py"], cwd=tmp_path, capture_output=True, text=True)
    assert "Test passed" in run.stdout, run.stdout + run.stderr


@pytest.fixture(scope="module")
def mostly_alike() -> Program:
    """Six makers, five of which make the same."""
    draw = np.random.default_rng(2)
    rows = [
        ((maker, float(x)), float(3 * x + 10 * (maker == "f") + 0.01 * draw.normal()))
        for x in range(1, 8)
        for maker in "abcdef"
    ]
    return learned(rows).candidates[0].program


def test_what_most_categories_have_is_that_of_any_other(mostly_alike: Program) -> None:
    assert ".get(material, " in mostly_alike.source
    assert mostly_alike("g", 2.0) == pytest.approx(6, abs=0.1) == mostly_alike("a", 2.0)
    assert mostly_alike("f", 2.0) == pytest.approx(16, abs=0.1)
    assert r"[\text{any other } \mathrm{material}]" in mostly_alike.latex()
    assert "Piecewise" in str(mostly_alike.sympy())


def test_polars_and_sql_have_it_for_any_other_too(mostly_alike: Program) -> None:
    duckdb, polars = pytest.importorskip("duckdb"), pytest.importorskip("polars")
    frame = polars.DataFrame({"material": ["f", "g"], "x": [2.0, 2.0]})
    wanted = [pytest.approx(16, abs=0.1), pytest.approx(6, abs=0.1)]
    assert frame.select(mostly_alike.polars()).to_series().to_list() == wanted
    rows = "(VALUES ('f', 2.0), ('g', 2.0)) AS t(material, x)"
    assert [row[0] for row in duckdb.sql(f"SELECT {mostly_alike.sql()} FROM {rows}").fetchall()] == wanted
