"""Categories beside numbers: laws whose constants differ between the texts of a column."""

import csv
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from extrapolate import InputError, learn
from extrapolate.core.program import Program
from extrapolate.core.result import Result

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


def test_latex_has_a_bracket_that_is_one_where_it_holds(program: Program) -> None:
    assert r"[\mathrm{material} = \text{" in program.latex()


def test_sympy_has_a_delta_of_symbols(program: Program) -> None:
    assert "KroneckerDelta" in str(program.sympy())


def test_texts_that_do_not_come_again_are_left_out() -> None:
    rows = [((f"n{i}", float(i)), 3.0 * i + 1) for i in range(1, 20)]
    assert any("no categories" in note for note in learned(rows).notes)


def test_a_form_is_of_numbers() -> None:
    rows = materials()
    options = {"language": "laws", "names": ["material", "x"], "name": "y"}
    assert learn(rows, form="a * x ** b", **options).candidates
    with pytest.raises(InputError, match="material is text"):
        learn(rows, form="a * x * material", **options)


def test_rows_of_a_category_with_few_are_left_open() -> None:
    few = [(("gold", 4.0), 400.0), (("gold", 9.0), 900.0), (("gold", 5.0), None)]
    result = learned([*materials(), *few])  # type: ignore[list-item]
    uses_it = any(v.name == "material" for v in result.candidates[0].program.used)
    assert [doubt.row.number for doubt in result.doubts] == ([33] if uses_it else [])


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
    assert "no example has the material 'gold'" in run.stdout
