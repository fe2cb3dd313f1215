"""Data frames: a table of pandas or polars becomes a task, and its column is filled in.

To read one no library is imported, as both give a column's cells by `frame[name].to_list()`.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from extrapolate.core.errors import InputError
from extrapolate.core.hints import did_you_mean
from extrapolate.core.program import Program
from extrapolate.core.task import Task
from extrapolate.core.types import INT, TEXT, Type
from extrapolate.core.units import header_named

LIBRARIES = ("pandas", "polars")


def frame_of(records: Sequence[Mapping[str, Any]]) -> Any:
    """A data frame of pandas with these rows; InputError without pandas."""
    try:
        pandas = importlib.import_module("pandas")
    except ImportError:
        raise InputError("a data frame needs pandas, which is not installed; `pip install pandas` brings it.") from None
    return pandas.DataFrame(records)


# Unlabelled rows beyond so many tell a search nothing new; `fill` answers all of them.
MOST_OPEN_ROWS = 2000


def is_frame(value: Any) -> bool:
    return type(value).__module__.partition(".")[0] in LIBRARIES and hasattr(value, "columns")


def frame_task(frame: Any, target: str | None, name: str | None = None) -> Task:
    """The task of a data frame: the cells of `target` that are filled in are the examples, the other columns inputs.

    A target may be named without the unit in its header. Rows are numbered from 0. Columns of values other than bools,
    numbers, text and lists are read as text, as are numbers where the target is text. What is left out, and why, is
    said in the notes of the task. InputError for a target that is not there or has no cell filled in.
    """
    columns = [str(c) for c in frame.columns]
    header = header_named(target or "", columns)
    if header is None:
        shown = ", ".join(columns)
        raise InputError(f"the data frame has the columns {shown}; give one of them as target=, not {target!r}.")
    outputs = cells(frame, header)
    if all(v is None for v in outputs):
        raise InputError(f"every cell of {header!r} is blank; fill in two or three of them.")
    of_text = any(isinstance(v, str) for v in outputs)
    values = {c: cells(frame, c, of_text) for c in columns if c != header}
    inputs = [c for c, column in values.items() if any(v is not None for v in column)]
    if not inputs:
        raise InputError(f"the data frame has no column with values beside {header!r}; give an input column.")
    return Task.from_columns(
        range(len(outputs)), {**values, header: outputs}, inputs, header, name=name or header, most_open=MOST_OPEN_ROWS
    )


def cells(frame: Any, column: str, of_text: bool = False) -> list[Any]:
    """The cells of a column; None for blank ones. Dates, and with `of_text` all others, are read as text."""
    found = [None if is_blank(v) else v for v in frame[column].to_list()]
    usable = all(v is None or isinstance(v, bool | int | float | str | list) for v in found)
    if usable and not (of_text and any(not isinstance(v, str | None) for v in found)):
        return found
    return [None if v is None else str(v) for v in found]


def is_blank(value: Any) -> bool:
    """Whether a cell is empty: None, NaN, NaT, or text of nothing but spaces."""
    if isinstance(value, str):
        return not value.strip()
    return (
        value is None or type(value).__name__ in ("NaTType", "NAType") or (isinstance(value, float) and value != value)
    )


def holds_text(values: Sequence[Any]) -> bool:
    return any(isinstance(v, str) for v in values)


def filled(program: Program, frame: Any, columns: Sequence[str], target: str) -> Any:
    """The column `target` of a frame, a series of its library: what is filled in stays, the rest is the program's.

    `columns` are those of the program's inputs, of which the frame needs those that it uses. Each different row of them
    is answered once. None stands where there is no answer.
    """
    headers = [str(c) for c in frame.columns]
    used = [header_named(columns[i], headers) or columns[i] for i in program.places]
    program = program.trimmed
    target = header_named(target, headers) or target
    known = cells(frame, target) if target in headers else [None] * len(frame)
    of_text = program.output == TEXT
    missing = [c for c in used if c not in headers]
    if missing:
        raise InputError(
            f"the data frame has no column {missing[0]!r}, which the program needs; {did_you_mean(missing[0], headers)}"
        )
    inputs = [cells(frame, c, of_text) for c in used]
    answers: dict[Any, Any] = {}
    values = []
    for cell, *given in zip(known, *inputs, strict=True):
        if cell is None:
            key = tuple(map(repr, given)) if any(isinstance(v, list | dict) for v in given) else tuple(given)
            if key not in answers:
                whole = zip(program.inputs, given, strict=True)
                answers[key] = program.answer([_as_whole(v.type, value) for v, value in whole])
            cell = answers[key]
        values.append(cell)
    library = type(frame).__module__.partition(".")[0]
    if library == "polars":
        return sys.modules[library].Series(target, values, strict=False)
    return sys.modules[library].Series(values, index=frame.index, name=target)


def _as_whole(t: Type, value: Any) -> Any:
    """A float of a column of whole numbers as one; None where it is none."""
    if t == INT and isinstance(value, float):
        return int(value) if value.is_integer() else None
    return value
