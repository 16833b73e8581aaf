"""The size and the shape of the code stay within their limits; `scripts/bench code` prints them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest
from benchmarks.code import LIMITS, Code, find_private_uses, measure_code

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@pytest.fixture(scope="module")
def measures() -> dict[str, tuple[float, Sequence[str]]]:
    return measure_code()


@pytest.mark.parametrize("name", LIMITS)
def test_the_code_is_within_its_limits(name: str, measures: dict[str, tuple[float, Sequence[str]]]) -> None:
    value, details = measures[name]
    assert value <= LIMITS[name], details


@pytest.mark.parametrize(
    "text",
    [
        "from mkdocs.commands.build import _build_page",
        "from mkdocs.commands import build\nbuild._build_page()",
        "from mkdocs.commands import serve\nserve.build = print",
        "import mkdocs.utils\ndef f(config): return config.user_configs",
        "from mkdocs.config import Config\ndef f(config): config._current_page = 1",
    ],
)
def test_a_private_use_of_mkdocs_is_found(text: str) -> None:
    assert len(list(find_private_uses(ast.parse(text)))) == 1


@pytest.mark.parametrize("text", ["import os\nos._exit(0)", "from mkdocs.config import Config\nprint(Config.__name__)"])
def test_what_is_no_private_use_of_mkdocs_is_not_found(text: str) -> None:
    assert list(find_private_uses(ast.parse(text))) == []


def test_circles_and_imports_that_run_up_are_found(tmp_path: Path) -> None:
    for name, imported in {"problem": "model", "model": "urls", "urls": "problem", "guide": "source.yaml"}.items():
        path = tmp_path / f"fieldguide/{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            f"import fieldguide\nif fieldguide:\n    from fieldguide.{imported} import x\n", encoding="utf-8"
        )
    code = Code(tmp_path)
    assert code.circles() == ["model <-> problem <-> urls"]
    assert code.upward_imports() == ["model -> urls", "problem -> model"]
