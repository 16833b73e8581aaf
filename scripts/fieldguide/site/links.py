"""Read the pages of a built site, and find the links that lead nowhere."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from lxml import etree, html

from fieldguide import urls
from fieldguide.checks.links import find_links
from fieldguide.parallel import parallel_map
from fieldguide.problem import Problem, once
from fieldguide.site import hosting, twins
from fieldguide.site.html import BuiltPage
from fieldguide.source.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from fieldguide.catalog import Catalog

# Text of lxml keeps the whole page it stands in, unless it is asked for plain: 2 GB at 1,000 entries.
IDS = etree.XPath("//@id | //a/@name", smart_strings=False)
LINKING = etree.XPath("//*[@href or @src or @poster or @action][not(self::link[@rel='canonical'])]")
REFRESH = etree.XPath("boolean(//meta[@http-equiv='refresh'])")
LINKS = ("href", "src", "poster", "action")
RULE = "broken-link"
CACHED_LINKS = 100_000


@dataclass(frozen=True, kw_only=True, slots=True)
class BrokenLink:
    """A link of a built page, as it stands there, to a file or an id of a file that is not there."""

    page: str
    line: int
    address: str
    target: str
    anchor: str


def read_pages(root: Path, known: Mapping[str, BuiltPage] | None = None) -> dict[str, BuiltPage]:
    """Return the HTML pages of a site by their paths; only those are read that are not known."""
    known = known or {}
    names = [path.relative_to(root).as_posix() for path in sorted(root.rglob("*.html"))]
    unknown = [name for name in names if name not in known]

    def read_share(share: Sequence[str]) -> list[BuiltPage]:
        return [read_page((root / name).read_bytes()) for name in share]

    pages = (page for share in parallel_map(read_share, unknown, "Built pages") for page in share)
    found = {**known, **dict(zip(unknown, pages, strict=True))}
    return {name: found[name] for name in names}


def read_page(data: bytes) -> BuiltPage:
    """Return what the HTML of a page holds."""
    tree = html.document_fromstring(data)
    ids = frozenset({"", "top", *IDS(tree)})
    links: dict[str, int] = {}
    for element in LINKING(tree):
        for name in LINKS:
            if (address := element.get(name)) and not (address[0] == "#" and address[1:] in ids):
                links.setdefault(address, element.sourceline)
    inline = hosting.list_inline(tree)
    return BuiltPage(ids=ids, links=links, inline=inline, is_redirect=REFRESH(tree), twin=twins.write_twin(tree))


def check_links(
    root: Path, pages: Mapping[str, BuiltPage], base: str = "/", catalog: Catalog | None = None
) -> list[Problem]:
    """Return a problem for each link of a site built for the path `base` that leads nowhere.

    It is at the line of prose in which the link was written. One that many pages have in common, as by a template, is
    a problem of the first.
    """
    problems: list[Problem] = []
    common: dict[tuple[str, str], list[BrokenLink]] = defaultdict(list)
    for link in find_broken(root, pages, base):
        written = list(find_in_prose(link, pages, catalog)) if catalog else []
        problems += written
        if not written:
            common[link.target, link.anchor].append(link)
    return problems + [describe_links(links, pages) for links in common.values()]


def find_broken(root: Path, pages: Mapping[str, BuiltPage], base: str) -> Iterator[BrokenLink]:
    """Yield the links of all pages that lead to no file of the site, or to no id of a page."""
    files = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    resolve = lru_cache(maxsize=CACHED_LINKS)(partial(resolve_path, files, base))

    def check_page(name: str) -> Iterator[BrokenLink]:
        # The error page is served at every depth, so its links begin where the site does.
        folder = "" if name == hosting.ERROR_PAGE else posixpath.dirname(name)
        for address, line in pages[name].links.items():
            is_inside, path, anchor = split_address(address)
            target = resolve(folder, path) if path else name
            leads = target in files and (target not in pages or anchor in pages[target].ids)
            if is_inside and not leads:
                yield BrokenLink(page=name, line=line, address=address, target=target, anchor=anchor)

    def check_share(share: Sequence[str]) -> list[BrokenLink]:
        return [link for name in share for link in check_page(name)]

    for share in parallel_map(check_share, list(pages), "Links"):
        yield from share


@lru_cache(maxsize=CACHED_LINKS)
def split_address(address: str) -> tuple[bool, str, str]:
    """Return whether a link stays on the site, its path and its anchor."""
    parts = urlsplit(address)
    return not (parts.scheme or parts.netloc), unquote(parts.path), unquote(parts.fragment)


def resolve_path(files: set[str], base: str, folder: str, path: str) -> str:
    """Return the file that a path leads to from a folder of the site; out of the site, the path on its host."""
    path = posixpath.normpath(posixpath.join(base, folder, path))
    if not f"{path}/".startswith(base):
        return path
    path = path[len(base) :]
    return path if path in files else posixpath.join(path, "index.html")


def find_in_prose(link: BrokenLink, pages: Mapping[str, BuiltPage], catalog: Catalog) -> Iterator[Problem]:
    """Yield a problem for each place in hand-written prose in which a broken link stands."""
    files = name_sources(catalog)
    uri = files.get(link.page, "")
    document = catalog.documents.get(uri)
    for _, written, offset in find_links(document) if document else ():
        address = unescape(written)
        if document and link.address in {address, publish_address(address, uri)}:
            yield document.problem_at(offset, RULE, explain_link(replace(link, address=address), pages, files))


@once
def name_sources(catalog: Catalog) -> dict[str, str]:
    """Return the files of pages under `docs/` by their paths in the site."""
    return {f"{urls.url(uri)}index.html": uri for uri in urls.list_pages(catalog)}


def publish_address(address: str, uri: str) -> str:
    """Return a link in the Markdown of a page as MkDocs writes it into the page."""
    path, mark, anchor = address.partition("#")
    target = urls.resolve(path, uri) if path else uri
    end = urls.url(target) if target.endswith(".md") else target
    return quote(urls.relative(end + mark + anchor, urls.url(uri)), safe="/#.%")


def describe_links(links: Sequence[BrokenLink], pages: Mapping[str, BuiltPage]) -> Problem:
    """Return the broken links that many pages have in common as one problem."""
    others = len({link.page for link in links}) - 1
    more = f", here and on {others} other page{'' if others == 1 else 's'}" if others else ""
    message = explain_link(links[0], pages, {}) + more
    return Problem(path=f"site/{links[0].page}", line=links[0].line, column=1, rule=RULE, message=message)


def explain_link(link: BrokenLink, pages: Mapping[str, BuiltPage], files: Mapping[str, str]) -> str:
    """Return what is wrong with a link; a page is named by its file where that is given."""
    if link.target not in pages:
        return f"'{link.address}' leads to no file"
    hint = did_you_mean(link.anchor, sorted(pages[link.target].ids))
    return f"'{link.address}': {files.get(link.target, link.target)} has no id '{link.anchor}'{hint}"


def write_files(root: Path, files: Mapping[str, str]) -> None:
    """Write files into a built site, by their paths in it."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
