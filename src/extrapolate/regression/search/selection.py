"""Which few of many columns explain a target: alone, in pairs, in sets of three and more.

Pairs are judged all at once, of one of the cheapest columns, or of those that do best alone, and any other. Larger sets
grow from the best pairs and the cheapest ones, and shrink from many cheap columns fitted together.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from extrapolate.regression.search.description import BITS_A_PART, residual_bits
from extrapolate.regression.search.spans import Span
from extrapolate.search.budget import Meter

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
Chosen = tuple[int, ...]

# A fit so close needs no more columns.
CLOSE = 1e-7
MOST_SINGLES, MOST_SETS, BEAM, GROWN = 30, 60, 30, 6
# How many pairs are judged, and how many columns more of each cost are put in sets of three.
MOST_PAIRS, TRIPLED_A_COST, MOST_TRIPLED = 3_000_000, 20, 120
# Pairs of so many of the cheapest columns are grown whether they fit well or not.
SEEDS = 10
LEAST_FREE = 1e-9
LARGEST_SET = 8
# What a column must explain, in units of the variance of a residual, not to be dropped.
WORTHWHILE = 8.0


def selections(span: Span, columns: Floats, costs: Ids, cost: int, meter: Meter, effort: float) -> list[Chosen]:
    """Sets of columns `(n_columns, n_rows)`, the cheapest first, that fit well for what they cost, the best first."""
    directions, places = span.directions(columns)
    kept = distinct(directions)
    directions, places = directions[kept], places[kept]
    if not len(directions):
        return []
    bits = BITS_A_PART * costs[places]
    found: dict[Chosen, float] = {}

    def note(sets: Iterable[tuple[float, Chosen]]) -> bool:
        """Keeps sets with what they take to describe; whether one of them needs no more columns."""
        closest = math.inf
        for misfit, chosen in sets:
            spare = max(1, len(span.target) - span.basis.shape[1] - len(chosen))  # each constant explains a row
            found[tuple(sorted(chosen))] = residual_bits(misfit, spare) + float(bits[list(chosen)].sum())
            closest = min(closest, misfit)
        return closest < CLOSE

    for stage in stages(span, directions, cost, meter, effort):
        if note(stage):
            break
    ordered = sorted(found, key=lambda chosen: found[chosen])
    return [tuple(places[list(chosen)].tolist()) for chosen in ordered]


def stages(
    span: Span, directions: Floats, cost: int, meter: Meter, effort: float
) -> Iterator[list[tuple[float, Chosen]]]:
    """Larger and larger sets of directions with their misfits."""
    meter.try_(len(directions))
    misfits = span.singles(directions)
    best = np.argsort(misfits, kind="stable")
    yield [(float(misfits[i]), (i,)) for i in best[:MOST_SINGLES].tolist()]
    if len(directions) < 2:
        return
    most = max(2, min(len(directions), int(effort * MOST_PAIRS) // len(directions)))
    leading = np.unique(np.concatenate([np.arange(most - most // 3), best[: most // 3]]))
    meter.try_(len(leading) * len(directions))
    sets: list[tuple[float, Chosen]] = [(v, (i, j)) for v, i, j in span.pairs(directions, leading, MOST_SETS)]
    yield sets
    few = min(MOST_TRIPLED, int(effort * TRIPLED_A_COST * cost))
    tripled = np.unique(np.concatenate([np.arange(min(len(directions), few)), best[:few]]))
    meter.try_(len(tripled) ** 3 // 6)
    threes = [(v, tuple(tripled[list(s)].tolist())) for v, s in span.triples(directions[tripled], MOST_SETS)]
    yield threes
    yield list(shrunk(span, directions, meter))
    beam = int(effort * BEAM)
    cheapest = itertools.combinations(range(min(len(directions), int(effort * SEEDS))), 2)
    yield from grown(span, directions, [*sets[:beam], *threes[:beam], *((1.0, pair) for pair in cheapest)], meter)


def distinct(directions: Floats) -> Ids:
    """The first of each set of directions that are the same up to their sign."""
    probes = np.random.default_rng(1).normal(size=(directions.shape[1], 2))
    keys = np.round(directions @ probes * 1e8)
    keys *= np.where(keys[:, :1] < 0, -1.0, 1.0)
    _, first = np.unique(keys, axis=0, return_index=True)
    return np.sort(first)


def grown(
    span: Span, directions: Floats, sets: list[tuple[float, Chosen]], meter: Meter
) -> Iterator[list[tuple[float, Chosen]]]:
    """Sets with one more column, and the best of those with another one, by a beam search."""
    for _ in range(2):
        meter.try_(len(directions) * len(sets))
        larger: dict[Chosen, float] = {}
        for _, chosen in sets:
            meter.try_(0)
            basis, _ = np.linalg.qr(directions[list(chosen)].T)
            rest = span.target - basis @ (basis.T @ span.target)
            free = 1 - ((directions @ basis) ** 2).sum(axis=1)
            gains = np.where(free > LEAST_FREE, (directions @ rest) ** 2 / np.maximum(free, LEAST_FREE), 0.0)
            most = min(GROWN, len(gains))
            for i in np.argpartition(-gains, most - 1)[:most].tolist():
                left = max(0.0, float(rest @ rest - gains[i]))
                larger[tuple(sorted((*chosen, i)))] = math.sqrt(left)
        sets = sorted(((misfit, chosen) for chosen, misfit in larger.items()))[:BEAM]
        yield sets


def shrunk(span: Span, directions: Floats, meter: Meter) -> Iterator[tuple[float, Chosen]]:
    """What is left of many cheap columns fitted together when those of no use are dropped, the worst half at a time."""
    for most in (len(span.target) // 8, len(span.target) // 3):
        chosen = np.arange(min(len(directions), most))
        while len(chosen) > 2:
            meter.try_(1)
            columns = directions[chosen].T
            fitted, *_ = np.linalg.lstsq(columns, span.target, rcond=1e-12)
            rest = columns @ fitted - span.target
            spread = max(float(rest @ rest), 1e-24) / max(1, len(rest) - len(chosen))
            losses = fitted**2 / np.maximum(np.diag(np.linalg.pinv(columns.T @ columns, hermitian=True)), 1e-300)
            useless = np.flatnonzero(losses < WORTHWHILE * spread)
            if not len(useless):
                break
            worst = useless[np.argsort(losses[useless])][: max(1, len(useless) // 2)]
            chosen = np.delete(chosen, worst)
        if 2 < len(chosen) <= LARGEST_SET:
            yield float(np.linalg.norm(rest)), tuple(chosen.tolist())
