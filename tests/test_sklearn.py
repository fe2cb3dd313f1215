"""Laws behind scikit-learn's interface."""

import math
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import parametrize_with_checks

from extrapolate import InputError, primitive
from extrapolate.core.expression import Literal
from extrapolate.core.types import FLOAT
from extrapolate.languages.laws import LANGUAGE
from extrapolate.sklearn import LawRegressor, LawTable, task_of

UNITS = {"L": "m", "g": "m/s^2", "T": "s"}
RNG = np.random.default_rng(0)
X = np.column_stack([RNG.uniform(0.1, 2, 40), RNG.uniform(1, 25, 40)])
Y = 2 * math.pi * np.sqrt(X[:, 0] / X[:, 1])
NOISY = Y * (1 + 0.01 * RNG.normal(size=40))
FRAME = pd.DataFrame(X, columns=["L", "g"])


@parametrize_with_checks([LawRegressor()])
def test_it_is_an_estimator(estimator, check):
    check(estimator)


@pytest.mark.parametrize("columns", [FRAME, X, pl.DataFrame(X, schema=["L", "g"]), X.tolist()])
def test_a_law_is_found_and_holds_elsewhere(columns):
    law = LawRegressor(units=UNITS).fit(columns, Y)
    assert law.latex() == r"T = 2 \pi \sqrt{\frac{L}{g}}"
    assert str(law.sympy()) == "2*pi*sqrt(L/g)"
    assert law.result_.task.units == ("m", "m/s^2", "s")
    assert law.score(columns, Y) == 1
    far = np.array([[1e6, 274.0]])
    far = (
        FRAME.iloc[:1] * 0 + far
        if columns is FRAME
        else pl.DataFrame(far, schema=["L", "g"])
        if isinstance(columns, pl.DataFrame)
        else far
    )
    assert law.predict(far) == pytest.approx([2 * math.pi * math.sqrt(1e6 / 274)])


def test_columns_and_target_get_names_where_they_have_none():
    assert str(LawRegressor().fit(X, Y).program_.signature) == "(x0: float, x1: float) -> float"
    assert LawRegressor().fit(FRAME, pd.Series(Y, name="T")).latex().startswith("T = ")
    assert LawRegressor().fit(FRAME, Y).latex().startswith("y = ")
    assert (
        LawRegressor(units={"x0": "m", "x1": "m/s^2", "T": "s"}).fit(X, Y).latex()
        == r"T = 2 \pi \sqrt{\frac{x_{0}}{x_{1}}}"
    )


def test_the_candidates_are_a_table_of_size_against_error():
    law = LawRegressor().fit(X, NOISY)
    assert len(law.candidates_) == len(law.result_.candidates) > 1
    assert [c.score for c in law.candidates_] == sorted(c.score for c in law.candidates_)
    head, best, second, *_ = repr(law.candidates_).splitlines()
    assert head.split() == ["size", "bits", "error", "inside", "outside", "formula"]
    assert best.split()[:3] == ["0", ">", str(law.candidates_[0].cost)]
    assert ">" not in second
    assert law.predict(X, candidate=1) == pytest.approx(law.candidates_[1].program.over(list(X.T)))
    assert law.latex(1) == law.candidates_[1].program.latex()
    with pytest.raises(InputError, match=r"candidate=9 was given; they are numbered from 0 to"):
        law.predict(X, candidate=9)


def test_the_same_measurements_give_the_same_law_in_any_order():
    order = RNG.permutation(40)
    first, again, shuffled = (LawRegressor().fit(a, b) for a, b in [(X, NOISY), (X, NOISY), (X[order], NOISY[order])])
    assert repr(first.candidates_) == repr(again.candidates_) == repr(shuffled.candidates_)


def test_where_a_law_has_no_value_the_rows_are_named():
    law = LawRegressor(units=UNITS).fit(X, Y)
    with pytest.raises(
        ValueError, match=r"no value in 2 of 3 rows: 1, 2, the first with L = -1, g = 9; leave such rows"
    ):
        law.predict([[1, 9], [-1, 9], [1, 0]])


def test_a_row_of_weight_zero_is_left_out_and_a_weight_is_an_error():
    wrong = np.append(Y, 1e3)
    more = np.vstack([X, [[1.0, 9.81]]])
    weights = np.append(np.ones(40), 0)
    assert LawRegressor(units=UNITS).fit(more, wrong, weights).predict([[1, 9.81]]) == pytest.approx(2.0060666807106475)
    task = task_of(X[:3], Y[:3], np.array([1.0, 0.0, 4.0]), ["L", "g"], "T")
    assert {row.number: row.output for row in task.rows} == {0: Y[0], 2: Y[2]}
    assert task.errors == {0: 1.0, 2: 0.5}
    assert task_of(X[:3], Y[:3], np.full(3, 2.0), ["L", "g"], "T").errors == {}


def test_a_row_given_twice_counts_as_one_of_twice_the_weight():
    twice = task_of(X[[0, 1, 1]], Y[[0, 1, 1]], np.ones(3), ["L", "g"], "T")
    assert len(twice.rows) == 2
    assert sorted(twice.errors.values()) == pytest.approx([math.sqrt(0.5), 1])


def test_words_of_ones_own_can_be_used():
    @primitive(source="np.sinc({x})", latex=r"\operatorname{sinc}")
    def sinc(x: float) -> float:
        """The normalised sine over its argument."""
        return np.sinc(x)

    x = np.linspace(0.1, 3, 40)[:, None]
    law = LawRegressor(language=LANGUAGE.with_words(sinc)).fit(x, 3 * np.sinc(x[:, 0]))
    assert law.latex() == r"y = 3 \, \operatorname{sinc}\left(x_{0}\right)"


def test_it_works_in_pipelines_and_searches():
    piped = make_pipeline(FunctionTransformer(np.abs), LawRegressor(programs=2000))
    assert cross_val_score(piped, X, Y, cv=3).min() > 0.999
    search = GridSearchCV(LawRegressor(), {"programs": [500, 2000]}, cv=2).fit(X, Y)
    assert search.best_score_ > 0.999


def test_many_columns_of_noise_have_a_law_that_predicts():
    noise = RNG.normal(size=(60, 12))
    law = LawRegressor().fit(noise, RNG.normal(size=60))
    assert np.isfinite(law.predict(noise)).all()


def test_the_next_experiment_goes_by_the_names_of_the_columns():
    frame = FRAME.rename(columns={"L": "Length (m)"})
    law = LawRegressor(programs=3000).fit(frame, NOISY)
    best = law.candidates_[0]
    length, _ = best.program.inputs
    other = replace(best, program=replace(best.program, expr=length), score=best.score + 5)
    hopeless = replace(other, program=replace(best.program, expr=Literal(1e9, FLOAT)), score=best.score + 500)
    law.candidates_ = LawTable((best, other, hopeless))
    found = law.next_experiment({"Length (m)": (0.1, 100), "g": (9.81, 9.81)})
    assert found.inputs == {"Length (m)": 100.0, "g": 9.81}
    assert found.predictions == pytest.approx([2 * math.pi * math.sqrt(100 / 9.81), 100], rel=0.02)
    with pytest.raises(InputError, match=r"nothing left to decide|two or more"):
        LawRegressor(units=UNITS).fit(X, Y).next_experiment({"L": (0.1, 10), "g": (1, 25)})


@pytest.mark.parametrize(
    "options, columns, target, sentence",
    [
        ({}, X, np.ones(40), "constant"),
        (
            {"units": {"a": "m", "b": "s", "L": "m", "T": "s"}},
            FRAME,
            Y,
            "a, b, T, which are no columns; the columns are L, g",
        ),
        ({"units": {"L": "kg", "g": "kg", "T": "s"}, "dimensional_constants": False}, FRAME, Y, "time"),
        ({"programs": 0}, X, Y, "programs=0"),
    ],
)
def test_what_cannot_be_fitted_is_said_in_a_sentence(options, columns, target, sentence):
    with pytest.raises(ValueError, match=sentence):
        LawRegressor(**options).fit(columns, target)


@pytest.mark.parametrize(
    "weights, sentence", [(np.zeros(40), r"every weight is 0|at least one non-zero"), (-np.ones(40), "a weight is -1")]
)
def test_weights_that_cannot_be_used_are_named(weights, sentence):
    with pytest.raises(ValueError, match=sentence):
        LawRegressor().fit(X, Y, weights)


def test_without_scikit_learn_a_sentence_says_what_to_install():
    code = "import sys; sys.modules['sklearn'] = None; import extrapolate.sklearn"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    last = done.stderr.splitlines()[-1]
    assert last == "ImportError: scikit-learn is not installed; `pip install 'extrapolate[sklearn]'` brings it."
