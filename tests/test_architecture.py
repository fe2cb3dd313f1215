"""Who may import whom. Contracts know no method, a language knows no search, a search knows no language."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import extrapolate
from extrapolate import languages
from extrapolate.types import CLASSES

PACKAGE = Path(extrapolate.__file__).parent


def dotted(path: Path) -> str:
    """The name by which a file of the package is imported."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


MODULES = {dotted(path): path for path in sorted(PACKAGE.rglob("*.py"))}
CONTRACTS = {
    "elementwise",
    "errors",
    "files",
    "frames",
    "fstrings",
    "hints",
    "law",
    "types",
    "values",
    "primitive",
    "expression",
    "source",
    "tidy",
    "program",
    "task",
    "result",
    "probe",
    "language",
    "latex",
    "symbolic",
    "experiment",
    "saved",
    "units",
}
EDGES = {"cli", "commands", "read", "show", "answers", "sklearn"}
MAY_IMPORT = {
    "languages": CONTRACTS,
    "search": CONTRACTS,
    "learn": CONTRACTS | {"search", "languages", "library", "measured"},
    "measured": CONTRACTS | {"search", "languages"},
    "library": CONTRACTS | {"search"},
    "__init__": CONTRACTS | {"learn", "languages"},
    "__main__": {"cli"},
    **dict.fromkeys(CONTRACTS, CONTRACTS),
    **dict.fromkeys(EDGES, CONTRACTS | EDGES | {"search", "languages", "library", "measured", "learn", "__init__"}),
}


def part(module: str) -> str:
    """The part of the package a module belongs to: `search` for `extrapolate.search.bank`."""
    return [*module.split("."), "__init__"][1]


def imports(module: str) -> set[str]:
    """The modules of the package that a module imports, anywhere in its text."""
    path = MODULES[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base]).rstrip(".")
            named = {f"{base}.{alias.name}" for alias in node.names}
            submodules = named & MODULES.keys()
            found |= submodules if len(submodules) == len(named) else submodules | {base}
    return {name for name in found if name.split(".")[0] == "extrapolate"}


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_its_part_may(module):
    own = part(module)
    assert own in MAY_IMPORT, f"{module} belongs to no part; say in MAY_IMPORT what it may import"
    wrong = {name for name in imports(module) if part(name) not in MAY_IMPORT[own] | {own}}
    assert not wrong


@pytest.mark.parametrize("module", [m for m in MODULES if part(m) == "search"])
def test_a_search_names_no_language(module):
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert texts.isdisjoint(set(languages.NAMES) - {t.name for t in CLASSES})  # a type of values may have the same name


def test_contracts_import_each_other_in_one_direction():
    """There is an order of the contracts in which each imports only those before it."""
    left = {c: {part(i) for i in imports(f"extrapolate.{c}")} - {c} for c in CONTRACTS}
    while left:
        ready = {c for c, needs in left.items() if not needs & left.keys()}
        assert ready, f"these import each other: {', '.join(sorted(left))}"
        left = {c: needs for c, needs in left.items() if c not in ready}


def test_help_is_quick_because_it_loads_nothing_large():
    code = (
        "import sys\n"
        "from extrapolate.cli import main\n"
        "try:\n    main(['--help'])\n"
        "except SystemExit:\n    pass\n"
        "print(*sorted({'numpy', 'scipy', 'pint', 'rich'} & sys.modules.keys()), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "Usage" in done.stdout
    assert done.stderr.strip() == ""
