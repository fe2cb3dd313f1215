"""Outputs taken apart into pieces, against every way to do so."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extrapolate import Task, learn
from extrapolate.core.expression import Literal, literal_cost
from extrapolate.core.result import Budget
from extrapolate.core.types import TEXT
from extrapolate.languages.text import LANGUAGE
from extrapolate.search.moves.pieces import SWITCH_COST, TOUCHING_COST, WHOLE, Pieces, shared_start
from extrapolate.search.synthesis import Synthesis

EXAMPLES = [("Ann Lee", "A. Lee"), ("Bob Fox", "B. Fox"), ("Cy Ray", "C. Ray")]


def pieces_after(examples, levels):
    task = Task.from_examples(examples)
    search = Synthesis(task, task.rows, LANGUAGE, Budget(programs=10**7, seconds=None))
    while search.level < levels:
        search.climb(search.stride)
    (pieces,) = next(move.paths for move in search.moves if isinstance(move, Pieces))
    pieces.refresh(search.root.stores[task.output])
    return task, search, pieces


def test_every_path_gives_what_is_wanted():
    task, search, pieces = pieces_after(EXAMPLES, 6)
    paths = list(pieces.paths(range(3), 30, 60, WHOLE))
    assert paths
    for path in paths:
        values = list(search.judge.values(pieces.expr(path), task.rows))
        assert values == [row.output for row in task.rows]
        assert pieces.right_rows(path).all()


def test_paths_come_cheapest_first():
    _, _, pieces = pieces_after(EXAMPLES, 6)
    prices = [path.price for path in pieces.paths(range(3), 30, 60, WHOLE)]
    assert prices == sorted(prices)


def switching(sources):
    """What it costs to cut a piece from something else than the last, once one has been cut; None is a constant."""
    price, last, is_cut = 0, -1, False
    for before, source in itertools.pairwise([None, *sources]):
        if source is not None:
            if is_cut and source != last:
                price += SWITCH_COST if before is None else TOUCHING_COST
            last, is_cut = source, is_cut or source != -1
    return price


def test_the_first_path_is_the_cheapest_there_is():
    """Against all rows of up to five pieces, without what is saved by cutting two from the same."""
    examples = [("ab", "b-a"), ("cd", "d-c")]
    _, search, pieces = pieces_after(examples, 4)
    pieces.savings = np.zeros_like(pieces.savings)
    outs = [out for _, out in examples]
    store = search.root.stores[search.task.output]
    table = search.vocabulary.values.table(search.task.output).values
    steps = [([table[i] for i in store.ids[k]], float(store.cost[k]), int(source)) for k, source in
             zip(pieces.useful.tolist(), pieces.sources.tolist(), strict=True)]  # fmt: skip
    steps += [([t, t], literal_cost(Literal(t, TEXT)), None) for t in ("-",)]
    found = []
    for n in range(1, 5):
        for chosen in itertools.product(steps, repeat=n):
            texts = ["".join(values[r] for values, _, _ in chosen) for r in range(2)]
            if texts == outs:
                price = sum(p for _, p, _ in chosen) + (n - 1) * pieces.join_cost
                found.append(price + switching([s for _, _, s in chosen]))
    first = next(iter(pieces.paths(range(2), 1, 60, WHOLE)))
    assert first.price == min(found)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text("ab -", min_size=1, max_size=5), min_size=2, max_size=4, unique=True))
def test_pieces_are_sound_for_any_rows(inputs):
    examples = [(s, f"<{s}>") for s in inputs]
    task, search, pieces = pieces_after(examples, 3)
    for path in pieces.paths(range(len(inputs)), 5, 40, WHOLE):
        run = list(search.judge.values(pieces.expr(path), task.rows))
        assert run == [row.output for row in task.rows]
        assert task.environment(task.rows[0])


@pytest.mark.parametrize(
    ("texts", "start"), [(["abc", "abd", "ab"], "ab"), (["x", "y"], ""), (["same", "same"], "same"), (["", "a"], "")]
)
def test_what_all_start_with(texts, start):
    assert shared_start(texts) == start


def test_classes_of_two_numbers_have_no_pieces_and_are_learned_all_the_same():
    rows = [
        ((a, b), "wide" if a > b else "tall") for a, b in itertools.product((0.5, 1.5, 2.5, 3.25), (1.25, 2.0, 3.0))
    ]
    result = learn(rows, seconds=10)
    assert result.solved and result.program(9.5, 2.5) == "wide"
