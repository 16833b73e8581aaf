"""What the command line does, a module for each command that is more than a few lines, and what several share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from click import ClickException

from fieldguide.formats import unfit
from fieldguide.guide import load_and_check
from fieldguide.report import format_text
from fieldguide.source.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fieldguide.catalog import Catalog
    from fieldguide.model import Entry


class CommandError(ClickException):
    """Why a command cannot go on; it has changed nothing."""

    exit_code = 2


def load_sound_catalog(docs: Path, settings: Path | None = None) -> Catalog:
    """Return the catalog of a guide that passes its checks; raise CommandError with the report of one that does not."""
    catalog, problems = load_and_check(docs, settings_file=settings)
    if errors := [problem for problem in problems if not problem.warning]:
        raise CommandError(f"mend the content first:\n{format_text(errors, docs.parent)}")
    return catalog


def find_entry(catalog: Catalog, slug: str) -> Entry:
    """Return an entry; raise CommandError with the nearest one if there is none."""
    if slug not in catalog.entries:
        hint = did_you_mean(slug, catalog.entries) or "; name its file without .md"
        raise CommandError(f"no entry is called '{slug}'{hint}")
    return catalog.entries[slug]


def explain_unusable_name(catalog: Catalog, slug: str) -> str:
    """Return why no new entry can have a file name; the empty string if one can."""
    if slug in catalog.entries:
        return f"'{slug}' is taken by {catalog.entries[slug].doc.path}; choose another name"
    if slug in catalog.vocabulary.classes:
        return f"'{slug}' is a class of the vocabulary; choose another name"
    return unfit(slug)


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
