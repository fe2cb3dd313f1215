"""Parquet files filled in as a stream, so that they may be larger than memory.

A program is run by polars where that has all its words, and batch by batch in Python where it has not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extrapolate.commands.answers import answer, found_columns
from extrapolate.core.errors import InputError
from extrapolate.core.files import written
from extrapolate.core.program import Program
from extrapolate.core.types import BOOL, FLOAT, INT, TEXT
from extrapolate.read.parquet import scanned

if TYPE_CHECKING:
    import polars as pl

# How the inputs of a program are called while it runs.
INPUT = "extrapolate input {}"


@dataclass(frozen=True)
class Filled:
    """How many rows were written, how many of them have no answer, and the word that polars has no form for, if any."""

    rows: int
    empty: int
    refused: str | None

    @property
    def notes(self) -> list[str]:
        said = [] if self.refused is None else [f"Python answers each row: {self.refused.rstrip('.')}"]
        return [*said, f"{self.empty:,} of {self.rows:,} rows left empty: there is no answer"] if self.empty else said


def fill_parquet(
    program: Program, path: str, out: str, target: str | None, columns: Sequence[str] | None = None, *, force: bool
) -> Filled:
    """Writes a Parquet file with the answers in the empty cells of the target column, which may be new.

    `columns` are those of the inputs; without them they are found by the names of these. InputError for a file that is
    not there, for a column that is missing, and for answers that are no column of Parquet.
    """
    import polars as pl

    from extrapolate.engines.polars import by_name

    frame, name = scanned(path), Path(path).name
    schema = frame.collect_schema()
    learned = [columns[i] for i in program.places] if columns else []
    program = program.trimmed
    used, target = found_columns(program, target, learned, schema.names(), name)
    types = {TEXT: pl.String, INT: pl.Int64, FLOAT: pl.Float64, BOOL: pl.Boolean}
    if any(t not in types for t in (program.output, *(v.type for v in program.inputs))):
        raise InputError(
            f"{program.name}{program.signature} is no program on the columns of a Parquet file; use a table."
        )
    inputs = {v.name: INPUT.format(i) for i, v in enumerate(program.inputs)}
    casts = [
        by_name(c).cast(types[v.type], strict=False).alias(inputs[v.name])
        for c, v in zip(used, program.inputs, strict=True)
    ]
    refused = None
    try:
        found = program.polars(inputs)
    except InputError as error:
        refused, found = str(error), by_python(program, list(inputs.values()), types[program.output])
    if target in schema:
        found = in_blanks(target, schema[target], found, types[program.output])
    with_answers = frame.with_columns(casts).with_columns(found.alias(target)).drop(list(inputs.values()))
    with written(out, force=force) as temporary:
        with_answers.sink_parquet(temporary)
        rows, empty = pl.scan_parquet(temporary).select(pl.len(), by_name(target).null_count()).collect().row(0)
    return Filled(rows, empty, refused)


def in_blanks(target: str, held: Any, found: pl.Expr, given: Any) -> pl.Expr:
    """What a column holds, with answers in its blank cells, widened to their type; InputError where it can't be."""
    import polars as pl

    from extrapolate.engines.polars import by_name

    known = by_name(target)
    is_text = held in (pl.String, pl.Categorical) or isinstance(held, pl.Enum)
    able = (given == pl.String and is_text) or (given != pl.String and held.is_numeric() and given != pl.Boolean)
    if not (able or held in (given, pl.Null)):
        raise InputError(f"{target} holds {held} and the answers are {given}; name another column with --target.")
    wide = pl.Float64 if held.is_numeric() and held.is_float() else given
    known = known.cast(wide)
    is_blank = (known.str.strip_chars() == "") | known.is_null() if given == pl.String else known.is_null()
    return pl.when(is_blank.fill_null(True)).then(found.cast(wide)).otherwise(known)


def by_python(program: Program, columns: Sequence[str], dtype: Any) -> pl.Expr:
    """The program run in Python on each different row of a batch."""
    import polars as pl

    def answered(batch: pl.Series) -> pl.Series:
        known: dict[tuple[Any, ...], Any] = {}
        values = []
        for row in zip(*(batch.struct.field(c).to_list() for c in columns), strict=True):
            given = tuple(None if isinstance(v, str) and not v.strip() else v for v in row)
            if given not in known:
                known[given] = answer(program, given)
            values.append(known[given])
        return pl.Series(values, dtype=dtype)

    return pl.struct(columns).map_batches(answered, return_dtype=dtype, is_elementwise=True)
