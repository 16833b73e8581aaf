"""Checks of what files name: entries, articles and the sources that they cite."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from fieldguide import mentions, urls
from fieldguide.checks.registry import check
from fieldguide.problem import ANY, Document, Problem
from fieldguide.source import markdown
from fieldguide.source.suggestions import did_you_mean, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.catalog import Catalog
    from fieldguide.model import Article, Entry, Page
    from fieldguide.problem import Where

PAGED = "an entry with a page"
NOWHERE = Document(path="docs")
# The lists of a file that hold names, and what these name.
NAMED = {
    "is_a": "an entry or a class of the vocabulary",
    **dict.fromkeys(("built_on", "about", "names", "describes"), "an entry"),
    **dict.fromkeys(("cite", "summary_cite", "at", "said_by", "contradicted_by", "rewrites"), "a source"),
}


def find_names(catalog: Catalog) -> Iterator[tuple[Document, Where, str, str]]:
    """Yield each name that stands in a file that could be read: its place, what it names, and the name itself."""
    records: tuple[Entry | Article | Page, ...] = (
        *catalog.entries.values(),
        *catalog.articles.values(),
        *catalog.pages.values(),
    )
    for record in records:
        yield from _find_names(record.doc, (), record.doc.data)
    if document := catalog.vocabulary_document:
        yield from _find_names(document, ("classes",), document.data.get("classes", {}))
    if document := catalog.claims_document:
        for claim in catalog.claims.values():
            yield from _find_names(document, ("claims", claim.index), document.data["claims"][claim.index])


def _find_names(document: Document, where: Where, data: Any) -> Iterator[tuple[Document, Where, str, str]]:
    for key, value in data.items() if isinstance(data, dict) else enumerate(data):
        if key in NAMED and isinstance(value, list):
            yield from ((document, (*where, key, at), NAMED[key], str(name).strip()) for at, name in enumerate(value))
        elif isinstance(value, dict | list):
            yield from _find_names(document, (*where, key), value)


@check("unknown-entry")
def check_targets(catalog: Catalog) -> Iterator[Problem]:
    """Report names of entries, classes and articles that nothing has.

    Why: A reference to an entry that does not exist leads nowhere.
    Wrong: built_on: [no-such-entry]
    Right: built_on: [an-entry]
    """
    nodes = {**catalog.vocabulary.classes, **catalog.entries}
    pages = {slug: entry for slug, entry in catalog.entries.items() if entry.page}
    known = {NAMED["is_a"]: nodes, "an entry": catalog.entries, "an article": catalog.articles, PAGED: pages}
    for document, where, what, name in chain(find_names(catalog), _find_names_beside(catalog)):
        if what in known and name not in known[what]:
            is_hidden = what == PAGED and name in catalog.entries
            hint = "; it says 'page: false'" if is_hidden else did_you_mean(name, known[what])
            yield document.problem(where, "unknown-entry", f"{shown(name)} is not {what}{hint}", subject=name)


def _find_names_beside(catalog: Catalog) -> Iterator[tuple[Document, Where, str, str]]:
    """Yield the names that stand in no list."""
    for entry, key, fact in catalog.facts:
        for stance in fact.articles:
            yield entry.doc, ("facts", key, "articles", stance.article), "an article", stance.article
    for entry in catalog.entries.values():
        if entry.section_of and not entry.page:
            yield entry.doc, ("section_of",), PAGED, entry.section_of
    for uri, page in catalog.pages.items():
        yield from ((page.doc, (), PAGED, slug) for slug in catalog.pair_of(uri) or ())


@check("unresolved")
def check_citations(catalog: Catalog) -> Iterator[Problem]:
    """Report citations that lead to no reference and to no section of an article.

    Why: A citation that resolves to nothing is no source.
    Wrong: [@cod1970]
    Right: [@codd1970]
    """
    for document, where, what, key in find_names(catalog):
        if what == "a source" and (message := explain_unresolved(catalog, key)):
            yield document.problem(where, "unresolved", message, subject=subject_of(key))


@check("unresolved")
def check_search_phrases(catalog: Catalog) -> Iterator[Problem]:
    """Report phrases that readers type for an entry, a claim or a page that does not exist."""
    document = catalog.search_phrases_document or NOWHERE
    pages = (page.removesuffix(".md") for page in urls.list_pages(catalog))
    known = {*catalog.entries, *catalog.claims, *pages}
    for key in catalog.search_phrases.phrases:
        if key not in known:
            message = f"expected an entry, a claim or a page, got '{key}'{did_you_mean(key, known)}"
            yield document.problem(("asked", key), "unresolved", message, key=True, subject=key.rpartition("/")[2])


def subject_of(key: str) -> str:
    """Return the file that describes the source of a citation: its article or the bibliography."""
    article, mark, _ = key.partition("#")
    return article if mark else "references"


def explain_unresolved(catalog: Catalog, key: str) -> str:
    """Return why a citation leads nowhere; empty if it leads somewhere."""
    if key in catalog.references or key in catalog.sections:
        return ""
    article, mark, section = key.partition("#")
    if article in catalog.articles:
        ids = [s.id for s in catalog.articles[article].sections]
        if not mark:
            return f"{shown(key)} is an article; cite a section of it, such as '{article}#{ids[0]}'"
        return f"the article '{article}' has no section '{section}'{did_you_mean(section, ids)}"
    if mark:
        return f"no article is called '{article}'{did_you_mean(article, catalog.articles)}"
    return f"the citation {shown(key)} is not a key of references.bib{did_you_mean(key, catalog.references)}"


@check("attribution")
def check_attribution(catalog: Catalog) -> Iterator[Problem]:
    """Report facts that only articles state, and that do not say so.

    Why: What only an article with an interest says must be told from what a primary reference shows.
    Wrong: developer: {value: Us, cite: [some-article#about]}
    Right: developer: {value: Us, cite: [some-article#about], attributed: true}
    """
    for entry, key, fact in catalog.facts:
        if not fact.attributed and all("#" in cite for cite in fact.cite):
            message = f"only an article says '{key}'; add 'attributed: true', or cite a primary reference"
            yield entry.doc.problem(("facts", key), "attribution", message, key=True)


@check("unnamed")
def check_cited_sections(catalog: Catalog) -> Iterator[Problem]:
    """Report sections of articles that are cited for an entry they do not treat.

    Why: A citation of a section that does not speak of the thing supports nothing.
    Wrong: a section cited for an entry that is in neither its 'names' nor its 'describes'
    Right: another citation, or the entry added to that section
    """
    hint = "add it to that section's 'names' or 'describes', or cite another"
    treating = {slug: set(keys) for slug, keys in catalog.named_in.items()}
    nothing = set[str]()
    for entry, name, fact in catalog.facts:
        slugs = (entry.slug, *(fact.value if isinstance(fact.value, tuple) else ()))
        for index, key in enumerate(fact.cite):
            if key in catalog.sections and not any(key in treating.get(slug, nothing) for slug in slugs):
                message = f"'{key}' does not name '{entry.slug}'; {hint}"
                yield entry.doc.problem(("facts", name, "cite", index), "unnamed", message)
    for entry in catalog.entries.values():
        for key, offset in markdown.citations(entry.doc):
            if key in catalog.sections and key not in treating.get(entry.slug, nothing):
                yield entry.doc.problem_at(offset, "unnamed", f"'{key}' does not name '{entry.slug}'; {hint}")


@check("coverage")
def check_coverage(catalog: Catalog) -> Iterator[Problem]:
    """Report article sections that no page rewrites, contact and advertising text apart.

    Why: Whatever an article covers is rewritten here, or is marked as boilerplate.
    Wrong: no page lists 'some-article#costs' under 'rewrites'
    Right: rewrites: [some-article#costs]
    """
    for article in catalog.articles.values():
        for index, section in enumerate(article.sections):
            key = f"{article.id}#{section.id}"
            if not section.boilerplate and not catalog.coverage[key]:
                message = f"no page rewrites '{key}'; list it under 'rewrites' of the page that does"
                yield article.doc.problem(("sections", index, "id"), "coverage", message, subject=ANY)


@check("unused")
def check_references(catalog: Catalog) -> Iterator[Problem]:
    """Report references that nothing cites.

    Why: A reference that nothing cites is dead weight, or the sign of a citation gone missing.
    Wrong: an entry of the bibliography that no fact, claim or sentence cites
    Right: cite it or remove it
    """
    cited = {key for key, _, _ in mentions.list_citations(catalog)}
    for key, work in catalog.references.items():
        if key not in cited:
            path, message = catalog.bibliography, f"nothing cites '{key}'; cite it or remove it"
            yield Problem(path=path, line=work.line, column=1, rule="unused", message=message, subject=ANY)
