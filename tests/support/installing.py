"""What the tests install for themselves, in one process at a time: they run on every core."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

CACHE = Path(__file__).resolve().parents[2] / ".cache"
PATIENCE = 900


@contextmanager
def alone() -> Iterator[None]:
    """Lets no other process of the tests install anything meanwhile."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "installing").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def from_debian(*packages: str) -> None:
    """Installs packages of Debian's where that is possible."""
    if os.geteuid() == 0 and (installer := shutil.which("apt-get")):
        for arguments in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
            subprocess.run([installer, *arguments], check=False, stdout=subprocess.DEVNULL, timeout=PATIENCE)
