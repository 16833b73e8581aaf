"""Finds a Chromium for the tests, or installs one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MISSING = """No Chromium to test with: none of {names} is on the path, Playwright could not download its own, and
apt-get could not install one. Install Chromium, or set CHROMIUM to the path of one."""


def executable() -> str | None:
    """The path of an installed Chromium; None for Playwright's own; raises RuntimeError where none is to be had."""
    if found := _installed():
        return found
    if _run([sys.executable, "-m", "playwright", "install", "chromium"]):
        return None
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _run(["apt-get", "update"])
        _run(["apt-get", "install", "--yes", "--no-install-recommends", "chromium", "fonts-liberation"])
    if found := _installed():
        return found
    raise RuntimeError(MISSING.format(names=", ".join(NAMES)))


def _installed() -> str | None:
    named = os.environ.get("CHROMIUM")
    if named and Path(named).exists():
        return named
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _run(command: list[str]) -> bool:
    return subprocess.run(command, check=False, stdout=subprocess.DEVNULL, timeout=900).returncode == 0
