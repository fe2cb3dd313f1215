"""Answers as people give them to questions: `ROW=VALUE`."""

from __future__ import annotations

from collections.abc import Iterable

from extrapolate.core.errors import InputError


def read_answers(given: Iterable[str]) -> dict[int, str]:
    """Cells by the numbers of their rows, as in `["17=Ada", "18="]`; InputError for what can't be read.

    >>> read_answers(["17=Ada", "18=a = b"])
    {17: 'Ada', 18: 'a = b'}
    """
    found: dict[int, str] = {}
    for text in given:
        row, equals, value = text.partition("=")
        if not equals or not row.strip().isdigit():
            raise InputError(f"the answer {text!r} was given; write it as ROW=VALUE, as in 17=Ada.")
        found[int(row)] = value
    return found
