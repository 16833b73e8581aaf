"""What search finds: everything that has an address, by its names; and the sections of hand-written prose."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from fieldguide import urls
from fieldguide.render import compare
from fieldguide.source import markdown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fieldguide.catalog import Catalog
    from fieldguide.model import Claim, Entry
    from fieldguide.problem import Document
    from fieldguide.render.page_types import SitePage

Item = dict[str, Any]
Section = tuple[str, str, str, str]
FOLDER = "assets/search"
# Characters in the index: all, while a guide is small; the beginning of each page or summary, when it has grown.
PROSE, SUMMARIES = 400_000, 300_000
HEADING = re.compile(r"^#{1,6}[^\S\n]+(?P<title>.*?)[^\S\n]*(?:\{#(?P<id>[\w-]+)\})?[^\S\n]*$", re.MULTILINE)
LABEL = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
MARKUP = re.compile(r"<[^>]*>|[*`|]|(?<!\w)_|_(?!\w)|\{[:#.][^}]*\}")
SPACE = re.compile(r"\s+")


def build_index(catalog: Catalog, pages: Sequence[SitePage]) -> dict[str, str]:
    """Return the two files of the index, relative to the built site: names, which are small, and texts."""
    return {f"{FOLDER}/names.json": _write_names(catalog, pages), f"{FOLDER}/texts.json": _write_texts(catalog)}


def _write_names(catalog: Catalog, pages: Sequence[SitePage]) -> str:
    """Return all pages, entries without a page, and claims, with what is typed for them."""
    items = {_key(page): _describe_page(catalog, page) for page in pages}
    items |= {entry.slug: _describe_entry(catalog, entry) for entry in catalog.entries.values() if not entry.page}
    items |= {claim.id: _describe_claim(catalog, claim) for claim in catalog.claims.values()}
    phrases = catalog.search_phrases.phrases
    for key in items.keys() & phrases.keys():
        items[key]["asked"] = phrases[key]
    most = share([len(item["summary"]) for item in items.values()], SUMMARIES)
    for item in items.values():
        item["summary"] = item["summary"][:most]
    return _to_json({"docs": list(items.values()), "synonyms": catalog.search_phrases.synonyms})


def _write_texts(catalog: Catalog) -> str:
    """Return page, address, heading and text of each section of prose."""
    documents = {urls.entry(catalog, entry): entry.doc for entry in catalog.entries.values() if entry.page}
    documents |= {uri: page.doc for uri, page in catalog.pages.items()}
    pages = [list(_sections(urls.url(uri), document)) for uri, document in documents.items()]
    most = share([sum(len(section[-1]) for section in page) for page in pages], PROSE)
    return _to_json([section for page in pages for section in _beginning(page, most)])


def _to_json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _key(page: SitePage) -> str:
    """Return how a page is called where phrases are listed: an entry's by its slug, any other by its file."""
    return page.entry.slug if page.entry else page.uri.removesuffix(".md")


def _describe_page(catalog: Catalog, page: SitePage) -> Item:
    if page.entry:
        return _describe_entry(catalog, page.entry)
    item: Item = {"at": urls.url(page.uri), "sort": page.sort}
    if page.pair:
        # It has the names of its sides, and its summary says nothing new if nobody wrote one.
        item |= {"sides": [urls.node(catalog, slug) for slug in page.pair], "written": page.written is not None}
        summary = page.description if page.written else compare.relation(catalog, *page.subjects)
    else:
        item |= {"title": page.title, "names": page.names}
        summary = page.description
    return item | {"summary": summary, "labels": [[page.label, ""]]}


def _describe_entry(catalog: Catalog, entry: Entry) -> Item:
    return {
        "at": urls.node(catalog, entry.slug),
        "sort": "entry",
        "title": entry.title,
        "names": entry.aliases,
        "summary": entry.summary,
        "labels": [[catalog.vocabulary.kinds[entry.kind].label, f"kind-{entry.kind}"]],
    }


def _describe_claim(catalog: Catalog, claim: Claim) -> Item:
    verdict = catalog.vocabulary.value_sets["verdict"][claim.verdict]
    return {
        "at": f"{urls.url(urls.CLAIMS)}#{claim.id}",
        "sort": "claim",
        "title": claim.claim,
        "summary": claim.accurate,
        "labels": [["Claim", ""], [verdict.label, f"verdict {verdict.mark}"]],
    }


def _sections(url: str, document: Document) -> Iterator[Section]:
    """A document cut at its headings; what stands before the first has none."""
    body = document.body
    headings = list(HEADING.finditer(body))
    edges = [*(heading.start() for heading in headings), len(body)]
    if opening := plain(body[: edges[0]]):
        yield url, url, "", opening
    for heading, end in zip(headings, edges[1:], strict=True):
        at = f"{url}#{heading['id']}" if heading["id"] else url
        yield url, at, plain(heading["title"]), plain(body[heading.end() : end])


def _beginning(page: list[Section], most: int) -> Iterator[Section]:
    """The sections of a page as far as a number of characters goes."""
    for url, at, heading, text in page:
        if most <= 0:
            return
        yield url, at, heading, text[:most]
        most -= len(text)


def share(wanted: list[int], available: int) -> int:
    """The most that each may have so that all together have no more than what is available."""
    most = available
    for served, want in enumerate(sorted(wanted)):
        most = available // (len(wanted) - served)
        if want > most:
            break
        available -= want
    else:
        return max(wanted, default=0)
    return most


def plain(text: str) -> str:
    """Hand-written Markdown as the words that a reader sees, without citations and blocks."""
    return SPACE.sub(" ", MARKUP.sub("", LABEL.sub(r"\1", markdown.TOKEN.sub("", text)))).strip()
