"""The workflows and the forms of the repository."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from conftest import ROOT

BIN = Path(sys.executable).parent
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
FORMS = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml"))


def run(*command: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


@cache
def load(path: Path) -> Any:
    # In YAML 1.1 the key `on` is true.
    return yaml.safe_load(path.read_text(encoding="utf-8").replace("\non:", "\n'on':"))


def steps() -> list[dict[str, Any]]:
    return [step for path in WORKFLOWS for job in load(path)["jobs"].values() for step in job["steps"]]
