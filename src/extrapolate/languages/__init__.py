"""The languages, one module each, loaded when first asked for."""

from __future__ import annotations

import importlib

from extrapolate.core.errors import InputError
from extrapolate.core.language import Language
from extrapolate.core.task import Task
from extrapolate.core.types import FLOAT, INT, TEXT, list_of
from extrapolate.core.units import has_unit

NAMES = ("lists", "text", "laws")
# So many rows of numbers are taken for measurements, fewer for examples.
MEASUREMENTS = 5


def find(name: str) -> Language:
    """The language of that name; InputError lists those there are."""
    if name not in NAMES:
        raise InputError(f"{name!r} is not a language; the languages are {', '.join(NAMES)}.")
    language = importlib.import_module(f"extrapolate.languages.{name}").LANGUAGE
    assert isinstance(language, Language)
    return language


def suited(task: Task) -> Language:
    """The language for a task that names none.

    That of text where the output or every input is text; that of laws where a number is made of numbers, and it has a
    unit, or is a float measured at least five times; else that of lists.
    """
    texts = [v.type in (TEXT, list_of(TEXT)) for v in task.inputs]
    if task.output in (TEXT, list_of(TEXT)) or all(texts):
        return find("text")
    return find("laws" if is_measured(task) else "lists")


def is_measured(task: Task) -> bool:
    """Whether the rows of a task look like measurements: numbers with units, or five or more of floats."""
    numbers = (INT, FLOAT)
    if task.output not in numbers or any(v.type not in numbers for v in task.inputs):
        return False
    return bool(task.units) or has_unit(task.target) or (task.output == FLOAT and len(task.labelled) >= MEASUREMENTS)
