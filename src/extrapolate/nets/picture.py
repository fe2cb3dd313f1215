"""What a net looks for: pictures that make a layer, a channel or a class answer most, and dreams.

A picture is drawn in the frequencies of a Fourier basis whose higher ones count less, and in colours that are as
independent as those of photographs, which a gradient follows better than single pixels: Olah, Mordvintsev and Schubert
(2017), Feature Visualization, Distill, sections on regularization and preconditioning. A dream makes more of what a
layer sees in a photograph, from coarse to fine: Mordvintsev, Olah and Tyka (2015), Inceptionism.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from extrapolate.core.errors import InputError
from extrapolate.nets.net import Net

# How fast frequencies fall off, how strong the first picture is, and the steps of gradient ascent.
DECAY, GAIN, STEPS, RATE = 1.5, 0.1, 100, 0.05
# How far a picture is turned, in radians, and moved, in halves of its size, how near it is seen, and its noise.
TURNED, MOVED, NEAREST, FARTHEST, NOISE = 0.25, 0.15, 0.5, 1.1, 0.1
# Colours of photographs as combinations of independent ones (Olah et al. 2017, from the pictures of ImageNet).
COLOURS = ((0.56282854, 0.58447580, 0.58447580), (0.19482528, 0.0, -0.19482528), (0.04329450, -0.10823626, 0.06494176))
# Of a dream: scales, the factor between them, steps at each.
OCTAVES, FACTOR, DREAM_STEPS = 4, 1.4, 10
Prepare = Callable[[torch.Tensor], torch.Tensor]
Progress = Callable[[float], None]


def visualise(
    net: Net,
    layer: str,
    channels: Sequence[int],
    *,
    size: tuple[int, int] = (128, 128),
    colours: int = 3,
    prepare: Prepare = lambda x: x,
    steps: int = STEPS,
    seed: int = 0,
    on_progress: Progress = lambda share: None,
) -> Any:
    """For each of the channels of a layer the picture that makes it answer most, `(n, height, width, colours)` from 0
    to 1.

    Of a last layer a channel is a class. `prepare` turns pictures from 0 to 1, `(n, colours, height, width)`, into what
    the net takes. InputError for a layer that is not there or whose answers are no channels.
    """
    module = found_layer(net, layer)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        shape = (len(channels), colours, size[0], size[1] // 2 + 1, 2)
        spectrum = (torch.randn(shape) * GAIN).requires_grad_()
        optimizer = torch.optim.Adam([spectrum], lr=RATE)
        for step in range(steps):
            answer = caught(net, module, prepare(jittered(painted(spectrum, size))))
            if answer.ndim not in (2, 4) or max(channels) >= answer.shape[1]:
                raise InputError(f"layer {layer} of {net.name} gives {tuple(answer.shape[1:])}; give another channel.")
            wanted = torch.stack([answer[i, channel].mean() for i, channel in enumerate(channels)])
            (spectrum.grad,) = torch.autograd.grad(-wanted.sum(), spectrum)
            optimizer.step()
            on_progress((step + 1) / steps)
    return painted(spectrum, size).detach().permute(0, 2, 3, 1).numpy().astype(float)


def painted(spectrum: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
    """The pictures of spectra, `(n, colours, height, width)` from 0 to 1."""
    rows, columns = torch.fft.fftfreq(size[0])[:, None], torch.fft.rfftfreq(size[1])[None]
    frequency = torch.sqrt(rows**2 + columns**2).clamp(min=1 / max(size))
    scaled = torch.view_as_complex(spectrum.contiguous()) / frequency**DECAY
    plain = torch.fft.irfft2(scaled, s=size, norm="ortho") / max(size) ** 0.5 / 4
    return torch.sigmoid(torch.einsum("nchw,cd->ndhw", plain, photographic()) if plain.shape[1] == 3 else 3 * plain)


def photographic() -> torch.Tensor:
    """What makes colours of photographs of independent ones."""
    mix = torch.tensor(COLOURS)
    return mix / mix.norm(dim=1).max() * 3


def jittered(x: torch.Tensor) -> torch.Tensor:
    """The pictures turned, brought nearer and moved at random, with some noise, so that no single pixel decides and a
    thing is one as a whole and in parts."""
    angle, scale = (2 * torch.rand(1) - 1) * TURNED, NEAREST + (FARTHEST - NEAREST) * torch.rand(1)
    shift = (2 * torch.rand(2) - 1) * MOVED
    cos, sin = torch.cos(angle) * scale, torch.sin(angle) * scale
    turn = torch.stack([torch.cat([cos, -sin, shift[:1]]), torch.cat([sin, cos, shift[1:]])])[None]
    places = functional.affine_grid(turn.expand(len(x), 2, 3), list(x.shape), align_corners=False)
    seen = functional.grid_sample(x, places, padding_mode="reflection", align_corners=False)
    return seen + NOISE * torch.randn_like(seen)


def dream(
    net: Net,
    picture: Any,
    layer: str,
    *,
    prepare: Prepare = lambda x: x,
    strength: float = 0.02,
    octaves: int = OCTAVES,
    steps: int = DREAM_STEPS,
    on_progress: Progress = lambda share: None,
) -> Any:
    """The picture, `(height, width, 3)` from 0 to 1, with more of what a layer sees in it."""
    module = found_layer(net, layer)
    whole = torch.as_tensor(np.ascontiguousarray(picture), dtype=torch.float32).permute(2, 0, 1)[None]
    height, width = whole.shape[2:]
    added = torch.zeros(1)
    for octave in range(octaves):
        shrink = FACTOR ** (octave - octaves + 1)
        shape = (max(1, round(height * shrink)), max(1, round(width * shrink)))
        base = functional.interpolate(whole, shape, mode="bilinear", align_corners=False, antialias=True)
        detail = torch.zeros_like(base)
        if octave:
            detail = functional.interpolate(added, shape, mode="bilinear", align_corners=False)
        for step in range(steps):
            x = (base + detail).clamp(0, 1).requires_grad_()
            prepared = prepare(x)
            answer = caught(net, module, prepared.permute(0, 2, 3, 1) if net.of_keras else prepared)
            (gradient,) = torch.autograd.grad((answer**2).mean(), x)
            detail = detail + strength * evened(gradient)
            on_progress((octave * steps + step + 1) / (octaves * steps))
        added = detail
    return (whole + added).clamp(0, 1)[0].permute(1, 2, 0).numpy().astype(float)


def evened(gradient: torch.Tensor, levels: int = 4) -> torch.Tensor:
    """The gradient with each band of frequencies as strong as the others: a Laplacian pyramid, normalised."""
    bands, now = [], gradient
    for _ in range(levels):
        if min(now.shape[2:]) < 8:
            break
        small = functional.avg_pool2d(now, 2)
        bands.append(now - functional.interpolate(small, now.shape[2:], mode="bilinear", align_corners=False))
        now = small
    total = now / now.std().clamp(min=1e-8)
    for band in reversed(bands):
        total = functional.interpolate(total, band.shape[2:], mode="bilinear", align_corners=False)
        total = total + band / band.std().clamp(min=1e-8)
    return total / total.std().clamp(min=1e-8)


def found_layer(net: Net, layer: str) -> torch.nn.Module:
    """The layer of that name."""
    named = {**dict(net.module.named_modules()), **dict(net.parts())}
    if layer not in named:
        some = ", ".join([name for name, _ in net.parts()][:8])
        raise InputError(f"{net.name} has no layer {layer}; it has {some} and others.")
    return named[layer]


class Reached(Exception):
    """Ends a run of a net at the layer that is wanted."""


def caught(net: Net, module: torch.nn.Module, x: torch.Tensor) -> torch.Tensor:
    """What a layer gives for pictures, `(n, channels, ...)`, with gradients; what comes after it is not run."""
    found: list[torch.Tensor] = []

    def keep(module: Any, given: Any, out: torch.Tensor) -> None:
        found.append(out)
        raise Reached

    hook = module.register_forward_hook(keep)
    try:
        net.module(x.to(net.device, net.kind_of_number))
    except Reached:
        pass
    except (RuntimeError, ValueError) as error:
        raise net.refusal(f"pictures of shape {tuple(x.shape[1:])}", error) from error
    finally:
        hook.remove()
    if not found:
        raise InputError(f"{net.name} does not use that layer for pictures.")
    return found[-1].permute(0, 3, 1, 2) if net.of_keras and found[-1].ndim == 4 else found[-1]
