"""Checks of entries, articles, claims, comparisons and the names of files."""

from __future__ import annotations

import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

from fieldguide import formats, urls
from fieldguide.checks.references import NOWHERE
from fieldguide.checks.registry import check
from fieldguide.model import split_value
from fieldguide.problem import Problem
from fieldguide.source.attribute_types import ATTRIBUTE_TYPES
from fieldguide.source.suggestions import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fieldguide.catalog import Catalog
    from fieldguide.model import Entry
    from fieldguide.problem import Where

CLAIM_WORDS = 60
FONT = Path(__file__).resolve().parents[3] / "overrides/assets/source-serif-4-600.woff2"


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
                yield document.problem((key,), "letters", message)
                break
