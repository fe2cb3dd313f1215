"""extrapolate learns a readable program from a few examples.

>>> from extrapolate import learn
>>> print(learn([([8, 3, 5], 5), ([2, 9, 4, 7], 7), ([6, 1, 8, 3, 9], 8)]).program.source)
def program(xs: list[int]) -> int:
    return sorted(xs, reverse=True)[1]
<BLANKLINE>
"""

import importlib
from typing import TYPE_CHECKING, Any

from extrapolate import _moved, languages
from extrapolate import kinds as kinds
from extrapolate.compare import compare as compare
from extrapolate.core.errors import ExtrapolateError as ExtrapolateError
from extrapolate.core.errors import InputError as InputError
from extrapolate.core.errors import WordError as WordError
from extrapolate.core.language import Language as Language
from extrapolate.core.program import Program as Program
from extrapolate.core.result import Result as Result
from extrapolate.core.result import Stop as Stop
from extrapolate.core.task import Task as Task
from extrapolate.core.word import Primitive as Primitive
from extrapolate.core.word import primitive as primitive
from extrapolate.examine import examine as examine
from extrapolate.learn import learn as learn
from extrapolate.learn import learn_many as learn_many

if TYPE_CHECKING:
    laws: Language
    lists: Language
    text: Language

__version__ = "0.2.0"

_moved.remember()


def __getattr__(name: str) -> Any:
    """The languages by name, `extrapolate.lists`, loaded when first asked for."""
    if name in _moved.MOVED:
        return importlib.import_module(f"extrapolate.{_moved.MOVED[name]}")
    if name not in languages.NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return languages.find(name)
