"""Examining models that need no gradient: confidence, geometry, departures, checks of the set-up, the page."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extrapolate import InputError, examine
from extrapolate.examine.checks import faults_of_data, faults_of_model
from extrapolate.examine.confidence import auroc, calibration_error, wilson
from extrapolate.examine.departures import changes_for, departures
from extrapolate.examine.generalise import from_nearest, from_others, generalisation
from extrapolate.examine.geometry import intrinsic_dimension, probe_scores, shape_of
from extrapolate.nets.model import Model, open_model, shares_of

RNG = np.random.default_rng(0)
POINTS = RNG.standard_normal((400, 4))
LABELS = (POINTS[:, 0] + POINTS[:, 1] > 0).astype(int)
PICTURES = RNG.random((120, 8, 8)).astype(np.float32)
BRIGHT = (PICTURES[:, :4].mean(axis=(1, 2)) > PICTURES[:, 4:].mean(axis=(1, 2))).astype(int)


def by_halves(x):
    """Which half of a picture is the brighter one, in logits."""
    gap = 20 * (x[:, :4].mean(axis=(1, 2)) - x[:, 4:].mean(axis=(1, 2)))
    return np.stack([-gap, gap], axis=1)


def by_sum(x):
    gap = 4 * (x[:, 0] + x[:, 1])
    return np.stack([-gap, gap], axis=1)


# Confidence


@given(st.integers(0, 50), st.integers(0, 50))
def test_an_interval_holds_the_share_and_is_narrower_with_more_cases(right, wrong):
    total = right + wrong
    low, high = wilson(right, total)
    assert 0 <= low <= (right / total if total else 0.5) <= high <= 1
    many = wilson(10 * right, 10 * total)
    assert many[1] - many[0] <= high - low + 1e-12


def test_a_model_that_is_as_right_as_it_says_is_calibrated():
    confidence = RNG.uniform(0.5, 1, 20_000)
    assert calibration_error(confidence, RNG.random(20_000) < confidence) < 0.02
    assert calibration_error(np.full(1000, 0.99), np.arange(1000) < 500) == pytest.approx(0.49)
    assert calibration_error(np.full(1000, 0.5), np.arange(1000) < 500) == pytest.approx(0)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=8), st.lists(st.integers(0, 5), min_size=1, max_size=8))
def test_the_area_under_the_curve_counts_pairs(inside, outside):
    pairs = [(a > b) + 0.5 * (a == b) for a in inside for b in outside]
    assert auroc(inside, outside) == pytest.approx(np.mean(pairs))


# Distance


def test_further_from_the_training_cases_a_model_is_less_right():
    rings = generalisation(lambda x: shares_of(by_sum(x)), POINTS[:300], POINTS[300:], LABELS[300:], 400)
    assert len(rings) == 8 and all(0 < ring.n <= 100 for ring in rings)  # a case counts once, however it is changed
    assert [ring.low for ring in rings] == sorted(ring.low for ring in rings) and rings[0].low < 1 < rings[-1].high
    assert all(low <= ring.accuracy <= high for ring in rings for low, high in [ring.accuracy_interval])
    assert rings[0].accuracy > rings[-1].accuracy
    again = generalisation(lambda x: shares_of(by_sum(x)), POINTS[:300], POINTS[300:], LABELS[300:], 400)
    assert rings == again
    assert generalisation(lambda x: shares_of(by_sum(x)), np.zeros((40, 4)), POINTS, LABELS, 400) == ()


def test_a_net_that_is_only_surer_and_right_by_chance_is_given_no_other_preparation():
    x = RNG.random((400, 1, 6, 6)).astype(np.float32) * 255
    guess = RNG.integers(0, 2, 400)
    model = open_model(lambda x: np.stack([np.zeros(len(x)), (x[:, 0, 0, 0] - 128) * 0.2], axis=1))
    assert not [f for f in faults_of_model(model, x, guess) if f.name == "range"]


def test_preparations_in_which_a_model_has_no_answer_are_passed_over():
    x = RNG.random((200, 1, 6, 6)).astype(np.float32)
    model = open_model(lambda x: np.stack([np.sqrt(x[:, 0, 0, 0]), np.sqrt(x[:, 0, 0, 1])], axis=1))
    assert [f.name for f in faults_of_model(model, x, (x[:, 0, 0, 1] > x[:, 0, 0, 0]).astype(int))] in ([], ["range"])


def test_distances_are_to_the_nearest_other_case():
    known = np.array([[0.0], [1.0], [3.0]])
    assert from_others(known).tolist() == [1, 1, 2]
    assert from_nearest(known, np.array([[1.2], [9.0]])).tolist() == pytest.approx([0.2, 6.0])


# Geometry


@pytest.mark.parametrize("dimension", [1, 2, 5])
def test_the_dimension_of_a_flat_manifold_is_found(dimension):
    flat = RNG.random((2000, dimension)) @ RNG.standard_normal((dimension, 30))
    assert intrinsic_dimension(flat) == pytest.approx(dimension, rel=0.08)


def test_the_dimension_of_a_curved_manifold_is_found():
    angle, height = 3 * np.pi * (0.5 + RNG.random(2000)), 20 * RNG.random(2000)
    roll = np.stack([angle * np.cos(angle), height, angle * np.sin(angle)], axis=1)
    assert intrinsic_dimension(roll) == pytest.approx(2, rel=0.1)
    assert intrinsic_dimension(roll + 1e6) == pytest.approx(2, rel=0.1)
    assert np.isnan(intrinsic_dimension(np.zeros((50, 3))))


def test_a_probe_tells_classes_apart_where_a_straight_cut_does():
    scores = probe_scores(POINTS[:200], LABELS[:200], POINTS[200:])
    assert (scores.argmax(axis=1) == LABELS[200:]).mean() > 0.9
    crossed = (POINTS[:, 0] * POINTS[:, 1] > 0).astype(int)
    assert shape_of("cross", POINTS, crossed).probe < 0.65
    order = np.argsort(LABELS)
    assert shape_of("sorted", POINTS[order], LABELS[order]).probe > 0.9
    assert shape_of("answer", POINTS[:, :2] * 10, LABELS).scatter < shape_of("noise", POINTS[:, 2:], LABELS).scatter


# Departures


def test_departures_begin_with_the_data_as_they_are_and_are_the_same_again():
    model = open_model(by_halves)
    first, second = (list(departures(model.probabilities, PICTURES, BRIGHT)) for _ in range(2))
    assert first == second
    assert (first[0].label, first[0].accuracy) == ("as it is", 1.0)
    upside_down = next(d for d in first if d.label == "rotated by 180°")
    assert upside_down.accuracy == 0 and len(upside_down.surest_mistakes) == 6
    assert all(d.accuracy_interval[0] <= d.accuracy <= d.accuracy_interval[1] for d in first)


@pytest.mark.parametrize(
    "x", [PICTURES, PICTURES[:, None], np.stack([PICTURES] * 3, axis=3), POINTS], ids=["grey", "first", "last", "table"]
)
def test_a_change_keeps_the_shape_and_leaves_its_argument_alone(x):
    before = x.copy()
    for change in changes_for(x):
        for level in change.levels:
            changed = change.apply(x.astype(float), level, (0.0, 1.0), np.random.default_rng(0))
            assert changed.shape == x.shape and np.isfinite(changed).all(), change.name
    assert (x == before).all()


# The set-up


def named(model, x, y):
    classes = y.argmax(axis=1) if y.ndim == 2 else y
    data = list(faults_of_data(x, y))
    return [
        fault.name
        for fault in [
            *data,
            *([] if "NaN" in [f.name for f in data] else faults_of_model(open_model(model), x, classes)),
        ]
    ]


def test_a_sound_set_up_has_no_fault():
    assert named(by_sum, POINTS, LABELS) == []
    assert named(by_halves, PICTURES, BRIGHT) == []


@pytest.mark.parametrize(
    ("model", "x", "y", "name"),
    [
        (by_sum, POINTS, np.eye(2)[LABELS], "one-hot"),
        (by_sum, POINTS[:50], LABELS[:50], "few"),
        (by_sum, POINTS, np.zeros(400, int), "one class"),
        (by_sum, np.concatenate([POINTS, POINTS[:3]]), np.concatenate([LABELS, LABELS[:3]]), "duplicates"),
        (by_sum, np.where(POINTS > 2, np.nan, POINTS), LABELS, "NaN"),
        (lambda x: by_sum(x) * np.nan, POINTS, LABELS, "NaN"),
        (lambda x: np.insert(by_sum(x), 0, -99, axis=1), POINTS, LABELS, "labels"),
        (lambda x: by_halves(x / 255) * (x.max() > 2), PICTURES, BRIGHT, "range"),
        (lambda x: by_halves(x) * (x.max() <= 2), PICTURES * 255, BRIGHT, "range"),
        (lambda x: by_sum(x) + RNG.standard_normal((len(x), 2)), POINTS, LABELS, "random"),
    ],
)
def test_a_wrong_set_up_is_named_with_its_cure(model, x, y, name):
    assert name in named(model, x, y)


# The report


def test_a_function_is_examined_without_a_gradient(tmp_path):
    report = examine(by_halves, PICTURES, BRIGHT, eps=0.05, seconds=10)
    assert report.accuracy == 1 and report.kind == "a function"
    assert report.adversarial.robust < 1 and report.adversarial.masked == ()
    assert any("can't be looked into" in note for note in report.notes)
    page = report.save(tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>") and "http" not in page and page.count("data:image/png") == 3
    assert json.loads(report.save(tmp_path / "report.json").read_text(encoding="utf-8"))["accuracy"] == 1
    with pytest.raises(InputError, match="exists"):
        report.save(tmp_path / "report.html")


def test_a_classifier_of_scikit_learn_is_examined_on_a_table():
    linear = pytest.importorskip("sklearn.linear_model")
    names = np.array(["no", "yes"])[LABELS]
    report = examine(linear.LogisticRegression().fit(POINTS, names), POINTS, names, seconds=10)
    assert report.kind == "a classifier of scikit-learn" and report.accuracy > 0.95
    assert {d.name for d in report.departures} >= {"multiplied by", "columns swapped in pairs:"}


@pytest.mark.parametrize(
    ("net", "x", "y", "sentence"),
    [
        (3, POINTS, LABELS, "int can't be examined"),
        (by_sum, POINTS, LABELS[:7], r"shape \(400, 4\) and their classes \(7,\)"),
        (by_sum, POINTS, LABELS + 0.5, "give their numbers"),
        (by_sum, POINTS[:0], LABELS[:0], "give as many of each"),
        (by_sum, POINTS.astype(str), LABELS, "give arrays of numbers"),
        (by_sum, POINTS[:, None, None, None], LABELS, "can't take cases of shape"),
        (lambda x: np.zeros((1, 2)), POINTS, LABELS, "one score a class"),
        (by_sum, POINTS * np.nan, LABELS, "hold NaN"),
    ],
)
def test_what_can_not_be_examined_is_told_in_a_sentence(net, x, y, sentence):
    with pytest.raises(InputError, match=sentence):
        examine(net, x, y)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"eps": -1}, "eps=-1"),
        ({"seconds": 0}, "seconds=0"),
        ({"target": (1, 7)}, "classes 0 to 1"),
        ({"target": "9=4"}, "classes 0 to 1"),
        ({"other": np.zeros((5, 3))}, "other cases have shape"),
    ],
)
def test_options_that_make_no_sense_are_told(given, sentence):
    with pytest.raises(InputError, match=sentence):
        examine(by_sum, POINTS, LABELS, **given)


def test_classes_in_a_column_are_as_those_in_a_row():
    report = examine(by_sum, POINTS, LABELS[:, None], seconds=5)
    assert report.accuracy == 1 and not report.faults
    assert len(str(report)) < 2000 and "100.0% are right" in str(report)


def test_one_score_a_case_is_the_probability_of_the_second_class():
    assert Model(lambda x: (x[:, 0] > 0).astype(float)).probabilities(POINTS[:1]).sum() == 1
    assert Model(lambda x: (x[:, :1] > 0).astype(float)).probabilities(POINTS[:1]).shape == (1, 2)
