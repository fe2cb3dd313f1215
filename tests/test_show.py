"""What is shown in the terminal and written to files."""

import io
import subprocess
import sys

from rich.console import Console

from extrapolate import learn
from extrapolate.show.python import python_module
from extrapolate.show.terminal import show_result


def shown(result, width=100):
    console = Console(file=io.StringIO(), width=width, force_terminal=False)
    show_result(result, console)
    return console.file.getvalue()


SOLVED = learn([([3, 1, 2], [1, 2, 3]), ([5, 4], [4, 5])], name="put_in_order", programs=3000, seconds=None)
OPEN = learn([([1, 2], 2), ([3, 5], 5), ([9, 4, 6], None)], programs=3000, seconds=None)
UNSOLVED = learn([([i, i + 1], (7919 * i * i + 31) % 1009) for i in range(9)], programs=3000, seconds=None)


def test_the_types_come_first_and_the_program_next():
    first, _, definition, body, *_ = shown(SOLVED).splitlines()
    assert first == "put_in_order: (xs: list[int]) -> list[int], 2 examples"
    assert [definition, body] == SOLVED.program.source.splitlines()


def test_no_two_programs_shown_are_the_same():
    sources = [c.program.source for c in SOLVED.candidates]
    assert len(sources) == len(set(sources)) > 1


def test_open_rows_are_previewed_and_named():
    assert OPEN.questions
    text = shown(OPEN)
    assert "[9, 4, 6]" in text
    assert "Row 3 is open:" in text


def test_an_unsolved_task_shows_what_comes_nearest():
    text = shown(UNSOLVED)
    assert "No program was found that is right on all 9 examples. The nearest:" in text
    assert "wanted" in text and "given" in text


def test_why_the_search_stopped_and_its_counts_come_last():
    assert "Solved at cost 3" in shown(SOLVED).splitlines()[-2]
    assert "programs tried" in shown(UNSOLVED).splitlines()[-1]


def test_the_table_of_a_result():
    lines = repr(SOLVED).splitlines()
    assert lines[0].split() == ["cost", "rows", "program"]
    assert lines[1].split() == ["3>", "2/2", "sorted(xs)"]


def test_an_exported_module_runs_with_python_alone(tmp_path):
    path = tmp_path / "order.py"
    path.write_text(python_module(SOLVED.program, SOLVED.task.labelled), encoding="utf-8")
    run = subprocess.run([sys.executable, "-I", "-m", "doctest", str(path)], capture_output=True, text=True)
    assert (run.returncode, run.stdout) == (0, "")
    assert "import extrapolate" not in path.read_text()
    assert ">>> put_in_order([3, 1, 2])\n    [1, 2, 3]" in path.read_text()
