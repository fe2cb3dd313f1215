"""The errors a user can meet. Each says what was given, what was expected and what to try."""


class ExtrapolateError(Exception):
    """The parent of all errors raised on purpose."""


class InputError(ExtrapolateError, ValueError):
    """Examples, files or options that can't be used."""


class WordError(ExtrapolateError, TypeError):
    """A word that is not declared as words must be."""
