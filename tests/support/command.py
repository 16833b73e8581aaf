"""The commands of the command line, run in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.cli import main

if TYPE_CHECKING:
    from pathlib import Path


def run_command(*arguments: str | Path) -> int:
    """Run a command and return its exit status; 2 says that it was refused."""
    try:
        main([str(argument) for argument in arguments])
    except SystemExit as end:
        return int(end.code or 0)
    return 0
