"""A plain function applied to blocks of ids: the hot spot of the search.

The argument tuples of a block are numbered once for all words that take them; a function runs once for each tuple
that it was never applied to, and its results stand in an array by the numbers. O(cells) integer work, O(distinct
tuples) calls.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.values import Table
from extrapolate.search.bank.tuples import Ids, Tuples, distinct

UNKNOWN = -1
# After so many calls of a function it is looked at the clock.
CALLS = 512


class Arguments:
    """Ids of arguments, arrays that broadcast to one shape, numbered once for all words that are applied to them."""

    def __init__(self, ids: Sequence[Ids]):
        self.ids = ids
        self._tuples: Tuples | None = None
        self._numbers: Ids | None = None
        self._distinct: Ids | None = None

    def numbers(self, tuples: Tuples) -> Ids:
        """The numbers of the tuples, of one shape with the ids; words of equal parameters share what numbers them."""
        if self._numbers is None or self._tuples is not tuples:
            self._tuples, self._distinct = tuples, None
            self._numbers = tuples.number(self.ids)
        return self._numbers

    @property
    def distinct(self) -> Ids:
        """The different numbers in order."""
        assert self._numbers is not None
        if self._distinct is None:
            self._distinct = distinct(self._numbers.ravel())
        return self._distinct


class Application:
    """`function` on ids: `application(arguments)` is the array of result ids.

    `check` is called now and then, and may end the search.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        arguments: Tuples,
        result: Table,
        check: Callable[[], None] = lambda: None,
    ):
        self.function = function
        self.tuples = arguments
        self.result = result
        self.check = check
        # Result ids by the numbers of the arguments; of a tuple with something undefined it is undefined.
        self.results: Ids = np.zeros(1, dtype=np.int32)

    def __call__(self, arguments: Arguments) -> Ids:
        numbers = arguments.numbers(self.tuples)
        if len(self.tuples) > len(self.results):
            known, self.results = self.results, np.full(2 * len(self.tuples), UNKNOWN, dtype=np.int32)
            self.results[: len(known)] = known
        found = self.results.take(numbers)
        if found.size and found.min() == UNKNOWN:
            numbered = arguments.distinct
            self._compute(numbered[self.results.take(numbered) == UNKNOWN])
            found = self.results.take(numbers)
        return found

    def _compute(self, numbers: NDArray[Any]) -> None:
        """Calls the function once for each of some tuples."""
        for start in range(0, len(numbers), CALLS):
            part = numbers[start : start + CALLS]
            places = part.tolist()
            columns = [map(column.__getitem__, places) for column in self.tuples.columns]
            self.results[part] = self.result.intern_all(map(self.function, *columns), len(places))
            if len(numbers) > CALLS:
                self.check()
