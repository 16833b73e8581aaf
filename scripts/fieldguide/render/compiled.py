"""The code of templates, which Jinja makes from their texts, kept for the next pages and the next start."""

from __future__ import annotations

from contextlib import suppress
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from jinja2 import FileSystemBytecodeCache

from fieldguide.memory import code

if TYPE_CHECKING:
    from pathlib import Path

    from jinja2.bccache import Bucket


class Compiled(FileSystemBytecodeCache):
    """The code of templates, kept for the next pages and, in a folder that can be written, for the next start.

    `basis` is what the code depends on beside the text of a template: with another one the folder is emptied.
    """

    def __init__(self, folder: Path | None, basis: object) -> None:
        mark = blake2b(repr(basis).encode(), digest_size=8).hexdigest()
        self._codes: dict[tuple[str, str], Any] = {}
        self._folder = folder
        with suppress(OSError):  # a build needs no place to keep things
            for file in _made(folder):
                if not file.name.startswith(mark):
                    file.unlink(missing_ok=True)
        super().__init__(str(folder), f"{mark}-%s")

    def load_bytecode(self, bucket: Bucket) -> None:
        """Takes the code of a template whose text is the same."""
        known = self._codes.get((bucket.key, bucket.checksum))
        if known:
            bucket.code = known
        elif self._folder:
            with suppress(OSError):  # as above
                super().load_bytecode(bucket)
            self._codes[bucket.key, bucket.checksum] = bucket.code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps the code of a template."""
        self._codes[bucket.key, bucket.checksum] = bucket.code
        if self._folder:
            with suppress(OSError):  # as above
                super().dump_bytecode(bucket)


def _made(folder: Path | None) -> list[Path]:
    """What is in a folder, which is made if it is not there."""
    if folder is None:
        return []
    folder.mkdir(parents=True, exist_ok=True)
    return list(folder.iterdir())


def compiled(cache: Path | None) -> dict[str, Compiled]:
    """The code of our templates and of the theme's, kept in a folder until the generator or a package changes."""
    return {name: Compiled(cache and cache / name, code()) for name in ("fieldguide", "theme")}
