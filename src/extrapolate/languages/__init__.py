"""The languages, one module each, loaded when first asked for."""

from __future__ import annotations

import importlib

from extrapolate.errors import InputError
from extrapolate.language import Language

NAMES = ("lists",)


def find(name: str) -> Language:
    """The language of that name; InputError lists those there are."""
    if name not in NAMES:
        raise InputError(f"{name!r} is not a language; the languages are {', '.join(NAMES)}.")
    language = importlib.import_module(f"extrapolate.languages.{name}").LANGUAGE
    assert isinstance(language, Language)
    return language
