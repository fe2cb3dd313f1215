"""extrapolate learns a readable program from a few examples.

>>> from extrapolate import learn
>>> print(learn([([8, 3, 5], 5), ([2, 9, 4, 7], 7), ([6, 1, 8, 3, 9], 8)]).program.source)
def program(xs: list[int]) -> int:
    return sorted(xs, reverse=True)[1]
<BLANKLINE>
"""

from typing import TYPE_CHECKING, Any

from extrapolate import languages
from extrapolate.errors import ExtrapolateError as ExtrapolateError
from extrapolate.errors import InputError as InputError
from extrapolate.errors import WordError as WordError
from extrapolate.language import Language as Language
from extrapolate.learn import learn as learn
from extrapolate.learn import learn_many as learn_many
from extrapolate.primitive import Primitive as Primitive
from extrapolate.primitive import primitive as primitive
from extrapolate.program import Program as Program
from extrapolate.result import Result as Result
from extrapolate.result import Stop as Stop
from extrapolate.task import Task as Task

if TYPE_CHECKING:
    laws: Language
    lists: Language
    text: Language

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """The languages by name, `extrapolate.lists`, loaded when first asked for."""
    if name not in languages.NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return languages.find(name)
