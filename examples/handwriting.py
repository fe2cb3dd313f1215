"""Models that read handwritten digits of 8 x 8 pixels, and the digits to examine them on.

python examples/handwriting.py    # writes digits.npz
"""

import numpy as np
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier

SEEN = 1000


def digits():
    """The pictures, `(1797, 8, 8)` with values from 0 to 1, and what they show."""
    found = load_digits()
    return (found.images / 16).astype(np.float32), found.target


def make_forest():
    """A function from pictures to probabilities: a forest that was trained on the first thousand."""
    x, y = digits()
    forest = RandomForestClassifier(random_state=0).fit(x[:SEEN].reshape(SEEN, -1), y[:SEEN])
    return lambda x: forest.predict_proba(x.reshape(len(x), -1))


def make_net():
    """A small net of PyTorch that was trained on the first thousand."""
    import torch
    from torch import nn

    torch.manual_seed(0)
    x, y = (torch.as_tensor(part[:SEEN]) for part in digits())
    net = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 32, 3), nn.ReLU(), nn.Flatten(), nn.Linear(32 * 36, 10)
    )
    optimizer = torch.optim.Adam(net.parameters(), 2e-3)
    for _ in range(20):
        for places in torch.randperm(SEEN).split(50):
            optimizer.zero_grad()
            nn.functional.cross_entropy(net(x[places, None]), y[places]).backward()
            optimizer.step()
    return net.eval()


if __name__ == "__main__":
    x, y = digits()
    np.savez("digits.npz", x_train=x[:SEEN], y_train=y[:SEEN], x_test=x[SEEN:], y_test=y[SEEN:])
    print(f"digits.npz: {len(x) - SEEN} digits to examine a model on, {SEEN} that it was trained on")
