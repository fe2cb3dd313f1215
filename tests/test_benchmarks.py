"""The benchmark script on tiny suites: what it learns from, what it checks, and the line it ends with."""

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from extrapolate.core.errors import InputError
from extrapolate.core.units import dimension_matrix, parse_unit
from extrapolate.learn import learn

ROOT = Path(__file__).parent.parent
CLOSING = re.compile(
    r"(\w+): solved (\d+)/(\d+), right on unseen rows (\d+)/(\d+), "
    r"median \d+\.\d\d s, [\d,]+ programs/s, peak [\d,]+ MB"
)


def record(name, function, unseen=None, output="list[int]"):
    """A record whose first 8 rows follow `function`, and its other 7 `unseen` where that is given."""
    lists = [[3, 1, 2], [5, 4], [7], [2, 9, 4, 6], [8, 0], [1, 1, 5], [6, 2, 3], [4, 7, 7, 1],
             [0, 3], [9, 8, 1], [2, 5, 3], [6, 1], [3, 3, 8, 5], [7, 2], [1, 4, 9]]  # fmt: skip
    rules = [function] * 8 + [unseen or function] * 7
    rows = [{"in": [xs], "out": rule(xs)} for xs, rule in zip(lists, rules, strict=True)]
    return {"name": name, "inputs": ["list[int]"], "output": output, "examples": rows}


RECORDS = [
    record("backwards", lambda xs: xs[::-1]),
    record("backwards, then not", lambda xs: xs[::-1], unseen=lambda xs: xs),
    record("how many", len, output="int"),
    record("how many, then a bool", len, unseen=lambda xs: True, output="int"),
    record("the same", lambda xs: list(xs)),
]


@pytest.fixture
def data(tmp_path):
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "dreamcoder_list.json").write_text(json.dumps(RECORDS))
    return tmp_path


def run(*args):
    command = [sys.executable, str(ROOT / "benchmarks" / "run.py"), *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_run_prints_a_row_a_task_and_ends_with_one_line(data):
    done = run("dreamcoder", "--data", data, "--programs", 20_000)
    assert done.returncode == 0, done.stderr
    header, *rows, median, unseen, closing = done.stdout.splitlines()
    assert median == "median cost 3, 0 branches in 5 programs"
    assert unseen == "unseen rows right: 21 of 35, 60.0%"
    assert header.split() == ["solved", "unseen", "cost", "seconds", "programs", "task", "program"]
    assert [" ".join(row.split()[:2]) for row in rows] == [
        "yes right",
        "yes wrong",
        "yes right",
        "yes wrong",
        "yes right",
    ]
    found = CLOSING.fullmatch(closing)
    assert found and found.groups() == ("dreamcoder", "5", "5", "3", "5")


def test_records_and_summary_are_written_as_json(data, tmp_path):
    out = tmp_path / "out.json"
    done = run("dreamcoder", "--data", data, "--programs", 20_000, "--only", "backwards", "--json", out)
    assert done.returncode == 0, done.stderr
    written = json.loads(out.read_text())
    summary, (first, second) = written["summary"], written["tasks"]
    assert summary["line"] == done.stdout.splitlines()[-1]
    assert {"date", "commit", "cpus", "python", "numpy", "budget"} <= summary.keys()
    assert (first["right"], first["unseen"], first["unseen_missed"]) == (True, 7, 0)
    assert (second["solved"], second["right"], second["unseen_missed"]) == (True, False, 7)
    assert first["program"] and first["source"].startswith("def backwards(")


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (["--every", "2"], ["backwards", "how many", "the same"]),
        (["--every", "2", "--limit", "2"], ["backwards", "how many"]),
        (["--only", "how"], ["how many", "how many, then a bool"]),
    ],
)
def test_tasks_are_chosen(data, tmp_path, options, names):
    out = tmp_path / "out.json"
    run("dreamcoder", "--data", data, "--programs", 10, "--json", out, *options)
    assert [task["task"] for task in json.loads(out.read_text())["tasks"]] == names


def test_data_that_are_not_there_are_named(tmp_path):
    done = run("dreamcoder", "--data", tmp_path / "nowhere")
    assert done.returncode == 2
    assert "nowhere" in done.stderr and "--data" in done.stderr and "Traceback" not in done.stderr


def test_a_search_sees_the_first_rows_only(data, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    from suites import SUITES

    for problem, given in zip(SUITES["dreamcoder"].problems(data), RECORDS, strict=True):
        assert [row.inputs[0] for row in problem.task.rows] == [e["in"][0] for e in given["examples"][:8]]
        assert [row.inputs[0] for row in problem.unseen] == [e["in"][0] for e in given["examples"][8:]]
        assert str(problem.task.output) == given["output"]


@pytest.fixture
def benchmarks(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))


COLUMNS = np.array([[1.0, 2.0, 3.0, 5.0], [4.0, 1.5, 0.5, 2.0]])


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a * b", lambda a, b: a * b),
        ("-a**2 + b/2", lambda a, b: -(a**2) + b / 2),
        ("np.exp(-(a / b)) * sqrt(2 * pi)", lambda a, b: np.exp(-a / b) * np.sqrt(2 * np.pi)),
        ("ln(a) ** -0.5", lambda a, b: np.log(a) ** -0.5),
        ("2.5", lambda a, b: 2.5 + 0 * a),
    ],
)
def test_formulas_are_evaluated(benchmarks, text, values):
    from formula import Formula

    with np.errstate(all="ignore"):
        assert Formula(text, ["a", "b"])(COLUMNS) == pytest.approx(values(*COLUMNS))


@pytest.mark.parametrize(
    "text", ["a +", "c * 2", "open('x')", "a.real", "a if a else b", "a @ b", "'a'", "(lambda: a)()"]
)
def test_what_is_no_formula_is_named(benchmarks, text):
    from formula import Formula

    with pytest.raises(InputError, match="formula"):
        Formula(text, ["a", "b"])


def test_constants_of_a_formula_are_its_numbers_without_simple_powers(benchmarks):
    from formula import Formula

    formula = Formula("2 * a ** 2 / (3.5 * np.pi) + b ** (1 / 3) + a ** 0.7", ["a", "b"])
    assert (formula.constants.tolist(), formula.measured) == ([2, 3.5, 0.7], [1, 2])


LAW = "exp(-(a / b) ** 2 / 2) / (sqrt(2 * pi) * b)"


@pytest.mark.parametrize(
    ("found", "clean", "noisy"),
    [
        ("np.sqrt(2 / np.pi) * np.exp(-(a ** 2 / (2 * b ** 2))) / (2 * b)", True, True),
        ("np.sqrt(np.exp(-(a * a / b ** 2)) / (2 * np.pi * b * b))", True, True),
        ("0.39905 * np.exp(-(a ** 2 / (2 * b ** 2))) / b", False, True),
        ("2 * np.exp(-(a ** 2 / (2 * b ** 2))) / (5 * b)", False, False),  # 2/5 is 3e-3 off
        ("0.39894 * np.exp(-(a ** 2 / (2 * b ** 2))) / b + 0.0001", False, False),
        ("0.39894 * (1 - a ** 2 / (2 * b ** 2) + a ** 4 / (8 * b ** 4)) / b", False, False),
        ("0.39894 * np.exp(-(a ** 1.9995 / (2 * b ** 2))) / b", False, True),
        ("np.log(a - 5)", False, False),
        ("0.2", False, False),
        ("np.pi", False, False),
    ],
)
def test_exact_is_the_same_function_and_no_approximation(benchmarks, found, clean, noisy):
    from exactness import MOST_MOVED, agreement, fresh_points
    from formula import Formula

    names, law = ["a", "b"], Formula(LAW, ["a", "b"])
    points = fresh_points(law, {"a": (1, 3), "b": (1, 3)}, np.random.default_rng(0))
    wanted = law(points)
    assert agreement(Formula(found, names), points, wanted).all() == clean
    assert agreement(Formula(found, names), points, wanted, most_moved=MOST_MOVED).all() == noisy


@pytest.mark.parametrize(
    ("found", "form", "is_one"),
    [
        ("np.log(1 / (50 * x ** (8 / 3)))", "-2.7 * log(x) - 3.5", True),
        ("0.5 + 0.2 * np.exp(0.71 * x)", "0.4 + 0.3 * 2.0 ** x", True),
        ("-4 * x ** 0.2", "-2.7 * log(x) - 3.5", False),
        ("-3", "-2.7 * log(x) - 3.5", False),
        ("9 / (1 - 0.99 / x ** 2)", "8.0 / (1 - 1 / x ** 2)", False),
    ],
)
def test_a_law_is_an_accepted_form_with_constants_of_its_own(benchmarks, found, form, is_one):
    from exactness import is_instance
    from formula import Formula

    points = np.linspace(1.5, 9, 50)[None]
    assert is_instance(Formula(found, ["x"]), Formula(form, ["x"]), points) is is_one


EQUATION = {
    "name": "I.12.5", "formula": "q*Ef", "target": "F", "target_units": [1, -2, 1, 0, 0],
    "variables": [
        {"name": "q", "low": 1.0, "high": 5.0, "units": [2, -2, 1, 0, -1]},
        {"name": "Ef", "low": 1.0, "high": 5.0, "units": [-1, 0, 0, 0, 1]},
    ],
}  # fmt: skip


def test_measurements_of_an_equation_repeat(benchmarks):
    from law_suites import Feynman

    clean = Feynman("feynman", "", 10).problem(EQUATION)
    again, noisy = (Feynman("feynman", "", 10, noise=noise).problem(EQUATION) for noise in (0.0, 0.01))
    assert clean.task.rows == again.task.rows and clean.task.rows != noisy.task.rows
    assert (clean.points == again.points).all() and clean.points.shape == (2, 400)
    assert len(clean.task.rows) == 200 and all(1 <= v <= 5 for row in clean.task.rows for v in row.inputs)
    assert clean.points[:, 200:].max() > 10
    assert clean.task.units == ("m^2*s^-2*kg^1*V^-1", "m^-1*V^1", "m^1*s^-2*kg^1")


def test_base_units_of_the_equations_are_independent(benchmarks):
    from law_suites import BASE_UNITS

    _, powers = dimension_matrix([parse_unit(u) for u in BASE_UNITS])
    assert np.linalg.matrix_rank(np.array(powers, dtype=float)) == len(BASE_UNITS)


def test_a_run_of_equations_ends_with_the_same_line(tmp_path):
    (tmp_path / "laws").mkdir()
    (tmp_path / "laws" / "feynman.json").write_text(json.dumps([EQUATION]))
    done = run("feynman", "--data", tmp_path, "--programs", 1000)
    assert done.returncode == 0, done.stderr
    found = CLOSING.fullmatch(done.stdout.splitlines()[-1])
    assert found and found.groups() == ("feynman", "1", "1", "1", "1")


def test_a_peer_formula_is_read_without_its_protections(benchmarks):
    from law_peers import plain, unprotected

    assert unprotected("div(sqrt(X0), add(X1, -0.5))") == "(sqrt(abs(x0)) / (x1 + -0.5))"
    assert plain("asin(x0 ^ 2)") == "arcsin(x0 ** 2)"


def test_a_peer_that_cannot_start_answers_nothing(benchmarks):
    from law_peers import LawPeer
    from law_suites import Feynman

    problem = Feynman("feynman", "", 10).problem(EQUATION)
    peer = LawPeer("rils-rols", Path(sys.executable))
    for _ in range(2):
        answer = peer.answer(problem, 1)
        assert (answer.formula, answer.right) == (None, False)


CASE = {"form": "c0*x**2", "inputs": {"x": "x"}, "constants": {"c0": [2, 4]}, "rms_at_most": 0.1,
        "test": {"median_relative_error_at_most": 0.05}}  # fmt: skip


@pytest.fixture
def case(tmp_path):
    folder = tmp_path / "squares"
    folder.mkdir()
    (folder / "data.csv").write_text("x,y\n" + "".join(f"{x / 2},{3 * x * x / 4}\n" for x in range(1, 15)))
    (folder / "test.csv").write_text("x,y\n20,1200\n30,2700\n")
    (folder / "want.json").write_text(json.dumps(CASE))
    (folder / "cmd.txt").write_text("extrapolate learn data.csv --target y\n")
    return folder


def test_a_case_is_judged_inside_and_outside(benchmarks, case):
    from measured_suites import case_problem

    problem = case_problem(case)
    assert (problem.columns, problem.forms) == (("x",), ())
    assert problem.test == (((20.0,), 1200.0), ((30.0,), 2700.0))
    result = learn(problem.task, language="laws", programs=20_000, seconds=None)
    assert not problem.missed(result)
    assert problem.missed(learn(problem.task, language="laws", form="a * x"))


def test_a_law_is_set_beside_others_outside_its_range(benchmarks, case):
    from measured_suites import case_problem
    from outside import closing_lines, compared

    def law(x):
        return 3.3 * x[0] ** 2

    found = compared(case_problem(case), lambda: law, [], 1)
    off = {o.peer: o.off for o in found}
    assert off["families"] < 1e-9 < off["ours"] < off["line"] < off["boosting"]
    assert [line.rpartition(": ")[2] for line in closing_lines([found, ()])] == ["1 of 1, 100%", "0 of 1, 0%"]
    assert compared(case_problem(case), lambda: None, [], 1)[0].off == float("inf")


CURVES = [
    ("Michaelis-Menten", lambda x: 7 * x / (x + 3)),
    ("Gompertz", lambda x: 9 * np.exp(-np.exp(0.7 * (4 - x)))),
    ("shifted power", lambda x: 80 * (x + 2) ** -1.5),
    ("damped wave", lambda x: 4 * np.exp(-0.2 * x) * np.cos(2.4 * x)),
]


@pytest.mark.parametrize(("name", "curve"), CURVES, ids=[name for name, _ in CURVES])
def test_a_family_is_found_by_its_criterion(benchmarks, name, curve):
    from families import FAMILIES, best_family

    x = np.linspace(0.5, 12, 40)
    best = best_family(x, curve(x) + 0.01 * np.random.default_rng(1).normal(size=40))
    assert best.family.name == name and len({f.name for f in FAMILIES}) == 26
    assert np.allclose(best.values(x), curve(x), atol=0.05)
