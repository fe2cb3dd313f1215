"""What the pages say is what happens: their Python runs, their commands print what is shown, docstrings hold."""

import doctest
import importlib
import pkgutil
import re

import pytest

import extrapolate
from pages import FLAGS, PAGES, ROOT, folder_for_pages, run_page

MODULES = [
    module.name
    for module in pkgutil.walk_packages(extrapolate.__path__, "extrapolate.")
    if not module.name.endswith("__main__")
]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_page_does_what_it_says(page):
    """When a page shows old output, `python tests/pages.py` writes the new one; read what it changed."""
    with folder_for_pages():
        for step in run_page(page):
            where = f"{page.relative_to(ROOT)}:{step.line}: {step.source}"
            assert step.agrees, "\n".join([where, step.problem, "shown:", step.shown, "printed:", step.printed])


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (page.parent / target).exists(), target


@pytest.mark.parametrize("name", ["extrapolate", *MODULES])
def test_docstrings_hold(name):
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        pytest.skip("PyTorch is not installed")
    failed, _ = doctest.testmod(module, optionflags=FLAGS)
    assert failed == 0


def test_the_picture_tells_the_truth():
    """The program in the picture is what is learned from its examples, and its answer is right."""
    picture = (ROOT / "docs" / "picture.svg").read_text(encoding="utf-8")
    examples = [([8, 3, 5], 5), ([2, 9, 4, 7], 7), ([6, 1, 8, 3, 9], 8)]
    result = extrapolate.learn(examples, name="second_largest")
    drawn = [re.sub(r"<[^>]+>", "", line) for line in re.findall(r'<text class="code".*?</text>', picture)]
    signature, body = (line.replace("&gt;", ">") for line in drawn)
    assert result.program.source.splitlines()[0] == signature
    assert result.program.source.splitlines()[-1] == body
    million = [(i * 7919) % 1_000_000 for i in range(1_000_000)]
    assert f"{result.program(million):,}" == "999,998"
    assert ">999,998<" in picture
