"""Nets from sequences to sequences, for lists and text: what a task's rows teach an LSTM and a Transformer.

A row is written in tokens, those of a text its characters and those of a list its values, and read by an encoder; a
decoder writes the answer token by token. The LSTM attends to what it has read: Luong, Pham and Manning (2015),
Effective Approaches to Attention-based Neural Machine Translation, section 3.1. The Transformer is that of Vaswani et
al. (2017), Attention Is All You Need, section 3, with its norms first.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from time import perf_counter
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from extrapolate.nets.baselines import OF_SEQUENCES, Floats, Marks, Progress, Rows

PAD, START, END, UNKNOWN = range(4)
# Written between the inputs of a row; no value is written so.
NEXT = ("next",)
# Numbers are one token each where there are no more different ones.
MOST_NUMBERS = 256
WIDTH, HEADS, DEPTH, INNER = 64, 4, 2, 128
# Rows a step, fewer of long ones, and how many steps.
BATCH, FEWEST, MOST_TOKENS, STEPS = 256, 8, 8192, 800
# Learning rates that are tried, each with so much of the steps; so many steps are timed first.
RATES, TRIED, TIMED = (1e-3, 3e-3, 1e-2), 1 / 6, 5
# The rows held back are looked at so often in a training, and the state that is best on them is kept.
LOOKS = 10
# An answer may be so many tokens longer than the longest that is wanted; so many rows are answered together.
SLACK, TOGETHER = 4, 100


class Alphabet:
    """The tokens of rows, numbered; those that the rows don't have are all UNKNOWN.

    A number is one token where it is whole, there are few, and `others`, which a net will be asked about, have no other
    ones; else it is spelled, as then a net can write what it never saw.
    """

    def __init__(self, rows: Rows, others: Rows = ()):
        numbers = {v for inputs, output in rows for v in numbers_in([*inputs, output])}
        asked = {v for inputs, output in others for v in numbers_in([*inputs, output])}
        is_plain = len(numbers) <= MOST_NUMBERS and asked <= numbers
        self.spells = not is_plain or any(isinstance(v, float) for v in numbers)
        tokens = dict.fromkeys(t for inputs, output in rows for t in (*self.read(inputs), *self.written(output)))
        self.places = {token: i for i, token in enumerate(tokens, UNKNOWN + 1)}

    def __len__(self) -> int:
        return UNKNOWN + 1 + len(self.places)

    def read(self, inputs: Sequence[Any]) -> list[Any]:
        """The tokens of the inputs of a row."""
        return [token for value in inputs for token in (*self.written(value), NEXT)]

    def written(self, value: Any) -> Iterator[Any]:
        """The tokens of a value; no two values have the same."""
        if isinstance(value, list | tuple | dict):
            yield ("list",)
            for part in value.values() if isinstance(value, dict) else value:
                yield from self.written(part)
                if isinstance(part, str):
                    yield NEXT
            yield ("end",)
        elif isinstance(value, str):
            yield from value
        elif isinstance(value, int | float) and not isinstance(value, bool) and self.spells:
            yield from f"{value!r} "
        else:
            yield (repr(value),)

    def numbers(self, tokens: Iterable[Any]) -> list[int]:
        return [self.places.get(token, UNKNOWN) for token in tokens]

    def pairs(self, rows: Rows) -> tuple[torch.Tensor, torch.Tensor]:
        """What is read of each row, and what is to be written, from START to END, each `(n, longest)`."""
        read = [self.numbers(self.read(inputs)) for inputs, _ in rows]
        wanted = [[START, *self.numbers(self.written(output)), END] for _, output in rows]
        return padded(read), padded(wanted)


def numbers_in(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list | tuple | dict):
            yield from numbers_in(value.values() if isinstance(value, dict) else value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield value


def padded(rows: list[list[int]]) -> torch.Tensor:
    """The rows with PAD behind the shorter ones."""
    width = max(map(len, rows))
    found = np.full((len(rows), width), PAD)
    for i, row in enumerate(rows):
        found[i, : len(row)] = row
    return torch.as_tensor(found)


class Recurrent(nn.Module):
    """An LSTM that reads both ways, and one that writes and attends to what was read."""

    def __init__(self, tokens: int):
        super().__init__()
        self.embed = nn.Embedding(tokens, WIDTH, padding_idx=PAD)
        self.encoder = nn.LSTM(WIDTH, WIDTH, batch_first=True, bidirectional=True)
        self.decoder = nn.LSTM(WIDTH, 2 * WIDTH, batch_first=True)
        self.mixed = nn.Linear(4 * WIDTH, 2 * WIDTH)
        self.out = nn.Linear(2 * WIDTH, tokens)

    def read(self, source: torch.Tensor) -> Any:
        lengths = (source != PAD).sum(1)
        packed = nn.utils.rnn.pack_padded_sequence(self.embed(source), lengths, batch_first=True, enforce_sorted=False)
        given, (hidden, cell) = self.encoder(packed)
        memory, _ = nn.utils.rnn.pad_packed_sequence(given, batch_first=True, total_length=source.shape[1])
        state = tuple(torch.cat(list(part), dim=1)[None].contiguous() for part in (hidden, cell))
        return memory, source != PAD, state

    def write(self, read: Any, written: torch.Tensor) -> tuple[torch.Tensor, Any]:
        """Scores of the token after each, `(n, length, tokens)`, and what was read, with the state it left."""
        memory, known, state = read
        out, state = self.decoder(self.embed(written), state)
        scores = (out @ memory.transpose(1, 2)).masked_fill(~known[:, None], -math.inf)
        seen = scores.softmax(-1) @ memory
        return self.out(torch.tanh(self.mixed(torch.cat([out, seen], -1)))), (memory, known, state)


class Attending(nn.Module):
    """A Transformer, its places told by sines."""

    def __init__(self, tokens: int):
        super().__init__()
        self.embed = nn.Embedding(tokens, WIDTH, padding_idx=PAD)
        own: dict[str, Any] = {"batch_first": True, "norm_first": True, "dropout": 0.0}
        reading = nn.TransformerEncoderLayer(WIDTH, HEADS, INNER, **own)
        writing = nn.TransformerDecoderLayer(WIDTH, HEADS, INNER, **own)
        self.encoder = nn.TransformerEncoder(reading, DEPTH, nn.LayerNorm(WIDTH), enable_nested_tensor=False)
        self.decoder = nn.TransformerDecoder(writing, DEPTH, nn.LayerNorm(WIDTH))
        self.out = nn.Linear(WIDTH, tokens)

    def placed(self, tokens: torch.Tensor) -> torch.Tensor:
        place = torch.arange(tokens.shape[1])[:, None]
        turn = place * torch.exp(torch.arange(0, WIDTH, 2) * (-math.log(10_000) / WIDTH))
        return self.embed(tokens) * math.sqrt(WIDTH) + torch.stack([turn.sin(), turn.cos()], -1).flatten(1)

    def read(self, source: torch.Tensor) -> Any:
        return self.encoder(self.placed(source), src_key_padding_mask=source == PAD), source == PAD

    def write(self, read: Any, written: torch.Tensor) -> tuple[torch.Tensor, Any]:
        """Scores of the token after each, `(n, length, tokens)`, and what was read."""
        memory, unknown = read
        later = torch.ones(written.shape[1], written.shape[1], dtype=torch.bool).triu(1)
        out = self.decoder(self.placed(written), memory, later, memory_key_padding_mask=unknown, tgt_is_causal=True)
        return self.out(out), read


NETS: dict[str, Any] = {"lstm": Recurrent, "transformer": Attending}


class Sequencer:
    """A net that learns to write the answers of rows, with the learning rate that is best on those held back."""

    def __init__(
        self, kind: str, rows: Rows, held: Rows, others: Rows, seconds: float, seed: int, on_progress: Progress
    ):
        self.make = NETS[kind]
        self.alphabet = Alphabet([*rows, *held], others)
        self.own, self.held = self.alphabet.pairs(rows), self.alphabet.pairs(held)
        longest = max(part.shape[1] for part in self.own)
        self.batch = max(FEWEST, min(BATCH, len(rows), MOST_TOKENS // longest))
        self.steps = self.affordable(seconds, seed)
        lost = []
        for i, rate in enumerate(RATES):
            done = i / len(RATES)
            steps = max(LOOKS, int(self.steps * TRIED))
            lost.append(self.train(rate, steps, seed, lambda s, done=done: on_progress(done + s / len(RATES)))[1])  # type: ignore[misc]
        self.rate = RATES[int(np.argmin(lost))]
        cut = "" if self.steps == STEPS else f" (cut from {STEPS:,} to keep to the time)"
        layers = f"{DEPTH} layers" if kind == "transformer" else "one layer"
        self.how = (
            f"{OF_SEQUENCES[kind]} of {layers} of width {WIDTH}, {self.steps:,} steps of {self.batch} rows out of "
            f"{len(rows):,}{cut}; learning rate {self.rate:g}, the best of {len(RATES)} on {len(held):,} other rows"
        )

    def affordable(self, seconds: float, seed: int) -> int:
        """How many steps take so many seconds, no more than are needed."""
        _, step = self.begun(RATES[0], STEPS, seed)
        step()  # the first takes longer
        start = perf_counter()
        for _ in range(TIMED):
            step()
        return int(max(LOOKS, min(STEPS, seconds * TIMED / (perf_counter() - start))))

    def trained(self, seed: int, on_progress: Progress) -> Marks:
        """The net trained with a seed: whether its answer to each row is right to the last token."""
        net, _ = self.train(self.rate, self.steps, seed, on_progress)

        def marks(rows: Rows) -> Floats:
            parts = [rows[start : start + TOGETHER] for start in range(0, len(rows), TOGETHER)]
            return np.concatenate([self.right(net, part) for part in parts]).astype(float)

        return marks

    def right(self, net: Any, rows: Rows) -> Any:
        source, wanted = self.alphabet.pairs(rows)
        written = answered(net, source, wanted.shape[1] + SLACK)
        width = max(wanted.shape[1], written.shape[1])
        given, truth = (functional.pad(part, (0, width - part.shape[1]), value=PAD) for part in (written, wanted))
        return ((given == truth) & (truth != UNKNOWN)).all(dim=1).numpy()

    def train(self, rate: float, steps: int, seed: int, on_progress: Progress) -> tuple[Any, float]:
        """A net after so many steps, as it was where it lost least on the rows held back, and what it lost there."""
        net, step = self.begun(rate, steps, seed)
        best, kept = math.inf, copy.deepcopy(net.state_dict())
        for i in range(1, steps + 1):
            step()
            on_progress(i / steps)
            if i % max(1, steps // LOOKS) == 0:
                lost = self.lost(net)
                if lost < best:
                    best, kept = lost, copy.deepcopy(net.state_dict())
        net.load_state_dict(kept)
        return net, best

    def begun(self, rate: float, steps: int, seed: int) -> tuple[Any, Callable[[], None]]:
        """A net as it is before training, and what makes a step of so many."""
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            net = self.make(len(self.alphabet))
        drawn = torch.Generator().manual_seed(seed)
        optimizer = torch.optim.AdamW(net.parameters(), rate)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps + 1, pct_start=0.1)

        def step() -> None:
            places = torch.randint(len(self.own[0]), (self.batch,), generator=drawn)
            loss = loss_of(net, *(part[places] for part in self.own))
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()

        return net, step

    def lost(self, net: Any) -> float:
        """What a net loses on the rows held back."""
        with torch.no_grad():
            parts = zip(*(part.split(self.batch) for part in self.held), strict=True)
            return float(np.mean([float(loss_of(net, *pair)) for pair in parts]))


def loss_of(net: Any, source: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """The cross entropy of what is to be written, a token at a time, each after the true ones before it."""
    scores, _ = net.write(net.read(source), target[:, :-1])
    return functional.cross_entropy(scores.flatten(0, 1), target[:, 1:].flatten(), ignore_index=PAD)


def answered(net: Any, source: torch.Tensor, most: int) -> torch.Tensor:
    """What a net writes for each row, the likeliest token each time, from START to END, `(n, at most `most` + 1)`."""
    with torch.no_grad():
        read = net.read(source)
        written = torch.full((len(source), 1), START)
        done = torch.zeros(len(source), dtype=torch.bool)
        while not done.all() and written.shape[1] <= most:
            scores, read = net.write(read, written[:, -1:] if isinstance(net, Recurrent) else written)
            new = scores[:, -1].argmax(-1).masked_fill(done, PAD)
            written = torch.cat([written, new[:, None]], dim=1)
            done |= new == END
    return written
