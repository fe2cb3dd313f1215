"""The languages, one module each, loaded when first asked for.

Other packages add theirs by an entry point of the group `extrapolate.languages`: a name and a `Language`.
"""

from __future__ import annotations

import importlib
from functools import cache
from importlib.metadata import entry_points

from extrapolate.core.errors import InputError
from extrapolate.core.language import Language
from extrapolate.core.task import Task

NAMES = ("lists", "text", "laws")
GROUP = "extrapolate.languages"


@cache
def others() -> dict[str, Language]:
    """The languages of other packages that are installed."""
    found = {}
    for entry in entry_points(group=GROUP):
        language = entry.load()
        if isinstance(language, Language):
            found[entry.name] = language
    return found


def find(name: str) -> Language:
    """The language of that name; InputError lists those there are."""
    if name in NAMES:
        language = importlib.import_module(f"extrapolate.languages.{name}").LANGUAGE
        assert isinstance(language, Language)
        return language
    if name not in others():
        raise InputError(f"{name!r} is not a language; the languages are {', '.join((*NAMES, *others()))}.")
    return others()[name]


def suited(task: Task) -> list[Language]:
    """The languages that a task may be written in, the likelier first; never none."""
    every = [find(name) for name in (*NAMES, *others())]
    likely = {language.name: language.likelihood(task) for language in every}
    found = sorted((lang for lang in every if likely[lang.name] > 0), key=lambda lang: -likely[lang.name])
    return found or [find("lists")]
