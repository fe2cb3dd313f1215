"""What a scientist asks of laws: inputs that must be used, words that must not, forms beside rivals, the front."""

import csv

import numpy as np
import pytest

from extrapolate import InputError, learn
from extrapolate.core.result import is_of_front
from extrapolate.core.source import python_expression
from extrapolate.show.front import write_front
from extrapolate.show.plot import plot_law

RNG = np.random.default_rng(3)
X = np.linspace(0.5, 9, 30)
WAVE = [((float(x),), float(2 * np.sin(x) + 5 + 0.01 * e)) for x, e in zip(X, RNG.normal(size=30), strict=True)]
# The second input says nothing of the target.
TWO = [
    ((float(x), float(z)), float(3 * x**2 * (1 + 0.01 * e)))
    for x, z, e in zip(X, RNG.uniform(1, 2, 30), RNG.normal(size=30), strict=True)
]
SATURATING = [((float(x),), float(7 * x / (2 + x) + 0.01 * e)) for x, e in zip(X, RNG.normal(size=30), strict=True)]
LAWS = {"language": "laws", "programs": 200_000, "seconds": None}


def formulas(result):
    return [python_expression(c.program.expr) for c in result.candidates]


def test_a_word_that_is_left_out_stands_in_no_law():
    assert any("np.sin" in f or "np.cos" in f for f in formulas(learn(WAVE, names=["x"], **LAWS)))
    without = formulas(learn(WAVE, names=["x"], without=["sin", "cos", "tan"], **LAWS))
    assert without
    assert not any(word in f for f in without for word in ("np.sin", "np.cos", "np.tan"))


@pytest.mark.parametrize("word, why", [("add", "made of arithmetic"), ("sinn", "did you mean 'sin'")])
def test_arithmetic_stays_and_unknown_words_are_named(word, why):
    with pytest.raises(InputError, match=why):
        learn(WAVE, without=[word], **LAWS)


def test_words_are_left_out_of_programs_too():
    reverse = [([3, 1, 2], [2, 1, 3]), ([5, 4], [4, 5]), ([7, 8, 9, 1], [1, 9, 8, 7])]
    assert "[::-1]" in learn(reverse, programs=50_000, seconds=None).program.source
    other = learn(reverse, without=["reverse"], programs=50_000, seconds=None)
    assert other.program is None or "[::-1]" not in other.program.source


def test_an_input_that_must_be_used_is():
    assert all("z" not in f for f in formulas(learn(TWO, names=["x", "z"], **LAWS))[:1])
    used = learn(TWO, names=["x", "z"], using=["z"], **LAWS)
    assert used.candidates
    assert all("z" in [v.name for v in c.program.used] for c in used.candidates)


def test_an_input_that_is_to_be_used_must_be_there():
    with pytest.raises(InputError, match="'q' is to be used and names no input"):
        learn(TWO, names=["x", "z"], using=["q"], **LAWS)


def test_a_form_is_ranked_among_its_rivals():
    alone = learn(SATURATING, names=["S"], form="a * log(S) + b", language="laws")
    beside = learn(SATURATING, names=["S"], form="a * log(S) + b", rivals=True, **LAWS)
    (own,) = [c for c in beside.candidates if [q.name for q in c.constants] == ["a", "b"]]
    assert own.score == pytest.approx(alone.candidates[0].score)
    assert beside.candidates[0].score < own.score
    assert [c.score for c in beside.candidates] == sorted(c.score for c in beside.candidates)


def test_a_form_beside_rivals_with_categories_has_their_inputs(tmp_path):
    rows = [
        ((m, float(x)), s * x + 1 + 0.01 * e)
        for (x, e) in zip(X, RNG.normal(size=30), strict=True)
        for m, s in (("a", 2), ("b", 5))
    ]
    result = learn(rows, names=["m", "x"], form="k * x", rivals=True, **LAWS)
    assert {tuple(v.name for v in c.program.inputs) for c in result.candidates} == {("m", "x")}
    assert [q.name for c in result.candidates for q in c.constants if q.name == "k"]
    plot_law(result, tmp_path / "law.png")


def test_a_form_beside_rivals_has_their_errors():
    rows = [((float(x),), float(1e6 / x**3 * np.exp(0.03 * e))) for x, e in zip(X, RNG.normal(size=30), strict=True)]
    result = learn(rows, names=["x"], form="a / x ** 3", rivals=True, **LAWS)
    (own,) = [c for c in result.candidates if any(q.name == "a" for q in c.constants)]
    assert own.relative
    assert own.score - result.candidates[0].score < 10


@pytest.mark.parametrize("using, why", [("k", "same in every row"), ("label", "no categories")])
def test_what_can_not_be_used_is_said(using, why):
    rows = [((float(x), 3.0, f"n{i}"), float(2 * x)) for i, x in enumerate(X)]
    with pytest.raises(InputError, match=why):
        learn(rows, names=["x", "k", "label"], using=[using], **LAWS)


def test_inputs_to_be_used_may_have_units():
    rows = [((x, z), y) for (x, z), y in TWO]
    result = learn(rows, names=["x", "z"], units={"x": "m", "z": "s", "output": "m^2"}, using=["x"], **LAWS)
    assert all("x" in [v.name for v in c.program.used] for c in result.candidates)
    assert result.candidates


def test_a_form_says_itself_what_it_uses():
    with pytest.raises(InputError, match="a form says itself"):
        learn(TWO, names=["x", "z"], form="a * x ** b", using=["z"], **LAWS)


def test_roots_are_powers_where_they_are_left_out():
    rows = [((float(x),), float(2 + 3 * np.sqrt(x))) for x in X]
    (best, *_) = formulas(learn(rows, names=["x"], without=["sqrt"], **LAWS))
    assert best == "2 + 3 * x ** 0.5"


def test_rivals_need_a_form():
    with pytest.raises(InputError, match="without a form"):
        learn(SATURATING, rivals=True)


def test_of_the_front_no_law_is_shorter_and_closer(tmp_path):
    result = learn(SATURATING, names=["S"], front=True, **LAWS)
    front = result.front
    assert result.candidates[0] in front
    assert [c.cost for c in front] == sorted(c.cost for c in front)
    assert [c.misfit for c in front] == sorted((c.misfit for c in front), reverse=True)
    assert all(is_of_front(c, result.candidates) for c in front)
    assert len(front) >= 3
    frame = result.frame()
    assert frame["front"].sum() == len(front)
    write_front(result, tmp_path / "front.csv")
    assert len(list(csv.DictReader((tmp_path / "front.csv").read_text().splitlines()))) == len(result.candidates)
    write_front(result, tmp_path / "front.svg")
    assert (tmp_path / "front.svg").read_text().count("<") > 100
