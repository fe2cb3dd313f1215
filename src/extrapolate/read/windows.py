"""Windows: columns of a table that are made of other rows, as the row before, the rows so far, or those of one group.

A program looks at one row. What other rows tell stands in columns of its own, named after what they are made of, as
`previous balance` or `running amount by shop`, so that any program can use them; wherever such a column is needed and
is not there, it is made again.

>>> from extrapolate.read.table import parse_table
>>> table = parse_table("shop,amount\\nA,2\\nB,5\\nA,4\\n")
>>> [window.name for window in windows(table, ["shop", "amount"])][:3]
['repeated shop and amount', 'shared shop and amount', 'number of shop and amount']
>>> Window("running", "amount", "shop").cells(table)
['2', '5', '6']
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, DivisionByZero, InvalidOperation
from operator import itemgetter
from typing import NamedTuple

from extrapolate.core.task import identifiers
from extrapolate.languages.rows import words_of
from extrapolate.read.table import Table

# Between the columns that are taken together, where what counts is how often they occur; and between one and the other
# that is taken from it, as what goes out from what comes in.
AND, LESS = " and ", " less "
# Between a column and the one that says of which row it is taken; and between that and what says which row is meant.
WHERE, IS = " where ", " is "
LONGEST = 18
# Of what and by what columns are made at most, and how many are tried in a search.
MOST_NUMBERS, MOST_GROUPS, MOST_TOGETHER, MOST_SUGGESTED = 4, 3, 4, 2
# Among so many columns those are looked for that name other rows.
MOST_KEYS = 12
# Fewer balances may be the difference of two columns by chance, unless each row has a number in one of them alone.
FEWEST_TOLD = 3
DIGITS, MARKS = "0123456789", ("_", "-", ".", " ")
# A number as people write it, with commas between thousands.
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?", re.ASCII)


class Window(NamedTuple):
    """A column made of `column`, of several with `and` between them, or of one less another, row by row; where `by` is
    given, of the rows alone that have the same there. Blank cells are the same as each other. What is `found` stands in
    the row that another column names: `found name where id is manager_id`."""

    kind: str
    column: str
    by: str | None = None

    @property
    def name(self) -> str:
        """`previous balance`, `number of shop`, `running amount by shop`."""
        of = "of " if self.kind in COUNTS else ""
        return f"{self.kind} {of}{self.column}{f'{self.between}{self.by}' if self.by else ''}"

    @property
    def between(self) -> str:
        return between_of(self.kind)

    def cells(self, table: Table) -> list[str]:
        """What stands in each row, nothing where there is nothing."""
        return self.made(cells_of(table, self.column), None if self.by is None else cells_of(table, self.by))

    def made(self, given: Sequence[str], by: Sequence[str] | None) -> list[str]:
        """The same of cells that are at hand."""
        if self.kind == FOUND:
            known: dict[str, str] = {}
            for cell in given:
                name, _, value = cell.partition("\0")
                known.setdefault(name, value)
            return [known.get(key, "") if key.strip() else "" for key in by or ()]
        groups = [""] * len(given) if by is None else by
        make = KINDS[self.kind]
        places: dict[str, list[int]] = defaultdict(list)
        for i, group in enumerate(groups):
            places[group].append(i)
        found = [""] * len(given)
        for own in places.values():
            for i, cell in zip(own, make([given[i] for i in own]), strict=True):
                found[i] = cell
        return found


def between_of(kind: str) -> str:
    """What stands before the last column in the name of a window."""
    return IS if kind == FOUND else " by "


def cells_of(table: Table, column: str) -> list[str]:
    """The cells of a column, or of several, put together; of one less another, their difference."""
    if column in table.columns:
        return [cell for _, cell in table.column(column)]
    if len(pair := parted(column, table.columns, LESS)) == 2:
        return differences(*(cells_of(table, name) for name in pair))
    if len(pair := parted(column, table.columns, WHERE)) == 2:
        values, names = (cells_of(table, name) for name in pair)
        return [f"{name}\0{value}" for name, value in zip(names, values, strict=True)]
    together = [cells_of(table, name) for name in parted(column, table.columns, AND)]
    return ["\0".join(cells) for cells in zip(*together, strict=True)]


def parted(name: str, columns: Iterable[str], between: str) -> list[str]:
    """The columns whose names make up a name, with a word between them; none where it is made otherwise."""
    if name in columns:
        return [name]
    starts = ((c, name.removeprefix(c + between)) for c in columns)
    found = ([c, *others] for c, rest in starts if rest != name and (others := parted(rest, columns, between)))
    return next(found, [])


def numbers(cells: Sequence[str]) -> list[Decimal | None]:
    return [number(cell) for cell in cells]


def number(cell: str) -> Decimal | None:
    written = cell.strip().removesuffix("%")
    return Decimal(written.replace(",", "")) if _NUMBER.fullmatch(written) and len(written) <= LONGEST else None


def differences(cells: Sequence[str], taken: Sequence[str]) -> list[str]:
    """What is left of numbers when others are taken from them; blank ones are nothing, and so is all where neither can
    be read."""
    pairs = list(zip(cells, taken, strict=True))
    if any(cell.strip() and number(cell) is None for pair in pairs for cell in pair):
        return [""] * len(pairs)
    zero = Decimal(0)
    read = [(number(a), number(b)) for a, b in pairs]
    return [format((zero if a is None else a) - (zero if b is None else b), "f") for a, b in read]


def times_of(cells: Sequence[str]) -> list[Decimal | None]:
    """Dates as ISO 8601 writes them as numbers that grow with time; None for what is none."""
    found: list[Decimal | None] = []
    for cell in cells:
        try:
            time = datetime.fromisoformat(cell.strip())
            plain = time if time.tzinfo is None else time.astimezone(UTC).replace(tzinfo=None)
            found.append(Decimal((plain - datetime.min) // timedelta(microseconds=1)))
        except (ValueError, OverflowError):
            found.append(None)
    return found


def previous(cells: Sequence[str]) -> list[str]:
    return ["", *cells[:-1]] if cells else []


def next_(cells: Sequence[str]) -> list[str]:
    return [*cells[1:], ""] if cells else []


def nearest(is_before: bool) -> Callable[[Sequence[str]], list[str]]:
    """The last date before that of each row, or the first one after it, wherever its row stands."""

    def made(cells: Sequence[str]) -> list[str]:
        known = sorted(
            {time: cell for time, cell in zip(times_of(cells), cells, strict=True) if time is not None}.items()
        )
        times = [time for time, _ in known]
        found = []
        for time in times_of(cells):
            i = (
                -1
                if time is None
                else bisect.bisect_left(times, time) - 1
                if is_before
                else bisect.bisect_right(times, time)
            )
            found.append(known[i][1] if 0 <= i < len(known) else "")
        return found

    return made


def filled(cells: Sequence[str]) -> list[str]:
    """Each cell, or the last one above that is not blank."""
    found: list[str] = []
    for cell in cells:
        found.append(cell if cell.strip() or not found else found[-1])
    return found


def occurrence(cells: Sequence[str]) -> list[str]:
    """How often what stands there was met so far."""
    met: Counter[str] = Counter()
    found = []
    for cell in cells:
        met[cell] += 1
        found.append(str(met[cell]))
    return found


def times(cells: Sequence[str]) -> list[str]:
    counts = Counter(cells)
    return [str(counts[cell]) for cell in cells]


def flags(test: Callable[[int, int], bool]) -> Callable[[Sequence[str]], list[str]]:
    """Yes or no for each cell, by how often it was met so far and how often it stands there in all."""

    def made(cells: Sequence[str]) -> list[str]:
        pairs = zip(occurrence(cells), times(cells), strict=True)
        return ["yes" if test(int(so_far), int(in_all)) else "no" for so_far, in_all in pairs]

    return made


def of_numbers(make: Callable[[list[Decimal]], list[Decimal | int]]) -> Callable[[Sequence[str]], list[str]]:
    """A window on the cells that are numbers; blank ones have nothing, and none has where a cell can't be read."""

    def made(cells: Sequence[str]) -> list[str]:
        known = [(i, x) for i, x in enumerate(numbers(cells)) if x is not None]
        found = [""] * len(cells)
        if not known or len(known) < sum(bool(cell.strip()) for cell in cells):
            return found
        places = {len(cell.strip().rstrip("%").partition(".")[2]) for cell in cells if cell.strip()}
        for (i, _), value in zip(known, make([x for _, x in known]), strict=True):
            found[i] = written(value, len(places) == 1) if isinstance(value, Decimal) else str(value)
        return found

    return made


def extreme(choose: Callable[..., Decimal]) -> Callable[[Sequence[str]], list[str]]:
    """The largest number, or the last date, in each row, and the like; dates as they stand."""
    make_number = of_numbers(lambda xs: [choose(xs)] * len(xs))

    def made(cells: Sequence[str]) -> list[str]:
        times = [(time, cell) for time, cell in zip(times_of(cells), cells, strict=True) if time is not None]
        if not times or len(times) < sum(bool(cell.strip()) for cell in cells):
            return make_number(cells)
        wanted = choose(time for time, _ in times)
        return [next(cell for time, cell in times if time == wanted)] * len(cells)

    return made


def written(value: Decimal, with_places: bool) -> str:
    """A number with all the decimals that it has, or without noughts at its end."""
    text = format(value, "f")
    return text if with_places or "." not in text else text.rstrip("0").rstrip(".")


def ranks(xs: list[Decimal]) -> list[Decimal | int]:
    """1 for the largest; O(n log n)."""
    ordered = sorted(xs)
    return [1 + len(xs) - bisect.bisect_right(ordered, x) for x in xs]


def ranks_up(xs: list[Decimal]) -> list[Decimal | int]:
    ordered = sorted(xs)
    return [1 + bisect.bisect_left(ordered, x) for x in xs]


KINDS: dict[str, Callable[[Sequence[str]], list[str]]] = {
    "repeated": flags(lambda so_far, in_all: so_far > 1),
    "shared": flags(lambda so_far, in_all: in_all > 1),
    "number": occurrence,
    "times": times,
    "filled": filled,
    "previous": previous,
    "next": next_,
    "earlier": nearest(True),
    "later": nearest(False),
    "running": of_numbers(lambda xs: list(itertools.accumulate(xs))),
    "total": of_numbers(lambda xs: [sum(xs)] * len(xs)),
    "largest": extreme(max),
    "smallest": extreme(min),
    "rank": of_numbers(ranks),
    "rising rank": of_numbers(ranks_up),
}
# What stands in the row that another column names is made of three columns.
FOUND = "found"
FLAGS = ("repeated", "shared")
EXTREMES = ("largest", "smallest")
NEIGHBOURS = ("previous", "next")
# The same by their dates, where these are in no order.
IN_TIME = ("earlier", "later")
COUNTS = ("number", "times", "rank", "rising rank")
# Words in the name of a column by which people say that it is made of other rows, and how.
SAID = {
    "repeated": "dup dups duplicate duplicated repeat repeated again",
    "shared": "dup dups duplicate duplicated shared",
    "number": "nth seq sequence occurrence visit attempt",
    "times": "count times occurrences freq frequency",
    "filled": "filled fill",
    "previous": "prev previous prior change delta diff difference gap",
    "next": "next following",
    "earlier": "prev previous prior earlier",
    "later": "next following later",
    "running": "running cumulative cum cumsum balance ytd",
    "total": "total share percent pct",
    "largest": "max largest highest latest newest current",
    "smallest": "min smallest lowest earliest oldest",
    "found": "",
    "rank": "rank ranking",
    "rising rank": "rank ranking",
}
# Words that say so beside the name of the column that is filled alone: `region_full`, and not `full_name`.
SAID_OF_FILLED = {"full", "complete"}
OF_NUMBERS = ("running", "total", *EXTREMES, "rank", "rising rank", *NEIGHBOURS)


def windows(table: Table, columns: Sequence[str]) -> Iterator[Window]:
    """The windows on some columns of a table, those that need the least said first."""
    cells = {c: cells_of(table, c) for c in columns}
    of_numbers = [c for c in columns if sum(x is not None for x in numbers(cells[c])) > len(table.rows) // 2]
    of_times = [c for c in columns if sum(x is not None for x in times_of(cells[c])) > len(table.rows) // 2]
    groups = [c for c in columns if 1 < len(set(cells[c])) < len(table.rows)][:MOST_GROUPS]
    together = [AND.join(columns)] if 1 < len(columns) <= MOST_TOGETHER else []
    for column in (*together, *columns):
        yield from (Window(kind, column) for kind in (*FLAGS, "number", "times"))
    for column in columns:
        if any(not cell.strip() for cell in cells[column]):
            yield Window("filled", column)
        yield Window("previous", column)
        yield Window("next", column)
    yield from balances(table, columns)
    for column in of_numbers[:MOST_NUMBERS]:
        for by in (None, *(g for g in groups if g != column)):
            yield from (Window(kind, column, by) for kind in OF_NUMBERS if by or kind not in NEIGHBOURS)
    for column in (c for c in columns if c not in of_numbers):
        if column in of_times:
            is_sorted = sorted(known := [t for t in times_of(cells[column]) if t is not None]) == known
            kinds = EXTREMES if is_sorted else (*EXTREMES, *IN_TIME)
            yield from (Window(kind, column, by) for by in (None, *groups) if by != column for kind in kinds)
        yield from (Window(kind, column, by) for by in groups if by != column for kind in NEIGHBOURS)
    yield from found_rows(columns, cells)


def found_rows(columns: Sequence[str], cells: Mapping[str, Sequence[str]]) -> Iterator[Window]:
    """What stands in the row that a cell names, where the cells of one column are the names of rows in another one."""
    named = {c: {cell for cell in own if cell.strip()} for c, own in cells.items()}
    for ids in columns[:MOST_KEYS]:
        own = named[ids]
        if len(own) < FEWEST_TOLD or len(own) < sum(bool(cell.strip()) for cell in cells[ids]):
            continue
        for key in columns[:MOST_KEYS]:
            if key != ids and len(named[key]) > 1 and len(named[key] & own) > len(named[key]) // 2:
                others = [c for c in columns if c not in (ids, key)]
                yield from (Window(FOUND, f"{c}{WHERE}{ids}", key) for c in others[:MOST_NUMBERS])


def balances(table: Table, columns: Sequence[str]) -> list[Window]:
    """What is there after each row where one of two columns is what comes in, and the other one what goes out: each row
    has one of them, or the columns are among the first that hold numbers.

    O(cells): a column is looked at beside those that have cells where it has none, but for the first row, and beside
    few others.
    """
    cells = {c: cells_of(table, c) for c in columns}
    filled = {c: tuple(bool(cell.strip()) for cell in own) for c, own in cells.items()}
    alike: dict[tuple[bool, ...], list[str]] = defaultdict(list)
    for c, own in filled.items():
        alike[own[1:]].append(c)
    others = {c: alike.get(tuple(not cell for cell in own[1:]), []) for c, own in filled.items() if not all(own)}
    pairs = [(c, other) for c, found in others.items() for other in found if other in others and other != c]
    of_numbers = (c for c in columns if any(filled[c]) and all(number(x) is not None for x in cells[c] if x.strip()))
    ways = [pair for pair in pairs if are_ways(*(cells[c] for c in pair))]
    first = itertools.permutations(itertools.islice(of_numbers, MOST_NUMBERS), 2)
    return [Window("running", LESS.join(pair)) for pair in dict.fromkeys((*ways, *first))]


def are_ways(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether each row but the first has a number in one of two columns, and not always in the same."""
    rows = [(a.strip(), b.strip()) for a, b in zip(first, second, strict=True)]
    is_carried = bool(rows) and not any(rows[0])
    ones = rows[is_carried:]
    numbers_alone = all(bool(a) != bool(b) and number(a or b) is not None for a, b in ones)
    return numbers_alone and any(a for a, _ in ones) and any(b for _, b in ones)


def says(target: str, window: Window) -> bool:
    """Whether the name of a column says that it is such a window: `balance` of a running one, `nth` of a number."""
    words = words_of(target)
    is_filled = window.kind == "filled" and bool(words & SAID_OF_FILLED) and words_of(window.column) < words
    return is_filled or not words.isdisjoint(SAID[window.kind].split())


def suggested(table: Table, target: str, looked_at: Sequence[Window]) -> list[Window]:
    """Of some windows those that what is wanted speaks for: it is one, it has a value for each of its flags, or it is a
    difference or a share of one; the first few, those first that the name of the target says, then those that it is."""
    wanted = [cell.strip() for cell in cells_of(table, target)]
    given = [i for i, cell in enumerate(wanted) if cell]
    if len(given) < 2:
        return []
    is_constant = len({wanted[i] for i in given}) < 2
    found = []
    are_numbers = all(number(wanted[i]) is not None for i in given)
    # Of a series and what each number becomes, a law is wanted where nothing is to be filled in.
    is_series = are_numbers and len(given) == len(wanted) and len(table.columns) == 2
    taken = set(identifiers(table.columns, set()))
    names = dict.fromkeys(name for window in looked_at for name in (window.column, window.by) if name is not None)
    cells = {name: cells_of(table, name) for name in names}
    for window in looked_at:
        values = cells[window.column]
        # Of what is the same everywhere only a blank cell that is filled in says something.
        if is_constant and (window.kind != "filled" or all(values[i].strip() for i in given)):
            continue
        ways = parted(window.column, table.columns, LESS)
        is_told = len(given) >= FEWEST_TOLD or len(ways) != 2 or are_ways(*(cells_of(table, c) for c in ways))
        if len(ways) == 2 and not (are_numbers and is_told):
            continue
        own = window.made(values, None if window.by is None else cells[window.by])
        if is_series and window.kind in NEIGHBOURS and are_equal([(own[i], wanted[i]) for i in given if own[i]]):
            continue
        if identifiers([window.name], set())[0] not in taken and speaks_for(window, own, wanted, given, values):
            is_it = are_equal([(own[i], wanted[i]) for i in given if own[i]])
            blank = sum(not own[i] for i in given)
            found.append((not says(target, window), not is_it, blank, window))
    found.sort(key=itemgetter(0, 1, 2))
    # What is wanted in some of the rows alone says no more beside what is in all of them.
    is_whole = bool(found) and not found[0][1] and not found[0][2]
    return [window for _, _, blank, window in found if not (is_whole and blank)][:MOST_SUGGESTED]


def speaks_for(
    window: Window, own: Sequence[str], wanted: Sequence[str], given: Sequence[int], values: Sequence[str]
) -> bool:
    pairs = [(own[i], wanted[i]) for i in given]
    if window.kind in (*NEIGHBOURS, *IN_TIME) and window.by and is_begun_with(pairs):
        return True
    # The first row of a group has none before it.
    given = [i for i, (cell, _) in zip(given, pairs, strict=True) if cell]
    if len(given) < 2 or len(given) < len(pairs) // 2:
        return False
    pairs = [(own[i], wanted[i]) for i in given]
    if are_equal(pairs):
        return True
    if window.kind == "number" and ends_in(pairs):
        return True
    if LESS in window.column and is_carried_on(pairs):
        return True
    if window.kind in FLAGS:
        return len(set(pairs)) == 2 == len({flag for flag, _ in pairs}) == len({want for _, want in pairs})
    if window.kind in EXTREMES and is_told_by(
        [are_equal([(own[i], values[i])]) for i in given], [want for _, want in pairs]
    ):
        return True
    if window.kind == "previous" and are_days_after([values[i] for i in given], pairs):
        return True
    if window.kind not in OF_NUMBERS or window.kind in COUNTS:
        return False
    return is_reckoned([values[i] for i in given], *zip(*pairs, strict=True))


def is_begun_with(pairs: Sequence[tuple[str, str]]) -> bool:
    """Whether one word is wanted wherever there is nothing, and else what is there."""
    words = {want for cell, want in pairs if not cell}
    others = [(cell, want) for cell, want in pairs if cell]
    is_word = len(words) == 1 and any(map(str.isalpha, "".join(words))) and not any(map(str.isdigit, "".join(words)))
    return is_word and words.isdisjoint(want for _, want in others) and bool(others) and are_equal(others)


def are_equal(pairs: Sequence[tuple[str, str]]) -> bool:
    """Whether all cells are what is wanted, as texts or as numbers."""
    return all(cell == want or (number(cell) is not None and number(cell) == number(want)) for cell, want in pairs)


def is_told_by(flags: Sequence[bool], wanted: Sequence[str]) -> bool:
    """Whether of two values one is wanted where something holds, met more than once, and the other one elsewhere."""
    told = set(zip(flags, wanted, strict=True))
    return len(told) == 2 == len(set(flags)) == len(set(wanted)) and min(map(flags.count, (True, False))) > 1


def are_days_after(values: Sequence[str], pairs: Sequence[tuple[str, str]]) -> bool:
    """Whether what is wanted is how many days each date is after the one before it."""
    try:
        dates = [(date.fromisoformat(v), date.fromisoformat(cell)) for v, (cell, _) in zip(values, pairs, strict=True)]
    except ValueError:
        return False
    return [str((day - before).days) for day, before in dates] == [want for _, want in pairs]


def is_carried_on(pairs: Sequence[tuple[str, str]]) -> bool:
    """Whether what is wanted is more than the window by one number everywhere, as by what an account began with."""
    known = [(number(cell), number(want)) for cell, want in pairs]
    return len({want - cell for cell, want in known if cell is not None and want is not None}) == 1


def ends_in(pairs: Sequence[tuple[str, str]]) -> bool:
    """Whether what is wanted ends in numbers that are not the same everywhere, as those of the lines of an order do; a
    first one may go without where the others stand behind a mark."""
    ends = [(cell, want[len(want.rstrip(DIGITS)) :].lstrip("0")) for cell, want in pairs]
    marked = all(want[: -len(end)][-1:] in MARKS for (_, want), (_, end) in zip(pairs, ends, strict=True) if end)
    are_ends = all(end == cell or (marked and cell == "1" and not end) for cell, end in ends)
    return len({cell for cell, _ in ends}) > 1 and are_ends


def is_reckoned(values: Sequence[str], own: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether what is wanted is the difference of the values and of what the window has, or their quotient, as a
    percentage perhaps, rounded as it is written."""
    xs, ws, ts = (numbers(cells) for cells in (values, own, wanted))
    rows = [(x, w, t, text) for x, w, t, text in zip(xs, ws, ts, wanted, strict=True)]
    if any(None in row for row in rows):
        return False

    def close(result: Callable[[Decimal, Decimal], Decimal]) -> bool:
        try:
            return all(
                abs(result(x, w) - t) <= Decimal("0.5000001").scaleb(-len(text.strip("%").partition(".")[2]))
                for x, w, t, text in rows
                if x is not None and w is not None and t is not None
            )
        except (DivisionByZero, InvalidOperation):
            return False

    exact = all(x - w == t for x, w, t, _ in rows if x is not None and w is not None)
    return exact or any(map(close, (lambda x, w: 100 * x / w, lambda x, w: 100 * x / w - 100)))


def with_windows(table: Table, names: Sequence[str]) -> Table:
    """The table with columns for those names that it has not and that are made of other rows."""
    for name in names:
        if name not in table.columns and (window := named(name, table.columns)) is not None:
            cells = dict(zip((row.number for row in table.rows), window.cells(table), strict=True))
            table = table.with_column(name, cells)
    return table


def named(name: str, columns: Sequence[str]) -> Window | None:
    """The window of that name, or of the name that becomes it in Python, on some columns; None where there is none."""
    called = {identifier: c for c, identifier in zip(columns, identifiers(columns, set()), strict=True)}
    called = {identifier.rstrip("_"): c for identifier, c in called.items()} | called  # `in_` is `in` within a name
    for kind in (*KINDS, FOUND):
        of = "of " if kind in COUNTS else ""
        for space, known in ((" ", {c: c for c in columns}), ("_", called)):
            start = f"{kind} {of}".replace(" ", space)
            rest = name.removeprefix(start)
            if rest == name:
                continue
            between_them = between_of(kind).replace(" ", space)
            cuts = [m.start() for m in re.finditer(f"(?={re.escape(between_them)})", rest)]
            for whole, group in ((rest, ""), *((rest[:i], rest[i + len(between_them) :]) for i in cuts)):
                for between in (AND, LESS, WHERE):
                    parts = parted(whole, known, between.replace(" ", space))
                    is_one = len(parts) == 2 or (bool(parts) and between == AND and kind != FOUND)
                    if is_one and (not group or group in known):
                        own = between.join(known[part] for part in parts)
                        return Window(kind, own, known[group] if group else None)
    return None
