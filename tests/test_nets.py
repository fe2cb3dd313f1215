"""Nets of PyTorch and Keras: scores, layers, attacks. Where PyTorch is not installed, these are left out."""

import subprocess
import sys

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from torch import nn  # noqa: E402

from extrapolate import compare, examine  # noqa: E402
from extrapolate.core.errors import InputError  # noqa: E402
from extrapolate.examine.checks import faults_of_model  # noqa: E402
from extrapolate.examine.examination import chosen  # noqa: E402
from extrapolate.examine.other import detection  # noqa: E402
from extrapolate.nets.attack import attacked, changed_into  # noqa: E402
from extrapolate.nets.inputs import Values  # noqa: E402
from extrapolate.nets.model import open_model  # noqa: E402
from extrapolate.nets.net import Net  # noqa: E402
from extrapolate.nets.robustness import robust_accuracy  # noqa: E402
from extrapolate.nets.square import square  # noqa: E402
from extrapolate.read.nets import fill, read_cases, read_net  # noqa: E402

RNG = np.random.default_rng(0)
# Pictures of 6 x 6 in 8 bits: class 1 is brighter on its left.
X = (RNG.integers(0, 256, (200, 1, 6, 6)) / 255).astype(np.float32)
WEIGHTS = np.repeat([1.0, -1.0], 3)[None, :] * np.ones((6, 1))
MARGINS = (X[:, 0] * WEIGHTS).sum(axis=(1, 2))
Y = (MARGINS > 0).astype(int)


def linear(scale=1.0):
    """A net that is right everywhere: its robust accuracy is known, as each value may be changed by eps against it."""
    net = nn.Sequential(nn.Flatten(), nn.Linear(36, 2))
    with torch.no_grad():
        weight = torch.tensor(WEIGHTS.reshape(-1), dtype=torch.float32) * scale / 2
        net[1].weight.copy_(torch.stack([-weight, weight]))
        net[1].bias.zero_()
    return net.eval()


def small():
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(64, 2)).eval()


def truly_robust(eps):
    """The cases whose margin no change of 8 bits by at most eps can turn."""
    low, high = np.maximum(X - eps, 0), np.minimum(X + eps, 1)
    worst = np.where((WEIGHTS > 0) == (Y[:, None, None, None] == 1), low, high)
    margins = (worst[:, 0] * WEIGHTS).sum(axis=(1, 2))
    return np.mean(np.where(Y == 1, margins > 1e-4, margins < -1e-4))


@pytest.mark.parametrize("eps", [1 / 255, 8 / 255, 20 / 255])
def test_what_is_left_of_a_linear_net_is_what_can_be_proved(eps):
    found = robust_accuracy(Net(linear()), X, Y, eps, steps=40, queries=50)
    assert found.clean == 1 and found.masked == ()
    assert found.robust == pytest.approx(truly_robust(eps), abs=0.006)


@pytest.mark.parametrize("eps", [8 / 255, 0.1, 0.03])
def test_what_is_broken_lies_within_reach_in_8_bits_and_is_wrong(eps):
    net = Net(linear())
    found = robust_accuracy(net, X, Y, eps, steps=20, queries=20)
    assert found.broken
    for place, case in found.broken.items():
        assert np.abs(case - X[place]).max() <= eps + 1e-6
        assert np.allclose(case * 255, np.rint(case * 255), atol=1e-3)
        assert net.scores(case[None]).argmax() != Y[place]


def test_the_attack_without_a_gradient_comes_near_the_one_with_it():
    low, high = Values.of(X).around(X, 20 / 255)
    changed = square(open_model(lambda x: Net(linear()).scores(x)), X, Y, low, high, queries=1500)
    left = (Net(linear()).scores(changed).argmax(axis=1) == Y).mean()
    assert left == pytest.approx(truly_robust(20 / 255), abs=0.05)
    assert np.abs(changed - X).max() <= 20 / 255 + 1e-6


class Stairs(nn.Module):
    """The net with its input rounded: right as before, and with no gradient."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x):
        return self.net(torch.round(x * 16) / 16)


class Binary(nn.Module):
    """Of the picture only what is bright: there is no gradient at all."""

    def forward(self, x):
        return linear()((x > 0.5).float())


MASKED = [Stairs(linear()), nn.Sequential(linear(1e6), nn.Tanh()), Binary()]


@pytest.mark.parametrize("net", MASKED, ids=["rounded", "saturated", "binary"])
def test_a_masked_gradient_is_told(net):
    assert robust_accuracy(Net(net.eval()), X[:60], Y[:60], 8 / 255, steps=10, queries=100).masked


def test_a_net_that_is_merely_sure_is_not_masked():
    assert robust_accuracy(Net(linear(30)), X, Y, 8 / 255, steps=20, queries=50).masked == ()


def test_an_attack_ends_when_its_time_is_over():
    x = X[:4]
    low, high = Values.of(x).around(x, 8 / 255)
    asked = []

    def is_over():
        asked.append(1)
        return len(asked) > 3

    attacked(Net(small()), x, Y[:4], low, high, steps=1000, seed=0, is_over=is_over)
    assert len(asked) == 4


def test_a_page_shows_what_was_changed_and_the_surest_mistakes_of_few_cases(tmp_path):
    """Where an instrument looked at some of the cases, the pictures are those of these cases."""
    report = examine(small(), X, Y, eps=0.3, seconds=0.3)
    robust = report.adversarial
    assert robust.taken_for and set(robust.taken_for) <= set(robust.broken)
    x, y = (chosen(cases, robust.n, report.seed) for cases in (report.x, report.y))
    for place, (answer, sure) in robust.taken_for.items():
        assert answer != y[place] and 0 < sure <= 1
        assert np.abs(robust.broken[place] - x[place]).max() <= 0.3 + 1e-6
    shown = report.save(tmp_path / "r.html").read_text()
    assert 'alt="before, the change, after"' in shown and "http" not in shown
    assert "taken_for" not in report.json() and "broken" not in report.json()


def test_other_data_is_told_by_how_far_training_cases_are():
    net = Net(small())
    stripes = np.broadcast_to((np.arange(6) % 2).astype(np.float32), (60, 1, 6, 6))
    noise = np.random.default_rng(1).random((60, 1, 6, 6)).astype(np.float32)
    own = np.clip(stripes + 0.1 * (noise - 0.5), 0, 1)
    found = detection(net, own[:30], own[30:], noise[:30])
    assert found.by_neighbour > 0.99 and found.layers == len(net.layers(own[:2])) and found.n == 30
    assert 0.2 < detection(net, own[:20], own[20:40], own[40:]).by_neighbour < 0.8


class Logarithm(nn.Module):
    def forward(self, x):
        return torch.log(torch.relu(x - x.mean(dim=1, keepdim=True)))


def test_layers_that_are_infinite_tell_nothing_of_other_data():
    net = nn.Sequential(nn.Flatten(), nn.Linear(36, 8), Logarithm(), nn.Hardtanh(), nn.Linear(8, 2)).eval()
    found = detection(Net(net), X[:30], X[30:60], 1 - X[60:90])
    assert 0 < found.layers < len(Net(net).layers(X[:2])) and 0 <= found.by_neighbour <= 1


def test_a_case_is_changed_into_a_wanted_class():
    net = Net(small())
    before = net.scores(X).argmax(axis=1)
    wanted = 1 - int(np.bincount(before).argmax())
    changed = changed_into(net, X, wanted, *Values.of(X).around(X, 0.3))
    assert (net.scores(changed).argmax(axis=1) == wanted).mean() > (before == wanted).mean()


# Scores and layers


def test_a_softmax_that_comes_last_is_passed_by():
    plain, ended = small(), nn.Sequential(small(), nn.Softmax(dim=1)).eval()
    assert np.allclose(Net(plain).scores(X), Net(ended).scores(X))
    assert np.allclose(Net(ended).raw(X).sum(axis=1), 1)
    assert np.allclose(Net(plain).probabilities(X), Net(ended).raw(X), atol=1e-6)


def test_layers_are_given_in_order_and_the_untrained_net_differs():
    net = Net(small())
    assert [(name, values.shape) for name, values in net.layers(X).items()] == [
        ("0", (200, 4, 4, 4)),
        ("1", (200, 4, 4, 4)),
        ("2", (200, 64)),
        ("3", (200, 2)),
    ]
    assert not np.allclose(net.untrained().scores(X), net.scores(X))
    assert np.allclose(net.scores(X), Net(small()).scores(X))


def test_values_are_in_the_steps_that_the_data_have():
    assert [(v.low, v.high) for v in map(Values.of, (X, X * 255, X * 2 - 1, X / 5))] == [
        (0, 1),
        (0, 255),
        (-1, 1),
        (0, 1),
    ]
    assert Values.of(X).step == pytest.approx(1 / 255) and Values.of(RNG.random(X.shape)).step is None
    low, high = Values.of(X).around(X, 0.5 / 255)
    assert np.allclose(low, X) and np.allclose(high, X)
    table = np.array([[0.0, 10], [1, 30]]) + 0.5
    low, high = Values.of(table).around(table, 0.1)
    assert np.allclose(high[0] - table[0], [0.1, 2]) and np.allclose(low[0], table[0])


@pytest.mark.parametrize("end", [nn.Sigmoid(), nn.Identity()], ids=["sigmoid", "logit"])
def test_one_output_is_the_score_of_the_second_class(end):
    net = nn.Sequential(nn.Flatten(), nn.Linear(36, 1), end)
    with torch.no_grad():
        net[1].weight.copy_(torch.tensor(WEIGHTS.reshape(1, -1)))
        net[1].bias.zero_()
    assert (Net(net.eval()).scores(X).argmax(axis=1) == Y).all()
    squeezed = nn.Sequential(net, nn.Flatten(0))
    assert (Net(squeezed.eval()).scores(X).argmax(axis=1) == Y).all()


def test_a_softmax_within_is_not_the_last():
    class Attending(nn.Module):
        def __init__(self):
            super().__init__()
            self.head, self.shares = nn.Linear(36, 2), nn.Softmax(dim=1)

        def forward(self, x):
            return self.head(self.shares(x.flatten(1)))

    net = Attending().eval()
    assert np.allclose(Net(net).scores(X), net(torch.tensor(X)).detach().numpy(), atol=1e-6)


def test_a_net_is_left_as_it_was():
    net = nn.Sequential(nn.Dropout(0.1), linear())
    net.train()
    before, state = [m.training for m in net.modules()], torch.get_rng_state()
    examine(net, X, Y, seconds=5)
    assert [m.training for m in net.modules()] == before
    assert torch.equal(torch.get_rng_state(), state)
    assert all(p.grad is None for p in net.parameters())


@pytest.mark.parametrize(
    ("net", "name"),
    [
        (nn.Sequential(nn.Flatten(), nn.Linear(36, 4), nn.Softmax(dim=1), nn.Softmax(dim=1)).eval(), "softmax twice"),
        (nn.Sequential(nn.BatchNorm2d(1, track_running_stats=False), linear()).eval(), "batch"),
        (nn.Sequential(nn.Dropout(0.5), linear()).train(), "training"),
    ],
)
def test_a_net_that_is_not_as_it_should_be_is_named(net, name):
    assert name in [fault.name for fault in faults_of_model(open_model(net), X, Y)]


def test_a_net_is_examined():
    report = examine(linear(), X, Y, target=(1, 0), eps=20 / 255)
    assert [trained.layer for trained, _ in report.layers] == ["input", "0", "1"]
    assert report.layers[-1][1] is not None
    assert report.targeted.reached > 0 and report.adversarial.robust < 1
    assert report.html().count("data:image/png") == 7


def test_a_net_of_keras_is_examined(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    keras = pytest.importorskip("keras")
    if keras.config.backend() != "torch":
        pytest.skip("Keras runs on something else")
    keras.utils.set_random_seed(0)
    layers = [
        keras.layers.Conv2D(4, 3, activation="relu"),
        keras.layers.Flatten(),
        keras.layers.Dense(2, activation="softmax"),
    ]
    net = keras.Sequential([keras.Input((6, 6, 1)), *layers])
    x = np.moveaxis(X, 1, 3)
    model = open_model(net)
    assert model.kind == "a net of Keras"
    assert np.allclose(
        np.exp(model.scores(x)) / np.exp(model.scores(x)).sum(axis=1, keepdims=True), model.raw(x), atol=1e-5
    )
    assert len(model.layers(x)) == 3 and not np.allclose(model.untrained().scores(x), model.scores(x))
    assert robust_accuracy(model, x, model.scores(x).argmax(axis=1), 0.5, steps=5, queries=5).robust < 1


# Files


def test_a_net_is_examined_on_the_command_line(tmp_path):
    safetensors = pytest.importorskip("safetensors.torch")
    (tmp_path / "mine.py").write_text(
        "from torch import nn\n\ndef make():\n    return nn.Sequential(nn.Flatten(), nn.Linear(36, 2))\n",
        encoding="utf-8",
    )
    np.savez(tmp_path / "cases.npz", x=(X * 255).astype(np.uint8), y=Y)
    safetensors.save_file(linear().state_dict(), tmp_path / "net.safetensors")
    command = [sys.executable, "-m", "extrapolate", "examine", "mine:make", "cases.npz", "--seconds", "5"]
    done = subprocess.run(
        [*command, "--weights", "net.safetensors", "-o", "report.html"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "100.0% are right" in done.stdout and "report.html was written" in done.stderr
    done = subprocess.run([*command, "--weights", "none.pt"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and done.stderr == "extrapolate: none.pt does not exist; give a file of weights.\n"


def test_weights_that_do_not_fit_are_told(tmp_path):
    torch.save(linear().state_dict(), tmp_path / "net.pt")
    with pytest.raises(InputError, match=r"lacks 0\.bias, 0\.weight, 3\.bias, unlike the net"):
        fill(small(), str(tmp_path / "net.pt"))
    torch.save({"net": linear()}, tmp_path / "whole.pt")
    with pytest.raises(InputError, match="without running code"):
        fill(linear(), str(tmp_path / "whole.pt"))


def test_files_that_are_no_nets_or_cases_are_told(tmp_path):
    with pytest.raises(InputError, match="give module:function"):
        read_net("mine", None)
    with pytest.raises(InputError, match="ModuleNotFoundError"):
        read_net("no_such_module_here:make", None)
    np.savez(tmp_path / "a.npz", pictures=X)
    with pytest.raises(InputError, match="has the arrays pictures"):
        read_cases(str(tmp_path / "a.npz"))
    for name, x in (("none", X[:0]), ("text", X.astype(str))):
        np.savez(tmp_path / f"{name}.npz", x=x, y=Y)
        with pytest.raises(InputError, match="give numbers, one case or more"):
            read_cases(str(tmp_path / f"{name}.npz"))
    np.savez(tmp_path / "b.npz", x=np.array([{}], dtype=object), y=Y)
    with pytest.raises(InputError, match="can't be read as arrays"):
        read_cases(str(tmp_path / "b.npz"))


# Sequences


ECHO = [((f"{a}{b}",), f"{b}{a}") for a in "abcdef" for b in "abcdef"]


@pytest.mark.parametrize("kind", ["lstm", "transformer"])
def test_a_net_learns_to_write_what_it_was_shown_and_no_letter_it_never_saw(kind):
    from extrapolate.nets.baselines import learner

    told = []
    net = learner(kind, ECHO * 20, ECHO, 60, 0, told.append)
    marks = net.trained(0, told.append)
    assert marks(ECHO).mean() > 0.9 and not marks([(inputs, answer + "a") for inputs, answer in ECHO]).any()
    assert told[-1] == 1.0 and "learning rate" in net.how


def test_a_net_that_has_not_learned_its_own_range_is_told():
    before = torch.get_rng_state()
    rows = [(f"{a}{b} {c}{a}", f"{c}{a}, {b}") for a in "abcd" for b in "efg" for c in "hijk"]
    rows += [(f"{a}-x-{b} {a}", f"{a}, {b}") for a in "abcd" for b in "ef"]
    comparison = compare(rows, nets=["lstm"], seeds=1, seconds=0.01)
    assert torch.equal(before, torch.get_rng_state())
    (note,) = [note for note in comparison.notes if "has not learned" in note]
    assert note.startswith("the LSTM") and "cut from 800" in comparison.curves[-1].how


def test_tokens_are_values_where_they_are_few_and_digits_where_they_are_many():
    from extrapolate.nets.sequences import Alphabet

    few = Alphabet([(([3, 12], True), "ab")])
    assert few.read(([3, 12],)) == [("list",), ("3",), ("12",), ("end",), ("next",)] and [*few.written("ab")] == [
        "a",
        "b",
    ]
    for spelling in (Alphabet([((list(range(300)),), 1)]), Alphabet([((1,), 2)], [((1,), 3)]), Alphabet([((1.5,), 2)])):
        assert list(spelling.written([12])) == [("list",), "1", "2", " ", ("end",)]
    values = [["ab", "c"], ["a", "bc"], ["", "a"], ["a"], [["a"]], {"a": 1}, 1, 1.0, True, "1", 1234567.5, 1234569.4]
    assert len({tuple(spelling.written(v)) for v in values}) == len(values)
    source, wanted = few.pairs([(([3, 99], False), "a")])
    assert source.tolist()[0].count(3) == 2 and wanted.shape == (1, 3)


# Pictures


@pytest.mark.parametrize("colours, kind", [(1, torch.float64), (4, torch.float32)])
def test_filters_are_drawn_for_any_colours_and_numbers(colours, kind):
    torch.manual_seed(0)
    net = nn.Sequential(nn.Conv2d(colours, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(64, 2)).eval().to(kind)
    x = RNG.random((120, colours, 6, 6)).astype(np.float32)
    report = examine(net, x, (x.mean(axis=(1, 2, 3)) > 0.5).astype(int))
    assert report.filters[0].pictures.shape == (4, 6, 6, colours)


def test_a_net_whose_pictures_cannot_be_drawn_is_examined_all_the_same():
    class Odd(nn.Module):
        def __init__(self):
            super().__init__()
            self.end = nn.Linear(36, 2)

        def forward(self, x):
            if len(x) == 4:
                raise ValueError("four at once")
            return self.end(x.flatten(1))

    report = examine(Odd().eval(), X, Y, seconds=20)
    assert report.accuracy >= 0


def test_filters_are_drawn_in_a_report_and_numbers_leave_out_the_pictures():
    report = examine(small(), X, Y, train=(X, Y))
    assert [shown.layer for shown in report.filters] == ["0", "3"]
    assert all(shown.pictures.shape == (len(shown.channels), 6, 6, 1) for shown in report.filters)
    assert report.filters[1].channels == (0, 1) and "pictures" not in report.json()
    assert len(report.generalisation) == 8


def test_a_dream_and_a_picture_are_as_large_as_asked_and_the_net_stays_as_it_is(tmp_path):
    from extrapolate.nets.picture import dream, visualise

    torch.manual_seed(0)
    module = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(99, 2)).eval()
    net = Net(module, "small")
    photo = RNG.random((20, 50, 3))
    dreamt = dream(net, photo, "0", octaves=3, steps=2)
    assert dreamt.shape == photo.shape and 0 <= dreamt.min() <= dreamt.max() <= 1 and not np.allclose(dreamt, photo)
    shown = visualise(net, "1", [2, 0], size=(24, 32), steps=3)
    again = visualise(net, "1", [2, 0], size=(24, 32), steps=3)
    assert shown.shape == (2, 24, 32, 3) and np.allclose(shown, again) and not np.allclose(shown[0], shown[1])
    assert all(p.grad is None for p in module.parameters())
    with pytest.raises(InputError, match="has no layer conv; it has 0, 1, 2, 3"):
        dream(net, photo, "conv")
    with pytest.raises(InputError, match="can't take pictures"):
        dream(net, photo, "3")
