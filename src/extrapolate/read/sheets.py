"""Sheets of Excel files as text: one row of cells after another, as a CSV file has them."""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
from typing import Any

from extrapolate.core.errors import InputError, require_package
from extrapolate.core.hints import did_you_mean


def sheet_text(data: bytes, name: str, sheet: str | None = None) -> tuple[str, list[str]]:
    """A sheet of an Excel file as CSV, and what is to be said of it: the first sheet, or the one of that name.

    Numbers are written as briefly as they are exact, dates as 2024-03-01. InputError where openpyxl is not installed,
    for a file that is none of Excel's, and for a sheet that is not there.
    """
    require_package("openpyxl", name, "excel", ", or save the sheet as CSV.")
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise InputError(f"{name} is no Excel file that can be read ({error}); save the sheet as CSV.") from None
    names = book.sheetnames
    if sheet is not None and sheet not in names:
        raise InputError(f"{name} has no sheet {sheet!r}; {did_you_mean(sheet, names, 'sheets')}")
    chosen = sheet or names[0]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    width = 1
    for row in book[chosen].iter_rows(values_only=True):
        cells = [_cell(value) for value in row]
        while len(cells) > width and not cells[-1]:
            cells.pop()
        width = width if width > 1 else len(cells)
        writer.writerow(cells)
    others = [other for other in names if other != chosen]
    notes = [f"the sheet {chosen!r} is read; --sheet names another of {', '.join(others)}"] if others else []
    return text.getvalue(), notes if sheet is None else []


def _cell(value: Any) -> str:
    """A value of a cell as people type it."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime.datetime() if value.time() == datetime.time():
            return value.date().isoformat()
        case datetime.datetime():
            return value.isoformat(" ")
    return str(value)
