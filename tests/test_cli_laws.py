"""The command line with measurements: units in headers, files that are written, exit statuses, bad input."""

import importlib.util
import json
import math
import subprocess
import sys

import pytest

from extrapolate.cli import main
from test_cli import run

LAW = "2 * np.pi * np.sqrt(L / g)"


def test_a_law_is_shown_with_units_candidates_and_verdict(folder):
    done = run(folder, "learn", "pendulum.csv", "--target", "T [s]")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "T [s] from L [m] and g [m/s^2], 30 measurements"
    assert f"    return {LAW}" in lines
    assert next(line for line in lines if line.startswith("  > ")).endswith(LAW)
    assert "What it leaves looks like noise" in done.stdout and "R squared" in done.stdout
    assert all(len(line) <= 100 for line in lines)


def test_kepler_is_found_and_the_outer_planets_are_filled_in(folder):
    done = run(folder, "learn", "kepler.csv", "--target", "period", "--fill", "done.csv", "-q")
    assert (done.returncode, "np.pi" in done.stdout) == (0, True)
    before, after = ((folder / name).read_text().splitlines() for name in ("kepler.csv", "done.csv"))
    assert after[:-5] == before[:-5]
    found = {line.split(",")[0]: float(line.split(",")[-1]) for line in after[-4:]}
    measured = {"Jupiter": 11.8626, "Saturn": 29.4475, "Uranus": 84.0168, "Neptune": 164.791}
    assert found == {planet: pytest.approx(years, rel=1e-3) for planet, years in measured.items()}


def test_a_law_is_exported_saved_and_applied(folder):
    done = run(folder, "learn", "pendulum.csv", "--target", "T", "--out", "T.py", "--save", "T.json", "-q")
    assert done.returncode == 0, done.stderr
    module = (folder / "T.py").read_text()
    assert "Needs NumPy" in module and "Units: L in m, g in m/s^2; the value in s." in module
    tested = subprocess.run([sys.executable, "-I", "T.py"], cwd=folder, capture_output=True, text=True)
    assert tested.returncode == 0 and "Test passed." in tested.stdout

    (folder / "more.csv").write_text("g [m/s^2],L\n9.81,1\n9.81,-1\n0,1\n")
    applied = run(folder, "apply", "T.json", "more.csv")
    header, first, *others = applied.stdout.splitlines()
    assert (header, others) == ("g [m/s^2],L,T [s]", ["9.81,-1,", "0,1,"])
    assert float(first.split(",")[-1]) == pytest.approx(2.006, rel=1e-3)
    assert applied.stderr == "rows 3, 4 left empty: there is no answer.\n"

    (folder / "more.csv").write_text("g [m/s^2],L [cm]\n9.81,100\n")
    wrong = run(folder, "apply", "T.json", "more.csv")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr == "extrapolate: L is in cm and T has it in m; convert the column.\n"


def test_an_approximation_is_written_with_the_status_of_what_is_unsolved(folder):
    rows = [f"{x / 4},{2 + (x / 4) ** 2 * math.cos(x / 4):.6f}" for x in range(1, 60)]
    (folder / "wave.csv").write_text("\n".join(["x,y", *rows, "3.5,"]))
    given = ["learn", "wave.csv", "--target", "y", "--programs", "1", "--fill", "done.csv"]
    assert run(folder, *given).returncode == 1 and not (folder / "done.csv").exists()  # no law was asked for
    done = run(folder, *given, "--language", "laws")
    assert done.returncode == 1
    assert "An approximation: what it leaves still depends on the inputs" in done.stdout
    assert not (folder / "done.csv").read_text().endswith("3.5,")


def test_json_tells_how_far_a_law_holds(folder):
    done = run(
        folder,
        "learn",
        "pendulum.csv",
        "--target",
        "T",
        "--no-units",
        "--language",
        "laws",
        "--json",
        "--programs",
        "100000",
    )
    record = json.loads(done.stdout)
    best = record["programs"][0]
    assert record["fitted"] and not record["solved"] and "units" not in record
    assert best["fit"] == "noise" and 0 < best["misfit"] < 0.02 and best["outside"] > 0.99
    assert {"bits", "error", "verdict", "inside", "latex"} <= best.keys()


def test_units_and_errors_are_given_by_name(folder):
    rows = [f"{x},{9.81},{math.sqrt(x / 9.81):.4f},{0.001 * x}" for x in (0.5, 1, 1.5, 2, 2.5, 3)]
    (folder / "t.csv").write_text("\n".join(["L,g,t,dt", *rows]))
    done = run(folder, "learn", "t.csv", "--target", "t", "--units", "L=m,g=m/s^2,t=s", "--errors", "dt")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "t [s] from L [m] and g [m/s^2], 6 measurements"
    assert "return np.sqrt(L / g)" in done.stdout


def test_brackets_that_are_no_units_are_names_to_other_languages(folder):
    (folder / "t.csv").write_text("maths [2024],best [2024]\n3,4\n4,5\n7,8\n9,\n")
    done = run(folder, "learn", "t.csv", "--target", "best", "-q")
    assert done.stdout == "def best_2024(maths_2024: int) -> int:\n    return maths_2024 + 1\n"


def test_a_law_is_drawn_and_written_as_an_equation(folder):
    done = run(folder, "learn", "pendulum.csv", "--target", "T", "--plot", "T.png", "--latex", "-q")
    assert (done.returncode, done.stdout) == (0, "T = 2 \\pi \\sqrt{\\frac{L}{g}}\n")
    assert (folder / "T.png").read_bytes().startswith(b"\x89PNG")


SQUARES = [(x / 2, 3 * (x / 2) ** 2) for x in range(1, 9)]


def table(header, row="{x},{y}", fourth="{x},{y}"):
    rows = [(fourth if i == 3 else row).format(x=x, y=y, c=2.5) for i, (x, y) in enumerate(SQUARES)]
    return "\n".join([header, *rows]) + "\n"


FILES = {
    "good.csv": table("x,y,d", "{x},{y},0.1", "{x},{y},0.1"),
    "nan.csv": table("x,y", fourth="{x},nan"),
    "inf.csv": table("x,y", fourth="inf,{y}"),
    "overflow.csv": table("x,y", fourth="{x},1e400"),
    "vast.csv": table("x,y", "{x}e200,{y}"),
    "tiny.csv": table("x,y", "{x}e-300,{y}"),
    "flat.csv": table("x,y", "{x},{c}", "{x},{c}"),
    "still.csv": table("x,y", "{c},{y}", "{c},{y}"),
    "few.csv": "x [m],y [m]\n1.5,2.5\n2.5,3.5\n",
    "twice.csv": table("x [m],x [cm],y [s]", "{x},{x},{y}", "{x},{x},{y}"),
    "misspelt.csv": table("x [mettre],y [s]"),
    "timeless.csv": table("x [m],y [s]"),
    "zero.csv": table("x,y,d", "{x},{y},0.1", "{x},{y},0"),
    "negative.csv": table("x,y,d", "{x},{y},0.1", "{x},{y},-1"),
    "blank.csv": table("x,y,d", "{x},{y},0.1", "{x},{y},"),
    "text.csv": table("x,y,d", "{x},{y},0.1", "{x},{y},abc"),
}
BAD = [
    ("nan.csv", [], "row 5, y: nan: numbers must be finite"),
    ("inf.csv", [], "row 5, x: inf: numbers must be finite"),
    ("overflow.csv", [], "row 5, y: inf: numbers must be finite"),
    ("vast.csv", [], "row 2, x: 5e+199 is too large to compute with"),
    ("tiny.csv", [], "row 2, x: 5e-301 is too small to compute with"),
    ("flat.csv", ["--language", "laws"], "y is constant, 2.5 in every row"),
    ("still.csv", ["--language", "laws"], "every input is constant"),
    ("few.csv", [], "there are 2 measurements and a law needs at least 3"),
    ("twice.csv", [], "the columns x [m] and x [cm] are both named 'x'"),
    ("misspelt.csv", [], "the unit of x: 'mettre' is not a unit; write units as in kg, m/s^2 or km/h."),
    ("misspelt.csv", [], "--no-units"),
    (
        "timeless.csv",
        ["--no-dimensional-constants"],
        "y [s] can't be made of products of x [m]: none of them has the dimension time",
    ),
    ("zero.csv", ["--errors", "d"], "row 5: the standard error is 0"),
    ("negative.csv", ["--errors", "d"], "row 5: the standard error is -1.0; give a number above 0"),
    ("text.csv", ["--errors", "d"], "row 5: the standard error is 'abc'; give a number above 0"),
    ("blank.csv", ["--errors", "d"], "row 5: the standard error is missing"),
    ("good.csv", ["--errors", "e"], "--errors names 'e', which is no column; the columns are x, y, d"),
    ("good.csv", ["--errors", "y"], "'y' holds what is measured and no errors; give the column of those of y"),
    ("good.csv", ["--errors", "x=d"], "--errors 'x=d' gives y none; give its column or a number, as in: 0.1,x=dx"),
    ("good.csv", ["--errors", "d,d"], "--errors d,d gives y two errors; give those of an input as INPUT=COLUMN"),
    ("good.csv", ["--errors", "d,x=0.1,x=0.2"], "--errors d,x=0.1,x=0.2 gives x two errors; give it one"),
    ("good.csv", ["--errors", "d,z=0.1"], "--errors holds 'z=0.1' and no column is 'z'"),
    ("good.csv", ["--errors", "d,x=-1"], "--errors gives x -1; give a number of 0 and above or a column"),
    ("negative.csv", ["--errors", "1,x=d"], "row 5: the standard error of x is -1.0; give a number of 0 and above"),
    ("good.csv", ["--constants", "Gg"], "'Gg' is not a physical constant that is known by name; did you mean 'G'?"),
    ("good.csv", ["--units", "z=m"], "a unit was given for 'z', which is no column"),
    ("good.csv", ["--units", "x"], "give each column its unit"),
    ("good.csv", ["--units", "x=m", "--no-units"], "give one of them"),
    ("good.csv", ["--units", "x=m", "--language", "lists"], "--units is for laws and the language is lists"),
    ("good.csv", ["--baseline", "mlp"], "give --plot FILE.png too"),
    ("good.csv", ["--plot", "nowhere/y.png"], "there is no folder"),
    ("good.csv", ["--plot", "y.jpg"], "y.jpg can't be drawn; give a file that ends in .png, .svg, .pdf."),
    ("good.csv", ["--plot", "nan.csv"], "nan.csv exists and is left as it is"),
    ("good.csv", ["--plot", "y.png", "--out", "y.png"], "for two different things to write"),
]


@pytest.mark.parametrize(("file", "options", "says"), BAD, ids=[" ".join([f, *o, s[-9:]]) for f, o, s in BAD])
def test_bad_measurements_get_one_clear_sentence(tmp_path, monkeypatch, capsys, file, options, says):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as exit:
        main(["learn", file, "--target", "y", *options, "-q"])
    out, err = capsys.readouterr()
    assert (exit.value.code, out) == (2, "")
    assert len(err.splitlines()) == 1 and err.startswith("extrapolate: ")
    assert says in err
    assert {path.name for path in tmp_path.iterdir()} == set(FILES)


def test_a_plot_without_matplotlib_is_refused_with_what_to_install(tmp_path, monkeypatch, capsys):
    (tmp_path / "good.csv").write_text(FILES["good.csv"])
    monkeypatch.chdir(tmp_path)
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda n, *a: None if n == "matplotlib" else found(n, *a))
    with pytest.raises(SystemExit) as exit:
        main(["learn", "good.csv", "--target", "y", "--plot", "y.png"])
    assert exit.value.code == 2
    assert "install it with: pip install 'extrapolate[plot]'" in capsys.readouterr().err
