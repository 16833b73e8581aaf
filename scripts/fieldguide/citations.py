"""What cites a reference: facts, summaries and claims by its key, prose by a mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide import urls
from fieldguide.model import folded
from fieldguide.problem import once
from fieldguide.source import markdown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.catalog import Catalog
    from fieldguide.problem import Document


def list_citations(catalog: Catalog) -> Iterator[tuple[str, str, str]]:
    """Yield each key that an editor cites with the file and the title of the page that shows it."""
    for entry in sorted(catalog.entries.values(), key=lambda entry: folded(entry.title)):
        page = (urls.entry(catalog, entry), entry.title) if entry.page else (urls.GLOSSARY, "Glossary")
        facts = page if entry.page else (urls.matrix(catalog, entry.kind), page[1])
        yield from ((key, *page) for key in entry.summary_cite)
        yield from ((key, *facts) for fact in entry.facts.values() for key in fact.cite)
        yield from ((key, *page) for key in in_prose(entry.doc))
    for uri, written in catalog.pages.items():
        pair = catalog.pair_of(uri)
        title = " vs. ".join(map(catalog.title, pair)) if pair else written.title
        yield from ((key, uri, title) for key in in_prose(written.doc))
    for claim in catalog.claims.values():
        yield from ((key, urls.CLAIMS, "Claims, checked") for key in claim.cite)
    for article in catalog.articles.values():
        keys = article.date_estimate.get("cite", ())
        yield from ((key, urls.article(article.id), article.publisher) for key in keys)


@once
def in_prose(document: Document) -> tuple[str, ...]:
    """Return the keys that a file's prose cites."""
    return tuple(key for key, _ in markdown.citations(document))
