"""The command line in a subprocess, as a person meets it: what it prints, its exit status, what it leaves on disk."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest


def run(folder, *args, given=None):
    command = [sys.executable, "-m", "extrapolate", *map(str, args)]
    env = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        command, cwd=folder, input=given, capture_output=True, text=True, encoding="utf-8", env=env, timeout=120
    )


def test_the_main_job(folder):
    done = run(folder, "learn", "second_largest.json")
    assert done.returncode == 0, done.stderr
    first, _, definition, body, *_ = done.stdout.splitlines()
    assert first == "second_largest: (xs: list[int]) -> int, 5 examples"
    assert definition == "def second_largest(xs: list[int]) -> int:"
    assert body.startswith("    return ")
    assert "Solved at cost" in done.stdout and "programs tried" in done.stdout


def test_pairs_on_standard_input_and_the_program_alone(folder):
    done = run(folder, "learn", "-", "-q", given="[3, 1, 2] -> [1, 2, 3]\n[9, 4] -> [4, 9]\n")
    assert (done.returncode, done.stdout) == (0, "def program(xs: list[int]) -> list[int]:\n    return sorted(xs)\n")


def test_several_inputs_are_separated_by_semicolons(folder):
    done = run(
        folder, "learn", "-", "-q", given="[5, 6, 7]; 2 -> [5, 6]\n[1, 2]; 1 -> [1]\n[4, 4, 1]; 3 -> [4, 4, 1]\n"
    )
    assert done.stdout.splitlines()[-1] == "    return xs[:n]"


def test_a_table_is_learned_filled_applied_exported_and_saved(folder):
    done = run(
        folder,
        "learn",
        "scores.csv",
        "--target",
        "best",
        "--fill",
        "done.csv",
        "--out",
        "best.py",
        "--save",
        "best.json",
    )
    assert done.returncode == 0, done.stderr
    before, after = ((folder / name).read_text(encoding="utf-8").splitlines() for name in ("scores.csv", "done.csv"))
    assert [line for line in after if line in before] == before[:5]
    assert after[5:] == ["Finn,3,13,13,13", "Gul,14,9,17,17"]

    tested = subprocess.run([sys.executable, "-I", "best.py"], cwd=folder, capture_output=True, text=True)
    assert tested.returncode == 0 and "Test passed." in tested.stdout

    applied = run(folder, "apply", "best.json", "more.csv")
    assert applied.stdout.splitlines() == [
        "pupil,physics,maths,history,best",
        "Hana,11,16,12,16",
        "Ivo,5,2,8,8",
        "Jae,17,19,20,20",
    ]


def test_what_is_not_filled_in_stays_as_it_was_byte_for_byte(folder):
    cells = [
        '"two\nlines, ""quoted"""',
        "\x01\x02",
        "\u202eright to left",
        "😀",
        " spaces ",
        "e\u0301",
        "x" * 10_000_000,
    ]
    names = ["Ada Lovelace", "Alan Turing", "Emmy Noether", "Grace Hopper", "שלום עולם", "Bo Di", "Cy Ek"]
    lines = [f"{name},{cell},".encode() for name, cell in zip(names, cells, strict=True)]
    lines = [b"\xef\xbb\xbfname,note,key", lines[0] + b"A.L.", lines[1] + b"A.T.", *lines[2:], b"De Ef,\xff\xe9,", b""]
    (folder / "keys.csv").write_bytes(b"\r\n".join(lines))
    done = run(folder, "learn", "keys.csv", "--target", "key", "--inputs", "name", "--fill", "done.csv", "-q")
    assert done.returncode == 0, done.stderr
    after = (folder / "done.csv").read_bytes().split(b"\r\n")
    assert [new[: len(old)] for old, new in zip(lines, after, strict=True)] == lines
    assert [new[len(old) :].decode() for old, new in zip(lines, after, strict=True)][3:] == [
        "E.N.", "G.H.", "ש.ע.", "B.D.", "C.E.", "D.E.", ""]  # fmt: skip


def test_a_cell_of_ten_million_characters_is_answered_and_a_blank_one_stays_blank(folder):
    cells = ["Ada Lovelace,A.L.", "Alan Turing,A.T.", f"Bo {'x' * 10**7},", "  ,"]
    (folder / "keys.csv").write_text("\n".join(["name,key", *cells]), encoding="utf-8")
    done = run(folder, "learn", "keys.csv", "--target", "key", "--fill", "done.csv", "-q", "--programs", "20000")
    assert done.returncode == 0, done.stderr
    after = (folder / "done.csv").read_text(encoding="utf-8").split("\n")
    assert (after[3][-5:], after[4]) == (",B.x.", "  ,")


def test_json_is_for_programs(folder):
    done = run(folder, "learn", "sorting.json", "--json")
    record = json.loads(done.stdout)
    assert done.returncode == 0 and record["solved"] is True
    assert record["programs"][0]["expression"] == "sorted(numbers)"


def test_the_words_of_a_language(folder):
    done = run(folder, "words", "lists")
    (line,) = [line for line in done.stdout.splitlines() if line.split()[:1] == ["reverse"]]
    assert "(list[A]) -> list[A]" in line and line.rstrip().endswith(".")


def test_a_word_of_ones_own_is_printed_along(folder):
    done = run(folder, "learn", "digits.json", "--words", "my_words.py", "-q")
    assert done.stdout.startswith("def digit_sum(n: int) -> int:")
    assert "return [digit_sum(x) for x in xs]" in done.stdout


def test_an_unsolved_task_shows_the_nearest_programs_and_the_rows_they_miss(folder):
    given = "".join(f"[{n}, {n + 1}] -> {(7919 * n * n + 31) % 1009}\n" for n in range(9))
    done = run(folder, "learn", "-", "--programs", "2000", given=given)
    assert done.returncode == 1
    assert "No program was found that is right on all 9 examples. The nearest:" in done.stdout
    assert "Not solved: the budget of programs was used up" in done.stdout


def test_rows_left_open_are_named_with_their_answers(folder):
    done = run(folder, "learn", "-", given="[1, 2] -> 2\n[3, 5] -> 5\n[9, 4, 6] ->\n")
    assert "Row 3 is open: 9 or 6" in done.stdout and "an answer there tells." in done.stdout


def test_the_same_number_of_programs_gives_the_same_output(folder):
    outputs = [run(folder, "learn", "second_largest.json", "--programs", "5000", "-q").stdout for _ in range(2)]
    assert outputs[0] == outputs[1] != ""


HANGS = '''from extrapolate import primitive

calls = 0


@primitive(cost=2)
def quick(n: int) -> int:
    """The number; slow for large ones."""
    while n > 900:
        pass
    return n


@primitive(cost=2)
def moody(xs: list[int]) -> int:
    """Something else for long lists."""
    if len(xs) > 12:
        raise SystemExit
    return len(xs)
'''


def test_a_word_that_hangs_is_named_and_harms_nothing(folder):
    (folder / "own.py").write_text(HANGS)
    given = "".join(f"{[n] * 14} -> {[n * 2] * 14}\n" for n in (903, 5, 912))
    done = run(folder, "learn", "-", "--words", "own.py", given=given)
    assert done.returncode == 0, done.stderr
    assert "for x in xs]" in done.stdout
    assert "the word 'quick' did not come back within 0.5 s" in done.stdout + done.stderr


WORD = "from extrapolate import primitive\n@primitive()\ndef w({}:\n    '''A word.'''\n    {}\n"
FILES = {
    "empty.csv": "",
    "contradiction.csv": "a,b\n1,2\n2,3\n1,5\n",
    "nan.json": "[[1, NaN], [2, 3]]",
    "cut.json": "[[1, 2",
    "newer.json": '{"format": "extrapolate-program", "version": 99}',
    "unknown.json": '{"format": "extrapolate-program", "version": 1, "language": "lists", "name": "f", '
    '"inputs": [["n", "int"]], "output": "int", "words": ["nonesuch"], "examples": [], '
    '"expression": ["apply", "nonesuch", "int", ["input", "n"]]}',
    "huge.json": json.dumps([[list(range(200_000)), 1], [[1], 2]]),
    "untyped.py": WORD.format("n) -> int", "return n"),
    "mutates.py": WORD.format("xs: list[int]) -> list[int]", "xs.sort(); return xs"),
    "broken.py": "def f(:\n",
}
BAD = [
    (["learn", "missing.json"], "there is no file missing.json"),
    (["learn", "."], "is a folder"),
    (["learn", "empty.csv"], "empty.csv is empty"),
    (["learn", "scores.csv", "--target", "bset"], "did you mean 'best'?"),
    (["learn", "scores.csv"], "--target"),
    (["learn", "contradiction.csv", "--target", "b"], "rows 2 and 4 have equal inputs but the outputs 2 and 5"),
    (["learn", "nan.json"], "numbers must be finite"),
    (["learn", "cut.json"], "cut.json is not JSON: line 1"),
    (["learn", "huge.json"], "is too large to learn from"),
    (["learn", "second_largest.json", "--language", "nope"], "'nope' is not a language"),
    (["learn", "second_largest.json", "--programs", "0"], "is not in the range"),
    (["learn", "second_largest.json", "--out", "sorting.json"], "sorting.json exists and is left as it is"),
    (["learn", "second_largest.json", "--save", "sorting.json"], "sorting.json exists and is left as it is"),
    (["learn", "scores.csv", "--target", "best", "--fill", "scores.csv"], "scores.csv exists and is left as it is"),
    (["learn", "second_largest.json", "--out", "nowhere/f.py"], "there is no folder"),
    (["learn", "digits.json", "--words", "untyped.py"], "needs a type for parameter 'n'"),
    (["learn", "digits.json", "--words", "mutates.py"], "changes its argument 'xs'"),
    (["learn", "digits.json", "--words", "broken.py"], "broken.py"),
    (["learn", "digits.json", "--words", "missing.py"], "missing.py"),
    (["apply", "newer.json", "more.csv"], "pip install --upgrade extrapolate"),
    (["apply", "sorting.json", "more.csv"], "it is not a saved program"),
    (["apply", "unknown.json", "more.csv"], "words that lists does not have: nonesuch"),
    (["words", "nope"], "'nope' is not a language"),
]


@pytest.mark.parametrize(("args", "says"), BAD, ids=[" ".join(args) for args, _ in BAD])
def test_bad_input_gets_one_clear_sentence(folder, args, says):
    for name, text in FILES.items():
        (folder / name).write_text(text)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    done = run(folder, *args)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1 and done.stderr.startswith("extrapolate: ")
    assert says in done.stderr
    after = {path: path.read_bytes() for path in folder.iterdir() if path.name != "__pycache__"}
    assert after == before


def test_force_replaces_a_file(folder):
    assert run(folder, "learn", "second_largest.json", "--out", "sorting.json", "--force").returncode == 0
    assert "def second_largest" in (folder / "sorting.json").read_text()


def test_debug_shows_where_an_error_comes_from(folder):
    assert "Traceback" in run(folder, "learn", "missing.json", "--debug").stderr


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_an_interruption_keeps_the_best_so_far(folder):
    given = "".join(f"[{n}, {n + 1}] -> {(7919 * n * n + 31) % 1009}\n" for n in range(9))
    (folder / "hard.txt").write_text(given)
    command = [sys.executable, "-m", "extrapolate", "learn", "hard.txt", "--seconds", "60"]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "The nearest:" in out and "interrupted" in out
    assert "Traceback" not in err
