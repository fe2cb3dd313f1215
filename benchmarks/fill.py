"""How many rows a second a learned program fills in: its exported Python, and `fill` on a data frame.

python benchmarks/fill.py --rows 1000000

Each program is learned from three cells of a column of generated names, amounts and dates. `fill` answers equal cells
once, so the cells of all columns but the last are nearly all different.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import click
import pandas as pd

from extrapolate import Result, learn

FIRST, LAST = ("Ada", "Alan", "Grace", "Emmy"), ("Lovelace", "Turing", "Hopper", "Noether")


class Column(NamedTuple):
    """A column to fill in: how a cell of the input is made from a random generator, and the examples."""

    name: str
    cell: Callable[[random.Random], str]
    examples: list[tuple[str, str]]


COLUMNS = (
    Column(
        "initials",
        lambda r: f"{r.choice(FIRST)} {r.choice(LAST)}-{r.randrange(10**9)}",
        [("Ada Lovelace-1", "A.L."), ("Alan Turing-22", "A.T."), ("Grace Hopper-7", "G.H.")],
    ),
    Column(
        "amount",
        lambda r: f"${r.randrange(10**7):,}.{r.randrange(100):02}",
        [("$2,488.50", "2488.50"), ("$762.85", "762.85"), ("$1,000,100.00", "1000100.00")],
    ),
    Column(
        "day",
        lambda r: f"{r.randrange(1900, 2100)}-{r.randrange(1, 13):02}-{r.randrange(1, 29):02} {r.randrange(10**6)}",
        [("2024-01-31 77", "01/31/2024"), ("1999-12-05 5", "12/05/1999"), ("2000-07-09 812", "07/09/2000")],
    ),
    Column(
        "month",
        lambda r: f"{r.randrange(1900, 2100)}-{r.randrange(1, 13):02}-{r.randrange(1, 29):02}",
        [("2024-01-31", "January 2024"), ("1999-12-05", "December 1999"), ("2000-07-09", "July 2000")],
    ),
)


class Clock:
    seconds = 0.0


@contextmanager
def timed() -> Iterator[Clock]:
    clock, start = Clock(), time.perf_counter()
    yield clock
    clock.seconds = time.perf_counter() - start


def measure(column: Column, rows: int) -> dict[str, Any]:
    """The seconds that each way to fill in so many rows takes, and whether all give the same."""
    result = learn(column.examples, name=column.name, programs=200_000, seconds=None)
    generator = random.Random(0)
    cells = [column.cell(generator) for _ in range(rows)]
    with timed() as python:
        function = exported(result)
        answers = [function(cell) for cell in cells]
    given, wanted = zip(*column.examples, strict=True)
    frame = pd.DataFrame({"s": [*given, *cells], column.name: [*wanted, *([None] * rows)]})
    learned = learn(frame, target=column.name, programs=200_000, seconds=None)
    with timed() as filled:
        series = learned.fill(frame)
    return {
        "program": result.program.source.strip().splitlines()[-1].strip() if result.program else None,
        "python": rows / python.seconds,
        "fill": rows / filled.seconds,
        "same": series.to_list()[len(given) :] == answers,
    }


def exported(result: Result) -> Callable[[str], str]:
    """The program's Python, which is what `--out` writes, as a function."""
    assert result.program is not None
    namespace: dict[str, Any] = {}
    exec(result.program.source, namespace)
    function: Callable[[str], str] = namespace[result.program.name]
    return function


@click.command()
@click.option("--rows", default=1_000_000, type=click.IntRange(1), show_default=True)
def main(rows: int) -> None:
    """Print the rows a second of each way to fill in a column."""
    print(f"{'column':<10} {'Python':>12} {'fill':>12}  same  program   (rows a second, {rows:,} rows)")
    for column in COLUMNS:
        found = measure(column, rows)
        same = "yes" if found["same"] else "no"
        print(f"{column.name:<10} {found['python']:>12,.0f} {found['fill']:>12,.0f}  {same:<4}  {found['program']}")


if __name__ == "__main__":
    main()
