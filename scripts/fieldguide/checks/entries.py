"""Checks of what entries, articles, claims and pages say of one another."""

from __future__ import annotations

import re
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldguide import citations, formats, urls
from fieldguide.checks.registry import check
from fieldguide.model import split_value
from fieldguide.problem import ANY, Document, Problem
from fieldguide.source import markdown
from fieldguide.source.attribute_types import ATTRIBUTE_TYPES
from fieldguide.source.suggestions import did_you_mean, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fieldguide.catalog import Catalog
    from fieldguide.model import Article, Entry, Page
    from fieldguide.problem import Where

CLAIM_WORDS = 60
FONT = Path(__file__).resolve().parents[3] / "overrides/assets/source-serif-4-600.woff2"
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
    known = {NAMED["is_a"]: nodes.keys(), "an entry": catalog.entries.keys(), "an article": catalog.articles.keys()}
    for document, where, what, name in chain(find_names(catalog), _find_articles(catalog)):
        if what in known and name not in known[what]:
            message = f"{shown(name)} is not {what}{did_you_mean(name, known[what])}"
            yield document.problem(where, "unknown-entry", message, subject=name)
    for document, where, name in _find_pages(catalog):
        if name not in catalog.entries or not catalog.entries[name].page:
            hint = "; it says 'page: false'" if name in catalog.entries else did_you_mean(name, catalog.entries)
            message = f"{shown(name)} is not an entry with a page{hint}"
            yield document.problem(where, "unknown-entry", message, subject=name)


def _find_articles(catalog: Catalog) -> Iterator[tuple[Document, Where, str, str]]:
    for entry, key, fact in catalog.facts:
        for stance in fact.articles:
            yield entry.doc, ("facts", key, "articles", stance.article), "an article", stance.article


def _find_pages(catalog: Catalog) -> Iterator[tuple[Document, Where, str]]:
    for entry in catalog.entries.values():
        if entry.section_of and not entry.page:
            yield entry.doc, ("section_of",), entry.section_of
    for uri, page in catalog.pages.items():
        yield from ((page.doc, (), slug) for slug in catalog.pair_of(uri) or ())


@check("cycle")
def check_cycles(catalog: Catalog) -> Iterator[Problem]:
    """Report entries that are, in the end, a kind of themselves, built on themselves or about themselves.

    Why: A thing that is a kind of itself has no place in a tree.
    Wrong: is_a: [b] in a.md, and is_a: [a] in b.md
    Right: the narrower one keeps its line
    """
    for entry in catalog.entries.values():
        if entry.slug in entry.about:
            where = ("about", entry.about.index(entry.slug))
            yield entry.doc.problem(where, "cycle", f"'{entry.slug}' is this entry itself; remove it")
    parents = {slug: catalog.parents(slug) for slug in (*catalog.entries, *catalog.vocabulary.classes)}
    foundations = {slug: entry.built_on for slug, entry in catalog.entries.items()}
    for field, edges in (("is_a", parents), ("built_on", foundations)):
        for cycle in find_cycles(edges):
            path = " → ".join((*cycle, cycle[0]))
            message = f"'{field}' runs in a circle: {path}; remove one of the links"
            first = next((catalog.entries[slug] for slug in cycle if slug in catalog.entries), None)
            document = first.doc if first else catalog.vocabulary_document or NOWHERE
            yield document.problem((field,) if first else ("classes", cycle[0], field), "cycle", message)


def find_cycles(edges: Mapping[str, Iterable[str]]) -> Iterator[list[str]]:
    """Yield cycles of a graph, each beginning with its first name, until without one link of each there is none."""
    graph = {node: [target for target in targets if target in edges] for node, targets in edges.items()}
    while True:
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            cycle = error.args[1][:0:-1]  # the sorter goes from each target to the node that names it
            start = cycle.index(min(cycle))
            cycle = cycle[start:] + cycle[:start]
            yield cycle
            graph[cycle[-1]] = [target for target in graph[cycle[-1]] if target != cycle[0]]
        else:
            return


@check("page")
def check_hidden_entries(catalog: Catalog) -> Iterator[Problem]:
    """Report prose of entries without a page, and entries with a page that stand in another's.

    Why: An entry without a page has nowhere to show its prose.
    Wrong: page: false, and prose below
    Right: one of the two
    """
    for entry in catalog.entries.values():
        if entry.section_of and entry.page:
            message = "an entry with a page of its own is no section of another; remove this, or write 'page: false'"
            yield entry.doc.problem(("section_of",), "page", message)
        if not entry.page and entry.doc.body.strip():
            message = "an entry with 'page: false' has no prose; remove one of the two"
            yield entry.doc.problem(("page",), "page", message)


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


@check("separator")
def check_values(catalog: Catalog) -> Iterator[Problem]:
    """Report values that do not fit their type, among them items that hold the sign which tables put between items.

    Why: Tables join the items of a list by semicolons, so that an item with one would read as two.
    Wrong: license: {value: [free for research; paid otherwise], cite: [key]}
    Right: license: {value: [free for research, paid otherwise], cite: [key]}
    """
    for entry, key, fact in catalog.facts:
        of_type = ATTRIBUTE_TYPES[catalog.vocabulary.attributes[key].types[entry.kind]]
        for index, item in enumerate(split_value(fact.value)):
            for flaw in of_type.check_item(catalog, item):
                where = ("facts", key, "value", index)
                yield entry.doc.problem(where, flaw.rule, flaw.message, subject=flaw.subject)


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


@check("clash")
def check_names(catalog: Catalog) -> Iterator[Problem]:
    """Report titles and aliases that two entries use, and classes that have an entry's name.

    Why: A name must lead to one thing; of two things with one name one could not be found.
    Wrong: two entries have the alias 'Postgres'
    Right: keep the alias on one of them
    """
    entries = catalog.entries.values()
    fitting = sorted(entries, key=lambda entry: formats.slug(entry.title) != entry.slug)
    given: list[tuple[Entry, Where, str]] = [(entry, ("title",), entry.title) for entry in fitting]
    given += [(entry, ("aliases", index), alias) for entry in entries for index, alias in enumerate(entry.aliases)]
    owners: dict[str, tuple[Entry, Where]] = {}
    for entry, where, name in given:
        owner, first = owners.setdefault(name.casefold(), (entry, where))
        if owner is not entry:
            message = f"'{name}' is a title or alias of {owner.doc.path} too; a name leads to one entry"
            yield entry.doc.problem(where, "clash", message)
        elif where != first and (first != ("title",) or name == entry.title):
            yield entry.doc.problem(where, "clash", f"'{name}' is given twice here; keep one of the two")
    for slug in catalog.entries.keys() & catalog.vocabulary.classes.keys():
        message = f"'{slug}' is a class of the vocabulary too; rename one of the two"
        yield catalog.entries[slug].doc.problem((), "clash", message)


@check("unknown-section")
def check_articles(catalog: Catalog) -> Iterator[Problem]:
    """Report sections under unknown ones or with one id, and articles with no date or two.

    Why: A parent that is no other section of the article leaves the section without a place.
    Wrong: parent: no-such-section
    Right: parent: introduction
    """
    for article in catalog.articles.values():
        ids = [section.id for section in article.sections]
        if bool(article.date) == bool(article.date_estimate):
            message = "expected either 'date', or 'date_estimate' with the reasons for it"
            yield article.doc.problem((), "required", message)
        for index, section in enumerate(article.sections):
            if section.id in ids[:index]:
                message = f"two sections are called '{section.id}'"
                yield article.doc.problem(("sections", index, "id"), "clash", message)
            if section.parent and (section.parent not in ids or section.parent == section.id):
                message = f"'{section.parent}' is not another section of this article"
                yield article.doc.problem(("sections", index, "parent"), "unknown-section", message)


@check("length")
def check_claims(catalog: Catalog) -> Iterator[Problem]:
    """Report claims with too long an answer, or about attributes that what they speak of cannot have."""
    document = catalog.claims_document or NOWHERE
    for claim in catalog.claims.values():
        kinds = {catalog.entries[slug].kind for slug in claim.about if slug in catalog.entries}
        known = kinds and all(slug in catalog.entries for slug in claim.about)
        for index, key in enumerate(claim.attributes):
            if known and kinds.isdisjoint(catalog.vocabulary.attributes[key].types):
                where = ("claims", claim.index, "attributes", index)
                yield document.problem(where, "unknown-attribute", f"'{key}' fits nothing under 'about'")
        if (count := len(claim.accurate.split())) > CLAIM_WORDS:
            message = f"expected at most {CLAIM_WORDS} words for 'accurate', got {count}"
            yield document.problem(("claims", claim.index, "accurate"), "length", message)


@check("comparison")
def check_comparisons(catalog: Catalog) -> Iterator[Problem]:
    """Report hand-written comparisons of a thing with itself, or out of alphabetical order.

    Why: A comparison has one address, with the two slugs in alphabetical order.
    Wrong: docs/compare/sqlite-vs-postgresql.md
    Right: docs/compare/postgresql-vs-sqlite.md
    """
    for uri, page in catalog.pages.items():
        first, second = catalog.pair_of(uri) or ("", ".")
        if first == second:
            yield page.doc.problem((), "comparison", "expected two different entries")
        elif first > second:
            message = f"expected the slugs in alphabetical order: rename to {second}-vs-{first}.md"
            yield page.doc.problem((), "comparison", message)


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
    cited = citations.cited(catalog)
    for key, work in catalog.references.items():
        if key not in cited:
            path, message = catalog.bibliography, f"nothing cites '{key}'; cite it or remove it"
            yield Problem(path=path, line=work.line, column=1, rule="unused", message=message, subject=ANY)


@check("file")
def check_file_names(catalog: Catalog) -> Iterator[Problem]:
    """Report files whose names cannot be addresses, and pages that stand where a page is generated.

    Why: A file that stands where nothing reads it would be lost, or be published as it is, without a word.
    Wrong: docs/systems/old/redis.md
    Right: docs/systems/redis.md
    """
    if "index.md" not in catalog.documents:
        message = "the guide has no home page; write one with a title, a summary and a paragraph"
        path = f"{catalog.bibliography.partition('/')[0]}/index.md"
        yield Problem(path=path, line=1, column=1, rule="file", message=message, subject="index")
    plurals = catalog.vocabulary.kind_of_folder
    generated = {*urls.GENERATED, *(f"{plural}/index.md" for plural in plurals)}
    owners = {urls.url(uri): uri for uri in generated}
    for uri, document in catalog.documents.items():
        owner = owners.setdefault(urls.url(uri), uri)
        folder, _, name = uri.rpartition("/")
        slug = name.removesuffix(".md")
        if owner != uri and uri not in generated:
            message = f"'{owner}' has the address /{urls.url(uri)} too; rename this one"
            yield document.problem((), "clash", message)
        if uri in generated:
            yield document.problem((), "file", "this page is generated; remove the file")
        elif folder in plurals and (not re.fullmatch(formats.SLUG, slug) or "-vs-" in slug):
            message = f"expected a file name of lower-case words joined by hyphens, without '-vs-'; got {shown(name)}"
            yield document.problem((), "file", message)
        elif (
            folder not in plurals
            and not catalog.pair_of(uri)
            and not re.fullmatch(formats.PATH, uri.removesuffix(".md"))
        ):
            message = f"expected a file name of lower-case words joined by hyphens; got {shown(uri)}"
            yield document.problem((), "file", message)


@check("letters", per="warnings")
def check_letters(catalog: Catalog) -> Iterator[Problem]:
    """Warn of each page whose title or summary the cards cannot show whole.

    Why: The card of a page, which stands where its link is shown, has a font of its own with the letters of Western
    Europe. This only warns.
    Wrong: title: Łódź
    Right: the same, if a gap in its card is no harm, or 'cards: false' in mkdocs.yml
    """
    from fontTools.ttLib import TTFont  # noqa: PLC0415 -- it loads slowly, and only warnings need it

    with TTFont(FONT, lazy=True) as font:
        known = font.getBestCmap().keys()
    for document in catalog.documents.values():
        for key in ("title", "summary"):
            missing = sorted({c for c in str(document.data.get(key, "")) if ord(c) not in known and not c.isspace()})
            if missing:
                letters = " ".join(missing)
                message = f"the card of this page leaves out {letters}: the font of the cards has no such letter"
                yield replace(document.problem((key,), "letters", message), warning=True)
                break
