"""The languages, one module each, loaded when first asked for."""

from __future__ import annotations

import importlib

from extrapolate.errors import InputError
from extrapolate.language import Language
from extrapolate.task import Task
from extrapolate.types import TEXT

NAMES = ("lists", "text")


def find(name: str) -> Language:
    """The language of that name; InputError lists those there are."""
    if name not in NAMES:
        raise InputError(f"{name!r} is not a language; the languages are {', '.join(NAMES)}.")
    language = importlib.import_module(f"extrapolate.languages.{name}").LANGUAGE
    assert isinstance(language, Language)
    return language


def suited(task: Task) -> Language:
    """The language for a task that names none: that of text where one of its columns is text, else that of lists."""
    return find("text" if any(t == TEXT for t in (*(v.type for v in task.inputs), task.output)) else "lists")
