"""What cites a reference: facts, summaries and claims by its key, prose by a mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide import urls
from fieldguide.model import folded
from fieldguide.problem import once
from fieldguide.source import markdown

if TYPE_CHECKING:
    from fieldguide.catalog import Catalog
    from fieldguide.problem import Document


def cited(catalog: Catalog) -> set[str]:
    """Every key that an editor cites."""
    found = {key for claim in catalog.claims.values() for key in claim.cite}
    for entry in catalog.entries.values():
        found.update(entry.summary_cite, in_prose(entry.doc), *(fact.cite for fact in entry.facts.values()))
    for page in catalog.pages.values():
        found.update(in_prose(page.doc))
    for article in catalog.articles.values():
        found.update(article.date_estimate.get("cite", ()))
    return found


@once
def in_prose(document: Document) -> tuple[str, ...]:
    """The keys that a file's prose cites."""
    return tuple(key for key, _ in markdown.citations(document))


def citing(catalog: Catalog) -> dict[str, list[tuple[str, str]]]:
    """Reference to the pages on which an editor cites it, as file and title."""
    found: dict[str, dict[str, str]] = {key: {} for key in catalog.references}

    def note(keys: tuple[str, ...] | list[str], uri: str, title: str) -> None:
        for key in keys:
            if key in found:
                found[key][uri] = title

    for entry in sorted(catalog.entries.values(), key=lambda e: folded(e.title)):
        uri, title = (urls.entry(catalog, entry), entry.title) if entry.page else (urls.GLOSSARY, "Glossary")
        note(entry.summary_cite, uri, title)
        for fact in entry.facts.values():
            note(fact.cite, uri if entry.page else urls.matrix(catalog, entry.kind), title)
        note(in_prose(entry.doc), uri, title)
    for page in catalog.pages.values():
        pair = catalog.pair_of(page.uri)
        title = " vs. ".join(catalog.title(slug) for slug in pair) if pair else page.title
        note(in_prose(page.doc), page.uri, title)
    for claim in catalog.claims.values():
        note(claim.cite, urls.CLAIMS, "Claims, checked")
    for article in catalog.articles.values():
        note(article.date_estimate.get("cite", []), f"sources/{article.id}.md", article.publisher)
    return {key: list(pages.items()) for key, pages in found.items()}
