"""Laws drawn."""

import math
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from extrapolate import InputError, Task, learn
from extrapolate.show.plot import draw, plot_law

RNG = np.random.default_rng(0)


def law_of(columns, target, names, name="y", units=(), programs=3000):
    """The result of learning a law from columns."""
    rows = [(tuple(map(float, given)), float(wanted)) for *given, wanted in zip(*columns, target, strict=True)]
    task = replace(Task.from_examples(rows, names=names, name=name), target=name, units=units)
    return learn(task, language="laws", programs=programs, seconds=None)


A = np.array([0.387, 0.723, 1, 1.524, 5.203, 9.537, 19.19, 30.07, 39.48])
L, G = RNG.uniform(0.1, 2, 40), RNG.uniform(1.6, 25, 40)
PERIOD = 2 * math.pi * np.sqrt(L / G)
KEPLER = law_of([A], A**1.5, ["a"], "T")
NOISY = law_of([L, G], PERIOD * (1 + 0.03 * RNG.normal(size=40)), ["L", "g"], "T", programs=300_000)
PENDULUM = law_of([L, G], PERIOD, ["L", "g"], "T", ("m", "m/s^2", "s"))
X = RNG.uniform(1, 5, (5, 60))
PRODUCT = law_of(X, X[0] * X[1] / X[2] ** 2 * X[3] / X[4], ["a", "b", "c", "d", "e"])


def texts(axes):
    return [axes.get_title(loc="left"), axes.get_xlabel(), axes.get_ylabel()]


def labels(axes):
    return [text.get_text() for text in axes.get_legend().get_texts()]


def line(axes, label):
    (found,) = (curve for curve in axes.get_lines() if curve.get_label() == label)
    return np.array(found.get_xdata()), np.array(found.get_ydata())


@pytest.mark.parametrize(
    "suffix, start", [(".png", b"\x89PNG"), (".svg", b"<?xml"), (".pdf", b"%PDF"), (".PNG", b"\x89PNG")]
)
def test_the_suffix_says_what_is_written(tmp_path, suffix, start):
    path = plot_law(PENDULUM, tmp_path / f"law{suffix}")
    assert path.read_bytes().startswith(start)


def test_the_curve_goes_on_beyond_the_measured_range_by_its_width():
    along, _ = draw(PENDULUM).axes
    x, y = line(along, "the law")
    low, high = G.min(), G.max()
    assert x[-1] == pytest.approx(2 * high - low)
    assert x[0] == 0  # not from positive to negative numbers
    defined = x > 0
    assert y[defined] == pytest.approx(2 * math.pi * np.sqrt(np.median(L) / x[defined]))
    assert along.get_xlim() == (x[0], x[-1])


def test_what_spans_decades_is_drawn_on_logarithmic_axes():
    along, against = draw(KEPLER).axes
    assert {along.get_xscale(), along.get_yscale(), against.get_xscale(), against.get_yscale()} == {"log"}
    x, y = line(along, "the law")
    assert (x[0], x[-1]) == pytest.approx((A.min() ** 2 / A.max(), A.max() ** 2 / A.min()))
    assert y == pytest.approx(x**1.5)
    assert {axes.get_xscale() for axes in draw(PENDULUM).axes} == {"linear"}


def test_axes_are_labelled_with_units_and_the_formula_is_the_title():
    figure = draw(PENDULUM)
    along, against = figure.axes
    assert texts(along) == [
        f"at L = {np.median(L):.3g} m; measurements are moved there by the law",
        "g [m/s$^{2}$]",
        "T [s]",
    ]
    assert texts(against)[1:] == ["measured T [s]", "as given by the law"]
    assert figure.get_suptitle() == r"$T = 2 \pi \sqrt{\frac{L}{g}}$"


def test_measurements_stand_on_an_exact_law_and_near_a_noisy_one():
    for result, tolerance in ((PENDULUM, 1e-9), (NOISY, 0.1)):
        along, _ = draw(result).axes
        assert sorted(labels(along)[-2:]) == ["measured", "measured, held out"]
        for label, n in (("measured", 32), ("measured, held out", 8)):
            x, y = line(along, label)
            assert len(x) == n
            assert y == pytest.approx(2 * math.pi * np.sqrt(np.median(L) / x), rel=tolerance)


def test_next_candidates_are_drawn_where_they_differ():
    drawn = [label for label in labels(draw(NOISY).axes[0]) if label.startswith("next: ")]
    assert 1 <= len(drawn) <= 2
    assert not any(
        label.startswith("next: ") for label in labels(draw(replace(NOISY, candidates=NOISY.candidates[:1])).axes[0])
    )
    same = replace(NOISY, candidates=[NOISY.candidates[0]] * 2)
    assert not any(label.startswith("next: ") for label in labels(draw(same).axes[0]))


@pytest.mark.parametrize("baseline, name", [("boosting", "gradient boosting"), ("mlp", "neural net")])
def test_a_baseline_is_fitted_inside_and_judged_at_the_edge(baseline, name):
    along, against = draw(PENDULUM, baseline).axes
    assert name in labels(along)
    (box,) = against.texts
    head, law, other = box.get_text().splitlines()
    assert head.split() == ["R", "squared", "inside", "edge"]
    assert law.split() == ["law", "1.0000", "1.0000"]
    inside, outside = map(float, other.removeprefix(name).split())
    assert outside < inside <= 1


def test_boosting_is_flat_beyond_the_measured_range_and_the_law_is_not():
    along, _ = draw(PENDULUM, "boosting").axes
    for label, flat in (("gradient boosting", True), ("the law", False)):
        x, y = line(along, label)
        assert bool(np.ptp(y[x > G.max()]) == 0) is flat


def test_where_nothing_was_held_out_no_edge_is_claimed():
    _, against = draw(KEPLER).axes
    assert against.texts[0].get_text().splitlines() == ["R squared    inside", "law          1.0000"]


def test_five_inputs_are_drawn_along_the_most_telling_one():
    along, _ = draw(PRODUCT).axes
    assert along.get_xlabel() == "c"


def test_a_long_formula_is_made_smaller_and_then_broken_into_lines():
    short = draw(PENDULUM)._suptitle
    program = PRODUCT.candidates[0].program
    long = replace(program, name="a_name_that_goes_on_" * 9)
    title = draw(replace(PRODUCT, candidates=[replace(PRODUCT.candidates[0], program=long)]))._suptitle
    assert title.get_fontsize() < short.get_fontsize()
    assert "\n" in title.get_text()


def test_nothing_global_is_touched(tmp_path):
    code = (
        "import sys; sys.path.insert(0, 'tests'); from test_plot import PENDULUM\n"
        "import matplotlib; before = str(matplotlib.rcParams)\n"
        "sys.modules.pop('matplotlib.pyplot', None)  # to show its settings, Matplotlib loads it\n"
        "from extrapolate.show.plot import plot_law\n"
        f"plot_law(PENDULUM, {str(tmp_path / 'law.png')!r})\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
        "assert str(matplotlib.rcParams) == before\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    "result, path, baseline, sentence",
    [
        (PENDULUM, "law.gif", None, r"law.gif can't be drawn; give a file that ends in .png, .svg, .pdf"),
        (PENDULUM, "no/such/folder/law.png", None, "can't be written"),
        (PENDULUM, "law.png", "forest", "baseline='forest' was given; the baselines are boosting and mlp"),
        (replace(PENDULUM, candidates=()), "law.png", None, "only laws can be drawn"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_a_sentence(tmp_path, result, path, baseline, sentence):
    with pytest.raises(InputError, match=sentence):
        plot_law(result, tmp_path / path, baseline)
    assert not list(tmp_path.iterdir())


def test_what_is_not_installed_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(InputError, match=r"pip install 'extrapolate\[plot\]'"):
        draw(PENDULUM)
    monkeypatch.undo()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pip install 'extrapolate\[sklearn\]'"):
        draw(PENDULUM, "mlp")


def test_a_law_with_a_physical_constant_is_drawn():
    rows = [((m, r), 6.6743e-11 * m / r**2) for m in (6e24, 7e22, 2e27) for r in (1e6, 2e6, 4e6, 9e6, 2e7, 5e7)]
    units = {"m": "kg", "r": "m", "output": "m/s^2"}
    law = learn(rows, names=["m", "r"], units=units, constants=["G"], programs=3000, seconds=None)
    assert "measured, held out" in labels(draw(law).axes[0])
