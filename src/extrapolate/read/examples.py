"""Examples: tables, JSON and pairs of text become a Task.

- A table (CSV, TSV) or JSON objects: `target` names the column that is wanted, the other columns are the inputs.
- JSON: `[[input, output], ...]`, or `[{"input": 3, "output": 4}, ...]`, or with several inputs
  `[{"in": [3, 4], "out": 7}, ...]`; or an object with these as `examples`, and perhaps `name`, `description` and
  `inputs` (the names or the types of the inputs).
- Pairs: a line each, `input -> output`, several inputs separated by `;`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from extrapolate.core.errors import InputError
from extrapolate.core.hints import did_you_mean, listed, numbered
from extrapolate.core.kind import parse_type
from extrapolate.core.task import Row, Task
from extrapolate.core.types import Type
from extrapolate.core.units import header_named
from extrapolate.core.values import counts_up
from extrapolate.languages.laws import MEASUREMENTS
from extrapolate.languages.rows import is_reckoned
from extrapolate.read.amounts import as_numbers, is_disguised
from extrapolate.read.cells import (
    are_amounts,
    are_reckoned,
    cells_as_text,
    column_values,
    holds_text,
    is_part_of,
    short,
    value_of,
)
from extrapolate.read.errors import read_errors
from extrapolate.read.parquet import PARQUET
from extrapolate.read.sources import ARROW, Form, Source, read_source, split_marks
from extrapolate.read.table import Table
from extrapolate.read.windows import balances, says, suggested, windows, with_windows

INPUT_KEYS = ("in", "input", "inputs")
OUTPUT_KEYS = ("out", "output")
PROGRAM_FORMAT = "extrapolate-program"

# So many rows with blank cells are read as text.
MOST_GAPS = 6
# Of longer tables no windows are tried.
MOST_WINDOWED = 2000

Numbered = tuple[int, Any]


@dataclass(frozen=True)
class ReadTask:
    """A task with where it came from: the columns and the table, when it was one.

    `of_numbers` is the same with numbers in place of texts, where what is wanted may be either, and `of_windows` with
    columns made of other rows, where what is wanted speaks for that; `windows` is how many such columns were looked at,
    and `said` are those that the name of the target says.
    """

    task: Task
    target: str | None = None
    columns: tuple[str, ...] = ()
    table: Table | None = None
    of_numbers: ReadTask | None = None
    of_windows: ReadTask | None = None
    windows: int = 0
    said: frozenset[str] = frozenset()


def read_task(
    path: str,
    target: str | None = None,
    inputs: Sequence[str] | None = None,
    name: str | None = None,
    *,
    texts: bool | None = True,
    as_text: bool | None = False,
    errors: str | None = None,
    form: Form | None = None,
    told: Mapping[int, str] | None = None,
) -> ReadTask:
    """The task that a file, or standard input for `-`, holds; InputError says what is wrong with it and where.

    Without `inputs`, all columns but the target are inputs; with `texts=False`, those of text are left out too. With
    `as_text`, the cells of a table are text as they stand, numbers and lists too. None leaves either to what is read:
    a table is read as text when its target is text, or all that can be an input. `errors` are the standard errors of
    the target and of inputs, a column or a number each as in `dT,L=dL`, `form` says how a table is written, and `told`
    are cells of the target by the numbers of their rows, as if they stood in the table. Columns with a unit in their
    header may be named without it.
    """
    return Reader(read_source(path, form), target, inputs, name, texts, as_text, errors, told or {}).read()


@dataclass(frozen=True)
class Reader:
    """Reads one source as examples."""

    source: Source
    target: str | None
    inputs: Sequence[str] | None
    name: str | None
    texts: bool | None
    as_text: bool | None
    errors: str | None = None
    told: Mapping[int, str] = field(default_factory=dict)

    def read(self) -> ReadTask:
        source = self.source
        if self.told and source.kind != "table":
            raise InputError(f"--answer is for the rows of a table and {source.name} is none; write the answer in it.")
        if source.kind == "table":
            return self.of_table(source.table)
        if source.kind == "pairs":
            self.refuse_columns()
            return self.of_rows([_pair_of_text(n, line) for n, line in source.lines], Document())
        if source.kind == "lines":
            return self.of_json(source.json_lines, Document())
        found, document = source.json, Document()
        if isinstance(found, dict):
            document, found = Document.of(found, source), found["examples"]
        if not isinstance(found, list) or not found:
            raise InputError(f"{source.name} holds {short(found)}; give a list of examples, [[input, output], ...].")
        return self.of_json(list(enumerate(found, 1)), document)

    def of_table(self, table: Table) -> ReadTask:
        if self.told and self.target is not None and header_named(self.target, table.columns) is None:
            table = table.with_column(self.target, {})
        target = self.checked_target(self.target, table.columns)
        table = table.told(target, self.told) if self.told else table
        of_errors = set() if self.errors is None else read_errors(self.errors, table.columns, target).columns
        wanted = {header_named(c, table.columns) for c in (*(self.inputs or ()), *of_errors, target)}
        used = [c for c in table.columns if self.inputs is None or c in wanted]
        if amounts := self.amounts(table, target, used):
            return self.of_amounts(table, target, used, amounts)
        as_text = self.is_text(table, target, used) if self.as_text is None else self.as_text
        if self.as_text is None and not as_text and self.is_reckoned(table, target, used):
            as_text = True
        read = self.of_cells(table, target, used, as_text)
        if self.as_text is not True and self.errors is None and self.source.suffix != PARQUET:
            read = replace(read, of_windows=self.with_windows(table, target, used, as_text))
        cells, others = table.column(target), [table.column(c) for c in used if c != target]
        is_written = are_amounts(cells) or are_reckoned(cells, others) or self.has_gaps(read)
        if self.as_text is None and not as_text and is_written:
            return replace(self.of_cells(table, target, used, True), of_numbers=read, of_windows=read.of_windows)
        return read

    def is_reckoned(self, table: Table, target: str, used: Sequence[str]) -> bool:
        """Whether few cells of the target are the sum, the mean or an extreme of columns side by side."""
        filled = [cell for _, cell in table.column(target) if cell.strip()]
        few = 1 < len(filled) <= MOST_GAPS and len(filled) < len(table.rows) and self.errors is None
        return few and is_reckoned(self.of_cells(table, target, used, True).task)

    @staticmethod
    def has_gaps(read: ReadTask) -> bool:
        """Whether most of few rows would be no examples, as a cell of theirs is blank, which text may be."""
        task = read.task
        return bool(task.left_out) and len(task.labelled) <= len(task.left_out) + 1 <= MOST_GAPS

    def amounts(self, table: Table, target: str, used: Sequence[str]) -> list[str]:
        """The columns of numbers that are written as people do, where they are read as numbers: with laws, any; else
        where the target is such a one, and what it may depend on is too."""
        cells = {c: [cell for _, cell in table.column(c)] for c in used}
        found = [c for c in used if is_disguised(cells[c])]
        if self.as_text is False and self.texts is False:
            return found
        enough = len([cell for cell in cells[target] if cell.strip()]) >= MEASUREMENTS
        others = [c for c in used if c != target]
        all_numbers = all(as_numbers(cells[c]) is not None for c in others)
        is_european = table.delimiter != ","  # else a comma is more than a decimal point
        same = is_european and self.as_text is None and enough and target in found and len(found) > 1 and all_numbers
        return found if same else []

    def of_amounts(self, table: Table, target: str, used: Sequence[str], amounts: Sequence[str]) -> ReadTask:
        """The task with the numbers of some columns read as they are meant."""
        values: dict[str, list[Any]] = {}
        for c in used:
            cells = table.column(c)
            read = as_numbers([cell for _, cell in cells]) if c in amounts else None
            values[c] = column_values(cells, c) if read is None else list(read)
        first = next(cell for _, cell in table.column(amounts[0]) if is_disguised([cell]))
        note = f"{' and '.join(amounts)}: numbers are read as they are meant, as {first!r}"
        numbers = [row.number for row in table.rows]
        return self.of_columns(numbers, values, target, replace(table, notes=(*table.notes, note)), Document())

    def with_windows(self, table: Table, target: str, used: Sequence[str], as_text: bool) -> ReadTask | None:
        """The task with columns made of other rows beside its own, where some are suggested."""
        if len(table.rows) > MOST_WINDOWED:
            return None
        looked_at = list(windows(table, [c for c in used if c != target]))
        found = suggested(table, target, looked_at)
        if not found:
            return None
        names = [window.name for window in found]
        wider = with_windows(table, names)
        read = replace(self, inputs=None).of_cells(wider, target, [*used, *names], as_text)
        said = frozenset(window.name for window in found if says(target, window))
        return replace(read, table=table, windows=len(looked_at), said=said)

    def of_cells(self, table: Table, target: str, used: Sequence[str], as_text: bool) -> ReadTask:
        read = cells_as_text if as_text else column_values
        values = {c: read(table.column(c), c) for c in used}
        numbers = [row.number for row in table.rows]
        if empty := (table.empty_on_purpose(target) if as_text else table.told_empty):
            if not as_text:
                raise InputError(
                    f"{numbered(sorted(empty))} of {target} should be empty, which only text can be; "
                    "leave that answer out, or give --language text."
                )
            values[target] = ["" if n in empty else v for n, v in zip(numbers, values[target], strict=True)]
        return self.of_columns(numbers, values, target, table, Document())

    def is_text(self, table: Table, target: str, used: Sequence[str]) -> bool:
        """Whether a table is about text: its target is, or all its other columns, without one that counts the rows
        where whole numbers are wanted, or what is wanted stands character by character in a cell of text in its row, as
        a code, a version or a year does; or it is a balance of what comes in and goes out."""
        wanted = table.column(target)
        if holds_text(wanted):
            return True
        columns = [table.column(c) for c in used if c != target]
        texts = [column for column in columns if holds_text(column)]
        given = [(i, cell.strip()) for i, (_, cell) in enumerate(wanted) if cell.strip()]
        counters = [column for column in columns if column and counts_up([cell.strip() for _, cell in column])]
        is_counted = all(cell.isdecimal() for _, cell in given)
        if texts and len(texts) + is_counted * len(counters) == len(columns):
            return True
        if suggested(table, target, balances(table, [c for c in used if c != target])):
            return True
        return all(any(is_part_of(column[i][1], cell) for column in texts) for i, cell in given)

    def of_json(self, records: list[Numbered], document: Document) -> ReadTask:
        """Examples in JSON; objects that are not of the form `{"in": ..., "out": ...}` are rows with columns."""
        number, first = records[0]
        for n, value in records:
            if isinstance(value, dict) != isinstance(first, dict):
                raise InputError(f"{self.source.name}: example {n} is not of the same form as example {number}.")
        if isinstance(first, dict) and "examples" in first:
            raise InputError(f"{self.source.name} holds {len(records):,} tasks; give a file with one of them.")
        target = self.target or document.target
        if isinstance(first, dict) and (target is not None or not any(k in first for k in INPUT_KEYS)):
            columns = list(dict.fromkeys(k for _, value in records for k in value))
            target = self.checked_target(target, columns)
            values = {c: [value.get(c) for _, value in records] for c in columns}
            return self.of_columns([n for n, _ in records], values, target, None, document)
        self.refuse_columns()
        examples = [self.example(n, value) for n, value in records]
        rows, names = [row for row, _ in examples], examples[0][1]
        for row, others in examples:
            if others != names:
                raise InputError(f"{self.source.name}: example {row.number} has other inputs than the ones before it.")
        return self.of_rows(rows, document, names)

    def example(self, number: int, value: Any) -> tuple[Row, list[str] | None]:
        """One example in JSON, with the names of its inputs when it gives them."""
        if not isinstance(value, dict):
            if not isinstance(value, list) or len(value) != 2:
                raise InputError(
                    f"{self.source.name}: example {number} is {short(value)}; give pairs, [input, output]."
                )
            return Row((value[0],), value[1], number), None
        key = next((k for k in INPUT_KEYS if k in value), None)
        if key is None:
            raise InputError(f"{self.source.name}: example {number} has no input; its keys are {listed(list(value))}.")
        given = value[key]
        output = next((value[k] for k in OUTPUT_KEYS if k in value), None)
        if isinstance(given, dict):
            return Row(tuple(given.values()), output, number), list(given)
        several = key != "input" and isinstance(given, list)
        return Row(tuple(given) if several else (given,), output, number), None

    def of_rows(self, rows: list[Row], document: Document, names: list[str] | None = None) -> ReadTask:
        declared, types = document.declared(len(rows[0].inputs))
        name = self.name or document.name or self.source.stem or "program"
        try:
            return ReadTask(
                Task.from_rows(rows, names=names or declared, types=types, name=name, description=document.description)
            )
        except InputError as error:
            if "inputs and row" not in str(error):
                raise
            raise InputError(f'{error} (One input that is a list is written {{"input": [...]}}.)') from None

    def of_columns(
        self,
        numbers: list[int],
        values: dict[str, list[Any]],
        target: str,
        table: Table | None,
        document: Document,
    ) -> ReadTask:
        outputs, notes = values[target], list(table.notes if table else ())
        errors = None if self.errors is None else read_errors(self.errors, list(values), target)
        of_errors = errors.columns if errors else set()
        measured = {c: v for c, v in values.items() if c not in of_errors}
        if all(v is None for v in outputs):
            raise InputError(f"{self.source.name}: every cell of {target!r} is empty; fill in at least one.")
        if self.inputs is None:
            inputs, note = self.default_inputs(measured, target)
            notes += note
        else:
            every = table.columns if table else values
            inputs = self.checked_inputs([c for c in every if c not in of_errors], target)
        task = Task.from_columns(
            numbers,
            values,
            inputs,
            target,
            name=self.name or document.name or target,
            description=document.description,
            notes=notes,
        )
        if errors is not None:
            task = errors.given_to(task, target, numbers, values)
        return ReadTask(task, target, tuple(inputs), table)

    def default_inputs(self, values: dict[str, list[Any]], target: str) -> tuple[list[str], list[str]]:
        """All columns but the target and those without values; where no word reads text, without those of text."""
        others = [c for c in values if c != target]
        inputs = [c for c in others if any(v is not None for v in values[c])]
        left_out = [f"column {c} is left out, as it is empty" for c in others if c not in inputs]
        if not inputs:
            raise InputError(f"{self.source.name} has no column with values beside {target!r}; give an input column.")
        texts = [c for c in inputs if self.is_of_texts(values[c])]
        if self.texts is False and len(texts) < len(inputs):
            inputs = [c for c in inputs if c not in texts]
            left_out += [f"column {c} is left out, as it holds text; --inputs can name it" for c in texts]
        return inputs, left_out

    @staticmethod
    def is_of_texts(values: Sequence[Any]) -> bool:
        """Whether a column holds text, whose empty cells are text that is empty."""
        return any(isinstance(v, str) for v in values)

    def checked_target(self, target: str | None, columns: Sequence[str]) -> str:
        name = self.source.name
        if target is None:
            raise InputError(f"{name} has the columns {listed(columns)}; say which is wanted with --target NAME.")
        return self.checked_column(target, columns)

    def checked_column(self, name: str, columns: Sequence[str]) -> str:
        found = header_named(name, columns)
        if found is None:
            raise InputError(f"{self.source.name} has no column {name!r}; {did_you_mean(name, columns)}")
        return found

    def checked_inputs(self, columns: Sequence[str], target: str) -> list[str]:
        inputs = [self.checked_column(c, columns) for c in self.inputs or ()]
        if target in inputs:
            raise InputError(f"{target!r} is the target, so it can't be an input too; leave it out of --inputs.")
        return list(dict.fromkeys(inputs))

    def refuse_columns(self) -> None:
        given = {"--target": self.target, "--inputs": self.inputs, "--errors": self.errors}
        for option, value in given.items():
            if value is not None:
                raise InputError(f"{self.source.name} has no columns, but inputs and outputs; leave {option} out.")


@dataclass(frozen=True)
class Document:
    """What a JSON object says beside its examples."""

    name: str | None = None
    description: str = ""
    target: str | None = None
    entries: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, found: dict[str, Any], source: Source) -> Document:
        if found.get("format") == PROGRAM_FORMAT:
            raise InputError(f"{source.name} is a saved program; use it with: extrapolate apply {source.name} FILE")
        if "examples" not in found:
            raise InputError(
                f"{source.name} is an object with the keys {listed(list(found)) or '(none)'}; "
                'give a list of examples, or an object whose "examples" are such a list.'
            )
        name, description, target = (_text(found.get(k)) for k in ("name", "description", "target"))
        return cls(name, description or "", target, found)

    def declared(self, width: int) -> tuple[list[str] | None, list[Type] | None]:
        """The names and the types of the inputs (the types with that of the output) where they are declared."""
        given, names = self.entries.get("inputs"), self.entries.get("arg_names")
        given = given if isinstance(given, list) else []
        pairs = [g if isinstance(g, list) and len(g) == 2 else [None, g] for g in given]
        types = [_type(t) for _, t in (*pairs, [None, self.entries.get("output")])]
        if pairs and all(isinstance(n, str) for n, _ in pairs):
            names = [n for n, _ in pairs]
        elif pairs and not any(types[:-1]):
            names = [t for _, t in pairs]
        usable = isinstance(names, list) and len(names) == width and all(isinstance(n, str) for n in names)
        complete = [t for t in types if t is not None]
        return names if usable else None, complete if len(complete) == width + 1 == len(types) else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _type(text: Any) -> Type | None:
    try:
        return parse_type(text) if isinstance(text, str) else None
    except InputError:
        return None


def _pair_of_text(number: int, line: str) -> Row:
    sides = split_marks(line, ARROW)
    if len(sides) != 2:
        problem = "has no ->" if len(sides) == 1 else "has more than one ->"
        raise InputError(
            f"line {number}, {short(line.strip())}, {problem}; write: input -> output "
            "(nothing after -> where the output is not known; text that holds -> or ; in double quotes)."
        )
    given, wanted = sides
    for part in (*split_marks(given, ";"), wanted):
        if part.strip().startswith("[") and part.count("[") != part.count("]") and isinstance(value_of(part), str):
            raise InputError(
                f"line {number}: {short(part.strip())} is a list that is not closed; close it, or put text in double "
                "quotes."
            )
    return Row(tuple(map(value_of, split_marks(given, ";"))), value_of(wanted), number)
