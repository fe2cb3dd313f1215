"""Where the modules of 0.1.0 are now, those of its search apart: what was written for them runs on."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from types import ModuleType

_CORE = (
    "errors", "types", "values", "expression", "program", "language", "task", "result", "source", "latex", "symbolic",
    "units", "saved", "probe", "files", "frames", "elementwise", "fstrings", "hints", "tidy",
)  # fmt: skip
MOVED = {
    **{name: f"core.{name}" for name in _CORE},
    "primitive": "core.word",
    "law": "regression.law",
    "measured": "regression.method",
    "experiment": "regression.experiment",
    "answers": "commands.answers",
}


class Finder(MetaPathFinder, Loader):
    """Finds a module by its old name."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        package, _, module = name.partition(".")
        return spec_from_loader(name, self) if package == "extrapolate" and module in MOVED else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = importlib.import_module(f"extrapolate.{MOVED[spec.name.partition('.')[2]]}")
        self.own = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self.own


def remember() -> None:
    """Lets modules be found where 0.1.0 had them."""
    if not any(isinstance(finder, Finder) for finder in sys.meta_path):
        sys.meta_path.append(Finder())
    # The word `primitive` is also a function of the package, which importing a module of that name would hide.
    sys.modules.setdefault("extrapolate.primitive", sys.modules["extrapolate.core.word"])
