"""The errors a user can meet. Each says what was given, what was expected and what to try."""

import importlib.util


class ExtrapolateError(Exception):
    """The parent of all errors raised on purpose."""


class InputError(ExtrapolateError, ValueError):
    """Examples, files or options that can't be used."""


class WordError(ExtrapolateError, TypeError):
    """A word that is not declared as words must be."""


def require_package(module: str, use: str, extra: str, instead: str = "") -> None:
    """InputError when an optional package is not installed; `instead` is what else can be done."""
    if importlib.util.find_spec(module) is None:
        raise InputError(
            f"{use} needs the package {module}, which is not installed; "
            f"install it with: pip install 'extrapolate[{extra}]'{instead}"
        )
