"""Pieces: a wanted value taken apart into a row of programs and constants, in all rows at once.

For a word that joins its arguments end to end, as the concatenation of texts does, a result is a path: from the start
of the wanted value in each row to its end in each row, where a step is a program of the bank whose values stand next
in all rows, or a constant that does. The cheapest paths come first (Dijkstra over the tuples of positions). This is the
intersection of the example graphs of FlashFill (Gulwani, POPL 2011, section 4), walked without being built.

A step is found by looking up every part of the wanted values in the table of values: a program is of use if its
value is such a part in every row. O(length**2) look-ups a row, then O(programs of use * rows) a state.
"""

from __future__ import annotations

import functools
import heapq
import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.expression import Expr, Literal, literal_cost
from extrapolate.core.kind import kind_of
from extrapolate.core.language import Instance
from extrapolate.core.values import UNDEFINED, Table
from extrapolate.search.bank.application import Arguments
from extrapolate.search.bank.bank import Store
from extrapolate.search.bank.vocabulary import Vocabulary
from extrapolate.search.goal import Cover, Goal
from extrapolate.search.move import Found, Move, Search

LONGEST = 300
MOST_PATHS = 100
MOST_PIECES = 12
# How much dearer than the cheapest a path may be.
SLACK = 10
# What a step costs more that is not defined in all rows that are open.
OPEN_ROW_COST = 6
# What it costs to cut the next piece from another value than the last, with a constant between them and without one.
SWITCH_COST, TOUCHING_COST = 0.5, 1.5

# After so many states it is looked at the clock.
STATES_A_LOOK = 50

State = tuple[int, ...]


class Breadth(NamedTuple):
    """How many states are left in all, how often each is, and by how many steps to each next one."""

    states: int
    visits: int
    steps: int


# The whole goal is worth more than the groups of rows among which a branch may choose.
WHOLE, GROUP = Breadth(3000, 24, 8), Breadth(200, 2, 3)


class Path(NamedTuple):
    """Pieces one after the other, as indices of programs, or constants; and what they are made from."""

    price: float
    pieces: tuple[int | Literal, ...]
    sources: frozenset[int] = frozenset()
    last: int = -1

    @property
    def ends_in_constant(self) -> bool:
        return bool(self.pieces) and isinstance(self.pieces[-1], Literal)


# When the parts of a branch are first looked for, for how many groups of rows, and how dear what is known must be.
FIRST_GROUPS_LEVEL, MOST_GROUPS, LONG_WITHOUT_BRANCHES = 6, 60, 18


class Pieces(Move):
    """Takes the goal of the task apart, for each word that joins its arguments."""

    def __init__(self, search: Search):
        super().__init__(search)
        joining = [i for i in self.vocabulary.by_result.get(search.goal.type, ()) if i.word.is_joining]
        self.paths = [p for i in joining if (p := Paths(search.goal, i, self.vocabulary)).possible]

    def step(self, goal: Goal, costs: range) -> Found:
        search = self.search
        if goal is not search.goal:
            return
        for paths in self.paths:
            yield from paths.step(search.dearest)
            if search.dearest > LONG_WITHOUT_BRANCHES and search.level >= FIRST_GROUPS_LEVEL:
                paths.note_covers(row_groups(len(goal.rows)), search.dearest)


def row_groups(n: int) -> list[tuple[int, ...]]:
    """Groups of rows for which a branch is looked for: pairs, of neighbours only where there are many rows, and all but
    one, which may be a slip."""
    pairs = list(itertools.combinations(range(n), 2))
    others = list(itertools.combinations(range(n), n - 1)) if 3 < n < MOST_GROUPS else []
    return [*(p for p in pairs if len(pairs) <= MOST_GROUPS or p[1] - p[0] == 1), *others]


class Paths:
    """The ways to join programs of a bank to the value a goal wants."""

    def __init__(self, goal: Goal, instance: Instance, vocabulary: Vocabulary):
        self.goal = goal
        self.instance = instance
        self.vocabulary = vocabulary
        self.join_cost = vocabulary.cost(instance)
        self.kind = kind_of(goal.type)
        self.table: Table = vocabulary.values.table(goal.type)
        self.outs: list[Any] = [self.table.values[i] for i in goal.wanted.tolist()]
        self.open_rows = np.setdiff1d(np.arange(goal.bank.rows), goal.rows)
        self.seen = 0
        n = len(self.outs)
        self.starts: list[NDArray[np.bool_]] = []
        self.useful: NDArray[np.intp] = np.zeros(0, dtype=np.intp)
        self.sub: NDArray[np.int32] = np.zeros((0, n), dtype=np.int32)

    @property
    def possible(self) -> bool:
        return max(map(len, self.outs)) <= LONGEST

    def refresh(self, store: Store) -> bool:
        """Takes in the programs that are new in the bank; whether one of them is of use in some row."""
        if store.n == self.seen:
            return False
        ids = store.ids[: store.n][:, self.goal.rows]
        sub = np.zeros((store.n, len(self.outs)), dtype=np.int32)
        self.starts, self.lengths = [], []
        for row, out in enumerate(self.outs):
            places, starts, lengths = self.places(out)
            index = np.zeros(len(self.table), dtype=np.int32)
            index[list(places)] = list(places.values())
            sub[:, row] = index[ids[:, row]]
            self.starts.append(starts)
            self.lengths.append(lengths)
        before = len(self.useful)
        self.useful = np.flatnonzero((sub > 0).any(axis=1))
        self.sub = sub[self.useful]
        self.seen = store.n
        open_ids = store.ids[self.useful][:, self.open_rows]
        gaps = (open_ids == UNDEFINED).mean(axis=1) if len(self.open_rows) else np.zeros(len(self.useful))
        self.prices = store.cost[self.useful] + OPEN_ROW_COST * gaps
        self.sources, self.savings = self.made_from(store)
        return len(self.useful) > before

    def made_from(self, store: Store) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """What each program of use is cut from, its first argument, as a number; and what it costs less to cut a
        second piece from the same."""
        bank = self.goal.bank
        self.source_types = list(bank.stores)
        self.known_cuts: dict[int, dict[bytes, Expr]] = {}
        types = {t: n for n, t in enumerate(self.source_types)}
        first, makers = store.args[self.useful, 0].astype(np.int64), store.maker[self.useful]
        sources, savings = np.full(len(first), -1), np.zeros(len(first))
        for maker in np.unique(makers).tolist():
            if bank.made_from[maker]:
                t, own = bank.made_from[maker][0], makers == maker
                sources[own] = first[own] * len(types) + types[t]
                savings[own] = bank.stores[t].cost[first[own]] - 1
        return sources, savings

    def places(self, out: Any) -> tuple[dict[int, int], NDArray[np.bool_], NDArray[np.int32]]:
        """The known values that are parts of a value, numbered from 1; where each starts; and how long each is."""
        n = len(out)
        numbers: dict[int, int] = {}
        where: list[list[int]] = []
        lengths = [0]
        for i, j in itertools.combinations(range(n + 1), 2):
            found = self.table.find(out[i:j])
            if found is not None:
                if found not in numbers:
                    numbers[found] = len(lengths)
                    lengths.append(j - i)
                    where.append([])
                where[numbers[found] - 1].append(i)
        empty = self.table.find(out[:0])
        if empty is not None:
            numbers[empty] = len(lengths)
            lengths.append(0)
            where.append(list(range(n + 1)))
        starts = np.zeros((len(lengths), n + 1), dtype=bool)
        for number, places in enumerate(where, 1):
            starts[number, places] = True
        return numbers, starts, np.array(lengths, dtype=np.int32)

    def paths(self, rows: Sequence[int], most: int, dearest: float, breadth: Breadth) -> Iterator[Path]:
        """The cheapest ways through the wanted values of some rows, at most so many."""
        able = np.flatnonzero((self.sub[:, rows] > 0).all(axis=1))
        sub, prices = self.sub[able][:, list(rows)], self.prices[able]
        sizes = np.stack([self.lengths[r][sub[:, k]] for k, r in enumerate(rows)], axis=1) if len(rows) else sub
        moving = sizes.any(axis=1)
        able, sub, prices, sizes = able[moving], sub[moving], prices[moving], sizes[moving]
        order = np.argsort(prices, kind="stable")
        able, sub, prices, sizes = able[order], sub[order], prices[order], sizes[order]
        sources, savings = self.sources[able], self.savings[able]
        outs = [self.outs[r] for r in rows]
        end = tuple(map(len, outs))
        if not any(end):  # where nothing is wanted, nothing is joined
            return
        numbers = itertools.count()
        queue: list[tuple[float, int, State, Path]] = [(0.0, 0, (0,) * len(outs), Path(0.0, ()))]
        visits: dict[State, int] = {}
        limit = dearest
        found = states = 0
        while queue and found < most and states < breadth.states:
            if states % STATES_A_LOOK == 0:
                self.goal.bank.meter.try_(0)
            price, _, state, path = heapq.heappop(queue)
            if price > limit:
                return
            if state == end:
                found += 1
                limit = min(limit, price + SLACK)
                yield path
                continue
            visits[state] = visits.get(state, 0) + 1
            if visits[state] > breadth.visits or len(path.pieces) >= MOST_PIECES:
                continue
            states += 1
            join = self.join_cost if path.pieces else 0
            known = prices
            if path.sources:
                switch = SWITCH_COST if path.ends_in_constant else TOUCHING_COST
                known = prices - savings * np.isin(sources, list(path.sources)) + switch * (sources != path.last)
            for i, to in self.steps(state, rows, sub, sizes, known, breadth.steps):
                step = price + join + float(known[i])
                longer = Path(
                    step, (*path.pieces, int(able[i])), path.sources | {int(sources[i])} - {-1}, int(sources[i])
                )
                heapq.heappush(queue, (step, next(numbers), to, longer))
            if not path.ends_in_constant:
                rest = [out[p:] for out, p in zip(outs, state, strict=True)]
                common = shared_start(rest)
                for length in range(1, len(common) + 1):
                    if len(self.outs) == 1 and str(common[length - 1]).isalnum():
                        break  # one example can't tell letters and digits that stay from those of its input
                    part = Literal(self.kind.constant(common[:length], self.goal.type), self.goal.type)
                    step = price + join + literal_cost(part)
                    to = tuple(p + length for p in state)
                    heapq.heappush(
                        queue, (step, next(numbers), to, path._replace(price=step, pieces=(*path.pieces, part)))
                    )

    def steps(
        self,
        state: State,
        rows: Sequence[int],
        sub: NDArray[np.int32],
        sizes: NDArray[np.int32],
        prices: NDArray[np.float64],
        most: int,
    ) -> Iterator[tuple[int, State]]:
        """The programs that stand next in every row, and where they lead; the cheapest for each place."""
        fits = self.starts[rows[0]][sub[:, 0], state[0]]
        for k, r in enumerate(rows[1:], 1):
            fits = fits & self.starts[r][sub[:, k], state[k]]
        able = np.flatnonzero(fits)
        led: dict[State, int] = {}
        for i in able[np.argsort(prices[able], kind="stable")].tolist():
            to = tuple(p + int(n) for p, n in zip(state, sizes[i], strict=True))
            led[to] = led.get(to, 0) + 1
            if led[to] <= most:
                yield i, to

    def expr(self, path: Path) -> Expr:
        """The pieces joined."""
        return self.joined([self.piece(p) for p in path.pieces])

    def piece(self, piece: int | Literal) -> Expr:
        if isinstance(piece, Literal):
            return piece
        return self.goal.bank.expr(self.goal.type, int(self.useful[piece]))

    def joined(self, parts: Sequence[Expr]) -> Expr:
        """Expressions joined from the left."""
        return functools.reduce(lambda joined, part: self.instance(joined, part), parts)

    def right_rows(self, path: Path) -> NDArray[np.bool_]:
        """On which rows of the goal the pieces give what is wanted."""
        right = np.zeros(len(self.outs), dtype=bool)
        for row, out in enumerate(self.outs):
            at = 0
            for piece in path.pieces:
                if isinstance(piece, Literal):
                    value = piece.value
                    fits, size = out[at : at + len(value)] == value, len(value)
                else:
                    number = self.sub[piece, row]
                    fits, size = bool(number and self.starts[row][number, at]), int(self.lengths[row][number])
                if not fits:
                    break
                at += size
            else:
                right[row] = at == len(out)
        return right

    def step(self, dearest: float) -> Iterator[Expr]:
        """The cheapest ways to join what the bank holds now."""
        store = self.goal.bank.stores.get(self.goal.type)
        if store is None or not self.refresh(store):
            return
        self.goal.bank.meter.try_(len(self.useful))
        for path in self.paths(range(len(self.outs)), MOST_PATHS, dearest, WHOLE):
            yield self.expr(path)
            yield from self.harmonised(path)

    def harmonised(self, path: Path) -> Iterator[Expr]:
        """The same row of pieces with as many as can be cut from one value, for each value that some are cut from; and
        with each cut from the value of the piece that it touches, where it can be.

        The bank keeps one of the programs that are equal on all rows; beside the other pieces another may be meant.
        """
        for source in path.sources:
            parts = self.cuts(source)
            pieces = [parts.get(self.row_of(piece), None) for piece in path.pieces]
            if any(pieces):
                yield self.joined([own or self.piece(p) for own, p in zip(pieces, path.pieces, strict=True)])
        yield self.joined(list(self.neighbourly(path)))

    def neighbourly(self, path: Path) -> Iterator[Expr]:
        """The pieces, each cut from the value of the one before it where that can be and no constant parts them."""
        source = -1
        for piece in path.pieces:
            own = self.cuts(source).get(self.row_of(piece)) if source >= 0 else None
            if own is None:
                source = -1 if isinstance(piece, Literal) else int(self.sources[piece])
            yield own or self.piece(piece)

    def row_of(self, piece: int | Literal) -> bytes:
        """The values of a piece in all rows of the bank, as a key; empty for a constant."""
        if isinstance(piece, Literal):
            return b""
        row = self.goal.bank.stores[self.goal.type].ids[self.useful[piece]]
        return bytes(row.tobytes())

    def cuts(self, source: int) -> dict[bytes, Expr]:
        """What the words of one argument cut from a value, by the values it has in all rows; the cheapest of each."""
        bank = self.goal.bank
        t, index = self.source_types[source % len(self.source_types)], source // len(self.source_types)
        if source not in self.known_cuts:
            found: dict[bytes, Expr] = {}
            words = [i for i in self.vocabulary.first_order if i.arg_types == (t,) and i.result_type == self.goal.type]
            for instance in sorted(words, key=self.vocabulary.cost):
                ids = self.vocabulary.application(instance)(Arguments([bank.stores[t].ids[index : index + 1]]))
                found.setdefault(ids[0].tobytes(), instance(bank.expr(t, index)))
            self.known_cuts[source] = found
        return self.known_cuts[source]

    def note_covers(self, groups: Sequence[Sequence[int]], dearest: float) -> None:
        """Remembers, for groups of rows, the cheapest ways to join what is wanted there, for branches to use."""
        for rows in groups if len(self.useful) else ():
            for path in self.paths(rows, 3, dearest, GROUP):
                self.goal.cover(self.right_rows(path), Cover(math.ceil(path.price), self.expr(path)))


def shared_start(values: Sequence[Any]) -> Any:
    """The longest text, or list, that all of some start with."""
    first, *others = values
    length = min(map(len, values))
    different = (i for i in range(length) if any(other[i] != first[i] for other in others))
    return first[: next(different, length)]
