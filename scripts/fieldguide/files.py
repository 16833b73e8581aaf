"""What commands write: all of it or nothing, and a line that says why not."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@contextmanager
def refused(parser: ArgumentParser) -> Iterator[None]:
    """Ends a command that may not read or write a file, or for which a ValueError says why it cannot go on."""
    try:
        yield
    except OSError as error:
        parser.error(f"{error.filename}: {str(error.strerror).lower()}" if error.filename else str(error))
    except ValueError as error:
        parser.error(str(error))


def replace(texts: Mapping[Path, str | None]) -> None:
    """Writes every file or, on an OSError, none; where there is no text, the file goes."""
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
