"""Errors of measurements as an option gives them: `dT`, `dT,L=dL`, `0.02,L=0.5`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from extrapolate.core.errors import InputError
from extrapolate.core.hints import did_you_mean
from extrapolate.core.task import Task
from extrapolate.core.units import header_named, parse_unit, split_header


class Errors(NamedTuple):
    """Where the standard errors of a target stand and those of inputs, by header: in a column, or one for all rows."""

    target: str | float
    inputs: Mapping[str, str | float]

    @property
    def columns(self) -> set[str]:
        """The headers of columns that hold errors, and so are no inputs."""
        return {place for place in (self.target, *self.inputs.values()) if isinstance(place, str)}

    def given_to(self, task: Task, target: str, numbers: Sequence[int], values: Mapping[str, Sequence[Any]]) -> Task:
        """A task with the errors that stand in columns of a table, whose rows have these numbers."""

        def of(column: str, place: str | float) -> dict[int, Any]:
            if not isinstance(place, str):
                return dict.fromkeys(numbers, place)
            scale = unit_ratio(place, column)
            cells = map(number_of, values[place])
            return {n: e * scale if isinstance(e, int | float) else e for n, e in zip(numbers, cells, strict=True)}

        return task.with_errors(of(target, self.target), {c: of(c, place) for c, place in self.inputs.items()})


def read_errors(text: str, headers: Sequence[str], target: str) -> Errors:
    """The errors that a list with commas gives of a target, and as `input=column` of inputs; InputError for what is no
    column and no number."""
    own: str | float | None = None
    inputs: dict[str, str | float] = {}
    whole = header_named(text.strip(), headers)
    for part in [text] if whole is not None else filter(str.strip, text.split(",")):
        name, equals, place = (p.strip() for p in part.rpartition("="))
        if whole is not None or not equals or header_named(name, headers) == target:
            if own is not None:
                raise InputError(f"--errors {text} gives {target} two errors; give those of an input as INPUT=COLUMN.")
            own = place_of(part.strip() if whole is not None or not equals else place, headers, target, target)
            continue
        header = header_named(name, headers)
        if header is None:
            raise InputError(
                f"--errors holds {part.strip()!r} and no column is {name!r}; {did_you_mean(name, headers)}"
            )
        if header in inputs:
            raise InputError(f"--errors {text} gives {header} two errors; give it one.")
        inputs[header] = place_of(place, headers, header, target)
    if own is None:
        raise InputError(f"--errors {text!r} gives {target} none; give its column or a number, as in: 0.1,x=dx")
    return Errors(own, inputs)


def place_of(text: str, headers: Sequence[str], column: str, target: str) -> str | float:
    """The column that holds the errors of another one, or the one error of all its rows."""
    header = header_named(text, headers)
    if header in (column, target):
        raise InputError(f"{header!r} holds what is measured and no errors; give the column of those of {column}.")
    if header is not None:
        return header
    try:
        number = float(text)
    except ValueError:
        raise InputError(f"--errors names {text!r}, which is no column; {did_you_mean(text, headers)}") from None
    least = "above 0" if column == target else "of 0 and above"
    if not 0 <= number < math.inf or (number == 0 and column == target):
        raise InputError(f"--errors gives {column} {text}; give a number {least} or a column.")
    return number


def number_of(cell: Any) -> Any:
    """The number that a cell of a column of text holds, and any other cell as it is."""
    try:
        return float(cell) if isinstance(cell, str) else cell
    except ValueError:
        return cell


def unit_ratio(errors: str, column: str) -> float:
    """What a column of errors is to be multiplied by to be in the unit of another one; InputError where nothing is."""
    (_, given), (_, wanted) = split_header(errors), split_header(column)
    if given is None or wanted is None or given == wanted:
        return 1.0
    a, b = parse_unit(given), parse_unit(wanted)
    if a.dimension != b.dimension:
        raise InputError(f"the errors {errors} are in {a} and {column} is in {b}; give both the same unit.")
    return a.factor / b.factor
