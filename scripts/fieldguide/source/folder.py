"""What stands under `docs/`: its Markdown files, and whatever cannot be read, published or be an address."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fieldguide.problem import Problem
from fieldguide.source.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

MARKDOWN = (".md", ".markdown")
DIALECTS = (".mdx", ".mkd", ".mdown")
BACKUPS = ("~", ".orig", ".bak", ".rej")
READ = (".yml", ".yaml", ".bib")


def markdown_files(docs: Path, data: Collection[str], problems: list[Problem]) -> Iterator[str]:
    """The Markdown files below a folder, in order; `problems` gets what else stands there and is not read."""

    def refuse(path: str, message: str) -> None:
        problems.append(Problem(path=path, line=1, column=1, rule="file", message=message))

    folders = [""]
    while folders:
        prefix = folders.pop()
        try:
            with os.scandir(docs / prefix) as found:
                items = sorted(found, key=lambda item: item.name)
        except OSError as error:
            refuse(f"{docs.name}/{prefix}", f"cannot be read: {error.strerror}")
            continue
        for item in items:
            if flaw := _flaw(item) or _unread(prefix, item.name, data):
                refuse(f"{docs.name}/{prefix}{item.name}", flaw)
            elif item.name.endswith(".md"):
                yield prefix + item.name
        folders += [f"{prefix}{item.name}/" for item in reversed(items) if item.is_dir(follow_symlinks=False)]


def other_files(docs: Path) -> Iterator[str]:
    """The files below a folder that are no Markdown."""
    for folder, _, names in os.walk(docs):
        base = os.path.relpath(folder, docs).replace(os.sep, "/")
        yield from (name if base == "." else f"{base}/{name}" for name in names if not name.endswith(MARKDOWN))


def _flaw(item: os.DirEntry[str]) -> str:
    """Why something cannot stand under `docs/`; empty if it can."""
    flaw, name = "", item.name
    folder = item.is_dir(follow_symlinks=False)
    if item.is_symlink():
        flaw = "expected a file, got a symbolic link; put the file itself here"
    elif folder and name.endswith(MARKDOWN):
        flaw = "expected a file, got a folder"
    elif not folder and not item.is_file(follow_symlinks=False):
        flaw = "expected a file, got a pipe, a socket or a device"
    elif not name.isprintable():
        flaw = "expected a file name that can be printed; rename it"
    elif name.lower().endswith((*MARKDOWN, *DIALECTS)) and not name.endswith(".md"):
        flaw = "expected the file name to end in '.md'; rename it"
    return flaw


def _unread(folder: str, name: str, data: Collection[str]) -> str:
    """Why a file would be published that was hardly meant to be; empty if it is not so."""
    if name.startswith("."):
        return ""  # MkDocs leaves it out
    if name.endswith(BACKUPS):
        return "a backup would be published beside the guide; remove it"
    if folder in {"", "data/"} and name.endswith(READ) and folder + name not in data:
        hint = did_you_mean(folder + name, data) or "; remove it, or put it under 'assets/'"
        return f"nothing reads '{folder}{name}' here, and it would be published{hint}"
    return ""
