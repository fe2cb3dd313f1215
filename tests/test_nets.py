"""Nets of PyTorch and Keras: scores, layers, attacks. Where PyTorch is not installed, these are left out."""

import subprocess
import sys

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from torch import nn  # noqa: E402

from extrapolate import examine  # noqa: E402
from extrapolate.core.errors import InputError  # noqa: E402
from extrapolate.examine.checks import faults  # noqa: E402
from extrapolate.nets.attack import changed_into  # noqa: E402
from extrapolate.nets.inputs import bounds_of, rounded  # noqa: E402
from extrapolate.nets.model import open_model  # noqa: E402
from extrapolate.nets.net import Net  # noqa: E402
from extrapolate.nets.robustness import robust_accuracy  # noqa: E402
from extrapolate.nets.square import Ball, square  # noqa: E402
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


def test_what_is_broken_lies_within_reach_in_8_bits_and_is_wrong():
    net = Net(linear())
    found = robust_accuracy(net, X, Y, 8 / 255, steps=20, queries=20)
    for place, case in found.broken.items():
        assert np.abs(case - X[place]).max() <= 8 / 255 + 1e-6
        assert np.allclose(case * 255, np.rint(case * 255), atol=1e-3)
        assert net.scores(case[None]).argmax() != Y[place]


def test_the_attack_without_a_gradient_comes_near_the_one_with_it():
    ball = Ball(20 / 255, (0.0, 1.0))
    changed = square(open_model(lambda x: Net(linear()).scores(x)), X, Y, ball, 1500)
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


@pytest.mark.parametrize("net", [Stairs(linear()), nn.Sequential(linear(1e6), nn.Tanh())], ids=["rounded", "saturated"])
def test_a_masked_gradient_is_told(net):
    assert robust_accuracy(Net(net.eval()), X[:60], Y[:60], 8 / 255, steps=10, queries=100).masked


def test_a_case_is_changed_into_a_wanted_class():
    net = Net(small())
    before = net.scores(X).argmax(axis=1)
    wanted = 1 - int(np.bincount(before).argmax())
    changed = changed_into(net, X, wanted, 0.3)
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


def test_values_are_rounded_only_where_the_data_are():
    assert bounds_of(X) == (0, 1) and bounds_of(X * 255) == (0, 255) and bounds_of(X * 2 - 1) == (-1, 1)
    assert np.allclose(rounded(X + 0.3 / 255, X, (0, 1)), X)
    free = RNG.random(X.shape)
    assert (rounded(free + 0.001, free, (0, 1)) == free + 0.001).all()


@pytest.mark.parametrize(
    ("net", "name"),
    [
        (nn.Sequential(nn.Flatten(), nn.Linear(36, 4), nn.Softmax(dim=1), nn.Softmax(dim=1)).eval(), "softmax twice"),
        (nn.Sequential(nn.BatchNorm2d(1, track_running_stats=False), linear()).eval(), "batch"),
        (nn.Sequential(nn.Dropout(0.5), linear()).train(), "training"),
    ],
)
def test_a_net_that_is_not_as_it_should_be_is_named(net, name):
    assert name in [fault.name for fault in faults(open_model(net), X, Y)]


def test_a_net_is_examined():
    report = examine(linear(), X, Y, target=(1, 0), eps=20 / 255, seconds=20)
    assert [trained.layer for trained, _ in report.layers] == ["input", "0", "1"]
    assert report.layers[-1][1] is not None
    assert report.targeted.reached > 0 and report.adversarial.robust < 1
    assert report.html().count("data:image/png") == 5


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
    np.savez(tmp_path / "b.npz", x=np.array([{}], dtype=object), y=Y)
    with pytest.raises(InputError, match="can't be read as arrays"):
        read_cases(str(tmp_path / "b.npz"))
