"""The process around the preview: its port, the watching of its files, its successor when its code has changed."""

from __future__ import annotations

import errno
import logging
import os
import shutil
import socket
import socketserver
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

from watchdog.events import FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.polling import PollingObserver

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from watchdog.events import FileSystemEvent

    from fieldguide.preview.live import Live

log = logging.getLogger("mkdocs.hooks.preview")
# Where the process that follows finds the socket of this one.
SOCKET = "FIELDGUIDE_PREVIEW_SOCKET"
PORTS, BACKLOG = 20, 128
# Seconds without an event after which a file counts as written, and after which nobody seems to write.
QUIET, IDLE = 0.01, 1.0
# Seconds in which answers are sent before an end.
PATIENCE = 2.0
POLLING = 0.2
TRIAL = "import sys; from mkdocs.config import load_config; load_config(config_file=sys.argv[1])"
WRITTEN = {"created", "modified", "moved", "deleted", "closed"}


class Serving(FileSystemEventHandler):
    """A socket server that answers through `live`, told by the system which of the `watched` files are written."""

    def __init__(self, server: Any, live: Live, watched: Sequence[Path], scratch: Path) -> None:
        self.server, self.live, self.watched, self.scratch = server, live, watched, scratch
        self.address: tuple[str, int] = server.server_address
        self.written, self.followed = threading.Event(), threading.Event()
        self.answering = threading.Condition()
        self.answers = 0
        self.handle = server.process_request_thread
        server.set_app(live)
        server.server_bind, server.process_request_thread = self.bind, self.answer
        server.request_queue_size = BACKLOG

    def begin(self) -> None:
        """Watches, and wakes the pages that wait whenever something was written."""
        observer = Observer()
        try:
            self._observe(observer)
        except OSError:  # the system watches no more files
            self._observe(PollingObserver(timeout=POLLING))
        threading.Thread(target=self._announce, daemon=True).start()

    def _observe(self, observer: Any) -> None:
        folders = {path if path.is_dir() else path.parent: path.is_dir() for path in self.watched if path.exists()}
        for folder, recursive in folders.items():
            observer.schedule(self, str(folder), recursive=recursive)
        observer.daemon = True
        observer.start()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Notes that something was written."""
        if event.event_type in WRITTEN and not event.is_directory:
            self.written.set()

    def _announce(self) -> None:
        while not self.followed.is_set():
            if not self.written.wait(IDLE):
                self.live.settle()
                self.written.wait()
            while self.written.is_set():
                self.written.clear()
                self.written.wait(QUIET)
            self.live.announce()

    def bind(self) -> None:
        """Takes over the socket of the process before this one, or the first free port from the one asked for."""
        inherited = os.environ.pop(SOCKET, None)
        if inherited:
            self.server.socket.close()
            self.server.socket = socket.socket(fileno=int(inherited))
            self.server.server_address = self.server.socket.getsockname()
            self.server.server_name, self.server.server_port = self.server.server_address[:2]
            self.server.setup_environ()
        else:
            self._take_free_port()
        host, port = self.server.server_address[:2]
        self.server.url = f"http://{host}:{port}{self.live.mount}"

    def _take_free_port(self) -> None:
        host, first = self.address[:2]
        for port in range(first, first + PORTS):
            self.server.server_address = host, port
            try:
                type(self.server).server_bind(self.server)
            except OSError as error:
                if error.errno != errno.EADDRINUSE or port + 1 == first + PORTS:
                    raise
                log.warning("Port %d is in use; trying %d.", port, port + 1)
            else:
                return

    def answer(self, request: Any, client: Any) -> None:
        """Counts the answers that are being given, so that none is cut off."""
        with self.answering:
            self.answers += 1
        try:
            self.handle(request, client)
        finally:
            with self.answering:
                self.answers -= 1
                self.answering.notify_all()

    def follow(self) -> None:
        """Starts the process that follows in the place of this one, with its socket, once everyone has an answer."""
        threading.Thread(target=self._follow, daemon=True).start()

    def _follow(self) -> None:
        socketserver.BaseServer.shutdown(self.server)  # takes no more requests; they wait in the socket
        self.followed.set()
        self.live.leave()
        with self.answering:
            self.answering.wait_for(lambda: not self.answers, PATIENCE)
        os.set_inheritable(self.server.fileno(), True)  # noqa: FBT003 -- its only form
        os.environ[SOCKET] = str(self.server.fileno())
        shutil.rmtree(self.scratch, ignore_errors=True)
        sys.stdout.flush()
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 -- the command of this very process


def trial(settings: Path) -> str:
    """What a fresh process says when it fails to load a configuration with its code; nothing if it does not fail."""
    command = [sys.executable, "-c", TRIAL, str(settings)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- our own code
    return (run.stderr or "it failed") if run.returncode else ""
