"""`scripts/bench preview`: from saving a page to its new text being served, and from a start to the first page."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING

from benchmarks.build import BUILDS, apart, prepare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SERVERS = {
    "This preview": [sys.executable, "-m", "mkdocs", "serve", "-f", BUILDS["ours"]],
    "Stock `mkdocs serve`": [sys.executable, "-m", "mkdocs", "serve", "-f", BUILDS["plain Material"]],
    "`zensical serve`": [str(Path(sys.executable).with_name("zensical")), "serve", "-f", BUILDS["plain Material"]],
}
ADDRESS = "127.0.0.1:{port}"
PORT = 8790
PATIENCE, PAUSE, LOOK = 180.0, 0.3, 0.002
# Seconds in which a server does what can wait.
IDLE = 5.0
HEAD = """
| Entries | Server | First page, s | Started again | Prose: median, ms | 95 % | Facts: median | 95 % |
| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |"""


@contextmanager
def serving(command: Sequence[str], folder: Path, port: int) -> Iterator[str]:
    """A server's address below which pages stand, while it runs."""
    with (folder / "serve.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen([*command, "-a", ADDRESS.format(port=port)], stdout=log, stderr=log, cwd=folder)
    try:
        yield f"http://{ADDRESS.format(port=port)}/"
    finally:
        process.terminate()
        process.wait()


def until(address: str, text: bytes) -> float:
    """Seconds until a page holds a text."""
    start = time.perf_counter()
    while time.perf_counter() - start < PATIENCE:
        try:
            with urllib.request.urlopen(address, timeout=PATIENCE) as answer:  # noqa: S310 -- our own server
                if text in answer.read():
                    return time.perf_counter() - start
        except OSError:
            pass
        time.sleep(LOOK)
    sys.exit(f"{address} did not show {text!r} within {PATIENCE:.0f} s")


def edits(file: Path, address: str, change: Callable[[str, str], str], runs: int) -> tuple[float, float]:
    """Milliseconds from saves of a file to its page holding the new text: the median and the 95th percentile."""
    text, found = file.read_text(encoding="utf-8"), []
    for run in range(runs):
        word = f"Word{run}{time.monotonic_ns()}"
        file.write_text(change(text, word), encoding="utf-8")
        found.append(1000 * until(address, word.encode()))
        time.sleep(PAUSE)
    file.write_text(text, encoding="utf-8")
    return median(found), quantiles(found, n=20)[-1]


def prose(text: str, word: str) -> str:
    """A page with a word more at its end."""
    return f"{text.rstrip()}\n\n{word}.\n"


def fact(text: str, word: str) -> str:
    """An entry with a word more in its first note, or a finished page with it in its first paragraph."""
    return re.sub(r'("note": ")', rf"\1{word} ", text, count=1) if '"note"' in text else prose(text, word)


def measure(name: str, command: Sequence[str], folder: Path, runs: int, port: int) -> list[float]:
    """Seconds to the first page, and once started again; the milliseconds of edits of prose and of facts."""
    docs = folder / ("docs" if name == next(iter(SERVERS)) else "plain")
    entry = next(path for path in sorted(docs.glob("*/*.md")) if path.stem.endswith("-model"))
    with serving(command, folder, port) as root:
        page = f"{root}{entry.parent.name}/{entry.stem}/"
        first = until(page, b"</html>")
        found = [*edits(entry, page, prose, runs), *edits(entry, page, fact, runs)]
        time.sleep(IDLE)
    with serving(command, folder, port):
        return [first, until(page, b"</html>"), *found]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print how fast previews follow edits of made-up guides, as a Markdown table."""
    parser = argparse.ArgumentParser(prog="scripts/bench preview", description=main.__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[50, 200, 1000], help="made-up entries; 0: the real")
    parser.add_argument("--runs", type=int, default=20, help="edits of each sort")
    parser.add_argument("--slow-runs", type=int, default=3, help="edits of each sort for servers that rebuild")
    parser.add_argument("--only", action="store_true", help="leave the other servers out")
    options = parser.parse_args(arguments)
    say = partial(print, flush=True)
    say(f"Load at the start: {os.getloadavg()}, {os.cpu_count()} processors.\n{HEAD}")
    port = PORT
    for size in options.sizes:
        with tempfile.TemporaryDirectory(prefix="fieldguide-preview-") as place:
            apart(prepare, Path(place), size)
            for name, command in list(SERVERS.items())[: 1 if options.only else None]:
                port += 1
                ours = name == next(iter(SERVERS))
                figures = measure(name, command, Path(place), options.runs if ours else options.slow_runs, port)
                cells = [f"{n:.1f}" for n in figures[:2]] + [f"{n:.0f}" for n in figures[2:]]
                say(f"| {size or 'this guide'} | {name} | {' | '.join(cells)} |")
    say(f"\nLoad at the end: {os.getloadavg()}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
