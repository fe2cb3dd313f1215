"""Cases: a value for each key that was met, and a value for each range of a number.

What depends on the case is seldom a formula. A lookup leaves open what it has not met, as nothing is known of it. Where
the bounds of ranges lie between two examples, the roundest number is taken; programs with the lowest and the highest
bounds stand beside it, so that rows in between are asked about.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar

from extrapolate.core.expression import Apply, Expr, Literal, literal_of, walk
from extrapolate.core.found import Found, Why, no_doubt
from extrapolate.core.language import Cases
from extrapolate.core.task import Row
from extrapolate.core.types import BOOL, DECIMAL, DELIMITER, FLOAT, INT, TEXT, Type
from extrapolate.core.word import Primitive, primitive
from extrapolate.kinds.lookups import lookup_of
from extrapolate.languages.decimals import minus, shortest
from extrapolate.languages.domain import P
from extrapolate.languages.fits import roundest
from extrapolate.languages.labels import lower_bounds, told_bound
from extrapolate.languages.numbers import sub

N = TypeVar("N", int, Decimal)
_FIRST_WORD = re.compile(r"[^\W\d_]\w*")

MOST_KEYS, MOST_RANGES = 60, 8
_MONTH = re.compile(r"\d{4}-\d{2}")
# Of fewer keys that are each met once all others must be known, of more the half.
FEWEST_KEYS = 3
# There must be so many more numbers than ranges, but for a column of decimals: what only counts, or the length of a
# text, rises with some rows by chance.
SPARE_ROWS = 2
# A number that decides costs at most so much: one that stands in a text, or the length of one.
NUMBER_COST = 5
# One that is compared with bounds is a cell, read as a number.
COLUMN_COST = 3
# What is looked up may be a part of a cell, got by these words alone, or its first character.
KEY_COST = 6
FOLDING = ("lower", "upper", "strip")
KEYED = (*FOLDING, "mark_in", "words", "split", "first", "last", "before", "after", "before_last", "after_last")
# One whose sign alone decides: the difference of two columns, or of two numbers in a text.
SIGN_COST, MOST_SIGNS = 10, 400


@primitive(cost=2, source="{table}[{key}]")
def lookup(table: dict[str, str], key: str) -> str:
    """The value that belongs to a key; undefined for a key that is not there."""
    return table[key]


@primitive(cost=2, source="next((label for bound, label in {labels}.items() if {n} < bound), {last})")
def label_of(n: P, labels: dict[P, str], last: str) -> str:
    """The value of the first bound above a number; the last one where none is."""
    return next((label for bound, label in labels.items() if n < bound), last)


@primitive(cost=1, source="{low} if {n} < {bound} else {high}")
def below_or_not(n: P, bound: P, low: str, high: str) -> str:
    """One value below a bound, and another one from there on."""
    return low if n < bound else high


@primitive(cost=2, source="{labels}[({n} > 0) - ({n} < 0)]")
def by_sign(n: N, labels: dict[int, str]) -> str:
    """The value of the sign of a number, which is -1, 0 or 1."""
    return labels[(n > 0) - (n < 0)]


@primitive(cost=2, source="{a} < {b}")
def less_than(a: P, b: P) -> bool:
    """Whether the first number is less than the second, or the first time before it."""
    return a < b


RANGES = (label_of, below_or_not)
WORDS = (lookup, label_of, below_or_not, by_sign, less_than)


def entries(keys: Sequence[Any], wanted: Sequence[Any], others: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """The value of each key, where each has one and they are not all the same; nothing where each key is met once and
    too few others are among them, as a table of the examples says no more than they do."""
    found: dict[Any, Any] = {}
    for key, value in zip(keys, wanted, strict=True):
        if found.setdefault(key, value) != value:
            return
    if len(found) == len(keys):
        met = sum(key in found for key in others if key)
        if not others or met < len(others) / (1 if len(found) < FEWEST_KEYS else 2):
            return
    if 1 < len(found) <= MOST_KEYS and len(set(found.values())) > 1:
        yield found, len(found) == len(keys) < FEWEST_KEYS


def looked_up(key: Expr, table: dict[str, str], are_few: bool) -> Expr | None:
    """The value of a key, where it is one that a person would look up: a cell; where there are more than a few, also a
    cell in capitals or not, or a part of it between marks or its first character, which has a name; no month of a
    date, which is compared rather."""
    parts = [part for part in walk(key) if isinstance(part, Apply)]
    marks = [part.value for part in walk(key) if isinstance(part, Literal) and part.type == DELIMITER]
    is_part = all(part.word.name in KEYED or is_first(part) for part in parts) and not any(map(str.isalnum, marks))
    is_whole = all(part.word.name in FOLDING for part in parts)
    of_months = all(_MONTH.fullmatch(text) for text in table if text)
    if parts and (are_few or of_months or not is_part or not (is_whole or are_names(table))):
        return None
    return Apply(lookup, (literal_of(table, lookup_of(TEXT, TEXT)), key), TEXT)


def are_names(table: Mapping[Any, str]) -> bool:
    """Whether the values of a table have no digits: names, and nothing that is reckoned or put together."""
    return not any(map(str.isdigit, "".join(table.values())))


def is_first(part: Apply) -> bool:
    """Whether a part is the first character of a text."""
    return part.word.name == "char" and isinstance(part.args[1], Literal) and part.args[1].value == 0


def ranges(
    numbers: Sequence[Any], wanted: Sequence[Any], others: Sequence[Any], spare: int = SPARE_ROWS
) -> Iterator[tuple[Any, ...]]:
    """The values of the ranges that numbers lie in, with the bounds between them: those that the values tell, and else
    the roundest, the lowest possible and the highest possible ones that have no more decimals than the numbers. However
    few the rows are, where all bounds are told."""
    whole, places = in_last_places(numbers)
    rows = sorted(set(zip(whole, wanted, strict=True)))
    runs = [(value, [n for n, _ in run]) for value, run in itertools.groupby(rows, key=lambda row: row[1])]
    values = [value for value, _ in runs]
    different = len(set(values)) == len(values) and len({n for n, _ in rows}) == len(rows)
    if not different or not 1 < len(runs) <= MOST_RANGES:
        return
    gaps = [(below[-1] + 1, above[0]) for (_, below), (_, above) in itertools.pairwise(runs)]
    are_whole = places == 0 and all(n is None or n == int(n) for n in others)
    told = [
        told_bound(below, label, Decimal(low - 1).scaleb(places), Decimal(high).scaleb(places), are_whole)
        for (below, label), (low, high) in zip(itertools.pairwise(values), gaps, strict=True)
    ]
    if len(rows) < len(runs) + spare and None in told:
        return
    possible = ([roundest(*gap) for gap in gaps], [low for low, _ in gaps], [high for _, high in gaps])
    for bounds in dict.fromkeys(
        tuple(Decimal(n).scaleb(places) if own is None else own for own, n in zip(told, chosen, strict=True))
        for chosen in possible
    ):
        yield bounds, values


def few_ranges(numbers: Sequence[Any], wanted: Sequence[Any], others: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """The same of fewer rows, for a column of numbers: of the fewest where these have decimals and the values names."""
    has_names = all(any(c.isalpha() for c in value) for value in wanted)
    yield from ranges(numbers, wanted, others, 0 if has_names and in_last_places(numbers)[1] < 0 else 1)


def bounds(numbers: Sequence[Any], wanted: Sequence[Any], others: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """The roundest bounds between two numbers next to each other of which something else is wanted."""
    whole, places = in_last_places(numbers)
    of_each: dict[int, set[Any]] = {}
    for n, value in zip(whole, wanted, strict=True):
        of_each.setdefault(n, set()).add(value)
    for low, high in itertools.pairwise(sorted(of_each)):
        if len(of_each[low] | of_each[high]) > 1:
            yield (Decimal(roundest(low + 1, high)).scaleb(places),)


def signs(numbers: Sequence[Any], wanted: Sequence[Any], others: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """The value of each sign, where all three are met and each has one of its own."""
    pairs = {((n > 0) - (n < 0), value) for n, value in zip(numbers, wanted, strict=True)}
    found = dict(sorted(pairs))
    if len(pairs) == len(found) == len(set(found.values())) == 3:
        yield (found,)


def at_signs(number: Expr, labels: dict[int, str]) -> Expr | None:
    """The value of the sign of a number that is not reckoned with constants, where each has a name."""
    if not are_names(labels) or any(isinstance(part, Literal) and part.type in (INT, DECIMAL) for part in walk(number)):
        return None
    return Apply(by_sign, (number, literal_of(labels, lookup_of(INT, TEXT))), TEXT)


def in_last_places(numbers: Sequence[Any]) -> tuple[list[int], int]:
    """Numbers in units of the last decimal that any of them has, and its place, 0 or less."""
    written = [Decimal(repr(n) if isinstance(n, float) else n) for n in numbers]
    places = min(0, *(int(x.as_tuple().exponent) for x in written))
    return [int(x.scaleb(-places)) for x in written], places


def is_below(t: Type, number: Expr, bound: Decimal) -> Expr:
    """The condition that a number of a type is below a bound."""
    return Apply(less_than, (number, literal_of(WRITTEN[t](bound), t)), BOOL)


def in_ranges(t: Type, number: Expr, bounds: Sequence[Decimal], values: Sequence[str]) -> Expr:
    """The value of the range that a number of a type lies in."""
    texts = [literal_of(value, TEXT) for value in values]
    own = [WRITTEN[t](bound) for bound in bounds]
    if own == [0] and isinstance(number, Apply) and number.word in DIFFERENCES:
        return Apply(below_or_not, (*number.args, *texts), TEXT)
    if len(own) == 1:
        return Apply(below_or_not, (number, literal_of(own[0], t), *texts), TEXT)
    labels = literal_of(dict(zip(own, values, strict=False)), lookup_of(t, TEXT))
    return Apply(label_of, (number, labels, texts[-1]), TEXT)


def uses(found: Found, *words: Primitive) -> list[Apply]:
    """Where a program uses some words."""
    return [p for p in found.parts if isinstance(p, Apply) and p.word in words]


def ranges_of(found: Found, parts: Sequence[Apply]) -> list[tuple[Callable[[Row], Any], Counter[Any]]]:
    """For each part in which the range of a number decides: the value of a row's range, and how many examples have
    each."""
    return [(value, Counter(map(value, found.task.labelled))) for value in map(found.runner, parts)]


def lonely_ranges(found: Found) -> float:
    """How many ranges only one example vouches for."""
    return sum(n == 1 for _, shown in ranges_of(found, uses(found, *RANGES)) for n in shown.values())


def are_told(part: Apply) -> bool:
    """Whether the values of ranges tell their bounds."""
    constants = [arg.value for arg in part.args[1:] if isinstance(arg, Literal)]
    if len(constants) < len(part.args) - 1:
        return False
    table, *labels = constants
    pairs = zip(table, [*table.values(), *labels][1:], strict=True) if isinstance(table, dict) else [(table, labels[1])]
    return all(Decimal(str(bound)) in lower_bounds(label, are_whole=True) for bound, label in pairs)


def thin_range(found: Found) -> Why:
    """It is of a range that one example alone shows, or none does, and that does not tell its bounds."""
    ranges = ranges_of(found, [part for part in uses(found, *RANGES) if not are_told(part)])

    def why(row: Row, answer: Any) -> str | None:
        is_thin = any(shown[value(row)] <= 1 for value, shown in ranges)
        return "one example alone shows the range that it lies in" if is_thin else None

    return why


def between_ranges(found: Found) -> Why:
    """It is of a number between those of two examples of which something else is wanted, where the bound may be any."""
    open_ = (p for p in uses(found, *RANGES) if isinstance(p.args[1], Literal) and not are_told(p))
    numbers = [(found.runner(p.args[0]), found.runner(p)) for p in open_]
    shown = [sorted({(number(row), value(row)) for row in found.task.labelled}) for number, value in numbers]
    gaps = [[(a, b) for (a, x), (b, y) in itertools.pairwise(rows) if x != y] for rows in shown]

    def why(row: Row, answer: Any) -> str | None:
        pairs = [(number(row), own) for (number, _), own in zip(numbers, gaps, strict=True)]
        gap = next((gap for n, own in pairs for gap in own if n is not None and gap[0] < n < gap[1]), None)
        return f"the bound may lie anywhere between {gap[0]} and {gap[1]}, for all the examples say" if gap else None

    return why


def thin_table(found: Found) -> Why:
    """A part of it is looked up in a table of numbers that shows each of them once."""
    inner = [p.args[0] for p in uses(found, lookup) if p is not found.expr]
    tables = [table.value for table in inner if isinstance(table, Literal)]
    if all(are_names(table) or len(table) < len(found.task.distinct) for table in tables):
        return no_doubt
    return lambda row, answer: "a part of it is looked up, and each example has a value of its own"


def unmet_word(found: Found) -> Why:
    """The first letter of a word is looked up, and no example has that word."""
    keys = [p.args[1] for p in uses(found, lookup)]
    cells = [found.runner(key.args[0]) for key in keys if isinstance(key, Apply) and is_first(key)]
    shown = [{first_word(cell(row)) for row in found.task.labelled} for cell in cells]

    def why(row: Row, answer: Any) -> str | None:
        words = ((first_word(cell(row)), known) for cell, known in zip(cells, shown, strict=True))
        new = next((word for word, known in words if word and word not in known), None)
        return f"its first letter alone is looked up, and no example has {new!r}" if new else None

    return why


def first_word(text: Any) -> str:
    """The letters and digits that a text begins with, where the first is a letter."""
    found = _FIRST_WORD.match(text) if isinstance(text, str) else None
    return found[0] if found else ""


def unmet_key(found: Found) -> Why:
    """There is nothing in a table for what stands in the row."""
    pairs = [p.args for p in uses(found, lookup)]
    known = [(table.value, found.runner(key)) for table, key in pairs if isinstance(table, Literal)]

    def why(row: Row, answer: Any) -> str | None:
        missing = (key(row) for table, key in known if key(row) and key(row) not in table)
        return next((f"{key!r} is in no example" for key in missing), None)

    return why


# What is below 0 where the first of two numbers is below the second.
DIFFERENCES = (minus, sub)
# What makes a bound a number of each type.
WRITTEN: dict[Type, Callable[[Decimal], Any]] = {INT: int, FLOAT: float, DECIMAL: lambda x: Decimal(shortest(x))}
CASES = (
    Cases("lookup", TEXT, TEXT, entries, looked_up, (lookup,), KEY_COST, is_open=True),
    *(
        Cases(f"ranges of {t}", t, TEXT, ranges, partial(in_ranges, t), RANGES, dearest)
        for t, dearest in {INT: NUMBER_COST, FLOAT: NUMBER_COST, DECIMAL: COLUMN_COST + 1}.items()
    ),
    Cases("few", DECIMAL, TEXT, few_ranges, partial(in_ranges, DECIMAL), RANGES, COLUMN_COST),
    *(Cases(f"signs of {t}", t, TEXT, signs, at_signs, (by_sign,), SIGN_COST, MOST_SIGNS) for t in (INT, DECIMAL)),
    *(Cases(f"bounds of {t}", t, BOOL, bounds, partial(is_below, t), (less_than,), COLUMN_COST) for t in WRITTEN),
)
