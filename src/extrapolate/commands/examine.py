"""The commands on nets: examine one, and let it dream."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from extrapolate.commands.output import plain_console, print_text, say
from extrapolate.core.errors import InputError, require_package
from extrapolate.core.files import check_target
from extrapolate.examine import examine, summary
from extrapolate.examine.examination import Examination, check_form
from extrapolate.nets.inputs import shaped
from extrapolate.nets.model import open_model
from extrapolate.read.nets import read_cases, read_net
from extrapolate.read.photos import read_photo, write_photo


def examine_command(
    *,
    net: str,
    data: str,
    weights: str | None,
    other: str | None,
    target: str | None,
    eps: float | None,
    bounds: str | None,
    seconds: float,
    out: str | None,
    force: bool,
    as_json: bool,
    quiet: bool,
    debug: bool,
) -> int:
    if out is not None:
        check_target(out, force=force)
        check_form(out)
        if out.endswith(".html"):
            require_package("matplotlib", "a report", "nets")
    between = None if bounds is None else pair(bounds, "--range", ",")
    cases = read_cases(data, between)
    model = read_net(net, weights)
    strange = None if other is None else shaped(model, read_cases(other, between, classes=False).x)
    with watching(quiet or as_json) as on_progress:
        report = examine(
            model,
            shaped(model, cases.x),
            cases.y,
            train=None if cases.train is None else (shaped(model, cases.train[0]), cases.train[1]),
            other=strange,
            eps=eps,
            target=None if target is None else classes(target),
            seconds=seconds,
            name=net,
            on_progress=on_progress,
        )
    if as_json:
        print_text(report.json() + "\n")
    elif not quiet:
        show(report, plain_console())
    if out is not None:
        report.save(out, force=force)
    if out is not None and not quiet:
        say(f"{out} was written.")
    return 0


def dream_command(
    *,
    photo: str,
    net: str,
    weights: str | None,
    layer: str,
    bounds: str | None,
    size: int,
    out: str,
    force: bool,
    quiet: bool,
    debug: bool,
) -> int:
    check_target(out, force=force)
    low, high = (0.0, 1.0) if bounds is None else pair(bounds, "--range", ",")
    picture = read_photo(photo, size)
    model = open_model(read_net(net, weights), net)
    if not model.has_gradients:
        raise InputError(f"{net} is {model.kind}, which has no gradients; give a net of PyTorch or Keras.")
    from extrapolate.nets.picture import dream

    with watching(quiet) as on_progress:
        dreamt = dream(
            model,  # type: ignore[arg-type]
            picture,
            layer,
            prepare=lambda x: x * (high - low) + low,
            on_progress=lambda share: on_progress("dreaming", share),
        )
    write_photo(dreamt, out, force=force)
    if not quiet:
        say(f"{out} was written.")
    return 0


def classes(text: str) -> tuple[int, int]:
    first, second = pair(text, "--target", "=")
    return int(first), int(second)


def pair(text: str, option: str, mark: str) -> tuple[float, float]:
    """Two numbers with a mark between them."""
    try:
        first, second = map(float, text.split(mark))
    except ValueError:
        raise InputError(f"{option} {text} was given; give two numbers, as {option} 9{mark}4.") from None
    return first, second


def show(report: Examination, console: Console) -> None:
    """What was found, in sentences."""
    console.print(report.name, style="bold")
    for warning in summary.warnings(report):
        console.print(f"! {warning}", style="red", soft_wrap=True)
    for about in summary.ABOUT:
        for sentence in about(report):
            console.print(sentence, soft_wrap=True)
    for note in report.notes:
        console.print(f"{note}.", style="dim", soft_wrap=True)


@contextmanager
def watching(silent: bool) -> Iterator[Callable[[str, float], None]]:
    """What to call with the progress of each instrument: a bar for each on a terminal."""
    console = Console(stderr=True)
    if silent or not console.is_terminal:
        yield lambda instrument, share: None
        return
    with Progress(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console) as bars:
        rows: dict[str, Any] = {}

        def told(instrument: str, share: float) -> None:
            if instrument not in rows:
                rows[instrument] = bars.add_task(instrument, total=1.0)
            bars.update(rows[instrument], completed=share)

        yield told
