"""The languages, one module each, loaded when first asked for."""

from __future__ import annotations

import importlib

from extrapolate.errors import InputError
from extrapolate.language import Language
from extrapolate.task import Task
from extrapolate.types import TEXT, list_of

NAMES = ("lists", "text", "laws")


def find(name: str) -> Language:
    """The language of that name; InputError lists those there are."""
    if name not in NAMES:
        raise InputError(f"{name!r} is not a language; the languages are {', '.join(NAMES)}.")
    language = importlib.import_module(f"extrapolate.languages.{name}").LANGUAGE
    assert isinstance(language, Language)
    return language


def suited(task: Task) -> Language:
    """The language for a task that names none: that of text where the output or every input is text, else of lists."""
    texts = [v.type in (TEXT, list_of(TEXT)) for v in task.inputs]
    return find("text" if task.output in (TEXT, list_of(TEXT)) or all(texts) else "lists")
