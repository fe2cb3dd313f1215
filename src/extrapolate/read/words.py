"""Words of one's own, from a Python file.

The file is a program of the user's and is run as such, which is the difference to saved programs: those are data.
"""

from __future__ import annotations

import importlib.util
import sys
import traceback
from pathlib import Path

from extrapolate import languages
from extrapolate.core.errors import ExtrapolateError, InputError, WordError
from extrapolate.core.files import read_text
from extrapolate.core.program import defined
from extrapolate.core.saved import loaded, read_data
from extrapolate.core.word import Primitive


def read_words(path: str) -> list[Primitive]:
    """The words a Python file declares, in order, or the word that a saved program is; InputError or WordError says why
    there are none."""
    file = Path(path)
    if file.suffix == ".json":
        data = read_data(file)
        return [defined(loaded(data, path, languages.find(data["language"])))]
    read_text(file)
    if file.suffix != ".py":
        raise InputError(
            f"{path} holds no words; they are declared in a file that ends in .py, or saved as a program in .json."
        )
    name = f"extrapolate_words_{file.stem}"
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        del sys.modules[name]
        where = _line_in(error, file)
        kind = "" if isinstance(error, ExtrapolateError) else f"{type(error).__name__}: "
        raise WordError(f"{path}{where} can't be used: {kind}{_first_line(error)}") from error
    found = [v for v in vars(module).values() if isinstance(v, Primitive) and v.function.__module__ == name]
    words = list(dict.fromkeys(found))
    if not words:
        raise WordError(
            f"{path} declares no words; put @primitive() above a typed function, after: "
            "from extrapolate.core.word import primitive"
        )
    for i, word in enumerate(words):
        if any(word.name == other.name for other in words[:i]):
            raise WordError(f"{path} declares two words named {word.name!r}; give each a name of its own.")
    return words


def _line_in(error: BaseException, file: Path) -> str:
    """The line of the file that the error came from."""
    if isinstance(error, SyntaxError) and error.lineno:
        return f", line {error.lineno},"
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f.lineno for f in frames if f.filename == str(file)]
    return f", line {lines[-1]}," if lines else ""


def _first_line(error: BaseException) -> str:
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    return (message.strip().splitlines() or ["no message"])[0]
