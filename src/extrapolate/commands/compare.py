"""The command that compares a program with nets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from extrapolate.commands.examine import watching
from extrapolate.commands.output import names_in, plain_console, print_text, say
from extrapolate.compare import compare
from extrapolate.compare.chart import check_form, json, save
from extrapolate.compare.comparison import Comparison, check_kinds
from extrapolate.compare.known import KNOWN
from extrapolate.core.errors import InputError, require_package
from extrapolate.core.files import check_target
from extrapolate.core.task import Task
from extrapolate.read.examples import read_task
from extrapolate.read.sources import Form, form_of


def compare_command(
    *,
    sources: Sequence[str],
    target: str | None,
    inputs: str | None,
    nets: str | None,
    seeds: int,
    seconds: float,
    out: str | None,
    force: bool,
    encoding: str | None,
    delimiter: str | None,
    skip_rows: int,
    sheet: str | None,
    as_json: bool,
    quiet: bool,
    debug: bool,
) -> int:
    if out is not None:
        check_target(out, force=force)
        check_form(out)
        if not out.endswith(".json"):
            require_package("matplotlib", "a chart", "plot")
    form = form_of(encoding, delimiter, skip_rows, sheet)
    wanted = None if nets is None else names_in(nets)
    check_kinds(wanted)
    if (target or inputs) and all(source in KNOWN for source in sources):
        raise InputError(f"--target and --inputs are for tables and {sources[0]} is none; leave them out.")
    columns = None if inputs is None else names_in(inputs)
    problems = [source if source in KNOWN else task_of(source, target, columns, form) for source in sources]
    found: list[Comparison] = []
    console = plain_console()
    for source, problem in zip(sources, problems, strict=True):
        name = None if source in KNOWN or len(sources) == 1 else f"{Path(source).stem}: {target or 'examples'}"
        with watching(quiet or as_json) as on_progress:
            comparison = compare(problem, name=name, nets=wanted, seeds=seeds, seconds=seconds, on_progress=on_progress)
        if not (quiet or as_json):
            console.print(f"{comparison}\n", soft_wrap=True)
        found.append(comparison)
    if as_json:
        print_text(json(found) + "\n")
    if out is not None:
        save(found, out, force=force)
        if not quiet:
            say(f"{out} was written.")
    return 0


def task_of(source: str, target: str | None, inputs: Sequence[str] | None, form: Form) -> Task:
    """The task that a file holds, numbers as such."""
    read = read_task(source, target, inputs, texts=None, as_text=None, form=form)
    return (read.of_numbers or read).task
