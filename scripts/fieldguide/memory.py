"""What earlier readings of a folder made, so that the next makes anew only what has changed."""

from __future__ import annotations

import os
import pickle
import sys
from contextlib import suppress
from functools import cache
from hashlib import blake2b, file_digest
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Any, TypeVar, cast

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping

Made = TypeVar("Made")
Stamp = tuple[int, ...]
CODE = Path(__file__).resolve().parents[1]
CACHE = CODE.parent / ".cache"
# How many states of a site are kept.
SPARE = 4
DIGEST = 16


class Memory:
    """Things by what they were made from; one that a whole run did not ask for is forgotten."""

    def __init__(self) -> None:
        self.stamps: Mapping[str, Stamp] = {}
        self.file: Path | None = None
        self.basis = b""
        self._stamps = Stamps()
        self._last: dict[Hashable, tuple[Any, Any]] = {}
        self._now: dict[Hashable, tuple[Any, Any]] = {}
        self._fresh = False

    def look(self, roots: Iterable[Path]) -> Mapping[str, Stamp]:
        """Learns how the files at or below some places are now."""
        self.stamps = self._stamps.look(roots)
        return self.stamps

    def recall(self, key: Hashable, basis: Any, make: Callable[[], Made]) -> Made:
        """What was made for a key, made again if what it is made from is another than last time."""
        known = self._last.get(key)
        if known is None or known[0] != basis:
            known, self._fresh = (basis, make()), True
        self._now[key] = known
        return cast("Made", known[1])

    def stamp(self, path: str) -> object:
        """What a file's content is made from; never the same twice for a file without a stamp."""
        return self.stamps.get(path) or object()

    def forget(self) -> None:
        """Ends a run."""
        self._last, self._now = self._now, {}

    @classmethod
    def load(cls, folder: Path | None, docs: Path) -> Memory:
        """What an earlier process with the same code has saved of `docs` in a folder, if it did and it is whole."""
        memory, file = cls(), folder and folder / blake2b(str(docs).encode(), digest_size=16).hexdigest()
        basis = repr(code()).encode()
        with suppress(OSError):
            data = file.read_bytes() if file else b""
            if data[:DIGEST] == _digest(basis, data[DIGEST:]):
                memory = pickle.loads(data[DIGEST:])  # noqa: S301 -- a process of ours wrote it
        memory.file, memory.basis = file, basis
        return memory

    def save(self) -> None:
        """Leaves what is new to later processes, where it was loaded from."""
        if self.file and self._fresh:
            self._fresh = False
            data = pickle.dumps(self, pickle.HIGHEST_PROTOCOL)
            _write(self.file, _digest(self.basis, data) + data)
            prune(self.file.parent, SPARE)


def _digest(basis: bytes, data: bytes) -> bytes:
    return blake2b(basis + data, digest_size=DIGEST).digest()


@cache
def code() -> tuple[object, ...]:
    """What everything that is made depends on: Python, its packages and the generator itself."""
    packages = sorted(path.name for path in Path(yaml.__file__).parents[1].glob("*.dist-info"))
    own = {path: stamp for path, stamp in Stamps().look([CODE]).items() if path.endswith((".py", ".yml"))}
    return sys.version, packages, own


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
        if new and S_ISREG(found.st_mode):
            now = _hash(path)
            count += text is not None and now != text
            self._texts[path] = now, count
        return found.st_ctime_ns, found.st_mtime_ns, found.st_size, found.st_ino, count


def _hash(path: str) -> bytes:
    """What tells a file's text from another; nothing if it has just gone."""
    try:
        with Path(path).open("rb") as file:
            return file_digest(file, blake2b).digest()
    except OSError:
        return b""


def _below(root: str) -> Iterator[tuple[str, os.stat_result]]:
    """What stands at or below a place and is no folder; hidden ones, caches and what goes meanwhile are left out."""
    if not os.path.isdir(root):  # noqa: PTH112 -- as strings, many paths are quick
        with suppress(OSError):
            yield root, os.stat(root)  # noqa: PTH116 -- as above
        return
    folders = [root]
    while folders:
        with suppress(OSError), os.scandir(folders.pop()) as items:
            for item in items:
                with suppress(OSError):
                    if item.name.startswith((".", "__pycache__")):
                        continue
                    if item.is_symlink() and _leads_nowhere(item.path):
                        yield item.path, item.stat(follow_symlinks=False)
                    elif item.is_dir():
                        folders.append(item.path)
                    else:
                        yield item.path, item.stat()


def _leads_nowhere(link: str) -> bool:
    """Whether a link leads to nothing, or to a folder in which it stands."""
    return not os.path.exists(link) or f"{link}/".startswith(f"{os.path.realpath(link)}/")  # noqa: PTH110 -- as above


def prune(folder: Path, most: int) -> None:
    """Leaves the newest files of a folder."""
    with suppress(OSError):  # there is nothing, or another build removes it
        if len(found := list(folder.iterdir())) > most:
            for file in sorted(found, key=lambda file: file.stat().st_mtime_ns)[:-most]:
                file.unlink(missing_ok=True)


def _write(file: Path, data: bytes) -> None:
    part = file.with_suffix(f".{os.getpid()}")
    with suppress(OSError):  # a build needs no place to keep things
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)
        part.replace(file)
