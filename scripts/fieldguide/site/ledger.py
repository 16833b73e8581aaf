"""The ledger of every address the site has published: none may disappear unnoticed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fieldguide.problem import Problem
from fieldguide.source import loader
from fieldguide.source.yaml import read_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from fieldguide.site.html import BuiltPage

LEDGER = loader.LEDGER
HEAD = """\
# Every page and #id this site has published. The build fails when one is gone; `scripts/addresses` adds the new ones
# of a build and `scripts/addresses --remove ADDRESS` accepts a deliberate loss: a line beginning with '-'.
"""
# Ids of the theme's own controls, and of citations, which belong to one state of a page's text.
PRIVATE = ("__", "cite-")


@dataclass(frozen=True, kw_only=True, slots=True)
class Ledger:
    """Published addresses, `/page/` and `/page/#id`, those given up on purpose, and the line of each page."""

    live: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    lines: Mapping[str, int] = field(default_factory=dict)

    def add(self, published: Collection[str]) -> Ledger:
        """Return the ledger with the addresses of a built site added."""
        return Ledger(live=self.live.union(published), gone=self.gone.difference(published))

    def give_up(self, addresses: Collection[str]) -> Ledger:
        """Return the ledger with some addresses given up, a page with its ids."""
        live = (a for a in self.live if a not in addresses and find_page(a) not in addresses)
        return Ledger(live=frozenset(live), gone=self.gone.union(addresses))

    def write(self) -> str:
        """Return the text of the file, a line a page."""
        ids: dict[str, list[str]] = defaultdict(list)
        for address in sorted(self.live):
            page, _, anchor = address.partition("#")
            ids[page] += [anchor] if anchor else []
        lines = [" ".join([page, *anchors]) for page, anchors in ids.items()]
        return "\n".join([HEAD.rstrip(), *lines, *(f"- {address}" for address in sorted(self.gone))]) + "\n"


def find_page(address: str) -> str:
    """Return the page of an address."""
    return address.partition("#")[0]


def read_ledger(docs: Path) -> Ledger:
    """Return the ledger of a `docs/` folder, empty if it has none; raise ParseError."""
    path, name = docs / LEDGER, f"{docs.name}/{LEDGER}"
    return read_lines(loader.parse_ledger(read_text(path, name), name).body) if path.exists() else Ledger()


def read_lines(text: str) -> Ledger:
    """Return the ledger of a file's text."""
    live, gone, lines = set(), set(), {}
    for number, line in enumerate(text.splitlines(), 1):
        match line.split():
            case ["-", address]:
                gone.add(address)
            case [page, *ids] if page.startswith("/"):
                live |= {page, *(f"{page}#{anchor}" for anchor in ids)}
                lines[page] = number
    return Ledger(live=frozenset(live), gone=frozenset(gone), lines=lines)


def list_published(pages: Mapping[str, BuiltPage]) -> set[str]:
    """Return the lasting addresses of a built site; a redirect has no ids of its own."""
    found = {f"/{name.removesuffix('index.html')}": page for name, page in pages.items() if name.endswith("index.html")}
    ids = {address: set() if page.is_redirect else page.ids - {"", "top"} for address, page in found.items()}
    return {*found, *(f"{page}#{i}" for page, named in ids.items() for i in named if not i.startswith(PRIVATE))}


def check_addresses(docs: Path, pages: Mapping[str, BuiltPage]) -> Iterator[Problem]:
    """Yield a problem for each published address that a built site lacks, neither redirected nor given up."""
    ledger, path, now = read_ledger(docs), f"{docs.name}/{LEDGER}", list_published(pages)
    moved = {f"/{name.removesuffix('index.html')}" for name, page in pages.items() if page.is_redirect}
    for address in sorted(ledger.live - now - ledger.gone):
        page = find_page(address)
        is_reported = address != page and page not in now
        if not is_reported and page not in moved | ledger.gone:
            message = (
                f"{address} was published and is gone; bring it back, redirect its page in data/redirects.yml, "
                f"or accept the loss: scripts/addresses --remove '{address}'"
            )
            yield Problem(path=path, line=ledger.lines[page], column=1, rule="address", message=message)
