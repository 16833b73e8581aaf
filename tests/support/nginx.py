"""A real nginx with the configuration beside this, found or installed, serving a built site."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import installing

if TYPE_CHECKING:
    from collections.abc import Iterator

CONFIGURATION = Path(__file__).with_name("nginx.conf")
TYPES = Path("/etc/nginx/mime.types")
MAIN = """{user}
worker_processes 2;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  include {types};
  include {folder}/guide.conf;
  {temporary}
}}
"""
KINDS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@contextmanager
def serving(site: Path, folder: Path, port: int = 0) -> Iterator[str]:
    """The address at which nginx serves a site while the context lasts; its files stand in `folder`; 0 is any port."""
    port = port or free_port()
    configuration = CONFIGURATION.read_text(encoding="utf-8")
    for given, here in (("listen 80;", f"listen 127.0.0.1:{port};"), ("/srv/guide/site", str(site))):
        assert given in configuration
        configuration = configuration.replace(given, here)
    (folder / "guide.conf").write_text(configuration, encoding="utf-8")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in KINDS)
    user = "user root;" if os.geteuid() == 0 else ""
    main = MAIN.format(user=user, folder=folder, types=TYPES, temporary=temporary)
    (folder / "nginx.conf").write_text(main, encoding="utf-8")
    command = [executable(), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
    with subprocess.Popen(command) as server:
        try:
            _wait(port, server, folder / "error.log")
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()


def executable() -> str:
    """The path of an installed nginx; raises RuntimeError where none is to be had."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"
    with installing.alone():
        if not shutil.which("nginx", path=path):
            installing.from_debian("nginx-light")
    if found := shutil.which("nginx", path=path):
        return found
    raise RuntimeError("No nginx to test with: it is not on the path, and apt-get could not install it.")


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(100):
        if server.poll() is not None:
            break
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(log.read_text(encoding="utf-8"))
