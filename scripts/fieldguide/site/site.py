"""The built site: its links resolved, its addresses kept, and its place taken only when it is whole."""

from __future__ import annotations

import dataclasses
import posixpath
import shutil
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from lxml import etree, html

from fieldguide.parallel import parallel_map
from fieldguide.problem import Problem
from fieldguide.site import hosting, twins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

# Text of lxml keeps the whole page it stands in, unless it is asked for plain: 2 GB at 1,000 entries.
ANCHORS = etree.XPath("//@id | //a/@name", smart_strings=False)
MANY = 100_000
LINKS = ("href", "src", "poster", "action")
RULE = "broken-link"


@dataclass(frozen=True, kw_only=True, slots=True)
class Built:
    """A built page: its ids, what it points to beyond them and what is inline in it, with the lines; its twin.

    Of an address that stands there more than once it has the first line.
    """

    ids: frozenset[str]
    targets: dict[str, int]
    inline: list[tuple[str, int]]
    redirect: bool
    twin: str


def read(root: Path, known: Mapping[str, Built] | None = None) -> dict[str, Built]:
    """Every HTML page of a built site by its path; only those are read that are not known."""
    known = known or {}
    names = [path.relative_to(root).as_posix() for path in sorted(root.rglob("*.html"))]
    unknown = [name for name in names if name not in known]

    def read_some(names: Sequence[str]) -> list[Built]:
        return [page((root / name).read_bytes()) for name in names]

    pages = (page for share in parallel_map(read_some, unknown, "Built pages") for page in share)
    found = dict(zip(unknown, pages, strict=True))
    return {name: known.get(name) or found[name] for name in names}


def page(data: bytes) -> Built:
    """A built page from its HTML."""
    tree = html.document_fromstring(data)
    anchors = ANCHORS(tree)
    elements = tree.xpath("//*[@href or @src or @poster or @action][not(self::link[@rel='canonical'])]")
    ids = frozenset({"", "top", *anchors})
    targets: dict[str, int] = {}
    for element in elements:
        for name in LINKS:
            if (target := element.get(name)) and not (target[0] == "#" and target[1:] in ids):
                targets.setdefault(target, element.sourceline)
    redirect = bool(tree.xpath("//meta[@http-equiv='refresh']"))
    inline = hosting.inline(tree)
    return Built(ids=ids, targets=targets, inline=inline, redirect=redirect, twin=twins.write_twin(tree))


def broken_links(root: Path, pages: Mapping[str, Built], base: str = "/") -> list[Problem]:
    """A problem for each internal link, image or anchor of a site built for the path `base` that leads nowhere.

    What many pages have in common, as by a template, is told of the first.
    """
    files = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    resolve = lru_cache(maxsize=MANY)(partial(_resolve, files, base))

    def check_some(names: Sequence[str]) -> list[tuple[str, Problem]]:
        return [found for name in names for found in _broken(name, pages, files, resolve)]

    alike: dict[str, list[Problem]] = defaultdict(list)
    for share in parallel_map(check_some, list(pages), "Links"):
        for target, problem in share:
            alike[target].append(problem)
    return [_together(problems) for problems in alike.values()]


def _together(problems: Sequence[Problem]) -> Problem:
    """Problems of one target as one, with their count."""
    others = len({problem.path for problem in problems}) - 1
    more = f", here and on {others} other page{'' if others == 1 else 's'}" if others else ""
    return dataclasses.replace(problems[0], message=problems[0].message + more)


def _broken(
    name: str, pages: Mapping[str, Built], files: set[str], resolve: Callable[[str, str], str]
) -> Iterator[tuple[str, Problem]]:
    # The error page is served at every depth, so its links begin where the site does.
    folder = "" if name == hosting.THEME else posixpath.dirname(name)
    for target, line in pages[name].targets.items():
        inside, path, anchor = _split(target)
        if not inside:
            continue
        path = resolve(folder, path) if path else name
        message = ""
        if path not in files:
            message = f"'{target}' leads to no file"
        elif anchor and path in pages and anchor not in pages[path].ids:
            message = f"'{target}': {path} has no id '{anchor}'"
        if message:
            yield f"{path}#{anchor}", Problem(path=f"site/{name}", line=line, column=1, rule=RULE, message=message)


@lru_cache(maxsize=MANY)
def _split(target: str) -> tuple[bool, str, str]:
    """Whether a link stays on the site, and its path and anchor."""
    parts = urlsplit(target)
    return not (parts.scheme or parts.netloc), unquote(parts.path), unquote(parts.fragment)


def _resolve(files: set[str], base: str, folder: str, target: str) -> str:
    """The file that a path leads to from a folder of the site; out of the site, the path on its host."""
    path = posixpath.normpath(posixpath.join(base, folder, target))
    if not f"{path}/".startswith(base):
        return path
    path = path[len(base) :]
    return path if path in files else posixpath.join(path, "index.html")


def write(root: Path, files: Mapping[str, Callable[[], str]]) -> None:
    """Adds files to a built site, by their paths in it."""

    def write_some(names: Sequence[str]) -> None:
        for name in names:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files[name](), encoding="utf-8", newline="\n")

    for _ in parallel_map(write_some, list(files), "Files"):
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
