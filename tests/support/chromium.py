"""Finds a Chromium for the tests, or installs one: best its headless shell, which loads pages with less work."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import installing

SHELL, BROWSER = "chromium-headless-shell", "chromium"
NAMES = (SHELL, BROWSER, "chromium-browser", "google-chrome-stable", "google-chrome")
MISSING = """No Chromium to test with: none of {names} is on the path, Playwright could not download its own, and
apt-get could not install one. Install Chromium, or set CHROMIUM to the path of one."""


def executable() -> str | None:
    """The path of an installed Chromium; None for Playwright's own; raises RuntimeError where none is to be had."""
    with installing.alone():
        if found := _installed():
            return found
        command = [sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"]
        if subprocess.run(command, check=False, stdout=subprocess.DEVNULL, timeout=installing.PATIENCE).returncode == 0:
            return None
        for package in (SHELL, BROWSER):
            installing.from_debian(package, "fonts-liberation")
            if found := _installed():
                return found
    raise RuntimeError(MISSING.format(names=", ".join(NAMES)))


def _installed() -> str | None:
    named = os.environ.get("CHROMIUM")
    if named and Path(named).exists():
        return named
    return next((path for name in NAMES if (path := shutil.which(name))), None)
