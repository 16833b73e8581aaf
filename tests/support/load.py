"""Loads a host with many readers at once and prints what came of it: `python tests/support/load.py http://127.0.0.1:8080/`."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection, HTTPException
from itertools import cycle
from statistics import quantiles
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Sequence

HEADERS = {"Accept-Encoding": "gzip"}


@dataclass(kw_only=True, slots=True)
class Answers:
    """What a host answered: bytes and seconds of each request, and how often each error came."""

    sizes: list[int] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        percentiles = quantiles(self.times, n=100)
        megabytes = sum(self.sizes) / 1e6
        return (
            f"{len(self.times)} answers, {megabytes:.0f} MB, {sum(self.errors.values())} errors {dict(self.errors)}; "
            f"median {percentiles[49] * 1000:.0f} ms, 95th percentile {percentiles[94] * 1000:.0f} ms"
        )


def run(address: str, clients: int, seconds: float) -> Answers:
    """The answers of a host to clients that each ask for one page of its sitemap after another."""
    paths = _pages(address)
    found = Answers()
    read = partial(_read, address, time.monotonic() + seconds, found)
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(read, [paths[i % len(paths) :] + paths[: i % len(paths)] for i in range(clients)]))
    return found


def _pages(address: str) -> list[str]:
    with closing(_connection(address)) as connection:
        connection.request("GET", "/sitemap.xml")
        sitemap = etree.fromstring(connection.getresponse().read())
    return [urlsplit(place).path for place in sitemap.xpath("//*[local-name()='loc']/text()")]


def _connection(address: str) -> HTTPConnection:
    return HTTPConnection(urlsplit(address).netloc, timeout=10)


def _read(address: str, end: float, found: Answers, paths: Sequence[str]) -> None:
    connection = _connection(address)
    for path in cycle(paths):
        start = time.monotonic()
        if start > end:
            break
        try:
            connection.request("GET", path, headers=HEADERS)
            answer = connection.getresponse()
            found.sizes.append(len(answer.read()))
            found.times.append(time.monotonic() - start)
            if answer.status != 200:
                found.errors[str(answer.status)] += 1
        except (OSError, HTTPException) as error:
            found.errors[type(error).__name__] += 1
            connection.close()
    connection.close()


def main() -> int:
    """Prints the answers; 1 if there was an error."""
    parser = argparse.ArgumentParser(description="Load a host with readers that ask for one page after another.")
    parser.add_argument("address", help="where the site is served")
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    found = run(options.address, options.clients, options.seconds)
    print(f"{len(found.times) / options.seconds:.0f} a second: {found}")  # noqa: T201 -- what the command is for
    return bool(found.errors)


if __name__ == "__main__":
    sys.exit(main())
