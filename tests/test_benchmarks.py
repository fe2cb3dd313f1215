"""The benchmark script on tiny suites: what it learns from, what it checks, and the line it ends with."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

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
