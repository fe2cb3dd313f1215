"""A kind, a language, a method and a move, added from a package of one's own, one file each."""

import subprocess
import sys

KIND = '''
"""Points on a grid."""
from dataclasses import dataclass

from extrapolate.core.kind import Kind, Undefined, register
from extrapolate.core.types import Type


@dataclass(frozen=True)
class Point:
    x: int
    y: int


class PointKind(Kind):
    name = "point"
    classes = (Point,)
    python = "Point"
    names = ("p", "q")

    def cost(self, constant, t):
        return 3

    def to_json(self, value, t):
        return [value.x, value.y]

    def from_json(self, data, t):
        if not isinstance(data, list) or len(data) != 2:
            raise Undefined
        return Point(*data)

    def samples(self, t):
        return [Point(0, 0), Point(1, 2), Point(-3, 5)]


register(PointKind())
'''

LANGUAGE = '''
"""A language of points."""
from extrapolate import Language, primitive

from own.points import Point


@primitive(cost=2)
def mirrored(p: Point) -> Point:
    return type(p)(p.y, p.x)


@primitive(cost=2)
def opposite(p: Point) -> Point:
    return type(p)(-p.x, -p.y)


@primitive(cost=2, source="{p}.x")
def abscissa(p: Point) -> int:
    return p.x


WORDS = (mirrored, opposite, abscissa)
LANGUAGE = Language("points", WORDS, kinds=("point", "int"), suits=lambda task: 0.9)
LAZY = Language("lazy", WORDS, kinds=("point",), method="own-method", suits=lambda task: 0.0)
'''

METHOD = '''
"""A method that gives the first input back."""
from extrapolate.core.program import Program
from extrapolate.core.result import Candidate, Counts, Result, Stop


def learn(request):
    task = request.task
    program = Program(task.inputs[0], task.inputs, task.output, task.name, request.language.name)
    missed = tuple(row for row in task.labelled if program(*row.inputs) != row.output)
    return Result(task, (Candidate(program, 1.0, missed, ()),), Stop.EXHAUSTED, Counts())
'''

MOVE = '''
"""A move that proposes the first input."""
from extrapolate.search.move import Move


class Echo(Move):
    def start(self, goal):
        for variable in goal.bank.variables:
            if variable.type == goal.type:
                yield variable
'''

SCRIPT = """
import json

from own.languages import LANGUAGE
from own.moves import Echo
from own.points import Point

from extrapolate import Task, languages, learn, saved
from extrapolate.core.method import Request
from extrapolate.core.result import Budget
from extrapolate.search.method import learn as search

rows = [(Point(1, 2), Point(-2, -1)), (Point(0, 7), Point(-7, 0)), (Point(5, -3), Point(3, -5))]
result = learn(rows, programs=2000, seconds=None)
assert result.program.language == "points", result
assert result.program(Point(4, 9)) == Point(-9, -4)
print(result.program.source)
saved.save(result.program, "points.json", [((a,), b) for a, b in rows])
assert saved.load("points.json", languages.find("points")) == result.program
assert json.load(open("points.json"))["examples"][0] == {"in": [[1, 2]], "out": [-2, -1]}

same = [(Point(1, 2), Point(1, 2)), (Point(0, 7), Point(0, 7))]
assert learn(same, language="lazy").solved

request = Request(Task.from_examples(same), LANGUAGE, Budget(programs=1000, seconds=None))
found = search(request, moves=(Echo,))
assert found.solved and found.counts.tried < 1000
"""


def test_all_that_can_be_added_is_added_from_a_package_of_ones_own(tmp_path):
    package = tmp_path / "own"
    package.mkdir()
    files = {"__init__": "", "points": KIND, "languages": LANGUAGE, "method": METHOD, "moves": MOVE}
    for name, text in files.items():
        (package / f"{name}.py").write_text(text)
    info = tmp_path / "own-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: own\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[extrapolate.languages]\npoints = own.languages:LANGUAGE\nlazy = own.languages:LAZY\n\n"
        "[extrapolate.methods]\nown-method = own.method:learn\n"
    )
    (tmp_path / "script.py").write_text(SCRIPT)
    done = subprocess.run([sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "mirrored(" in done.stdout and "def " in done.stdout


ARRAYS = """
import numpy as np

from extrapolate import Language, learn, primitive, saved


@primitive(cost=2, source="np.flipud({grid})")
def flipped(grid: np.ndarray) -> np.ndarray:
    import numpy as np

    return np.flipud(grid)


@primitive(cost=2, source="np.transpose({grid})")
def transposed(grid: np.ndarray) -> np.ndarray:
    import numpy as np

    return np.transpose(grid)


language = Language("arrays", (flipped, transposed))
rng = np.random.default_rng(0)
grids = [rng.integers(0, 10, (30, 30), dtype=np.uint8) for _ in range(3)]
rows = [(grid, np.transpose(np.flipud(grid))) for grid in grids]
result = learn(rows, language=language, programs=2000, seconds=None)
print(result.program.source)
other = rng.integers(0, 10, (4, 7), dtype=np.uint8)
assert np.array_equal(result.program(other), np.transpose(np.flipud(other)))
saved.save(result.program, "turned.json", [((grids[0],), np.transpose(np.flipud(grids[0])))])
assert saved.load("turned.json", language) == result.program
"""


def test_small_arrays_are_learned_printed_saved_and_loaded(tmp_path):
    (tmp_path / "script.py").write_text(ARRAYS)
    done = subprocess.run([sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "np.transpose(np.flipud(grid))" in done.stdout
