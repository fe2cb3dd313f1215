"""Categories beside numbers: laws whose constants differ between the texts of a column."""

import csv
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from extrapolate import InputError, learn
from extrapolate.core.program import Program
from extrapolate.core.result import Result
from extrapolate.show.plot import plot_law

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
