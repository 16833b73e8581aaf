"""Keep what later runs need not make again, in folders that may be deleted at any time."""

from __future__ import annotations

import os
import zlib
from contextlib import suppress
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from jinja2 import BytecodeCache

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jinja2.bccache import Bucket

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


class TemplateCache(BytecodeCache):
    """The compiled code of Jinja templates, kept for the next environment of this process and for later processes."""

    def __init__(self, blobs: BlobCache) -> None:
        self._blobs = blobs
        self._code: dict[str, Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take the code of a template whose text is the same."""
        key = f"{bucket.key} {bucket.checksum}"
        if key in self._code:
            bucket.code = self._code[key]
        elif data := self._blobs.get(key):
            bucket.bytecode_from_string(data)
            self._code[key] = bucket.code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template."""
        key = f"{bucket.key} {bucket.checksum}"
        self._code[key] = bucket.code
        self._blobs.put(key, bucket.bytecode_to_string())

    def prune(self) -> None:
        """Delete the code of templates that are no more."""
        self._blobs.prune(STATES * len(self._code))
