"""Answers: what a program gives on the rows of a file.

Edge-level, beside `cli.py`: a table gets the answers as a column, other files give one answer a line.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from extrapolate.core.errors import InputError
from extrapolate.core.expression import Var
from extrapolate.core.hints import did_you_mean, numbered
from extrapolate.core.kind import Limits, type_of
from extrapolate.core.program import Program
from extrapolate.core.task import identifiers
from extrapolate.core.units import header_named, parse_unit, split_header
from extrapolate.core.values import checked as checked_value
from extrapolate.core.values import equal
from extrapolate.read.cells import cell_as, checked, fits, text_of
from extrapolate.read.examples import INPUT_KEYS
from extrapolate.read.sources import ARROW, Source, split_marks
from extrapolate.read.table import Table
from extrapolate.read.windows import with_windows

LIMITS = Limits(length=10**7, number=10**300, text=10**8)


@dataclass
class Answers:
    """The answers by row number, None where there is none; the text to write; what should be said of it."""

    values: dict[int, Any]
    text: str
    notes: list[str] = field(default_factory=list)


def answer(program: Program, inputs: Sequence[Any]) -> Any:
    """The program's value on one row; None where it has none or an input is missing."""
    try:
        return checked_value(program.answer(inputs), program.output, LIMITS)
    except Exception:
        return None


def answer_source(program: Program, source: Source, target: str | None = None, *, measured: bool = False) -> Answers:
    """The answers on a file or standard input."""
    if _is_table(program, source):
        return answer_table(program, source.table, target, measured=measured)
    if target is not None:
        raise InputError(f"{source.name} is not a table, so it has no columns; leave --target out.")
    values = {number: answer(program, inputs) for number, inputs in _rows(program, source)}
    lines = ["" if v is None else text_of(v, program.output) for v in values.values()]
    notes = _without_answer([n for n, v in values.items() if v is None], "left blank")
    return Answers(values, "".join(f"{line}\n" for line in lines), notes)


def answer_table(
    program: Program,
    table: Table,
    target: str | None = None,
    columns: Sequence[str] | None = None,
    *,
    measured: bool = False,
    leave: Collection[int] = (),
    doubts: tuple[str, Mapping[int, str]] | None = None,
) -> Answers:
    """The answers on a table, in the empty cells of the target column; what is filled in already stays.

    `columns` are those of the inputs, of which the table needs those that the program uses; without them, they are
    found by the names of the inputs. What was `measured` need not agree with the answers. The rows to `leave` get
    none; `doubts` are a column and what is to stand in it, by the numbers of rows. InputError for a column whose
    header has another unit than the program's.
    """
    columns = [columns[i] for i in program.places] if columns else []
    program = program.trimmed
    own, table = table, with_windows(table, columns or missing_columns(program, table.columns, table.name))
    used, target = found_columns(program, target, columns, table.columns, table.name)
    filled = dict(table.column(target)) if target in table.columns else {}
    cells = [table.column(c) for c in used]
    values: dict[int, Any] = {}
    differing = []
    unread: dict[str, list[int]] = {}
    for row in zip(*cells, strict=True):
        number = row[0][0]
        try:
            inputs = [_value(cell, v, c) for (_, cell), v, c in zip(row, program.inputs, used, strict=True)]
        except InputError as error:
            unread.setdefault(str(error).removesuffix("."), []).append(number)
            values[number] = None
            continue
        values[number] = answer(program, inputs)
        known = filled.get(number, "").strip()
        if known and not measured and not _same(filled[number], values[number], program):
            differing.append(number)
    kept = {*leave, *(own.empty_on_purpose(target) if target in own.columns else ())}
    empty = [n for n in values if not filled.get(n, "").strip() and n not in kept]
    like = list(filled.values())
    new = {n: text_of(values[n], program.output, like) for n in empty if values[n] is not None}
    unreadable = {n for numbers in unread.values() for n in numbers}
    notes = [f"{numbered(numbers)} left empty: {why}" for why, numbers in unread.items()]
    notes += _without_answer([n for n in empty if values[n] is None and n not in unreadable], "left empty")
    if differing:
        verb = "hold" if len(differing) > 1 else "holds"
        notes.append(f"the program differs from what {numbered(differing)} of {target} {verb} already, which stays")
    written = own.with_column(target, new)
    if doubts is not None:
        written = written.with_column(*doubts)
    return Answers(values, written.text, notes)


def _value(cell: str, v: Var, column: str) -> Any:
    try:
        return cell_as(cell, v.type)
    except InputError as error:
        raise InputError(f"{column}: {error}") from None


def _same(cell: str, value: Any, program: Program) -> bool:
    try:
        return equal(cell_as(cell, program.output), value, program.output)
    except InputError:
        return False


def column_like(column: str, columns: Sequence[str], source: str) -> str:
    """The column that another table calls so, with the same unit or another behind its name; InputError where there is
    none."""
    name = column if header_named(column, columns) else split_header(column)[0]
    found = header_named(name, columns)
    if found is None:
        raise InputError(f"{source} has no column {name!r}; {did_you_mean(name, columns)}")
    return found


def found_columns(
    program: Program, target: str | None, learned: Sequence[str], columns: Sequence[str], source: str
) -> tuple[list[str], str]:
    """The columns for the inputs of a program, and the one for its answers, which may be new.

    `learned` are those it was learned from, where they are known. InputError for a column that is not there, and for
    one in another unit than the program's.
    """
    used = [column_like(c, columns, source) for c in learned]
    used = used or [input_column(v, columns, source) for v in program.inputs]
    known = [*learned, *([target] if target else [])]
    target = _target(target, program, columns, source)
    _check_units(program, [*used, target], known)
    return used, target


def _target(target: str | None, program: Program, columns: Sequence[str], source: str) -> str:
    """The column for the answers; a new one is named with the unit of the program."""
    if target is not None:
        name = split_header(target)[0] if program.units else target
        return header_named(target, columns) or header_named(name, columns) or target
    unit = program.units[-1] if program.units else ""
    return column_named(program.name, columns, source) or (f"{program.name} [{unit}]" if unit else program.name)


def _check_units(program: Program, headers: Sequence[str], learned: Collection[str]) -> None:
    """InputError for a column that was not learned from and has another unit than the program."""
    for header, unit in zip(headers, program.units, strict=bool(program.units)):
        name, given = split_header(header)
        if header not in learned and given is not None:
            here, known = parse_unit(given), parse_unit(unit)
            if (here.factor, here.dimension, here.offset) != (known.factor, known.dimension, known.offset):
                raise InputError(f"{name} is in {here} and {program.name} has it in {known}; convert the column.")


def column_named(name: str, columns: Sequence[str], source: str) -> str | None:
    """The column of that name, or the one whose name becomes it when it is made a Python name; `source` has them."""
    if name in columns:
        return name
    found = [c for c in columns if identifiers([c], set()) == [name]]
    found = found or [c for c in columns if identifiers([split_header(c)[0]], set()) == [name]]
    if len(found) > 1:
        raise InputError(f"{source} has the columns {' and '.join(found)}, and both may be {name}; rename one.")
    return found[0] if found else None


def missing_columns(program: Program, columns: Sequence[str], source: str) -> list[str]:
    """The names of the inputs that no column has."""
    return [v.name for v in program.inputs if column_named(v.name, columns, source) is None]


def input_column(v: Var, columns: Sequence[str], source: str) -> str:
    """The column for an input of a program; InputError where there is none."""
    found = column_named(v.name, columns, source)
    if found is None:
        hint = did_you_mean(v.name, columns)
        raise InputError(f"{source} has no column for the program's input {v.name!r}; {hint}")
    return found


def _is_table(program: Program, source: Source) -> bool:
    """Whether the source is a table; a name that doesn't tell is decided by whether its header has the inputs."""
    if source.kind != "table" or source.suffix:
        return source.kind == "table"
    try:
        return all(column_named(v.name, source.table.columns, source.name) for v in program.inputs)
    except InputError:  # a line or two of numbers with semicolons make no table
        return False


def _rows(program: Program, source: Source) -> list[tuple[int, list[Any]]]:
    """The inputs of each row of a file that is not a table."""
    if source.kind == "lines":
        return [(n, _inputs(program, value, n)) for n, value in source.json_lines]
    if source.kind == "json" and (source.suffix == ".json" or not _all_fit(program, source)):
        found = source.json
        if isinstance(found, dict) and "examples" in found:
            found = found["examples"]
        if not isinstance(found, list):
            raise InputError(f"{source.name} is no list; give a list with the inputs of each row.")
        return [(n, _inputs(program, value, n)) for n, value in enumerate(found, 1)]
    return [(n, _inputs_of_text(program, line, n)) for n, line in source.lines]


def _all_fit(program: Program, source: Source) -> bool:
    """Whether each line by itself gives the inputs: `[1, 2]` is one list or two numbers, as the program takes it."""
    try:
        return bool([_inputs_of_text(program, line, n) for n, line in source.lines])
    except InputError:
        return False


def _inputs_of_text(program: Program, line: str, number: int) -> list[Any]:
    cells = [c.strip() for c in split_marks(split_marks(line, ARROW)[0], ";")]
    _check_width(program, len(cells), number)
    return [_value(cell, v, f"row {number}, {v.name}") for cell, v in zip(cells, program.inputs, strict=True)]


def _inputs(program: Program, value: Any, number: int) -> list[Any]:
    """The inputs in one JSON value: an object by name, a list of them, a pair with its output, or the only input."""
    variables = program.inputs
    if isinstance(value, dict):
        key = next((k for k in INPUT_KEYS if k in value), None)
        given = value if key is None else value[key]
        if isinstance(given, dict):
            by_name = {identifiers([k], set())[0]: v for k, v in given.items()}
            values = [by_name.get(v.name) for v in variables]
        else:
            values = given if key != "input" and isinstance(given, list) else [given]
    elif len(variables) == 1:
        (v,) = variables
        is_pair = isinstance(value, list) and len(value) == 2 and not _fits(value, v) and _fits(value[0], v)
        values = [value[0] if is_pair else value]
    else:
        values = value if isinstance(value, list) else [value]
    _check_width(program, len(values), number)
    try:
        return [None if x is None else checked(x, v.type) for x, v in zip(values, variables, strict=True)]
    except InputError as error:
        raise InputError(f"row {number}: {error}") from None


def _fits(value: Any, v: Var) -> bool:
    try:
        return fits(type_of(value), v.type)
    except InputError:
        return False


def _check_width(program: Program, width: int, number: int) -> None:
    if width != len(program.inputs):
        names = "; ".join(v.name for v in program.inputs)
        raise InputError(f"row {number} has {width} inputs and {program.name} takes {len(program.inputs)}: {names}.")


def _without_answer(numbers: list[int], fate: str) -> list[str]:
    return [f"{numbered(numbers)} {fate}: there is no answer"] if numbers else []
