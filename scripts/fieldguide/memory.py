"""What earlier readings of a folder made, so that the next makes anew only what has changed."""

from __future__ import annotations

import os
import zlib
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from fieldguide.rechecks import Rechecks

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping

Made = TypeVar("Made")
Stamp = tuple[int, ...]
# How many states of a site are kept.
SPARE = 4


class Memory:
    """Things by what they were made from; one that a whole run did not ask for is forgotten."""

    def __init__(self) -> None:
        self.stamps: Mapping[str, Stamp] = {}
        self.rechecks = Rechecks()
        self._last: dict[Hashable, tuple[Any, Any]] = {}
        self._now: dict[Hashable, tuple[Any, Any]] = {}

    def recall(self, key: Hashable, basis: Any, make: Callable[[], Made]) -> Made:
        """What was made for a key, made again if what it is made from is another than last time."""
        known = self._last.get(key)
        if known is None or known[0] != basis:
            known = basis, make()
        self._now[key] = known
        return cast("Made", known[1])

    def stamp(self, path: str) -> object:
        """What a file's content is made from; never the same twice for a file without a stamp."""
        return self.stamps.get(path) or object()

    def forget(self) -> None:
        """Ends a run."""
        self._last, self._now = self._now, {}


class Stamps:
    """Gives each file a stamp that differs when its content does, nearly without reading any."""

    def __init__(self) -> None:
        self._newest = 0
        self._texts: dict[str, tuple[bytes, int]] = {}

    def look(self, roots: Iterable[Path]) -> dict[str, Stamp]:
        """The stamp of every file at or below some places."""
        found = {path: stat for root in roots for path, stat in _below(str(root))}
        newest = max((stat.st_ctime_ns for stat in found.values()), default=0)
        known, self._newest = self._newest or newest, max(self._newest, newest)
        return {path: self._stamp(path, stat, stat.st_ctime_ns >= known) for path, stat in found.items()}

    def _stamp(self, path: str, found: os.stat_result, new: bool) -> Stamp:  # noqa: FBT001 -- private
        # Clocks of file systems tick so slowly that a second write may leave no trace but the text.
        text, count = self._texts.get(path, (None, 0))
        if new:
            now = _bytes(path)
            count += text is not None and now != text
            self._texts[path] = now, count
        return found.st_ctime_ns, found.st_mtime_ns, found.st_size, found.st_ino, count


def _bytes(path: str) -> bytes:
    """What a file holds; nothing if it has just gone."""
    try:
        return Path(path).read_bytes()
    except OSError:
        return b""


def _below(root: str) -> Iterator[tuple[str, os.stat_result]]:
    """Every file at or below a place, hidden ones and caches left out; one that goes meanwhile is left out too."""
    try:
        if Path(root).is_file():
            yield root, Path(root).stat()
            return
        for item in os.scandir(root):
            if item.name.startswith((".", "__pycache__")):
                continue
            if item.is_dir():
                yield from _below(item.path)
            else:
                yield item.path, item.stat()
    except OSError:
        return


class Kept:
    """What builds made, each under a hash of all that it was made from, in any folder that outlives them.

    `basis` is what everything in the folder depends on.
    """

    def __init__(self, folder: Path | None, basis: object) -> None:
        self.folder, self.basis = folder, blake2b(repr(basis).encode()).hexdigest()

    def recall(self, made_from: str, make: Callable[[], bytes]) -> bytes:
        """What was made from something, made now if it is not there or is damaged."""
        if self.folder is None:
            return make()
        file = self.folder / blake2b(f"{self.basis}{made_from}".encode(), digest_size=16).hexdigest()
        try:
            made = zlib.decompress(file.read_bytes())
        except (OSError, zlib.error):
            made = make()
            self._keep(file, zlib.compress(made, 1))
        with suppress(OSError):  # it may be there only to be read
            os.utime(file)
        return made

    def _keep(self, file: Path, data: bytes) -> None:
        part = file.with_suffix(f".{os.getpid()}")
        with suppress(OSError):  # a build needs no place to keep things
            file.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(data)
            part.replace(file)

    def prune(self, most: int) -> None:
        """Leaves the things that were asked for last."""
        with suppress(OSError):  # there is nothing, or another build removes it
            if self.folder and len(found := list(self.folder.iterdir())) > most:
                for file in sorted(found, key=lambda file: file.stat().st_mtime_ns)[:-most]:
                    file.unlink(missing_ok=True)
