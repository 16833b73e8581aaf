"""Keep what later runs need not make again, in folders that may be deleted at any time."""

from __future__ import annotations

import os
import sys
import zlib
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

CODE = Path(__file__).resolve().parent
# How many states of a site a folder has room for.
STATES = 4


class BlobCache:
    """Bytes, each under a hash of all that they are made from; without a folder, or one to write in, nothing is kept.

    `basis` is what everything in the cache depends on.
    """

    def __init__(self, folder: Path | None, basis: object) -> None:
        self.folder = folder
        self._basis = blake2b(repr(basis).encode()).hexdigest()

    def get_or_compute(self, key: str, compute: Callable[[], bytes]) -> bytes:
        """Return what is kept under a key; compute it if there is nothing, or it is damaged."""
        found = self.get(key)
        if found is None:
            found = compute()
            self.put(key, found)
        return found

    def get(self, key: str) -> bytes | None:
        """Return what is kept under a key, and note that it was asked for."""
        if self.folder is None:
            return None
        path = self._path(self.folder, key)
        try:
            data = zlib.decompress(path.read_bytes())
        except (OSError, zlib.error):
            return None
        with suppress(OSError):  # the folder may be there only to be read
            os.utime(path)
        return data

    def put(self, key: str, data: bytes) -> None:
        """Keep bytes under a key."""
        if self.folder:
            path = self._path(self.folder, key)
            part = path.with_suffix(f".{os.getpid()}")
            with suppress(OSError):
                path.parent.mkdir(parents=True, exist_ok=True)
                part.write_bytes(zlib.compress(data, 1))
                part.replace(path)

    def prune(self, count: int) -> None:
        """Delete all but the entries that were asked for last."""
        with suppress(OSError):  # there is no folder, or another run deletes its files
            paths = list(self.folder.iterdir()) if self.folder else []
            for path in sorted(paths, key=lambda path: path.stat().st_mtime_ns)[:-count]:
                path.unlink(missing_ok=True)

    def _path(self, folder: Path, key: str) -> Path:
        return folder / blake2b(f"{self._basis}{key}".encode(), digest_size=16).hexdigest()


def describe_code() -> list[object]:
    """Return what all that is made depends on: Python, the packages installed and the generator."""
    packages = sorted(path.name for path in Path(yaml.__file__).parents[1].glob("*.dist-info"))
    return [sys.version, packages, describe_files([CODE])]


def describe_files(roots: Iterable[Path]) -> list[tuple[str, bytes]]:
    """Return the files at or below some places with the hashes of their contents."""
    found = {path for root in roots for path in ([root] if root.is_file() else root.rglob("*"))}
    paths = sorted(path for path in found if path.is_file() and "__pycache__" not in path.parts)
    return [(path.name, blake2b(path.read_bytes(), digest_size=16).digest()) for path in paths]
