"""The built site: its links resolved, its addresses kept, and its place taken only when it is whole."""

from __future__ import annotations

import posixpath
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from lxml import etree, html

from . import cores, hosting
from .model import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

# Text of lxml keeps the whole page it stands in, unless it is asked for plain: 2 GB at 1,000 entries.
ANCHORS = etree.XPath("//@id | //a/@name", smart_strings=False)
LINKS = ("href", "src", "poster", "action")


@dataclass(frozen=True, kw_only=True, slots=True)
class Built:
    """A built page: its ids, the addresses it points to and what is inline in it, with their lines."""

    ids: frozenset[str]
    targets: list[tuple[str, int]]
    inline: list[tuple[str, int]]
    redirect: bool


def read(root: Path) -> dict[str, Built]:
    """Every HTML page of a built site by its path."""
    names = [path.relative_to(root).as_posix() for path in sorted(root.rglob("*.html"))]

    def read_some(names: Sequence[str]) -> list[Built]:
        return [_page((root / name).read_bytes()) for name in names]

    pages = (page for share in cores.spread(read_some, names, "Built pages") for page in share)
    return dict(zip(names, pages, strict=True))


def _page(data: bytes) -> Built:
    tree = html.document_fromstring(data)
    anchors = ANCHORS(tree)
    elements = tree.xpath("//*[@href or @src or @poster or @action][not(self::link[@rel='canonical'])]")
    targets = [(e.get(name), e.sourceline) for e in elements for name in LINKS if e.get(name)]
    redirect = bool(tree.xpath("//meta[@http-equiv='refresh']"))
    ids = frozenset({"", "top", *anchors})
    return Built(ids=ids, targets=targets, inline=hosting.inline(tree), redirect=redirect)


def broken_links(root: Path, pages: Mapping[str, Built], base: str = "/") -> list[Problem]:
    """A problem for each internal link, image or anchor of a site built for the path `base` that leads nowhere."""
    files = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}

    def check_some(names: Sequence[str]) -> list[Problem]:
        return [problem for name in names for problem in _broken(name, pages[name], pages, files, base)]

    return [problem for share in cores.spread(check_some, list(pages), "Links") for problem in share]


def _broken(name: str, page: Built, pages: Mapping[str, Built], files: set[str], base: str) -> Iterator[Problem]:
    for target, line in page.targets:
        parts = urlsplit(target)
        if parts.scheme or parts.netloc:
            continue
        path = _resolve(name, unquote(parts.path), files, base)
        message = ""
        if path not in files:
            message = f"'{target}' leads to no file"
        elif path in pages and unquote(parts.fragment) not in pages[path].ids:
            message = f"'{target}': {path} has no id '{unquote(parts.fragment)}'"
        if message:
            yield Problem(path=f"site/{name}", line=line, column=1, rule="broken-link", message=message)


def _resolve(name: str, target: str, files: set[str], base: str) -> str:
    if not target:
        return name
    # The error page is served at every depth, so its links begin where the site does.
    here, target = ("/", target.removeprefix(base)) if name == hosting.THEME else (f"/{name}", target)
    path = posixpath.normpath(posixpath.join(posixpath.dirname(here), target)).lstrip("/")
    return path if path in files else posixpath.join(path, "index.html")


def write(root: Path, files: Mapping[str, Callable[[], str]]) -> None:
    """Adds files to a built site, by their paths in it."""

    def write_some(names: Sequence[str]) -> None:
        for name in names:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files[name](), encoding="utf-8", newline="\n")

    for _ in cores.spread(write_some, list(files), "Files"):
        pass


def staging(target: Path) -> Path:
    """The folder beside a site in which the next one is built."""
    return target.with_name(f".{target.name}-next")


def replace(target: Path) -> None:
    """Puts the staged site in the place of the last one."""
    last = target.with_name(f".{target.name}-last")
    shutil.rmtree(last, ignore_errors=True)
    if target.exists():
        target.rename(last)
    staging(target).rename(target)
    shutil.rmtree(last, ignore_errors=True)
