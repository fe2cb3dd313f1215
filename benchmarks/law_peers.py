"""gplearn, pyoperon and rils-rols beside the suites of laws, in an environment of their own that is made when needed.

    python benchmarks/law_peers.py gplearn < requests.jsonl      # what runs in that environment: answers, a line each

A request is `{"x": [rows], "y": [...], "seconds": S}`, an answer `{"formula": text or null, "seconds": T}`, over
inputs x0, x1, ... The formula is judged by the test for noisy data in every setting, and its values need to agree
within 1e-4 only, as the peers round their constants or compute in single precision. Settings are the peers' own, but
for the words (ours as far as they have them), one thread and the time.
"""

from __future__ import annotations

import json
import re
import selectors
import statistics
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from law_suites import LawProblem

ENVIRONMENT = Path.home() / ".cache" / "extrapolate-peers"
# What a peer may take beyond its seconds: rils-rols simplifies what it found.
GRACE = 20.0
PEER_AGREEMENT = 1e-4
BUILD = ("pybind11", "setuptools", "wheel")  # rils-rols is compiled when it is installed


@dataclass(frozen=True)
class LawAnswer:
    """What a peer found; `right`: it is the law."""

    peer: str
    formula: str | None
    right: bool
    seconds: float

    def __str__(self) -> str:
        found = "-" if self.formula is None else "right" if self.right else "wrong"
        return f"{self.peer}: {found:5} {self.seconds:5.2f} s"


class LawPeer:
    """A peer in a process of its own, which is started anew when it takes too long or ends."""

    def __init__(self, name: str, python: Path):
        self.name, self.python = name, python
        self.process: subprocess.Popen[str] | None = None

    def answer(self, problem: LawProblem, seconds: float) -> LawAnswer:
        from exactness import MOST_MOVED  # imported here, as the peers' environment has none of it
        from extrapolate.core.errors import InputError
        from formula import Formula

        start = perf_counter()
        rows = problem.task.labelled
        reply = self.search([row.inputs for row in rows], [row.output for row in rows], seconds)
        if reply is None or reply["formula"] is None:
            return LawAnswer(self.name, None, False, reply["seconds"] if reply else perf_counter() - start)
        text = reply["formula"]
        try:
            formula = Formula(text, [f"x{i}" for i in range(len(problem.points))])
            right = bool(problem.agreement(formula, MOST_MOVED, PEER_AGREEMENT).all())
        except (InputError, RecursionError):
            right = False
        return LawAnswer(self.name, text, right, reply["seconds"])

    def search(self, x: Sequence[Sequence[float]], y: Sequence[float], seconds: float) -> dict[str, Any] | None:
        """The reply to rows of inputs and their outputs; None when there is none in time."""
        return self.ask({"x": x, "y": y, "seconds": seconds}, seconds + GRACE)

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any] | None:
        """The reply to a request; None when there is none in time."""
        process = self.process or self.started()
        assert process.stdin and process.stdout
        try:
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            line = line_within(process.stdout, seconds)
        except BrokenPipeError:
            line = ""
        if not line:
            process.kill()
            process.communicate()
            self.process = None
            return None
        reply: dict[str, Any] = json.loads(line)
        return reply

    def started(self) -> subprocess.Popen[str]:
        """The peer's process, which has loaded all it needs, or has ended."""
        self.process = subprocess.Popen(
            [str(self.python), __file__, self.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout
        self.process.stdout.readline()
        return self.process


def line_within(stream: IO[str], seconds: float) -> str:
    """The next line of a stream, empty when none comes in time."""
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        return stream.readline() if selector.select(seconds) else ""


def law_peers(folder: Path, names: Iterable[str] | None = None) -> Iterator[LawPeer]:
    """The peers of some names, or all, that can be used, installed where they are not yet; says which can't be."""
    python = folder / "bin" / "python"
    if not python.exists():
        print(f"an environment for the peers is made in {folder}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", *BUILD], capture_output=True, check=False)
    for name in WORKERS if names is None else names:
        known = subprocess.run([str(python), "-m", "pip", "show", "-q", name], capture_output=True, check=False)
        if known.returncode:
            command = [str(python), "-m", "pip", "install", "-q", "--no-build-isolation", name]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                why = (done.stderr.strip().splitlines() or ["no reason was given"])[-1]
                print(f"{name} can't be installed and is left out: {why}", file=sys.stderr)
                continue
        yield LawPeer(name, python)


def peer_lines(answers: Iterable[tuple[LawAnswer, ...]]) -> list[str]:
    """A closing line for each peer."""
    return [
        f"{of_one[0].peer}: solved {sum(a.formula is not None for a in of_one)}/{len(of_one)}, "
        f"right on unseen rows {sum(a.right for a in of_one)}/{len(of_one)}, "
        f"median {statistics.median(a.seconds for a in of_one):.2f} s"
        for of_one in zip(*answers, strict=True)
    ]


def gplearn(x: Any, y: Any, seconds: float) -> str:
    """Generations until the time is over. Its formula without the protections, which a formula on paper has not."""
    import numpy as np
    from gplearn.functions import make_function
    from gplearn.genetic import SymbolicRegressor

    def exponential(a: Any) -> Any:
        with np.errstate(all="ignore"):
            return np.where(a < 50, np.exp(a), np.exp(50))

    exp = make_function(function=exponential, name="exp", arity=1)
    words = ("add", "sub", "mul", "div", "sqrt", "log", "sin", "cos", exp)
    search = SymbolicRegressor(generations=1, function_set=words, random_state=0, warm_start=True, n_jobs=1)
    start, lap = perf_counter(), 0.0
    while perf_counter() - start + lap < seconds:
        began = perf_counter()
        search.fit(x, y)
        lap = perf_counter() - began
        if search._program.raw_fitness_ < 1e-9:
            break
        search.set_params(generations=search.generations + 1)
    return unprotected(str(search._program))


def unprotected(text: str) -> str:
    """gplearn's prefix form as a formula: `div(X0, sqrt(X1))` is `(x0 / sqrt(abs(x1)))`."""
    import ast

    signs = {"add": "+", "sub": "-", "mul": "*", "div": "/"}

    def written(node: Any) -> str:
        if not isinstance(node, ast.Call):
            return ast.unparse(node).lower()
        assert isinstance(node.func, ast.Name)
        args = [written(a) for a in node.args]
        if node.func.id in signs:
            return f"({args[0]} {signs[node.func.id]} {args[1]})"
        return f"{node.func.id}(abs({args[0]}))" if node.func.id in ("sqrt", "log") else f"{node.func.id}({args[0]})"

    return written(ast.parse(text, mode="eval").body)


def pyoperon(x: Any, y: Any, seconds: float) -> str:
    from pyoperon.sklearn import SymbolicRegressor

    search = SymbolicRegressor(
        allowed_symbols="add,sub,mul,div,constant,variable,sqrt,exp,log,sin,cos,tanh,asin,square",
        objectives=["r2", "length"],
        model_selection_criterion="bayesian_information_criterion",  # its default takes a line for a Gaussian
        optimizer_iterations=10,
        generations=10**6,
        max_evaluations=10**9,
        max_time=int(seconds),
        n_threads=1,
        random_state=1,
    )
    search.fit(x, y)
    names = [f"x{i}" for i in range(x.shape[1])]
    return plain(search.get_model_string(search.model_, 17, names))


def rils_rols(x: Any, y: Any, seconds: float) -> str:
    from rils_rols.rils_rols import RILSROLSRegressor

    search = RILSROLSRegressor(max_fit_calls=10**9, max_time=int(seconds), random_state=1)
    search.fit(x, y)
    return plain(str(search.model_string()))


def plain(text: str) -> str:
    """A formula with Python's powers and the functions' usual names."""
    return re.sub(r"\ba(sin|cos|tan)\b", r"arc\1", text.replace("^", "**")).strip()


MODULES = {"gplearn": "gplearn.genetic", "pyoperon": "pyoperon.sklearn", "rils-rols": "rils_rols.rils_rols"}
WORKERS = {"gplearn": gplearn, "pyoperon": pyoperon, "rils-rols": rils_rols}


def main() -> None:
    """Answers requests on standard input, a line each, after an empty line that says that it is ready."""
    import contextlib
    import importlib
    import warnings

    import numpy as np

    warnings.filterwarnings("ignore")
    name = sys.argv[1]
    work = WORKERS[name]
    importlib.import_module(MODULES[name])  # loading takes seconds, which are not the search's
    print(flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        x, y = np.array(request["x"]), np.array(request["y"])
        start = perf_counter()
        formula = None
        with contextlib.redirect_stdout(sys.stderr), contextlib.suppress(Exception):
            formula = work(x, y, request["seconds"])
        print(json.dumps({"formula": formula, "seconds": perf_counter() - start}), flush=True)


if __name__ == "__main__":
    main()
