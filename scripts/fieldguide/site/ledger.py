"""The ledger of every address the site has published: none may disappear unnoticed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fieldguide.problem import Problem
from fieldguide.source import loader
from fieldguide.source.yaml import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from fieldguide.site import site

LEDGER = loader.LEDGER
HEAD = """\
# Every page and #id this site has published. The build fails when one is gone; `scripts/addresses` adds the new ones
# of a build and `scripts/addresses --remove ADDRESS` accepts a deliberate loss: a line beginning with '-'.
"""
# Ids of the theme's own controls, and of citations, which belong to one state of a page's text.
PRIVATE = ("__", "cite-")


@dataclass(frozen=True, kw_only=True, slots=True)
class Ledger:
    """Live ids by page address with the line each page stands on, and the addresses given up on purpose."""

    live: dict[str, frozenset[str]] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    lines: dict[str, int] = field(default_factory=dict)


def parse(text: str) -> Ledger:
    """The ledger of a file's text."""
    live, gone, lines = {}, set(), {}
    for number, line in enumerate(text.splitlines(), 1):
        match line.split():
            case ["-", address]:
                gone.add(address)
            case [address, *ids] if address.startswith("/"):
                live[address], lines[address] = frozenset(ids), number
    return Ledger(live=live, gone=frozenset(gone), lines=lines)


def text_of(ledger: Ledger) -> str:
    """The file's text of a ledger, in order of address."""
    live = [" ".join([address, *sorted(ids)]) for address, ids in sorted(ledger.live.items())]
    return "\n".join([HEAD.rstrip(), *live, *(f"- {address}" for address in sorted(ledger.gone))]) + "\n"


def published(pages: Mapping[str, site.Built]) -> dict[str, frozenset[str]]:
    """The lasting addresses of a built site; those of a redirect have no ids of their own."""
    return {
        f"/{name.removesuffix('index.html')}": frozenset(
            i for i in page.ids if i and i != "top" and not page.redirect and not i.startswith(PRIVATE)
        )
        for name, page in pages.items()
        if name.endswith("index.html")
    }


def read(docs: Path) -> Ledger:
    """The ledger of a `docs/` folder; empty before there is one; raises ParseError."""
    path, name = docs / LEDGER, f"{docs.name}/{LEDGER}"
    return parse(loader.parse_ledger(read_text(path, name), name).body) if path.exists() else Ledger()


def lost(docs: Path, pages: Mapping[str, site.Built]) -> Iterator[Problem]:
    """A problem for each published address that a built site lacks, neither redirected nor given up."""
    ledger, path = read(docs), f"{docs.name}/{LEDGER}"
    now = published(pages)
    moved = {f"/{name.removesuffix('index.html')}" for name, page in pages.items() if page.redirect}
    for address, ids in ledger.live.items():
        missing = [address] if address not in now else [f"{address}#{i}" for i in sorted(ids - now[address])]
        for one in missing:
            if one not in ledger.gone and address not in ledger.gone | moved:
                message = (
                    f"{one} was published and is gone; bring it back, redirect its page in data/redirects.yml, "
                    f"or accept the loss: scripts/addresses --remove '{one}'"
                )
                yield Problem(path=path, line=ledger.lines[address], column=1, rule="address", message=message)


def add(ledger: Ledger, now: Mapping[str, frozenset[str]]) -> Ledger:
    """The ledger with the addresses of a built site added."""
    live = {a: ledger.live.get(a, frozenset()) | now.get(a, frozenset()) for a in ledger.live.keys() | now.keys()}
    return Ledger(live=live, gone=ledger.gone - addresses(now))


def addresses(live: Mapping[str, frozenset[str]]) -> set[str]:
    """Each page and each id on it, as `--remove` takes them."""
    return {*live, *(f"{page}#{i}" for page, ids in live.items() for i in ids)}


def give_up(ledger: Ledger, removed: Sequence[str]) -> Ledger:
    """The ledger with some addresses moved to those given up on purpose."""
    gone = ledger.gone | frozenset(removed)
    live = {a: frozenset(i for i in ids if f"{a}#{i}" not in gone) for a, ids in ledger.live.items() if a not in gone}
    return Ledger(live=live, gone=gone)
