"""Examples: tables, JSON and pairs of text become a Task.

- A table (CSV, TSV) or JSON objects: `target` names the column that is wanted, the other columns are the inputs.
- JSON: `[[input, output], ...]`, or `[{"input": 3, "output": 4}, ...]`, or with several inputs
  `[{"in": [3, 4], "out": 7}, ...]`; or an object with these as `examples`, and perhaps `name`, `description` and
  `inputs` (the names or the types of the inputs).
- Pairs: a line each, `input -> output`, several inputs separated by `;`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from extrapolate.errors import InputError
from extrapolate.read.cells import column_values, short, value_of
from extrapolate.read.hints import did_you_mean
from extrapolate.read.sources import ARROW, Source, read_source, split_marks
from extrapolate.read.table import Table
from extrapolate.task import Row, Task
from extrapolate.types import Type, parse_type

INPUT_KEYS = ("in", "input", "inputs")
OUTPUT_KEYS = ("out", "output")
PROGRAM_FORMAT = "extrapolate-program"


@dataclass(frozen=True)
class ReadTask:
    """A task with where it came from: the columns and the table, when it was one."""

    task: Task
    target: str | None = None
    columns: tuple[str, ...] = ()
    table: Table | None = None
    notes: tuple[str, ...] = ()


@dataclass
class Columns:
    """Named columns of values, with the numbers of the rows."""

    numbers: list[int]
    values: dict[str, list[Any]] = field(default_factory=dict)


def read_task(
    path: str,
    target: str | None = None,
    inputs: Sequence[str] | None = None,
    name: str | None = None,
) -> ReadTask:
    """The task that a file, or standard input for `-`, holds; InputError says what is wrong with it and where."""
    source = read_source(path)
    if source.kind == "table":
        table = source.table
        wanted = _target(target, table.columns, source.name)
        kept = [c for c in table.columns if inputs is None or c == wanted or c in inputs]
        numbers = [r.number for r in table.rows]
        columns = Columns(numbers, {c: column_values(table.column(c), c) for c in kept})
        return _from_columns(columns, wanted, inputs, name, source, table)
    if source.kind == "pairs":
        _refuse_columns(source, target, inputs)
        return _from_rows([_pair_of_text(n, line) for n, line in source.lines], name or source.stem)
    document: dict[str, Any] = {}
    if source.kind == "lines":
        records = source.json_lines
    else:
        found = source.json
        if isinstance(found, dict):
            document, found = found, _examples_of(found, source)
        if not isinstance(found, list) or not found:
            raise InputError(f"{source.name} holds {short(found)}; give a list of examples, [[input, output], ...].")
        records = list(enumerate(found, 1))
    return _from_json(records, document, target, inputs, name, source)


def _from_json(
    records: list[tuple[int, Any]],
    document: dict[str, Any],
    target: str | None,
    inputs: Sequence[str] | None,
    name: str | None,
    source: Source,
) -> ReadTask:
    target = target or document.get("target")
    named = name or document.get("name")
    objects = [isinstance(value, dict) for _, value in records]
    first = records[0][1]
    if any(objects) and not all(objects):
        number = records[objects.index(not objects[0])][0]
        raise InputError(f"{source.name}: example {number} is not of the same form as example {records[0][0]}.")
    if isinstance(first, dict):
        if "examples" in first:
            raise InputError(f"{source.name} holds {len(records)} tasks; give a file with one of them.")
        if target is not None or not any(k in first for k in INPUT_KEYS):
            keys = list(dict.fromkeys(k for _, value in records for k in value))
            wanted = _target(target, keys, source.name)
            columns = Columns([n for n, _ in records], {k: [v.get(k) for _, v in records] for k in keys})
            return _from_columns(columns, wanted, inputs, named, source, None, str(document.get("description", "")))
    _refuse_columns(source, target, inputs)
    rows, keys = [], None
    for number, value in records:
        row, names = _example(number, value, source)
        if keys is not None and names != keys:
            raise InputError(f"{source.name}: example {number} has other inputs than the ones before it.")
        keys = names
        rows.append(row)
    names, types = _declared(document, len(rows[0].inputs))
    return _from_rows(rows, named or source.stem, keys or names, types, str(document.get("description", "")))


def _examples_of(document: dict[str, Any], source: Source) -> Any:
    if document.get("format") == PROGRAM_FORMAT:
        raise InputError(f"{source.name} is a saved program; use it with: extrapolate apply {source.name} FILE")
    if "examples" not in document:
        raise InputError(
            f"{source.name} is an object with the keys {', '.join(map(str, document)) or '(none)'}; "
            'give a list of examples, or an object whose "examples" are such a list.'
        )
    return document["examples"]


def _example(number: int, value: Any, source: Source) -> tuple[Row, list[str] | None]:
    """One example in JSON, with the names of its inputs when it gives them."""
    if isinstance(value, dict):
        key = next((k for k in INPUT_KEYS if k in value), None)
        if key is None:
            raise InputError(f"{source.name}: example {number} has no input; its keys are {', '.join(value)}.")
        given = value[key]
        output = next((value[k] for k in OUTPUT_KEYS if k in value), None)
        if isinstance(given, dict):
            return Row(tuple(given.values()), output, number), list(given)
        several = key != "input" and isinstance(given, list)
        return Row(tuple(given) if several else (given,), output, number), None
    if not isinstance(value, list) or len(value) != 2:
        raise InputError(f"{source.name}: example {number} is {short(value)}; give pairs, [input, output].")
    return Row((value[0],), value[1], number), None


def _declared(document: dict[str, Any], width: int) -> tuple[list[str] | None, list[Type] | None]:
    """The names and the types of the inputs that a JSON task declares, when it does."""
    given = document.get("inputs")
    names = document.get("arg_names")
    if not isinstance(given, list) or len(given) != width:
        return names if isinstance(names, list) and len(names) == width else None, None
    pairs = [g if isinstance(g, list) and len(g) == 2 else [None, g] for g in given]
    types = [_type(t) for _, t in (*pairs, [None, document.get("output")])]
    if all(isinstance(n, str) for n, _ in pairs):
        names = [n for n, _ in pairs]
    elif not any(types[:-1]):
        names = [str(g) for g in given]
    complete = [t for t in types if t is not None]
    usable = isinstance(names, list) and len(names) == width
    return names if usable else None, complete if len(complete) == len(types) else None


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
    return Row(tuple(map(value_of, split_marks(given, ";"))), value_of(wanted), number)


def _target(target: str | None, columns: Sequence[str], name: str) -> str:
    listed = ", ".join(columns[:30]) + (" ..." if len(columns) > 30 else "")
    if target is None:
        raise InputError(f"{name} has the columns {listed}; say which of them is wanted with --target NAME.")
    if target not in columns:
        raise InputError(f"{name} has no column {target!r}; {did_you_mean(target, columns, 'columns')}")
    return target


def _refuse_columns(source: Source, target: str | None, inputs: Sequence[str] | None) -> None:
    given = "--target" if target is not None else "--inputs" if inputs is not None else None
    if given:
        raise InputError(f"{source.name} holds pairs of input and output, so it has no columns; leave {given} out.")


def _from_columns(
    columns: Columns,
    target: str,
    inputs: Sequence[str] | None,
    name: str | None,
    source: Source,
    table: Table | None,
    description: str = "",
) -> ReadTask:
    for c in inputs or ():
        if c not in columns.values:
            known = table.columns if table else columns.values
            raise InputError(f"{source.name} has no column {c!r}; {did_you_mean(c, known, 'columns')}")
        if c == target:
            raise InputError(f"{c!r} is the target, so it can't be an input too; leave it out of --inputs.")
    notes = []
    if inputs is None:
        others = [c for c in columns.values if c != target]
        inputs = [c for c in others if any(v is not None for v in columns.values[c])]
        empty = [c for c in others if c not in inputs]
        notes += [f"column {c} is empty and left out" for c in empty]
    if not inputs:
        raise InputError(f"{source.name} has no column beside {target!r}; give at least one input column.")
    outputs = columns.values[target]
    if all(v is None for v in outputs):
        raise InputError(f"{source.name}: every cell of {target!r} is empty; fill in at least one.")
    rows = []
    for i, number in enumerate(columns.numbers):
        given = tuple(columns.values[c][i] for c in inputs)
        missing = [c for c, v in zip(inputs, given, strict=True) if v is None]
        if missing and outputs[i] is not None:
            raise InputError(
                f"row {number}, {missing[0]}: the cell is empty; fill it in, empty its {target} too, "
                "or choose columns with --inputs."
            )
        if missing:
            notes.append(f"row {number} is left out, as its {missing[0]} is empty")
        else:
            rows.append(Row(given, outputs[i], number))
    task = Task.from_rows(
        rows, names=inputs, output_name=target, name=name or target, description=description
    )
    return ReadTask(task, target, tuple(inputs), table, tuple(notes))


def _from_rows(
    rows: list[Row],
    name: str | None,
    names: list[str] | None = None,
    types: list[Type] | None = None,
    description: str = "",
) -> ReadTask:
    try:
        task = Task.from_rows(
            rows, names=names, types=types, name=name or "program", description=description
        )
    except InputError as error:
        if "inputs and row" not in str(error):
            raise
        raise InputError(f'{error} (One input that is a list is written {{"input": [...]}}.)') from None
    return ReadTask(task)
