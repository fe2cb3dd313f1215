"""Sources: a file or standard input, its text, and what kind of text that is."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePath
from typing import Any

from extrapolate.core.errors import InputError
from extrapolate.core.files import LARGEST, decode, decode_table, read_bytes
from extrapolate.read.cells import parse_json
from extrapolate.read.parquet import PARQUET, is_parquet, parquet_text
from extrapolate.read.sheets import sheet_text
from extrapolate.read.table import BOM, Table, parse_table, sniff

ARROW = "->"
STANDARD_INPUT = "-"
EXCEL = (".xlsx", ".xlsm")
_KINDS = {
    **dict.fromkeys((*EXCEL, PARQUET), "table"),
    ".csv": "table",
    ".tsv": "table",
    ".tab": "table",
    ".json": "json",
    ".jsonl": "lines",
    ".ndjson": "lines",
}
_TABS = (".tsv", ".tab")
_STRING_OR_MARK = re.compile(r'"(?:[^"\\]|\\.)*"|->|;')


@dataclass(frozen=True)
class Form:
    """How a table is written, where that is not found out: its encoding, the delimiter, how many lines stand above the
    header, and the name of the sheet."""

    encoding: str | None = None
    delimiter: str | None = None
    skip_rows: int = 0
    sheet: str | None = None


def form_of(encoding: str | None, delimiter: str | None, skip_rows: int, sheet: str | None) -> Form:
    """How a table is written, as options say; InputError for a delimiter that is no single character."""
    delimiter = {"tab": "\t", "\\t": "\t"}.get(delimiter or "", delimiter)
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise InputError(f"the delimiter {delimiter!r} was given; give one character, as ; or tab.")
    return Form(encoding, delimiter, skip_rows, sheet)


@dataclass(frozen=True)
class Source:
    """What was read. `kind` is `table`, `json`, `lines` (one JSON value a line) or `pairs` (`input -> output`).

    `notes` are what is to be said of how it was read.
    """

    text: str
    name: str
    stem: str | None = None
    suffix: str = ""
    form: Form = Form()
    notes: tuple[str, ...] = ()

    @cached_property
    def kind(self) -> str:
        return _KINDS.get(self.suffix) or _sniffed(self.text)

    @cached_property
    def table(self) -> Table:
        delimiter = self.form.delimiter or ("\t" if self.suffix in _TABS else None)
        table = parse_table(self.text, delimiter, self.name, skip_rows=self.form.skip_rows)
        return replace(table, notes=(*self.notes, *table.notes))

    @cached_property
    def json(self) -> Any:
        """The JSON value; InputError with the line and the column where the text stops being JSON."""
        try:
            return parse_json(self.body)
        except json.JSONDecodeError as error:
            raise InputError(
                f"{self.name} is not JSON: line {error.lineno}, column {error.colno}: {_lowered(error.msg)}."
            ) from None

    @cached_property
    def json_lines(self) -> list[tuple[int, Any]]:
        """The values of a text with one JSON value a line, with the numbers of their lines."""
        found = []
        for number, line in self.lines:
            try:
                found.append((number, parse_json(line)))
            except json.JSONDecodeError as error:
                raise InputError(
                    f"{self.name} is not one JSON value a line: "
                    f"line {number}, column {error.colno}: {_lowered(error.msg)}."
                ) from None
        return found

    @property
    def lines(self) -> list[tuple[int, str]]:
        """The lines that say something, with their numbers; blank ones and comments (#) are left out."""
        numbered = enumerate(re.split(r"\r\n|\r|\n", self.body), 1)
        return [(n, line) for n, line in numbered if line.strip() and not line.lstrip().startswith("#")]

    @property
    def body(self) -> str:
        return self.text.removeprefix(BOM)


def read_source(path: str, form: Form | None = None) -> Source:
    """The text of a file, or of standard input for `-`; InputError when it can't be read or is empty."""
    form = form or Form()
    if path == STANDARD_INPUT:
        name, data = "standard input", sys.stdin.buffer.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise InputError(f"standard input is larger than {LARGEST:,} bytes, the most that is read; give a part.")
        text, _ = decode_table(data, name, form.encoding) if form.encoding else (decode(data, name), None)
        source = Source(text, name, form=form)
    else:
        name = PurePath(path).name
        suffix = PurePath(path).suffix.lower()
        if is_parquet(path):
            text, found = parquet_text(path, name)
            return Source(text, name, PurePath(path).stem, suffix, form, tuple(found))
        data, notes = read_bytes(path), list[str]()
        if suffix in EXCEL:
            text, notes = sheet_text(data, name, form.sheet)
        elif _KINDS.get(suffix) == "table" or form.encoding:
            text, encoding = decode_table(data, name, form.encoding)
            if encoding is not None and form.encoding is None:
                notes = [f"{name} is read as {encoding}, and written as UTF-8; --encoding names another encoding"]
        else:
            text = decode(data, name)
        source = Source(text, name, PurePath(path).stem, suffix, form, tuple(notes))
    if not source.body.strip():
        raise InputError(f"{name} is empty; give examples, as in: [3, 1, 2] -> [1, 2, 3]")
    return source


def split_marks(line: str, mark: str) -> list[str]:
    """The parts of a line between marks (`->` or `;`) that stand outside double quotes."""
    parts, start = [], 0
    for found in _STRING_OR_MARK.finditer(line):
        if found[0] == mark:
            parts.append(line[start : found.start()])
            start = found.end()
    return [*parts, line[start:]]


def _sniffed(text: str) -> str:
    """The kind of a text without a telling name: JSON when it is JSON, pairs when its first line has an arrow."""
    body = text.removeprefix(BOM).strip()
    if body[0] in "[{":
        try:
            parse_json(body)
            return "json"
        except ValueError:
            pass
    lines = [line for line in body.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if lines and len(split_marks(lines[0], ARROW)) > 1:
        return "pairs"
    if body[0] in "[{":
        return "lines" if len(lines) > 1 and _is_json(lines[0]) else "json"
    return "table" if lines and any(d in lines[0] for d in sniff(lines[0])) else "pairs"


def _is_json(line: str) -> bool:
    try:
        parse_json(line)
    except ValueError:
        return False
    return True


def _lowered(message: str) -> str:
    return message[:1].lower() + message[1:]
