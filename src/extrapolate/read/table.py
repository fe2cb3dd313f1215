r"""Tables of text, as CSV and TSV files hold them, kept with every character as it was written.

A cell is remembered raw, with its quotes, so that a table with one column filled in differs from the file it came
from in that column only.

>>> table = parse_table('name,"best"\r\n"a, b",\r\n', ",")
>>> table.columns, table.rows[0].cells
(('name', 'best'), ('a, b', ''))
>>> table.with_cells("best", {2: "7"})
'name,"best"\r\n"a, b",7\r\n'
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import NamedTuple

from extrapolate.core.errors import InputError
from extrapolate.core.files import is_decoded
from extrapolate.core.hints import did_you_mean, numbered
from extrapolate.core.units import header_named

BOM = "\ufeff"
# A table begins with so many comments at most.
MOST_COMMENTS = 100
DELIMITERS = (",", ";", "\t", "|")
_SEPARATOR = re.compile(r'"?sep=([^\r\n])"?(?:\r\n|\r|\n)', re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|\r|\n")
_QUOTED = re.compile(r'"([^"]*(?:""[^"]*)*)"(?!")')


class Record(NamedTuple):
    """A line of cells as they were written. `number` counts from 1, the header and blank lines included."""

    number: int
    raw: tuple[str, ...]
    end: str

    @property
    def cells(self) -> tuple[str, ...]:
        return tuple(map(_unquoted, self.raw))

    def cell(self, place: int) -> str:
        """What one cell says, nothing where the line ends before."""
        return _unquoted(self.raw[place]) if place < len(self.raw) else ""

    def with_cell(self, place: int, cell: str) -> Record:
        """The line with one cell in place of another, or behind where it ends before."""
        raw = (*self.raw, *[""] * (place - len(self.raw)))
        return self._replace(raw=(*raw[:place], cell, *raw[place + 1 :]))

    @property
    def blank(self) -> bool:
        return len(self.raw) == 1 and not self.raw[0].strip()


@dataclass(frozen=True)
class Table:
    """A header and rows of raw cells. Blank lines are kept for writing and are not rows."""

    columns: tuple[str, ...]
    header: Record
    records: tuple[Record, ...]
    delimiter: str
    start: str = ""
    name: str = "the table"
    notes: tuple[str, ...] = ()
    told_empty: frozenset[int] = frozenset()

    @cached_property
    def rows(self) -> tuple[Record, ...]:
        return tuple(r for r in self.records if not r.blank)

    def named(self, name: str) -> str:
        """The column of that name, with or without a unit behind it; InputError suggests the nearest there is."""
        found = header_named(name, self.columns)
        if found is None:
            raise InputError(f"{self.name} has no column {name!r}; {did_you_mean(name, self.columns)}")
        return found

    def column(self, name: str) -> list[tuple[int, str]]:
        """The cells of a column with the numbers of their rows; InputError for cells that are not UTF-8."""
        named = self.named(name)
        place = self.columns.index(named)
        found = [(r.number, r.cell(place)) for r in self.rows]
        for number, cell in found:
            if not is_decoded(cell):
                raise InputError(
                    f"{self.name}: row {number}, {named} is not UTF-8 text; save the file as UTF-8, "
                    "or leave the column out with --inputs."
                )
        return found

    def told(self, column: str, cells: Mapping[int, str]) -> Table:
        """The table with some cells of a column filled in, by row number; InputError where no row has that number."""
        known = {record.number for record in self.rows}
        for number in cells:
            if number not in known:
                raise InputError(f"{self.name} has no row {number}; its rows are {min(known)} to {max(known)}.")
        for number, cell in self.column(column):
            if number in cells and cell.strip():
                raise InputError(
                    f"row {number} of {column} holds {cell!r} already; leave its answer out, or empty the cell."
                )
        empty = frozenset(number for number, cell in cells.items() if not cell)
        filled = {number: cell for number, cell in cells.items() if cell}
        return replace(self.with_column(column, filled), told_empty=empty)

    def empty_on_purpose(self, column: str) -> set[int]:
        """The rows where a column is empty and should be: as it was told, or as it is written `""` where other cells of
        the column are left blank."""
        place = self.columns.index(self.named(column))
        raw = {r.number: r.raw[place] if place < len(r.raw) else "" for r in self.rows}
        quoted = {number for number, cell in raw.items() if cell == '""'}
        return {*self.told_empty, *(quoted if "" in raw.values() else ())}

    def with_column(self, column: str, cells: Mapping[int, str]) -> Table:
        """The table with some cells of a column written anew, by row number; a new column comes last, and is empty in
        other rows."""
        new = column not in self.columns
        place = len(self.columns) if new else self.columns.index(column)

        def written(record: Record) -> Record:
            cell = cells.get(record.number, "" if new and not record.blank else None)
            return record if cell is None else record.with_cell(place, quoted(cell, self.delimiter))

        records = tuple(map(written, self.records))
        if not new:
            return replace(self, records=records)
        header = self.header.with_cell(place, quoted(column, self.delimiter))
        return replace(self, columns=(*self.columns, column), header=header, records=records)

    def with_cells(self, column: str, cells: Mapping[int, str]) -> str:
        """The text of the table with some cells of a column written anew, by row number."""
        return self.with_column(column, cells).text

    @property
    def text(self) -> str:
        """The table as it is written."""
        lines = (self.delimiter.join(record.raw) + record.end for record in (self.header, *self.records))
        return "".join((self.start, *lines))


def parse_table(text: str, delimiter: str | None = None, name: str = "the table", *, skip_rows: int = 0) -> Table:
    """A table from its text. A line `sep=;` above it names the delimiter; a row may end before its last cells; of
    columns with the same name the later ones are numbered. The header stands below `skip_rows` lines.

    InputError for a table without rows, and for a row with more cells than the header.
    """
    body = text.removeprefix(BOM)
    notes: list[str] = []
    if named := _SEPARATOR.match(body):
        text = body = body[named.end() :]
        delimiter = named[1]
        notes.append(f"the line sep={delimiter} above the header is read, and is not written")
    if not body.strip():
        raise InputError(f"{name} is empty; give a header line and at least one row.")
    delimiter = delimiter or sniff(body)
    records = list(split_records(body, delimiter, name))
    comments = range(comment_lines(body))
    first = next((i for i, r in enumerate(records) if i >= skip_rows and not r.blank and i not in comments), None)
    if first is None:
        raise InputError(f"{name} has {len(records)} lines and {skip_rows} were to be skipped; skip fewer.")
    header = records[first]
    start = text[: len(text) - len(body)] + "".join(delimiter.join(r.raw) + r.end for r in records[:first])
    columns = tuple(cell.strip() or f"column {i}" for i, cell in enumerate(header.cells, 1))
    columns, renamed = _numbered(columns)
    notes += [f"another column {old!r} is called {new!r} here" for old, new in renamed]
    rows = [r for r in records[first + 1 :] if not r.blank]
    if short := [r.number for r in rows if len(r.raw) < len(columns)]:
        notes.append(f"{numbered(short)} {'has' if len(short) == 1 else 'have'} fewer cells than the header")
    table = Table(columns, header, tuple(records[first + 1 :]), delimiter, start, name, tuple(notes))
    if not table.rows:
        raise InputError(f"{name} has a header and no rows; give at least one row below {', '.join(columns)}.")
    for row in table.rows:
        if len(row.raw) > len(columns) and any(cell.strip() for cell in row.raw[len(columns) :]):
            raise InputError(
                f"{name}, row {row.number} has {len(row.raw)} cells and the header has {len(columns)}; "
                f"put a cell that holds {delimiter!r} in double quotes."
            )
    return table


def _numbered(columns: Sequence[str]) -> tuple[tuple[str, ...], list[tuple[str, str]]]:
    """The names of columns, each once, and those that were renamed: `note`, `note 2`."""
    found: list[str] = []
    renamed: list[tuple[str, str]] = []
    for column in columns:
        names = itertools.chain((column,), (f"{column} {i}" for i in itertools.count(2)))
        found.append(next(n for n in names if n not in found))
        if found[-1] != column:
            renamed.append((column, found[-1]))
    return tuple(found), renamed


def comment_lines(text: str) -> int:
    """How many lines at the beginning are comments: they begin with `#`, and no delimiter splits the last of them into
    as many cells as the line below."""
    lines = _LINE_END.split(text)[:MOST_COMMENTS]
    n = 0
    while n + 1 < len(lines) and lines[n].lstrip().startswith("#"):
        n += 1
    if not n or any(lines[n].count(d) == lines[n - 1].count(d) > 0 for d in DELIMITERS):
        return 0
    return n if any(d in lines[n] for d in DELIMITERS) else 0


def sniff(text: str) -> str:
    """The delimiter that splits the header into the most cells; a comma when none does."""
    lines = _LINE_END.split(text)[comment_lines(text) :]
    header = next(line for line in lines if line.strip())
    return max(DELIMITERS, key=lambda d: len(next(split_records(header, d, None)).raw))


def quoted(cell: str, delimiter: str) -> str:
    """A cell as it is written: in quotes when it needs them."""
    if cell != cell.strip() or any(c in cell for c in ('"', "\r", "\n", delimiter)):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _unquoted(raw: str) -> str:
    """What a raw cell says; characters after the closing quote belong to the cell, as in Python's `csv`."""
    found = _QUOTED.match(raw)
    return found[1].replace('""', '"') + raw[found.end() :] if found else raw


@lru_cache(maxsize=8)
def _cell_pattern(delimiter: str) -> re.Pattern[str]:
    plain = rf"[^{re.escape(delimiter)}\r\n]*"
    return re.compile(rf"({_QUOTED.pattern}{plain}|{plain})({re.escape(delimiter)}|\r\n|\r|\n|\Z)")


def split_records(text: str, delimiter: str, name: str | None) -> Iterator[Record]:
    """The lines of a table; InputError for a quote that is never closed, unless `name` is None."""
    pattern = _cell_pattern(delimiter)
    number, at = 1, 0
    raw: list[str] = []
    while at < len(text) or raw:
        found = pattern.match(text, at)
        assert found is not None
        cell, _, end = found.groups()
        if name is not None and cell.startswith('"') and not _QUOTED.match(cell):
            line = len(_LINE_END.findall(text, 0, at)) + 1
            raise InputError(f'{name}: the quote (") opened in line {line} is never closed; close or double it.')
        raw.append(cell)
        at = found.end()
        if end != delimiter:
            yield Record(number, tuple(raw), end)
            number, raw = number + 1, []
