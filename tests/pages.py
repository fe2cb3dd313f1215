"""The pages of the documentation, run. `python tests/pages.py` writes what is really printed into them.

The blocks of a page run in order in one folder that holds a copy of `examples/`, and share one namespace:

- ```python: run, or compared like a doctest where it has `>>>`. A first line `# name.py` writes the block to that
  file too.
- ```console: each `$ command` is run; where output is shown, it is what comes, `...` standing for anything.
  Seconds, rates, counts of programs and lines of progress are not compared. The exit status is 0, or that in
  ```console status=1.
"""

import contextlib
import doctest
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import extrapolate

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
FENCE = re.compile(r"^```(python|console)(?: status=(\d+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ELIDED = re.compile(r"^\s*\[?\.\.\.\]?$", re.MULTILINE)
COMMANDS = {"extrapolate": "-m extrapolate", "python": ""}
MASKS = [
    (re.compile(r"[\d,.]+ (programs|tried|kept)\b"), r"# \1"),
    (re.compile(r"[\d,.]+[kM]?( programs)?(/s| a second)\b"), "# a second"),
    (re.compile(r"\b[\d.]+ ?(s|seconds|ms)\b"), "# s"),
]


class Step(NamedTuple):
    """One command or statement of a page, what the page shows below it, and what is printed."""

    line: int
    source: str
    shown: str
    printed: str
    problem: str = ""

    @property
    def agrees(self) -> bool:
        if self.problem or not self.shown.strip():
            return not self.problem
        printed = self.printed.replace("<BLANKLINE>", "")  # doctest reads the mark in what is shown only
        return doctest.OutputChecker().check_output(masked(self.shown), masked(printed), FLAGS)


def masked(text: str) -> str:
    for pattern, mask in MASKS:
        text = pattern.sub(mask, text)
    return text


@contextlib.contextmanager
def folder_for_pages() -> Iterator[None]:
    """Work in a folder with the examples, with `extrapolate` and `python` on the path as a user has them."""
    before, path, environment = Path.cwd(), list(sys.path), dict(os.environ)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "examples", folder / "examples")
        for command, rest in COMMANDS.items():
            script = folder / ".bin" / command
            script.parent.mkdir(exist_ok=True)
            script.write_text(f'#!/bin/sh\nexec "{sys.executable}" {rest} "$@"\n')
            script.chmod(0o755)
        os.environ.update(PATH=f"{folder / '.bin'}{os.pathsep}{os.environ['PATH']}", COLUMNS="100", NO_COLOR="1")
        os.environ["PYTHONUNBUFFERED"] = "1"
        os.environ["PYTHONPATH"] = str(Path(extrapolate.__file__).parent.parent)
        sys.path.insert(0, name)
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)
            sys.path[:] = path
            os.environ.clear()
            os.environ.update(environment)


def run_page(page: Path) -> Iterator[Step]:
    """Runs the blocks of a page, in the current folder."""
    text = page.read_text(encoding="utf-8")
    namespace: dict[str, object] = {"__name__": "__main__"}
    for found in FENCE.finditer(text):
        kind, status, block = found.groups()
        line = text.count("\n", 0, found.start()) + 2
        if kind == "console":
            yield from run_commands(block, line, int(status or 0))
        else:
            yield from run_python(block, line, namespace)


def run_commands(block: str, line: int, status: int) -> Iterator[Step]:
    for found in re.finditer(r"^\$ ((?:.*\\\n)*.*\n)((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
        source, shown = found.groups()
        done = subprocess.run(
            ["sh", "-c", source], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=120
        )
        printed = re.sub(r"^searching .*\n", "", done.stdout, flags=re.MULTILINE)
        problem = "" if done.returncode == status else f"exit status {done.returncode}: {printed}"
        yield Step(line + block.count("\n", 0, found.start()), source, shown, printed, problem)


def run_python(block: str, line: int, namespace: dict[str, object]) -> Iterator[Step]:
    named = re.match(r"# (\w+\.py)\n", block)
    if named:
        Path(named[1]).write_text(block)
    examples = doctest.DocTestParser().get_examples(block)
    sources = [(e.lineno, e.source, e.want) for e in examples] or [(0, block, "")]
    for offset, source, shown in sources:
        printed, problem = io.StringIO(), ""
        with contextlib.redirect_stdout(printed):
            try:
                exec(compile(source, "<page>", "single" if examples else "exec"), namespace)
            except Exception as error:
                problem = f"{type(error).__name__}: {error}"
        text = re.sub(r"^$", "<BLANKLINE>", printed.getvalue().rstrip("\n"), flags=re.MULTILINE)
        yield Step(line + offset, source, shown, text if examples and printed.getvalue() else "", problem)


def written(page: Path) -> str:
    """The page with the output that is really printed below each step, but where the page shows `...`."""
    steps = run_page(page)

    def block(found: re.Match[str]) -> str:
        kind, status, text = found.groups()
        lines = [f"```{kind}" + (f" status={status}" if status else "")]
        if kind == "python" and ">>>" not in text:
            report(page, next(steps))
            return found[0]
        count = len(re.findall(r"^\$ ", text, re.M)) if kind == "console" else text.count(">>> ")
        for step in (next(steps) for _ in range(count)):
            report(page, step)
            first, *more = step.source.rstrip("\n").split("\n")
            lines += [f"$ {first}", *more] if kind == "console" else [f">>> {first}", *(f"... {m}" for m in more)]
            kept = step.shown if ELIDED.search(step.shown) else step.printed
            lines += kept.rstrip("\n").split("\n") if kept.strip() else []
        return "\n".join([*lines, "```"])

    return FENCE.sub(block, page.read_text(encoding="utf-8"))


def report(page: Path, step: Step) -> None:
    if step.problem:
        print(f"{page.relative_to(ROOT)}:{step.line}: {step.source.strip()}\n  {step.problem}", file=sys.stderr)


if __name__ == "__main__":
    chosen = [Path(p).resolve() for p in sys.argv[1:]] or PAGES
    for page in chosen:
        with folder_for_pages():
            new = written(page)
        page.write_text(new, encoding="utf-8")
