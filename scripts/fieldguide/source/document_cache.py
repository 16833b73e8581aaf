"""What was made from each file, kept within a process and for later ones until the file changes."""

from __future__ import annotations

import os
import pickle
from contextlib import suppress
from hashlib import blake2b, file_digest
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Any, TypeVar, cast

from fieldguide.cache import BlobCache, describe_code

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping

Made = TypeVar("Made")
Stamp = tuple[object, ...]
# How many guides a folder has room for.
MOST_GUIDES = 4


class FileStamps:
    """Gives each file a stamp that differs when its content does, nearly without reading any."""

    def __init__(self) -> None:
        self._newest = 0
        self._hashes: dict[str, bytes] = {}

    def scan(self, roots: Iterable[Path]) -> dict[str, Stamp]:
        """Return the stamp of every file at or below some places."""
        found = {path: stat for root in roots for path, stat in _find_files(str(root))}
        newest = max((stat.st_ctime_ns for stat in found.values()), default=0)
        known, self._newest = self._newest or newest, max(self._newest, newest)
        return {path: self._stamp(path, stat, is_new=stat.st_ctime_ns >= known) for path, stat in found.items()}

    def _stamp(self, path: str, stat: os.stat_result, *, is_new: bool) -> Stamp:
        # Clocks of file systems tick so slowly that a second write may leave no trace but the text. A hash stays part
        # of the stamp, though the file may not be looked into again.
        if is_new and S_ISREG(stat.st_mode):
            with suppress(OSError), Path(path).open("rb") as file:  # it may just have gone
                self._hashes[path] = file_digest(file, blake2b).digest()
        return stat.st_ctime_ns, stat.st_mtime_ns, stat.st_size, stat.st_ino, self._hashes.get(path)


def _find_files(root: str) -> Iterator[tuple[str, os.stat_result]]:
    """Yield the files at or below a place but hidden ones and caches; a link to a folder counts as a file."""
    folder, name = os.path.split(root)
    for base, folders, names in os.walk(root) if os.path.isdir(root) else [(folder, [], [name])]:  # noqa: PTH112 -- quick
        folders[:] = [folder for folder in folders if not folder.startswith((".", "__pycache__"))]
        for path in (os.path.join(base, name) for name in folders):  # noqa: PTH118 -- quick
            if os.path.islink(path):  # noqa: PTH114 -- quick
                with suppress(OSError):  # it may just have gone
                    yield path, os.lstat(path)
        for path in (os.path.join(base, name) for name in names if not name.startswith(".")):  # noqa: PTH118 -- quick
            with suppress(OSError):
                yield path, os.stat(path, follow_symlinks=os.path.exists(path))  # noqa: PTH110, PTH116 -- quick


class DocumentCache:
    """Things by what they were made from; what a run did not ask for is dropped at its end."""

    def __init__(self) -> None:
        self.stamps: Mapping[str, Stamp] = {}
        self._blobs, self._name = BlobCache(None, ""), ""
        self._scanner = FileStamps()
        self._last: dict[Hashable, tuple[Any, Any]] = {}
        self._now: dict[Hashable, tuple[Any, Any]] = {}
        self._has_new = False

    def scan(self, roots: Iterable[Path]) -> Mapping[str, Stamp]:
        """Learn and return how the files at or below some places are now."""
        self.stamps = self._scanner.scan(roots)
        return self.stamps

    def stamp(self, path: str) -> object:
        """Return what a file's content is made from; never the same twice for a file that was not scanned."""
        return self.stamps.get(path) or object()

    def get_or_make(self, key: Hashable, basis: Any, make: Callable[[], Made]) -> Made:
        """Return what was made for a key; make it again if what it is made from is another than last time."""
        known = self._last.get(key)
        if known is None or known[0] != basis:
            known, self._has_new = (basis, make()), True
        self._now[key] = known
        return cast("Made", known[1])

    def end_run(self) -> None:
        """Drop what was not asked for since the last run."""
        self._last, self._now = self._now, {}

    @classmethod
    def load(cls, folder: Path | None, docs: Path) -> DocumentCache:
        """Return what an earlier process with the same code saved of a `docs/` folder, if it did and it is whole."""
        kept = cls()
        kept._blobs, kept._name = BlobCache(folder, describe_code()), str(docs)
        if data := kept._blobs.get(kept._name):
            kept._scanner, kept._last = pickle.loads(data)  # noqa: S301 -- a process of ours wrote it
        return kept

    def save(self) -> None:
        """Leave what is new to later processes, where it was loaded from."""
        if self._has_new and self._blobs.folder:
            self._has_new = False
            data = pickle.dumps((self._scanner, self._last), pickle.HIGHEST_PROTOCOL)
            self._blobs.put(self._name, data)
            self._blobs.prune(MOST_GUIDES)
