"""What the command line does, a module for each command that is more than a few lines, and what several share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from click import ClickException

from fieldguide.guide import load_and_check
from fieldguide.report import format_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fieldguide.catalog import Catalog


class CommandError(ClickException):
    """Why a command cannot go on; it has changed nothing."""

    exit_code = 2


def load_sound_catalog(docs: Path, settings: Path | None = None) -> Catalog:
    """Return the catalog of a guide that passes its checks; raise CommandError with the report of one that does not."""
    catalog, problems = load_and_check(docs, settings_file=settings)
    if errors := [problem for problem in problems if not problem.warning]:
        raise CommandError(f"mend the content first:\n{format_text(errors)}")
    return catalog


def write_files(texts: Mapping[Path, str | None]) -> None:
    """Write every file or, on an OSError, none; where there is no text, delete the file."""
    parts = {path: path.with_name(f".{path.name}.part") for path, text in texts.items() if text is not None}
    try:
        for path, part in parts.items():
            part.write_text(texts[path] or "", encoding="utf-8", newline="\n")
    except OSError as error:
        for part in parts.values():
            part.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from None
    for path, part in parts.items():
        part.replace(path)
    for path in texts.keys() - parts.keys():
        path.unlink()
