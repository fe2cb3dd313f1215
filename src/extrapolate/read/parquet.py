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

    frame = scanned(path)
    nested = [c for c, t in frame.collect_schema().items() if t.is_nested()]
    text = frame.drop(nested).head(MOST_ROWS).select(pl.all().cast(pl.String)).collect().write_csv()
    rows = frame.select(pl.len()).collect().item()
    notes = [f"column {c} is left out, as it holds lists or records" for c in nested]
    if rows > MOST_ROWS:
        notes.append(f"the first {MOST_ROWS:,} of {rows:,} rows of {name} are looked at")
    return text, notes
