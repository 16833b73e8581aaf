"""What search finds: everything that has an address, by its names; and the sections of hand-written prose."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING, Any

from fieldguide import urls
from fieldguide.render import compare
from fieldguide.render.metadata import entry_of
from fieldguide.source import markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from fieldguide.catalog import Catalog
    from fieldguide.model import Claim, Entry
    from fieldguide.problem import Document
    from fieldguide.render.metadata import Metadata

Item = dict[str, Any]
Section = tuple[str, str, str, str]
FOLDER = "assets/search"
# The worker is one file, made of lunr and these, so that it starts after one request and not after eight.
WORKER = f"{FOLDER}/worker.js"
PARTS = [f"{FOLDER}/{part}.js" for part in ("words", "meanings", "index", "query", "search", "results", "answer")]
# Characters in the index: all, while a guide is small; the beginning of each page or summary, when it has grown.
PROSE, SUMMARIES = 400_000, 300_000
LABELS = {"guide": "Guide", "sources": "Source"}
# Those of any other page: of the first one, of one about the data, and of one that leads to others.
HOME, DATA, OVERVIEW = "Home", "Data", "Overview"
HEADING = re.compile(r"^#{1,6}[^\S\n]+(?P<title>.*?)[^\S\n]*(?:\{#(?P<id>[\w-]+)\})?[^\S\n]*$", re.MULTILINE)
LABEL = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
MARKUP = re.compile(r"<[^>]*>|[*`|]|(?<!\w)_|_(?!\w)|\{[:#.][^}]*\}")
SPACE = re.compile(r"\s+")


def files(catalog: Catalog, heads: Mapping[str, Metadata]) -> dict[str, Callable[[], str]]:
    """The two parts of the index, relative to the built site: names, which are small and come first, then texts."""
    return {
        f"{FOLDER}/names.json": partial(_names, catalog, heads),
        f"{FOLDER}/texts.json": partial(_texts, catalog),
    }


def _names(catalog: Catalog, heads: Mapping[str, Metadata]) -> str:
    """All pages, entries without a page, and claims, with what is typed for them."""
    items = {_key(catalog, uri): _page(catalog, head) for uri, head in heads.items()}
    items |= {entry.slug: _entry(catalog, entry) for entry in catalog.entries.values() if not entry.page}
    items |= {claim.id: _claim(catalog, claim) for claim in catalog.claims.values()}
    phrases = catalog.search_phrases.phrases
    for key in items.keys() & phrases.keys():
        items[key]["asked"] = phrases[key]
    most = share([len(item["summary"]) for item in items.values()], SUMMARIES)
    for item in items.values():
        item["summary"] = item["summary"][:most]
    return _json({"docs": list(items.values()), "synonyms": catalog.search_phrases.synonyms})


def _texts(catalog: Catalog) -> str:
    """Page, address, heading and text of each section of prose."""
    documents = {urls.entry(catalog, entry): entry.doc for entry in catalog.entries.values() if entry.page}
    documents |= {uri: page.doc for uri, page in catalog.pages.items()}
    pages = [list(_sections(urls.url(uri), document)) for uri, document in documents.items()]
    most = share([sum(len(section[-1]) for section in page) for page in pages], PROSE)
    return _json([section for page in pages for section in _beginning(page, most)])


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _key(catalog: Catalog, uri: str) -> str:
    """How a page is called where phrases are listed: an entry's by its slug, any other by its file."""
    entry = entry_of(catalog, uri)
    return entry.slug if entry else uri.removesuffix(".md")


def _page(catalog: Catalog, head: Metadata) -> Item:
    if entry := entry_of(catalog, head.uri):
        return _entry(catalog, entry)
    if pair := catalog.pair_of(head.uri):
        return _comparison(catalog, head, pair)
    folder, _, name = head.uri.partition("/")
    label = LABELS.get(folder) if name not in ("", "index.md") else None
    article = catalog.articles.get(name.removesuffix(".md")) if folder == "sources" else None
    known = (article.title, article.publisher, article.author.partition(",")[0]) if article else ()
    return {
        "at": urls.url(head.uri),
        "sort": folder if label else "page",
        "title": head.title,
        "names": [name for name in known if name],
        "summary": head.description,
        "labels": [[label or _other(head.uri), ""]],
    }


def _other(uri: str) -> str:
    """What a page is that is neither of the guide nor a source."""
    if uri == "index.md":
        return HOME
    return DATA if uri.startswith("data/") else OVERVIEW


def _entry(catalog: Catalog, entry: Entry) -> Item:
    return {
        "at": urls.node(catalog, entry.slug),
        "sort": "entry",
        "title": entry.title,
        "names": entry.aliases,
        "summary": entry.summary,
        "labels": [[catalog.vocabulary.kinds[entry.kind].label, f"kind-{entry.kind}"]],
    }


def _comparison(catalog: Catalog, head: Metadata, pair: tuple[str, str]) -> Item:
    """A comparison, which has the names of its sides; its summary says nothing new if nobody wrote one."""
    first, second = (catalog.entries[slug] for slug in pair)
    written = head.uri in catalog.pages
    return {
        "at": urls.url(head.uri),
        "sort": "comparison",
        "sides": [urls.node(catalog, slug) for slug in pair],
        "written": written,
        "summary": head.description if written else compare.relation(catalog, first, second),
        "labels": [["Comparison", ""]],
    }


def _claim(catalog: Catalog, claim: Claim) -> Item:
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
