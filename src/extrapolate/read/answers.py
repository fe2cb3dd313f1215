"""Answers as people give them to questions: `ROW=VALUE`."""

from __future__ import annotations

from collections.abc import Iterable

from extrapolate.core.errors import InputError


def read_answers(given: Iterable[str]) -> dict[int, str]:
    """Cells by the numbers of their rows, as in `["17=Ada", "18="]`, where the second is empty on purpose.

    InputError for what can't be read, and for two answers of one row.

    >>> read_answers(["17=Ada", "18=a = b"])
    {17: 'Ada', 18: 'a = b'}
    """
    found: dict[int, str] = {}
    for text in given:
        row, equals, value = text.partition("=")
        if not equals or not (row.strip().isascii() and row.strip().isdigit()):
            raise InputError(f"the answer {text!r} was given; write it as ROW=VALUE, as in 17=Ada.")
        if int(row) in found:
            raise InputError(
                f"row {int(row)} was given two answers, {found[int(row)]!r} and {value!r}; give one of them."
            )
        found[int(row)] = value
    return found
