"""Who may import whom. Contracts know no method, a language knows no search, a search knows no language."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import extrapolate
from extrapolate import languages
from extrapolate.core.kind import KINDS

PACKAGE = Path(extrapolate.__file__).parent


def dotted(path: Path) -> str:
    """The name by which a file of the package is imported."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


MODULES = {dotted(path): path for path in sorted(PACKAGE.rglob("*.py"))}
# A part may import those before it; edges may import all, and nothing imports an edge.
ORDER = ("core", "kinds", "languages", "engines", "search", "regression", "nets", "examine", "learn", "compare")
EDGES = {"cli", "commands", "read", "show", "sklearn"}
APART = {
    ("search", "languages"),
    ("regression", "languages"),
    ("search", "engines"),
    ("regression", "engines"),
}  # a search names no language, and languages know no search
MAY_IMPORT = {
    **{own: {o for o in ORDER[:i] if (own, o) not in APART} for i, own in enumerate(ORDER)},
    "__init__": {*ORDER, "_moved"},
    "_moved": set(),
    "__main__": {"cli"},
    **{edge: {*ORDER, *EDGES, "__init__"} for edge in EDGES},
}


def part(module: str) -> str:
    """The part of the package a module belongs to: `search` for `extrapolate.search.bank.bank`."""
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


@pytest.mark.parametrize("module", [m for m in MODULES if part(m) in ("search", "regression")])
def test_a_search_names_no_language(module):
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert texts.isdisjoint(set(languages.NAMES) - set(KINDS))  # a type of values may have the same name


def test_the_files_of_core_import_each_other_in_one_direction():
    """There is an order of the contracts in which each imports only those before it."""
    core = {m for m in MODULES if part(m) == "core"} - {"extrapolate.core"}
    left = {m: (imports(m) & core) - {m} for m in core}
    while left:
        ready = {m for m, needs in left.items() if not needs & left.keys()}
        assert ready, f"these import each other: {', '.join(sorted(left))}"
        left = {m: needs for m, needs in left.items() if m not in ready}


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
