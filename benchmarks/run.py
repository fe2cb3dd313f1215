"""Learn every task of a suite from its first examples and check the programs on rows they have not seen.

python benchmarks/run.py dreamcoder
python benchmarks/run.py lambdabeam --every 5 --seconds 10 --json lambdabeam.json
"""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")

import click
import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

import outside
from cvc5_peer import PeerAnswer, ask
from extrapolate.core.errors import InputError
from extrapolate.core.expression import Choose, walk
from extrapolate.core.result import Result, Stop
from extrapolate.core.source import python_expression
from extrapolate.core.task import Row
from extrapolate.learn import learn
from field import Field
from formula import Formula
from law_peers import ENVIRONMENT, LawAnswer, law_peers, peer_lines
from law_suites import LAW_SUITES, Feynman, LawProblem
from measured_suites import MEASURED_SUITES, Scientists
from outside import Outside
from suites import SUITES, Problem

ROOT = Path(__file__).resolve().parent.parent
ALL = {**SUITES, **LAW_SUITES, **MEASURED_SUITES, "field": Field()}
DATA = ROOT.parent / "shared" / "data"
PEERS = (
    "ProgSynth can't be installed from PyPI, so it was not run beside this; measured elsewhere on 20 sampled tasks "
    "of dreamcoder: solved 11/20 in 30 s each, 9,600 programs/s."
)
# What each peer may take on a table of a scientist's.
PEER_SECONDS = 10
HEADER = f"{'solved':6}  {'unseen':6}  {'cost':>4}  {'seconds':>8}  {'programs':>11}  {'task':36}  program"


@dataclass(frozen=True)
class Record:
    """What one search did. `right`: solved, and exactly right on every unseen row."""

    task: str
    solved: bool
    right: bool
    unseen: int
    unseen_missed: int
    cost: int | None
    seconds: float
    programs: int
    stop: str
    program: str | None
    source: str | None
    branches: int = 0
    tags: tuple[str, ...] = ()
    error: str | None = None
    peer: dict[str, Any] | None = None
    misfit: float | None = None
    beside: tuple[LawAnswer | Outside, ...] = ()
    inputs: tuple[str, ...] = ()

    def __str__(self) -> str:
        shown = self.error or self.program or f"- ({self.stop})"
        solved, right = ("yes" if self.solved else "no"), ("right" if self.right else "-")
        if self.solved and not self.right:
            right = "wrong"
        cost = "-" if self.cost is None else self.cost
        counts = f"{cost:>4}  {self.seconds:>8.2f}  {self.programs:>11,}"
        line = f"{solved:6}  {right:6}  {counts}  {self.task:36.36}  {shown}"
        if self.beside:
            return "  ".join((*map(str, self.beside), line))
        if self.peer is None:
            return line
        found = "-" if self.peer["size"] is None else "right" if self.peer["right"] else "wrong"
        return f"cvc5: {found:5} {self.peer['seconds']:5.2f} s  {line}"


def measure(problem: Problem | LawProblem, *, seconds: float | None, programs: int | None, answers: int = 0) -> Record:
    tags = tuple(problem.record.get("features", ()))
    start = perf_counter()
    try:
        given = {"form": problem.forms} if getattr(problem, "forms", ()) else {}
        result = learn(problem.task, language=problem.language, seconds=seconds, programs=programs, **given)
        result = told(result, problem, answers)
    except Exception as error:  # a search that breaks counts as not solved, and the run goes on
        took = perf_counter() - start
        unseen = len(problem.unseen)
        text = f"{type(error).__name__}: {error}"
        return Record(problem.name, False, False, unseen, unseen, None, took, 0, "error", None, None, 0, tags, text)
    took = perf_counter() - start
    missed = len(problem.missed(result))
    found = problem.found(result)
    program = found.program if found else None
    return Record(
        task=problem.name,
        solved=result.solved,
        right=program is not None and not missed,
        unseen=len(problem.unseen),
        unseen_missed=missed,
        cost=program.cost if program else None,
        seconds=took,
        programs=result.counts.tried,
        stop=result.stop.name.lower(),
        program=python_expression(program.expr) if program else None,
        source=program.source if program else None,
        branches=sum(isinstance(e, Choose) for e in walk(program.expr)) if program else 0,
        tags=tags,
        misfit=getattr(found, "misfit", None),
        inputs=tuple(v.name for v in program.inputs) if program else (),
    )


def told(result: Result, problem: Problem | LawProblem, answers: int) -> Result:
    """What is learned with up to so many honest answers to the first question, as from somebody who fills in the cell
    that is asked about and looks at no other."""
    for _ in range(answers):
        if not result.solved or not result.questions:
            break
        asked = result.questions[0].row
        wanted = next(row.output for row in problem.unseen if row.inputs == asked.inputs)
        result = result.answer(asked.number, "" if wanted is None else wanted)
    return result


def law_of(record: Record) -> Formula | None:
    """The law that was printed, to be evaluated elsewhere; InputError for one with words that no formula has."""
    return None if record.program is None else Formula(record.program, record.inputs)


def with_peer(record: Record, problem: Problem, seconds: float) -> Record:
    """The record with what cvc5 makes of the same examples: whether it found a term, right on all rows, how large."""
    found = ask(problem.record, seconds)
    rows = (*problem.task.labelled, *problem.unseen)
    term = None if found.term is None or problem.task.contradictions else found.term
    right = term is not None and all(_is(found, row) for row in rows)
    size = None if term is None else found.size
    return replace(record, peer={"right": right, "seconds": found.seconds, "size": size, "branches": found.branches})


def _is(found: PeerAnswer, row: Row) -> bool:
    try:
        return bool(found(*row.inputs) == row.output)
    except (ValueError, RecursionError):
        return False


@dataclass(frozen=True)
class Summary:
    suite: str
    tasks: int
    solved: int
    right: int
    median_seconds: float
    programs_per_second: float
    peak_mb: float
    contradictory: int
    rows: int
    rows_right: int
    median_cost: float
    branches: int

    @classmethod
    def of(cls, suite: str, records: list[Record]) -> Summary:
        total = sum(r.seconds for r in records)
        return cls(
            suite=suite,
            tasks=len(records),
            solved=sum(r.solved for r in records),
            right=sum(r.right for r in records),
            median_seconds=statistics.median(r.seconds for r in records) if records else 0.0,
            programs_per_second=sum(r.programs for r in records) / total if total else 0.0,
            peak_mb=peak_mb(),
            contradictory=sum(r.stop == Stop.CONTRADICTION.name.lower() for r in records),
            rows=sum(r.unseen for r in records),
            rows_right=sum(r.unseen - r.unseen_missed for r in records),
            median_cost=statistics.median([r.cost for r in records if r.cost is not None] or [0]),
            branches=sum(r.branches for r in records),
        )

    @property
    def details(self) -> list[str]:
        """What the closing line leaves out."""
        lines = [f"median cost {self.median_cost:g}, {self.branches} branches in {self.solved} programs"]
        if self.rows:
            lines.append(f"unseen rows right: {self.rows_right:,} of {self.rows:,}, {self.rows_right / self.rows:.1%}")
        if self.contradictory:
            lines.append(f"contradictory, and reported as such: {self.contradictory}")
        return lines

    def __str__(self) -> str:
        return (
            f"{self.suite}: solved {self.solved}/{self.tasks}, "
            f"right on unseen rows {self.right}/{self.tasks}, "
            f"median {self.median_seconds:.2f} s, {self.programs_per_second:,.0f} programs/s, "
            f"peak {self.peak_mb:,.0f} MB"
        )


def peer_line(records: list[Record]) -> str:
    """cvc5 on the same tasks, in one line."""
    peers = [r.peer for r in records if r.peer is not None]
    found = [p for p in peers if p["size"] is not None]
    return (
        f"cvc5: solved {len(found)}/{len(peers)}, right on unseen rows {sum(p['right'] for p in peers)}/{len(peers)}, "
        f"median {statistics.median(p['seconds'] for p in peers):.2f} s, "
        f"median size {statistics.median([p['size'] for p in found] or [0]):g}, "
        f"{sum(p['branches'] for p in found)} branches in {len(found)} programs"
    )


def by_tags(records: list[Record]) -> list[str]:
    """How many tasks are right among those with tags of numbers and dates, and among the others."""
    tagged = [r for r in records if r.tags]
    plain = [r for r in tagged if not any(t.startswith(("DateTime", "Numeric")) for t in r.tags)]
    groups = (("without tags of dates and numbers", plain), ("with", [r for r in tagged if r not in plain]))
    return [f"{name}: right {sum(r.right for r in group)}/{len(group)}" for name, group in groups if group]


def peak_mb() -> float:
    """The most memory this process has held, in MB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def environment() -> dict[str, Any]:
    """What a figure must be read with: the machine, the versions, the date and the commit."""
    return {
        "date": date.today().isoformat(),
        "commit": commit(),
        "machine": platform.machine(),
        "processor": processor(),
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "numpy": np.__version__,
    }


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")


def commit() -> str | None:
    """The commit that runs, with `+` when files differ from it; None outside a repository."""

    def git(*args: str) -> str | None:
        try:
            done = subprocess.run(["git", *args], cwd=ROOT, capture_output=True, text=True, check=False)
        except OSError:
            return None
        return done.stdout.strip() if done.returncode == 0 else None

    head = git("rev-parse", "--short", "HEAD")
    return f"{head}+" if head and git("status", "--porcelain") else head


def report(records: Iterable[Record], total: int, *, show: bool) -> Iterator[Record]:
    """Pass the records on, printing each as it comes: coloured above a bar on a terminal, else plain."""
    console = Console(highlight=False)
    if not console.is_terminal:
        print(HEADER, flush=True)
        for record in records:
            print(record, flush=True)
            if show and record.source:
                print(indented(record.source), flush=True)
            yield record
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("learning", total=total)
        console.print(Text(HEADER, style="bold"))
        for record in records:
            style = "green" if record.right else "yellow" if record.solved else "dim"
            line = Text(str(record), style=style)
            line.truncate(console.width, overflow="ellipsis")
            console.print(line)
            if show and record.source:
                console.print(indented(record.source), markup=False)
            progress.advance(bar)
            yield record


def indented(source: str) -> str:
    return "\n".join(f"    {line}" for line in source.rstrip().splitlines())


def show_nets(data: Path, only: str | None) -> None:
    """What is measured of nets, a line each; there are no tasks in it."""
    import nets

    try:
        for line in nets.run(data, only):
            print(line, flush=True)
    except InputError as error:
        print(f"run.py: {error}", file=sys.stderr)
        sys.exit(2)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("suite", type=click.Choice([*ALL, "nets"]))
@click.option("--every", default=1, type=click.IntRange(1), metavar="K", help="Take every K-th task.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Stop after N tasks.")
@click.option("--only", metavar="TEXT", help="Take the tasks with TEXT in their name.")
@click.option("--seconds", type=float, help="Seconds a task.  [default: the suite's; none with --programs]")
@click.option("--programs", type=click.IntRange(1), metavar="N", help="Programs a task: a budget that repeats.")
@click.option("--answers", default=0, type=click.IntRange(0), metavar="N", help="Answer up to N questions, honestly.")
@click.option("--json", "out", type=click.Path(path_type=Path), help="Write a record a task and the summary here.")
@click.option("--no-units", is_flag=True, help="feynman: don't say what the columns are measured in.")
@click.option("--noise", default=0.0, type=click.FloatRange(0), help="feynman: noise, relative to the target's size.")
@click.option(
    "--peers", is_flag=True, help="Also run the peers: of laws, cvc5 on SyGuS tasks; or say what is known of them."
)
@click.option(
    "--peers-env", type=click.Path(path_type=Path), default=ENVIRONMENT, help="Where peers of laws are installed."
)
@click.option("--data", type=click.Path(path_type=Path), default=DATA, help="The folder with the data.")
@click.option("--show", is_flag=True, help="Print each program as a Python function too.")
def main(
    suite: str,
    every: int,
    limit: int | None,
    only: str | None,
    seconds: float | None,
    programs: int | None,
    answers: int,
    out: Path | None,
    no_units: bool,
    noise: float,
    peers: bool,
    peers_env: Path,
    data: Path,
    show: bool,
) -> None:
    """Learn each task of SUITE from its first examples and check the program on rows it has not seen.

    The data are looked for in ../shared/data beside the repository.
    """
    if suite == "nets":
        show_nets(data, only)
        return
    chosen = ALL[suite]
    if isinstance(chosen, Feynman):
        chosen = replace(chosen, units=not no_units, noise=noise)
    elif no_units or noise:
        raise click.UsageError(f"--no-units and --noise are for feynman; leave them out for {suite}.")
    if seconds is None and programs is None:
        seconds = chosen.seconds
    try:
        problems = [p for p in chosen.problems(data) if only is None or only in p.name]
    except InputError as error:
        print(f"run.py: {error}", file=sys.stderr)
        sys.exit(2)
    problems = list(islice(problems, 0, None, every))[:limit]
    searches = (measure(p, seconds=seconds, programs=programs, answers=answers) for p in problems)
    if peers and suite in LAW_SUITES:
        beside = list(law_peers(peers_env))
        searches = (
            replace(r, beside=tuple(peer.answer(p, seconds or chosen.seconds) for peer in beside))
            for r, p in zip(searches, problems, strict=True)
        )
    elif peers and isinstance(chosen, Scientists):
        genetic = list(law_peers(peers_env, outside.GENETIC))
        searches = (
            replace(r, beside=outside.compared(p, partial(law_of, r), genetic, PEER_SECONDS))
            for r, p in zip(searches, problems, strict=True)
        )
    elif peers and "grammar_ops" in (problems[0].record if problems else {}):
        limit_s = seconds or chosen.seconds
        searches = (with_peer(r, p, limit_s) for r, p in zip(searches, problems, strict=True))
    records = []
    for record in report(searches, len(problems), show=show):
        records.append(record)
        if record.stop == Stop.INTERRUPTED.name.lower():
            break
    summary = Summary.of(suite, records)
    if out is not None:
        budget = {"seconds": seconds, "programs": programs, "every": every, "limit": limit, "only": only}
        budget |= {"answers": answers} if answers else {}
        if isinstance(chosen, Feynman):
            budget |= {"units": chosen.units, "noise": chosen.noise}
        document = {
            "summary": {**asdict(summary), "line": str(summary), "budget": budget, **environment()},
            "tasks": [asdict(r) for r in records],
        }
        out.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    lines = [*by_tags(records), *summary.details]
    if peers and suite in LAW_SUITES:
        lines += peer_lines(r.beside for r in records)
    elif peers and isinstance(chosen, Scientists):
        lines += outside.closing_lines([r.beside for r in records])
    elif peers:
        lines.append(peer_line(records) if any(r.peer for r in records) else PEERS)
    for line in lines:
        print(line)
    print(summary, flush=True)


if __name__ == "__main__":
    main()
