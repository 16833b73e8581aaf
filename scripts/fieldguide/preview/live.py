"""The preview's web server: each page made when it is asked for, and each open page told when it has changed."""

from __future__ import annotations

import mimetypes
import posixpath
import threading
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qs, quote

from fieldguide.preview import overlay

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from contextlib import AbstractContextManager

    from fieldguide.problem import Problem

# Seconds after which a browser asks again; seconds in which the server that follows has taken the socket.
WAIT, PATIENCE = 25.0, 2.0
TYPES = {".js": "text/javascript", ".md": "text/markdown", ".webmanifest": "application/manifest+json"}
Start = Any


class Source(Protocol):
    """What is served: its files, made as the state of the disk demands."""

    def refresh(self) -> bool:
        """Takes in what has changed on the disk; False if another server is about to do so instead."""

    def settle(self, lock: AbstractContextManager[object]) -> None:
        """Does, while nothing changes, what can wait, and takes the lock for what must not be seen half done."""

    def answer(self, name: str) -> tuple[bytes, Sequence[Problem]] | None:
        """A file of the site with what is wrong with it; None if there is none."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A response: its status, headers and body."""

    status: HTTPStatus
    body: bytes = b""
    kind: str = "text/plain"
    location: str = ""

    def send(self, start: Start) -> Iterable[bytes]:
        kind = f"{self.kind}; charset=utf-8" if self.kind.startswith("text/") else self.kind
        headers = [("Content-Type", kind), ("Content-Length", str(len(self.body))), ("Cache-Control", "no-store")]
        if self.location:
            headers.append(("Location", self.location))
        start(f"{self.status.value} {self.status.phrase}", headers)
        return [self.body]


class Live:
    """A WSGI application that serves a source below the path `mount`, which begins and ends with a slash."""

    def __init__(
        self, source: Source, mount: str, parts: overlay.Overlay, note: Callable[[Exception], Problem]
    ) -> None:
        self.source, self.mount, self.parts, self.note = source, mount, parts, note
        self.changed = threading.Condition(threading.RLock())
        self.left = threading.Event()
        self.version = 0
        self.leaving = False

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Answers a request, whatever happens."""
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        query = {name: values[0] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
        with self.changed:
            try:
                answer = self._special(path, query) or self._file(path)
            except Exception as error:  # noqa: BLE001 -- whatever it is, the browser shows it
                answer = self._html(self.parts.shell("The preview failed"), [self.note(error)])
        if answer.status == HTTPStatus.TEMPORARY_REDIRECT:
            self.left.wait(PATIENCE)
        return answer.send(start)

    def announce(self) -> None:
        """Takes in what has changed and wakes the pages that wait for it."""
        with self.changed:
            self.leaving = self.leaving or not self.source.refresh()
            self.version += 1
            self.changed.notify_all()

    def settle(self) -> None:
        """Does what can wait."""
        self.source.settle(self.changed)

    def leave(self) -> None:
        """Sends everyone who waits, now or later, to the server that follows at the same address."""
        with self.changed:
            self.leaving = True
            self.changed.notify_all()
        self.left.set()

    def _special(self, path: str, query: dict[str, str]) -> Answer | None:
        if path == "/livereload/wait":
            body = b"changed" if self._changes(query.get("page", "/"), query.get("seen", "")) else b"same"
            return Answer(status=HTTPStatus.OK, body=body)
        if path in {"/livereload/client.js", "/livereload/overlay.css"}:
            return _served(path, (overlay.FOLDER / posixpath.basename(path)).read_bytes())
        if not f"{path}/".startswith(self.mount):
            return Answer(status=HTTPStatus.FOUND, location=quote(self.mount)) if path == "/" else None
        return None

    def _changes(self, path: str, seen: str) -> bool:
        """Whether a page becomes another than the one that was seen, before the browser would ask again."""
        end = time.monotonic() + WAIT
        while not self.leaving and time.monotonic() < end:
            version = self.version
            now = self._file(path)
            if now.status != HTTPStatus.TEMPORARY_REDIRECT and f'data-seen="{seen}"'.encode() not in now.body:
                return True
            self.changed.wait_for(lambda: self.version != version or self.leaving, end - time.monotonic())  # noqa: B023
        return False

    def _file(self, path: str) -> Answer:
        if self.leaving or not self.source.refresh():
            self.leaving = True
            return Answer(status=HTTPStatus.TEMPORARY_REDIRECT, location=quote(path))
        inside = f"{path}/".startswith(self.mount)
        name = posixpath.normpath(f"/{path[len(self.mount) :]}").lstrip("/")
        page = posixpath.join(name, "index.html")
        found = self.source.answer(page if path.endswith("/") else name) if inside else None
        if found and (name.endswith(".html") or path.endswith("/")):
            return self._html(*found)
        if found:
            return _served(name, found[0])
        if inside and not path.endswith("/") and self.source.answer(page):
            return Answer(status=HTTPStatus.FOUND, location=f"{quote(path)}/")
        missing, problems = self.source.answer("404.html") or (self.parts.shell("Not found"), ())
        return self._html(missing, problems, HTTPStatus.NOT_FOUND)

    def _html(self, page: bytes, problems: Sequence[Problem], status: HTTPStatus = HTTPStatus.OK) -> Answer:
        return Answer(status=status, body=self.parts.page(page, problems), kind="text/html")


def _served(name: str, body: bytes) -> Answer:
    suffix = posixpath.splitext(name)[1]
    kind = TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Answer(status=HTTPStatus.OK, body=body, kind=kind)
