"""Copies of the small guide to databases that tests change and build."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SMALL_GUIDE = ROOT / "tests/databases"


def copy_small_guide(target: Path) -> Path:
    """Copy the guide to databases so that it can be built from anywhere; return its settings file."""
    ignored = shutil.ignore_patterns("site", ".cache")
    shutil.copytree(SMALL_GUIDE, target, ignore=ignored, dirs_exist_ok=True)
    settings = target / "mkdocs.yml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("../../", f"{ROOT}/"), encoding="utf-8")
    return settings
