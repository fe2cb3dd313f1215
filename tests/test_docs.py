"""What the pages say is what happens: their Python runs, their commands print what is shown, docstrings hold.

The blocks of a page run in order in one folder that holds a copy of `examples/`, and share one namespace:

- ```python: run, or checked by doctest where it has `>>>`. A first line `# name.py` writes the block to that
  file too.
- ```console: each `$ command` is run; where output is shown, it is what comes, `...` standing for anything.
  Seconds, rates and counts of programs are not compared. Exit status 0, or that in ```console status=1.
"""

import doctest
import importlib
import os
import pkgutil
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

import extrapolate

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
MODULES = [
    module.name
    for module in pkgutil.walk_packages(extrapolate.__path__, "extrapolate.")
    if not module.name.endswith("__main__")
]
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
FENCE = re.compile(r"^```(python|console)(?: status=(\d+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MASKS = [
    (re.compile(r"[\d,.]+ (programs|programs tried|tried|kept)\b"), r"# \1"),
    (re.compile(r"[\d,.]+[kM]?( programs)?/s\b"), "#/s"),
    (re.compile(r"\b[\d.]+ ?(s|seconds|ms)\b"), "# s"),
]


class Block(NamedTuple):
    kind: str
    status: int
    text: str
    line: int


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [Block(m[1], int(m[2] or 0), m[3], text.count("\n", 0, m.start()) + 2) for m in FENCE.finditer(text)]


def commands(text: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with the output shown below it; a line ending in `\\` goes on."""
    parts = re.split(r"^\$ ", text, flags=re.MULTILINE)
    assert not parts[0].strip(), "a console block starts with `$ `"
    found = []
    for part in parts[1:]:
        command = re.match(r"(?:.*\\\n)*.*\n", part)
        assert command
        found.append((command[0].rstrip("\n"), part[command.end() :]))
    return found


def masked(text: str) -> str:
    for pattern, mask in MASKS:
        text = pattern.sub(mask, text)
    return text


def agree(shown: str, printed: str) -> bool:
    return doctest.OutputChecker().check_output(masked(shown), masked(printed), FLAGS)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with the examples, and `extrapolate` and `python` on the path as a user has them."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    (tmp_path / ".bin").mkdir()
    for name, rest in (("extrapolate", "-c 'from extrapolate.cli import main; main()' "), ("python", "")):
        script = tmp_path / ".bin" / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" {rest}"$@"\n')
        script.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path / '.bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", "1")
    return tmp_path


def run_console(block: Block, where: str) -> None:
    for command, shown in commands(block.text):
        done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == block.status, f"{where}: {command}\n{done.stdout}{done.stderr}"
        if shown.strip():
            printed = done.stdout + done.stderr
            assert agree(shown, printed), f"{where}: {command}\nshown:\n{shown}\nprinted:\n{printed}"


def run_python(block: Block, where: str, namespace: dict[str, object]) -> None:
    named = re.match(r"# (\w+\.py)\n", block.text)
    if named:
        Path(named[1]).write_text(block.text)
    if ">>>" not in block.text:
        exec(compile(block.text, where, "exec"), namespace)
        return
    test = doctest.DocTestParser().get_doctest(block.text, namespace, where, where, block.line - 1)
    said: list[str] = []
    runner = doctest.DocTestRunner(checker=Checker(), optionflags=FLAGS)
    runner.run(test, out=said.append, clear_globs=False)
    assert not runner.failures, "".join(said)
    namespace.update(test.globs)


class Checker(doctest.OutputChecker):
    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        return super().check_output(masked(want), masked(got), optionflags)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_page_does_what_it_says(page, folder):
    namespace: dict[str, object] = {"__name__": "__main__"}
    for block in blocks(page):
        where = f"{page.relative_to(ROOT)}:{block.line}"
        if block.kind == "console":
            run_console(block, where)
        else:
            run_python(block, where, namespace)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (page.parent / target).exists(), target


@pytest.mark.parametrize("name", MODULES)
def test_docstrings_hold(name):
    failed, _ = doctest.testmod(importlib.import_module(name), optionflags=FLAGS)
    assert failed == 0


def test_the_picture_tells_the_truth():
    """The program in the picture is what is learned from its examples, and its answer is right."""
    picture = (ROOT / "docs" / "picture.svg").read_text(encoding="utf-8")
    result = extrapolate.learn([([3, 1, 2], 2), ([9, 7, 8, 1], 8), ([4, 9, 2, 6, 0], 6)], name="second_largest")
    drawn = [re.sub(r"<[^>]+>", "", line) for line in re.findall(r'<text class="code".*?</text>', picture)]
    signature, body = (line.replace("&gt;", ">") for line in drawn)
    assert result.program.source.splitlines()[0] == signature
    assert result.program.source.splitlines()[-1] == body
    million = [(i * 7919) % 1_000_000 for i in range(1_000_000)]
    assert f"{result.program(million):,}" == "999,998"
    assert ">999,998<" in picture
