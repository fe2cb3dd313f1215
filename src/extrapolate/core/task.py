"""Tasks: what is wanted. Typed inputs, an output, a few rows of examples, and rows whose answer is open.

>>> task = Task.from_examples([([3, 1, 2], [1, 2, 3]), ([5, 4], None)])
>>> task.inputs[0].name, str(task.output), len(task.labelled), len(task.unlabelled)
('xs', 'list[int]', 1, 1)
"""

from __future__ import annotations

import builtins
import itertools
import keyword
import math
import re
import unicodedata
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

from extrapolate.core.errors import InputError
from extrapolate.core.expression import Var
from extrapolate.core.hints import did_you_mean, numbered
from extrapolate.core.kind import Limits, join, kind_of, type_of
from extrapolate.core.types import ANY, FLOAT, INT, TEXT, Type
from extrapolate.core.units import has_unit, header_named, parse_unit, split_header
from extrapolate.core.values import canonical, equal

DEEPEST = 8
# A number as it is written, and how many of its digits vouch for a program as one more example does.
_NUMBER, DIGITS_AN_EXAMPLE = re.compile(r"\d+(?:\.\d+)?"), 3
# Beyond it a float does not hold every whole number.
EXACT = 2.0**53
# Measurements lie between this and one over it, so that squares and products are finite.
SMALLEST = 1e-100
MODULES = {
    "np",
    "bisect",
    "collections",
    "functools",
    "itertools",
    "math",
    "operator",
    "re",
    "statistics",
    "string",
}
NEVER_PRINTED = {"id", "input", "type", "format", "hash", "dir", "vars", "help", "license", "credits", "copyright"}
# A letter, perhaps with an index, is a symbol, and `T` another one than `t`.
_SYMBOL = re.compile(r"[^\W\d_](_?\d+|_\w)?")
RESERVED = MODULES | set(dir(builtins)) - NEVER_PRINTED


class Row(NamedTuple):
    """One example. `output` is None where the answer is open; `number` is where it stood in what was read, from 1."""

    inputs: tuple[Any, ...]
    output: Any
    number: int


@dataclass(frozen=True)
class Task:
    """What is wanted. `columns` and `target` are the names of the inputs and the output where they came from.

    `units` are those of the inputs and then of the output, where they are known; `errors` the standard errors of
    outputs by the number of their row, and `input_errors` those of inputs, by the name of their variable. `notes` are
    what is to be said of how it was read; `left_out` are rows with an output that are no examples, as an input is
    blank.
    """

    inputs: tuple[Var, ...]
    output: Type
    rows: tuple[Row, ...]
    name: str = "program"
    description: str = ""
    columns: tuple[str, ...] = ()
    target: str = "output"
    units: tuple[str, ...] = ()
    errors: Mapping[int, float] = field(default_factory=dict)
    input_errors: Mapping[str, Mapping[int, float]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    left_out: tuple[Row, ...] = ()

    @classmethod
    def from_examples(
        cls,
        examples: Iterable[Sequence[Any]],
        *,
        names: Sequence[str] | None = None,
        name: str = "program",
        description: str = "",
    ) -> Task:
        """A task from `(input, output)` pairs.

        Several inputs are a tuple, `((a, b), output)`; an output of None is left open. InputError names the row of a
        pair that can't be used.
        """
        rows = []
        for number, pair in enumerate(examples, 1):
            if not isinstance(pair, list | tuple) or len(pair) != 2:
                raise InputError(f"example {number} is {_short(pair)}; give pairs of (input, output).")
            given, wanted = pair
            inputs = given if isinstance(given, tuple) else (given,)
            rows.append(Row(tuple(map(plain, inputs)), plain(wanted), number))
        return cls.from_rows(rows, names=names, name=name, description=description)

    @classmethod
    def from_rows(
        cls,
        rows: Sequence[Row],
        *,
        names: Sequence[str] | None = None,
        types: Sequence[Type] | None = None,
        output_name: str = "output",
        name: str = "program",
        description: str = "",
    ) -> Task:
        """A task from rows; InputError names the row and cell that don't fit.

        The types of the columns are inferred, or given as `types`: those of the inputs, then that of the output.
        """
        if not any(row.output is not None for row in rows):
            raise InputError("there is no example with an output; give at least one pair of input and output.")
        width = len(rows[0].inputs)
        for row in rows:
            if len(row.inputs) != width:
                raise InputError(
                    f"row {row.number} has {len(row.inputs)} inputs and row {rows[0].number} has {width}; "
                    "every row needs the same inputs."
                )
        if names is not None and len(names) != width:
            raise InputError(f"{len(names)} names were given for {width} inputs.")
        if types is not None and len(types) != width + 1:
            raise InputError(f"{len(types)} types were given for {width} inputs and an output.")
        shown = names or [f"input {i + 1}" if width > 1 else "the input" for i in range(width)]
        columns = [[(row.number, row.inputs[i]) for row in rows] for i in range(width)]
        columns.append([(row.number, row.output) for row in rows if row.output is not None])
        declared: Sequence[Type | None] = types or [None] * len(columns)
        *types, output = map(column_type, columns, [*shown, output_name], declared)
        typed = _typed(rows, types, output)
        variables = identifiers(names, set()) if names else default_names(types)
        inputs = tuple(Var(v, t) for v, t in zip(variables, types, strict=True))
        own_name = identifiers([name], set(variables))[0]
        return cls(inputs, output, typed, own_name, description, tuple(names or variables), output_name)

    @classmethod
    def from_columns(
        cls,
        numbers: Sequence[int],
        columns: Mapping[str, Sequence[Any]],
        inputs: Sequence[str],
        target: str,
        *,
        name: str,
        description: str = "",
        notes: Sequence[str] = (),
        most_open: int | None = None,
    ) -> Task:
        """A task from the columns of a table, None where a cell is blank; rows are those with these numbers.

        A blank cell of text is an empty text. A row with another blank input is no example and can have no answer,
        which is said in the notes. Numbers that are all whole are whole numbers, as a blank among them makes a column
        of floats in some tables. Of the rows whose output is open, at most `most_open` are taken.
        """
        columns = {c: whole_numbers(columns[c]) for c in (*inputs, target)}
        blank = {c: "" if any(isinstance(v, str) for v in columns[c]) else None for c in inputs}
        rows, said = [], [*notes]
        incomplete: list[Row] = []
        left: dict[str, list[int]] = {}
        unanswered, n_open = [], 0
        for i, number in enumerate(numbers):
            output = columns[target][i]
            given = tuple(blank[c] if columns[c][i] is None else columns[c][i] for c in inputs)
            missing = [c for c, v in zip(inputs, given, strict=True) if v is None]
            n_open += output is None
            if missing and output is None:
                unanswered.append(number)
            elif missing:
                left.setdefault(missing[0], []).append(number)
                incomplete.append(Row(given, output, number))
            elif output is not None or most_open is None or n_open <= most_open:
                rows.append(Row(given, output, number))
        said += [f"{numbered(n)} {'is' if len(n) == 1 else 'are'} no example, as {c} is empty" for c, n in left.items()]
        if unanswered:
            said.append(f"{numbered(unanswered)} can have no answer, as an input is empty")
        if not any(row.output is not None for row in rows):
            where = ", ".join(left)
            raise InputError(
                f"every row with {target!r} has an empty cell in {where}; fill in one, or leave a column out."
            )
        task = cls.from_rows(rows, names=inputs, output_name=target, name=name, description=description)
        return replace(task, notes=tuple(said), left_out=tuple(incomplete))

    def only(self, places: Sequence[int]) -> Task:
        """The task with some of its inputs, those at these places, and no others."""
        rows, left_out = (
            tuple(row._replace(inputs=tuple(row.inputs[i] for i in places)) for row in every)
            for every in (self.rows, self.left_out)
        )
        return replace(
            self,
            inputs=tuple(self.inputs[i] for i in places),
            rows=rows,
            left_out=left_out,
            columns=tuple(self.columns[i] for i in places),
            units=tuple(self.units[i] for i in (*places, -1)) if self.units else (),
        )

    @property
    def has_units(self) -> bool:
        """Whether the unit of something is known, or stands in a header."""
        return bool(self.units) or any(map(has_unit, (*self.columns, self.target)))

    def environment(self, row: Row) -> dict[str, Any]:
        """The inputs of a row by their names, as an expression is run on them."""
        return {v.name: value for v, value in zip(self.inputs, row.inputs, strict=True)}

    def with_answer(self, number: int, output: Any) -> Task:
        """The task with the answer of one row told; InputError when no row has that number."""
        if all(row.number != number for row in self.rows):
            first, last = self.rows[0].number, self.rows[-1].number
            raise InputError(f"there is no row {number}; the rows of the task are {first} to {last}.")
        column_type([(number, output)], self.target, self.output)
        told = canonical(output, self.output)
        rows = tuple(row._replace(output=told) if row.number == number else row for row in self.rows)
        return replace(self, rows=rows)

    def with_units(self, given: Mapping[str, str] | None = None) -> Task:
        """The task with the units of its columns: those in headers such as `period [yr]`, and those given by name.

        Names of columns and variables are then without units. What is given outranks a header; where nothing is given,
        in an empty mapping, no units are known. InputError for a name that is none, and for what can't be a unit.
        """
        headers = [*self.columns, self.target]
        names, found = zip(*map(split_header, headers), strict=True)
        for i, name in enumerate(names):
            if name in names[:i]:
                both = f"{headers[names.index(name)]} and {headers[i]}"
                raise InputError(f"the columns {both} are both named {name!r} beside their units; rename one of them.")
        variables = [v.name for v in self.inputs]
        own_name = self.name
        if list(names) != headers:
            variables, by_target = identifiers(names[:-1], set()), identifiers([self.target], set(variables))[0]
            own_name = identifiers(names[-1:], set(variables))[0] if self.name == by_target else self.name
        units = list(self.units or found)
        for name, unit in (given or {}).items():
            column = next((c for c in (headers, names, [*variables, own_name]) if name in c), None)
            if column is None:
                raise InputError(f"a unit was given for {name!r}, which is no column; {did_you_mean(name, names)}")
            units[column.index(name)] = unit
        known = any(unit is not None for unit in units) and given != {}
        for header, unit in zip(headers, units, strict=True):
            if known and unit is not None:
                _check_unit(header, unit)
        return replace(
            self,
            inputs=tuple(Var(name, v.type) for name, v in zip(variables, self.inputs, strict=True)),
            name=own_name,
            columns=names[:-1],
            target=names[-1],
            units=tuple(unit or "" for unit in units) if known else (),
            input_errors={
                new: self.input_errors[v.name]
                for v, new in zip(self.inputs, variables, strict=True)
                if v.name in self.input_errors
            },
        )

    def of_floats(self) -> Task:
        """The task with whole numbers as floats, as measurements are; InputError for one too large or too small."""
        types = [FLOAT if t == INT else t for t in (*(v.type for v in self.inputs), self.output)]
        *inputs, output = types
        rows = _typed(self.rows, inputs, output)
        for row in rows:
            for name, value in zip((*self.columns, self.target), (*row.inputs, row.output), strict=True):
                _check_size(value, f"row {row.number}, {name}")
        variables = tuple(Var(v.name, t) for v, t in zip(self.inputs, inputs, strict=True))
        return replace(self, inputs=variables, output=output, rows=rows)

    def with_errors(self, errors: Mapping[int, float], inputs: Mapping[str, Mapping[int, float]] | None = None) -> Task:
        """The task with the standard errors of its outputs, by row number, and of inputs, by column and row number.

        InputError where one of an output is not above 0 or one of an input is below, and for what is no input.
        """
        of_inputs = {}
        for name, given in (inputs or {}).items():
            header = header_named(name, self.columns)
            if header is None:
                raise InputError(
                    f"errors were given of {name!r}, which is no input; {did_you_mean(name, self.columns)}"
                )
            of_inputs[self.inputs[self.columns.index(header)].name] = {
                row.number: _error(row, given, "a number of 0 and above", of=f" of {header}") for row in self.labelled
            }
        own = {row.number: _error(row, errors, "a number above 0") for row in self.labelled}
        return replace(self, errors=own, input_errors=of_inputs)

    @cached_property
    def labelled(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.output is not None)

    @cached_property
    def distinct(self) -> tuple[Row, ...]:
        """The labelled rows without repetitions of the same inputs."""
        first: dict[Hashable, Row] = {}
        for row in self.labelled:
            first.setdefault(self.key(row), row)
        return tuple(first.values())

    @cached_property
    def evidence(self) -> int:
        """How many examples there are, and one more for every few digits of answers that stand in no cell of their row:
        a number that is reckoned vouches for a program as several words do."""
        digits, rows = 0, [row for row in self.distinct if isinstance(row.output, str)]
        numbers = [set(_NUMBER.findall(row.output.replace(",", ""))) for row in rows]
        for row, own in zip(rows, numbers, strict=True):
            cells = " ".join(map(str, row.inputs)).replace(",", "")
            sizes = [len(n.replace(".", "")) for n in own - set.intersection(*numbers) if n not in cells]
            digits += sum(size for size in sizes if size >= DIGITS_AN_EXAMPLE)
        return len(self.distinct) + digits // DIGITS_AN_EXAMPLE

    @cached_property
    def has_classes(self) -> bool:
        """Whether what is wanted are texts of which one is met more than once."""
        outputs = [row.output for row in self.distinct]
        return self.output == TEXT and 1 < len(set(outputs)) < len(outputs)

    def key(self, row: Row) -> Hashable:
        """What is the same for rows with the same inputs."""
        cells = zip(self.inputs, row.inputs, strict=True)
        return tuple([None if cell is None else kind_of(v.type).constant(cell, v.type) for v, cell in cells])

    @cached_property
    def unlabelled(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.output is None)

    @cached_property
    def contradictions(self) -> list[tuple[Row, Row]]:
        """Pairs of rows with equal inputs and different outputs: no program can satisfy both."""
        first: dict[Hashable, Row] = {}
        found = []
        for row in self.labelled:
            before = first.setdefault(self.key(row), row)
            if not equal(before.output, row.output, self.output):
                found.append((before, row))
        return found

    @cached_property
    def blank(self) -> frozenset[str]:
        """The inputs of text that are empty in an example."""
        texts = [i for i, v in enumerate(self.inputs) if v.type == TEXT]
        return frozenset(self.inputs[i].name for i in texts if any(row.inputs[i] == "" for row in self.labelled))

    @property
    def signature(self) -> str:
        return f"({', '.join(f'{v.name}: {v.type}' for v in self.inputs)}) -> {self.output}"


def _typed(rows: Iterable[Row], types: Sequence[Type], output: Type) -> tuple[Row, ...]:
    """The rows with their cells as programs see them."""
    columns = [(kind_of(t).own, t) for t in types]

    def typed(row: Row) -> Row:
        inputs = tuple([own(cell, t) for cell, (own, t) in zip(row.inputs, columns, strict=True)])
        return Row(inputs, None if row.output is None else canonical(row.output, output), row.number)

    return tuple(map(typed, rows))


def whole_numbers(values: Sequence[Any]) -> Sequence[Any]:
    """A column of floats that are all whole as whole numbers; any other as it is."""
    floats = [v for v in values if v is not None]
    if floats and all(isinstance(v, float) and v.is_integer() and abs(v) < EXACT for v in floats):
        return [None if v is None else int(v) for v in values]
    return values


def plain(value: Any) -> Any:
    """The value as Python has it, where it is one of NumPy's numbers or an array of no kind of its own."""
    if type(value).__module__ != "numpy" or not hasattr(value, "tolist"):
        return value
    try:
        type_of(value)
    except InputError:
        return value.tolist()
    return value if getattr(value, "ndim", 0) else value.item()


def column_type(cells: Iterable[tuple[int, Any]], name: str, declared: Type | None = None) -> Type:
    """The type of a column of numbered cells; InputError names the row and cell that don't fit the others.

    A declared type is kept, and every cell must be of it.
    """
    found, first = ANY, 0
    for number, cell in cells:
        try:
            if cell is None:
                raise InputError("it is empty; fill it in or leave the row out.")
            _check_limits(cell)
            t = type_of(cell)
            joined = found if t == found else join(found, t)
            if declared is not None and join(declared, joined) != declared:
                raise InputError(f"it is {t} and the column is declared {declared}.")
        except InputError as error:
            against = f" Rows before it, as row {first}, hold {found}." if first and "mixed" in str(error) else ""
            raise InputError(f"row {number}, {name}: {_short(cell)}: {error}{against}") from None
        if joined != found:
            found, first = joined, number
    return declared or _settle(found)


def _check_size(value: Any, where: str) -> None:
    if isinstance(value, float) and value and not SMALLEST < abs(value) < 1 / SMALLEST:
        raise InputError(
            f"{where}: {value!r} is too {'small' if abs(value) < 1 else 'large'} to compute with; "
            f"give numbers from {SMALLEST:g} to {1 / SMALLEST:g}, perhaps in another unit."
        )


def _check_unit(header: str, unit: object) -> None:
    try:
        if not isinstance(unit, str):
            raise InputError(f"{_short(unit)} is no text; write units as in 'm/s^2'.")
        parse_unit(unit)
    except InputError as error:
        advice = "Or leave all units out: --no-units, in Python units={}."
        raise InputError(f"the unit of {split_header(header)[0]}: {error} {advice}") from None


def _check_limits(cell: Any, depth: int = 0) -> None:
    if isinstance(cell, float):
        if not math.isfinite(cell):
            raise InputError("numbers must be finite; leave the row out or give a number.")
    elif isinstance(cell, int):
        if abs(cell) > Limits.number:
            raise InputError(
                f"integers must lie within {Limits.number:.0e}; scale it, write 2e30 as that, or leave it out."
            )
    elif isinstance(cell, list | tuple | Mapping):
        if depth == DEEPEST:
            raise InputError(f"lists must be nested at most {DEEPEST} deep; give flatter ones.")
        for item in cell.values() if isinstance(cell, Mapping) else cell:
            _check_limits(item, depth + 1)


def _settle(t: Type) -> Type:
    """Lists that are empty in every row hold ints."""
    if t == ANY:
        return INT
    return replace(t, args=tuple(map(_settle, t.args)))


def default_names(types: Sequence[Type]) -> list[str]:
    """Names for inputs that have none: `xs`, `ys` for lists, `n`, `m` for numbers, `s`, `t` for text."""
    names: list[str] = []
    for t in types:
        pool = [*kind_of(t).names, *(f"arg{i}" for i in range(1, len(types) + 1))]
        names.append(next(n for n in pool if n not in names))
    return names


def identifiers(names: Sequence[str], taken: set[str]) -> list[str]:
    """Python identifiers that resemble the given names and differ from each other and from those taken.

    They also differ from the names that printed programs use, so that a column `max` doesn't hide the function.
    """
    found: list[str] = []
    known = set(taken)
    for name in names:
        normal = unicodedata.normalize("NFKC", name)
        normal = normal if _SYMBOL.fullmatch(normal) else normal.lower()
        base = re.sub(r"_+", "_", "".join(c if f"_{c}".isidentifier() else "_" for c in normal)).strip("_")
        base = base or "column"
        if not base.isidentifier():
            base = f"_{base}"
        if keyword.iskeyword(base) or base in RESERVED:
            base = f"{base}_"
        choices = itertools.chain((base,), (f"{base}_{i}" for i in itertools.count(2)))
        found.append(next(c for c in choices if c not in known))
        known.add(found[-1])
    return found


def _error(row: Row, errors: Mapping[int, float], wanted: str, of: str = "") -> float:
    """The standard error of a row; InputError where it is none, or is 0 and a number above it is wanted."""
    error = errors.get(row.number)
    if not isinstance(error, int | float) or not 0 <= error < math.inf or (error == 0 and not of):
        shown = "missing" if error is None else _short(error)
        raise InputError(f"row {row.number}: the standard error{of} is {shown}; give {wanted} in each row.")
    _check_size(error, f"row {row.number}, standard error{of}")
    return float(error)


def _short(value: Any) -> str:
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # Python prints no integers of thousands of digits
        return f"a value of type {type(value).__name__}"
    return text if len(text) <= 60 else f"{text[:57]}..."
