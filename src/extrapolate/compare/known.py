"""Problems whose law is known, so that there are rows as far out as one likes: a list, a law and a column of text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from extrapolate.compare.problem import Place, Problem
from extrapolate.core.task import Task
from extrapolate.nets.baselines import Rows

# Rows that nets are trained on, and rows at each place, fewer of very long ones.
SEEN, TESTED, LONG, FEW = 100_000, 200, 1000, 5
LONGEST, LARGEST = 8, 100
LENGTHS = (2, 4, 8, 10, 12, 16, 32, 64, 128, LONG, 1_000_000)
# Mean distance from the sun in au and period in years of what was not measured: JPL, Keplerian elements for approximate
# positions of the major planets (epoch J2000), with the sidereal periods of its fact sheet.
FURTHER_OUT = (
    ("Ceres", 2.767, 4.60),
    ("Jupiter", 5.2029, 11.862),
    ("Saturn", 9.5367, 29.457),
    ("Uranus", 19.1892, 84.011),
    ("Neptune", 30.0699, 164.79),
)
MEASURED, NOISE = 200, 0.01
MERCURY, MARS = 0.387, 1.524
SYLLABLES = ("ba", "ce", "di", "fo", "gu", "ka", "lo", "mi", "nu", "pe", "ra", "so", "ti", "ve", "wi", "za")
CLOSING = ("", "n", "r", "s", "l")
NAMES = 20_000


def sorting(seed: int) -> Problem:
    """Lists in order: lists of at most eight numbers are seen, those of up to a million are asked about."""
    rng = np.random.default_rng(seed)

    def rows(n: int, low: int, high: int) -> Rows:
        lengths = rng.integers(low, high + 1, n)
        lists = [rng.integers(0, LARGEST, length).tolist() for length in lengths]
        return [((xs,), sorted(xs)) for xs in lists]

    seen = rows(SEEN, 1, LONGEST)
    known = keys(seen)
    shown = Task.from_examples([([3, 1, 2], [1, 2, 3]), ([5, 9, 5, 4], [4, 5, 5, 9]), ([7, 0], [0, 7])], name="sorting")
    drawn = [(n, rows(TESTED if n < LONG else FEW, n, n)) for n in LENGTHS]
    places = [Place(f"{n:,}", unseen(new, known) if n <= LONGEST else new, n <= LONGEST, n) for n, new in drawn]
    notes = (f"lists of numbers from 0 to {LARGEST - 1}; nets see lists of 1 to {LONGEST}",)
    return Problem("sorting", shown, seen, tuple(places), "length of the list", LONGEST, notes=notes)


def keys(rows: Rows) -> set[str]:
    """The inputs of rows, as texts."""
    return {str(inputs) for inputs, _ in rows}


def unseen(rows: Rows, known: set[str]) -> Rows:
    """The rows whose inputs are not among those that are known."""
    return [row for row in rows if str(row[0]) not in known]


def kepler(seed: int) -> Problem:
    """The period of what orbits the sun: between Mercury and Mars is measured, what is further out asked about."""
    rng = np.random.default_rng(seed)

    def rows(n: int, noise: float) -> Rows:
        distance = rng.uniform(MERCURY, MARS, n)
        period = distance**1.5 * (1 + noise * rng.standard_normal(n))
        return [((float(a),), float(t)) for a, t in zip(distance, period, strict=True)]

    seen = rows(MEASURED, NOISE)
    shown = Task.from_examples(seen, names=["distance"], name="period")
    inside = Place("measured range", rows(TESTED, 0.0), True, (MERCURY + MARS) / 2)
    outside = [Place(name, [((a,), t)], False, a) for name, a, t in FURTHER_OUT]
    notes = (f"{MEASURED} measurements between Mercury and Mars with an error of {NOISE:.0%}",)
    places = (inside, *outside)
    axis = "distance from the sun [au]"
    return Problem("kepler", shown, seen, places, axis, MARS, has_names=True, is_measured=True, notes=notes)


def names(seed: int) -> Problem:
    """Names as in a register, `Lovelace, A.`: names of two and three words are seen, others asked about."""
    rng = np.random.default_rng(seed)

    def word(syllables: Sequence[str] = SYLLABLES, low: int = 2, high: int = 3) -> str:
        picked = [str(rng.choice(syllables)) for _ in range(rng.integers(low, high + 1))]
        return ("".join(picked) + str(rng.choice(CLOSING))).capitalize()

    def rows(n: int, name: Callable[[], str]) -> Rows:
        return [((full,), registered(full)) for full in (name() for _ in range(n))]

    def plain() -> str:
        return " ".join(word() for _ in range(3 if rng.random() < 0.2 else 2))

    further: tuple[tuple[str, Callable[[], str]], ...] = (
        ("four words", lambda: " ".join(word() for _ in range(4))),
        ("longer words", lambda: " ".join(word(low=5, high=6) for _ in range(2))),
        ("hyphens", lambda: f"{word()}-{word()} {word()}-{word()}"),
        ("capitals", lambda: plain().upper()),
        ("other letters", lambda: " ".join(word(("bä", "çe", "dí", "fø", "gü", "kå", "ñu")) for _ in range(2))),
        ("Greek", lambda: " ".join(word(("βα", "γε", "δι", "κο", "λυ", "μη")) for _ in range(2))),
    )
    shown = [(full, registered(full)) for full in ("Ada Lovelace", "Alan Mathison Turing", "Grace Hopper")]
    seen = rows(NAMES, plain)
    places = [Place("as seen", unseen(rows(TESTED, plain), keys(seen)), True)]
    places += [Place(label, rows(TESTED, name), False) for label, name in further]
    notes = (f"{NAMES:,} made-up names of two or three words for nets",)
    task = Task.from_examples(shown, names=["name"], name="registered")
    return Problem("names", task, seen, tuple(places), "format of the name", has_names=True, notes=notes)


def registered(full: str) -> str:
    """`Ada Lovelace` as `Lovelace, A.`"""
    words = full.split(" ")
    return f"{words[-1]}, {words[0][0]}."


# How each is drawn from a seed.
KNOWN: dict[str, Callable[[int], Problem]] = {"sorting": sorting, "kepler": kepler, "names": names}
