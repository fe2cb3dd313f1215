"""Parquet files: scanned, and their first rows as text, as a CSV file has them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from extrapolate.core.errors import InputError, require_package

if TYPE_CHECKING:
    import polars as pl

PARQUET = ".parquet"
# What is learned is learned from the first rows, at most so many.
MOST_ROWS = 2000


def is_parquet(path: str) -> bool:
    return path.lower().endswith(PARQUET)


def scanned(path: str) -> pl.LazyFrame:
    """A Parquet file as a frame that is read when something is asked of it; InputError where it can't be."""
    require_package("polars", Path(path).name, "polars")
    import polars as pl

    if not Path(path).is_file():
        raise InputError(f"{path} can't be read (No such file or directory).")
    try:
        frame = pl.scan_parquet(path)
        frame.collect_schema()
    except pl.exceptions.PolarsError as error:
        raise InputError(f"{Path(path).name} is no Parquet file that can be read ({error}).") from None
    return frame


def parquet_text(path: str, name: str) -> tuple[str, list[str]]:
    """The first rows of a Parquet file as CSV, and what is to be said of it."""
    import polars as pl

    from extrapolate.engines.polars import by_name

    frame = scanned(path)
    schema = frame.collect_schema()
    unread = [c for c, t in schema.items() if t.is_nested() or t in (pl.Binary, pl.Object)]
    cells = {c: by_name(c).cast(pl.String) for c in schema.names() if c not in unread}
    said = [pl.when(cell.str.strip_chars() != "").then(cell).otherwise(None).alias(c) for c, cell in cells.items()]
    text = frame.head(MOST_ROWS).select(said).collect().write_csv()
    rows = frame.select(pl.len()).collect().item()
    notes = [f"column {c} is left out, as it holds {schema[c]}" for c in unread]
    if rows > MOST_ROWS:
        notes.append(f"the first {MOST_ROWS:,} of {rows:,} rows of {name} are looked at")
    return text, notes
