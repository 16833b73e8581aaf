"""Serve the preview over HTTP, follow the files it is made of, and start again when code has changed."""

from __future__ import annotations

import errno
import ipaddress
import logging
import mimetypes
import os
import posixpath
import shutil
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import click
from watchdog.events import FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.polling import PollingObserver

from fieldguide.preview.app import Preview
from fieldguide.preview.overlay import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mkdocs.config.defaults import MkDocsConfig
    from watchdog.events import FileSystemEvent

    from fieldguide.problem import Problem

log = logging.getLogger("mkdocs.plugins.fieldguide")
# The options of `mkdocs serve` with which its settings are loaded.
OPTIONS = ("dev_addr", "strict", "theme", "use_directory_urls")
# Where a process that starts again finds the port that it has been serving at.
PORT = "FIELDGUIDE_PREVIEW_PORT"
# How many ports are tried, beginning with the one that is asked for.
PORTS = 20
# Seconds after which a browser asks again whether its page has changed.
WAIT = 25.0
# Seconds without an event after which a file counts as written, and after which nobody seems to write.
QUIET, IDLE = 0.01, 1.0
# Seconds without an event after which checks begin: they would slow the page that someone is typing.
CALM = 0.2
# Seconds between two looks at the files where the system does not tell of changes.
POLLING = 0.2
WRITTEN = {"created", "modified", "moved", "deleted", "closed"}
TYPES = {".js": "text/javascript", ".md": "text/markdown", ".webmanifest": "application/manifest+json"}
LOAD = "import sys; from mkdocs.config import load_config; load_config(config_file=sys.argv[1])"


def find_options() -> dict[str, Any] | None:
    """Return the options of `mkdocs serve` for its settings; None if that reloads no pages."""
    context = click.get_current_context(silent=True)
    if context is None or not context.params.get("livereload"):
        return None
    return {name: context.params[name] for name in OPTIONS if context.params.get(name) is not None}


def serve_preview(server: Any, config: MkDocsConfig, options: dict[str, Any]) -> Any:
    """Return a server that takes the place of MkDocs' own."""
    server.server_close()
    preview = Preview(config, options)
    preview.refresh()
    host, port = config.dev_addr
    return _open_server(host, int(os.environ.pop(PORT, port)), preview)


def _open_server(host: str, first: int, preview: Preview) -> PreviewServer:
    for port in range(first, first + PORTS):
        try:
            return PreviewServer(host, port, preview)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or port + 1 == first + PORTS:
                raise
            log.warning("Port %d is in use; trying %d.", port, port + 1)
    raise AssertionError


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A response: its status, headers and body."""

    status: HTTPStatus
    body: bytes = b""
    kind: str = "text/plain"
    location: str = ""

    def send(self, start: Any) -> Iterable[bytes]:
        """Give the response to a WSGI server."""
        kind = f"{self.kind}; charset=utf-8" if self.kind.startswith("text/") else self.kind
        headers = [("Content-Type", kind), ("Content-Length", str(len(self.body))), ("Cache-Control", "no-store")]
        if self.location:
            headers.append(("Location", self.location))
        start(f"{self.status.value} {self.status.phrase}", headers)
        return [self.body]


class PreviewApp:
    """A WSGI application that serves a preview below the path `mount`, which begins and ends with a slash."""

    def __init__(self, preview: Preview, mount: str) -> None:
        self.preview, self.mount, self.overlay = preview, mount, preview.overlay
        self.changed = threading.Condition(threading.RLock())
        self.version = 0

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        """Answer a request, whatever happens."""
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        query = {name: values[0] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
        with self.changed:
            try:
                answer = self._answer_special(path, query) or self._answer_file(path)
            except Exception as error:  # noqa: BLE001 -- whatever it is, the browser shows it
                answer = self._send_html(self.overlay.shell("The preview failed"), [self.overlay.locate(error)])
        return answer.send(start)

    def announce(self) -> None:
        """Take in what has changed, and wake the pages that wait for it."""
        with self.changed:
            self.preview.refresh()
            self.version += 1
            self.changed.notify_all()

    def _answer_special(self, path: str, query: dict[str, str]) -> Answer | None:
        if path == "/livereload/wait":
            body = b"changed" if self._wait_for_change(query.get("page", "/"), query.get("seen", "")) else b"same"
            return Answer(status=HTTPStatus.OK, body=body)
        if path in {"/livereload/client.js", "/livereload/overlay.css"}:
            return _send_file(path, (TEMPLATES / posixpath.basename(path)).read_bytes())
        if not f"{path}/".startswith(self.mount) and path == "/":
            return Answer(status=HTTPStatus.FOUND, location=quote(self.mount))
        return None

    def _wait_for_change(self, path: str, seen: str) -> bool:
        """Return whether a page becomes another than the one that was seen, before the browser would ask again."""
        end = time.monotonic() + WAIT
        while time.monotonic() < end:
            version = self.version
            if f'data-seen="{seen}"'.encode() not in self._answer_file(path).body:
                return True
            self.changed.wait_for(lambda: self.version != version, end - time.monotonic())  # noqa: B023
        return False

    def _answer_file(self, path: str) -> Answer:
        self.preview.refresh()
        inside = f"{path}/".startswith(self.mount)
        name = posixpath.normpath(f"/{path[len(self.mount) :]}").lstrip("/")
        page = posixpath.join(name, "index.html")
        found = self.preview.answer(page if path.endswith("/") else name) if inside else None
        if found and (name.endswith(".html") or path.endswith("/")):
            return self._send_html(*found)
        if found:
            return _send_file(name, found[0])
        if inside and not path.endswith("/") and self.preview.answer(page):
            return Answer(status=HTTPStatus.FOUND, location=f"{quote(path)}/")
        missing, problems = self.preview.answer("404.html") or (self.overlay.shell("Not found"), [])
        return self._send_html(missing, problems, HTTPStatus.NOT_FOUND)

    def _send_html(self, page: bytes, problems: Sequence[Problem], status: HTTPStatus = HTTPStatus.OK) -> Answer:
        return Answer(status=status, body=self.overlay.add(page, problems), kind="text/html")


def _send_file(name: str, body: bytes) -> Answer:
    suffix = posixpath.splitext(name)[1]
    kind = TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Answer(status=HTTPStatus.OK, body=body, kind=kind)


class _QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the name in the library
        log.debug(format, *args)


class PreviewServer(ThreadingMixIn, WSGIServer, FileSystemEventHandler):
    """A server with the methods that MkDocs and plugins call of its own."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, host: str, port: int, preview: Preview) -> None:
        if ":" in host and ipaddress.ip_address(host).version == 6:
            self.address_family = socket.AF_INET6
        super().__init__((host, port), _QuietHandler)
        mount = urlsplit(preview.config.site_url or "/").path
        self.preview, self.app = preview, PreviewApp(preview, mount)
        self.set_app(self.app)
        self.url = f"http://{host}:{self.server_port}{mount}"
        self.written = threading.Event()

    def watch(self, path: str, *_: Any, **__: Any) -> None:
        """Follow another file or folder."""
        self.preview.watched.append(Path(path).absolute())

    def serve(self, *, open_in_browser: bool = False) -> None:
        """Answer until the process is interrupted."""
        try:
            self._observe(Observer())
        except OSError:  # the system watches no more files
            self._observe(PollingObserver(timeout=POLLING))
        threading.Thread(target=self._follow_changes, daemon=True).start()
        log.info("Serving on %s", self.url)
        if open_in_browser:
            webbrowser.open(self.url)
        self.serve_forever()

    def shutdown(self) -> None:
        """End what `serve` has begun."""
        super().shutdown()
        self.server_close()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Note that something was written."""
        if event.event_type in WRITTEN and not event.is_directory:
            self.written.set()

    def _observe(self, observer: Any) -> None:
        watched = self.preview.watched
        folders = {path if path.is_dir() else path.parent: path.is_dir() for path in watched if path.exists()}
        for folder, recursive in folders.items():
            observer.schedule(self, str(folder), recursive=recursive)
        observer.daemon = True
        observer.start()

    def _follow_changes(self) -> None:
        """Show what was written; when nobody writes any more, check it, then do what no page waits for."""
        while True:
            if self.preview.has_new_code and not self.preview.set_code_problem(self._find_code_problem()):
                self._start_again()
            if not self.written.wait(CALM):
                self.preview.check(self.app.changed)
                self.app.announce()
            if not self.written.wait(IDLE):
                self.preview.run_idle_tasks(self.app.changed)
                self.written.wait()
            while self.written.is_set():
                self.written.clear()
                self.written.wait(QUIET)
            self.app.announce()

    def _find_code_problem(self) -> str:
        """Return what Python says when it cannot load the code, or the settings with it; nothing if it can."""
        command = [sys.executable, "-c", LOAD, str(self.preview.settings)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- our own code
        return (run.stderr or "it failed") if run.returncode else ""

    def _start_again(self) -> None:
        """Put a new process with the new code in the place of this one, at the same port."""
        os.environ[PORT] = str(self.server_port)
        shutil.rmtree(self.preview.config.site_dir, ignore_errors=True)
        sys.stdout.flush()
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 -- the command of this very process
