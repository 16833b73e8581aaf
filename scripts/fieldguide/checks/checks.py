"""What must hold across the catalog. Each check yields problems; none prints, none raises for bad input."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide import cores, formats
from fieldguide.checks import changes, graph, leftovers, letters, originality, prose_checks, redirects
from fieldguide.checks.places import Places
from fieldguide.checks.prose_checks import subject_of, unresolved
from fieldguide.mentions import Names
from fieldguide.model import split_value
from fieldguide.problem import Document
from fieldguide.source import folder
from fieldguide.source.attribute_types import ATTRIBUTE_TYPES
from fieldguide.source.suggestions import did_you_mean, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fieldguide.catalog import Catalog
    from fieldguide.model import Entry, Fact
    from fieldguide.problem import Problem, Where

CLAIM_WORDS = 60


def check(catalog: Catalog) -> list[Problem]:
    """Every problem of a catalog."""
    found: list[Problem] = []
    for rule in (folder.check, redirects.check, leftovers.coverage, leftovers.unused, changes.check):
        found += rule(catalog)
    for rule in (names, classes, graph.check, articles, claims, comparisons, pages):
        found += rule(catalog)
    own = [name for entry in catalog.entries.values() for name in (entry.title, *entry.aliases)]
    copied = originality.marks(catalog.fingerprint, own)
    places = Places(catalog)

    def check_some(uris: Sequence[str]) -> list[Problem]:
        return [p for uri in uris for p in file(places, catalog, copied, uri, catalog.documents[uri])]

    for problems in cores.spread(check_some, list(catalog.documents), "Checks"):
        found += problems
    if document := catalog.claims_document:
        found += originality.shared(copied, document.text, document.path)
    return found


def file(
    places: Places, catalog: Catalog, copied: originality.Marks, uri: str, document: Document
) -> Iterator[Problem]:
    """The problems of one file: of its prose, and of the facts and links of the entry in it."""
    entry = catalog.entries.get(uri.rpartition("/")[2].removesuffix(".md"))
    if entry and entry.doc is document:
        yield from entry_targets(catalog, entry)
        yield from fact_values(catalog, entry)
    yield from prose_checks.check(places, uri, document)
    yield from originality.shared(copied, document.text, document.path)


def _unknown(document: Document, where: Where, slug: str, known: Iterable[str], what: str) -> Problem:
    hint = "; it says 'page: false'" if slug in known else did_you_mean(slug, known)
    return document.problem(where, "unknown-entry", f"{shown(slug)} is not {what}{hint}", subject=slug)


def classes(catalog: Catalog) -> Iterator[Problem]:
    """Classes of the vocabulary under a node that does not exist."""
    document = catalog.vocabulary_document or Document(path="docs")
    for slug, node in catalog.vocabulary.classes.items():
        for index, parent in enumerate(node.is_a):
            if parent not in catalog.nodes:
                where = ("classes", slug, "is_a", index)
                yield _unknown(document, where, parent, catalog.nodes, "an entry or a class of the vocabulary")


def entry_targets(catalog: Catalog, entry: Entry) -> Iterator[Problem]:
    """Unknown entries behind `is_a`, `built_on`, `about` and `section_of`."""
    nodes, entries = catalog.nodes, catalog.entries
    for field, known, what in (
        ("is_a", nodes, "an entry or a class of the vocabulary"),
        ("built_on", entries, "an entry"),
        ("about", entries, "an entry"),
    ):
        for index, slug in enumerate(getattr(entry, field)):
            if slug not in known:
                yield _unknown(entry.doc, (field, index), slug, known, what)
            elif field == "about" and slug == entry.slug:
                yield entry.doc.problem((field, index), "cycle", f"'{slug}' is this entry itself; remove it")
    if entry.section_of and entry.page:
        message = "an entry with a page of its own is no section of another; remove this, or write 'page: false'"
        yield entry.doc.problem(("section_of",), "page", message)
    elif entry.section_of and not (entry.section_of in entries and entries[entry.section_of].page):
        yield _unknown(entry.doc, ("section_of",), entry.section_of, entries, "an entry with a page")
    if not entry.page and entry.doc.body.strip():
        yield entry.doc.problem(("page",), "page", "an entry with 'page: false' has no prose; remove one of the two")


def fact_values(catalog: Catalog, entry: Entry) -> Iterator[Problem]:
    """Citations that resolve to nothing, and values that name what does not exist."""
    yield from _cites(catalog, entry.doc, ("summary_cite",), entry.summary_cite)
    for key, fact in entry.facts.items():
        where: Where = ("facts", key)
        yield from _cites(catalog, entry.doc, (*where, "cite"), fact.cite)
        if not fact.attributed and all("#" in cite for cite in fact.cite):
            message = f"only an article says '{key}'; add 'attributed: true', or cite a primary reference"
            yield entry.doc.problem(where, "attribution", message, key=True)
        yield from _value(catalog, entry, (*where, "value"), fact)
        for stance in fact.articles:
            at = (*where, "articles", stance.article)
            if stance.article not in catalog.articles:
                yield _unknown(entry.doc, at, stance.article, catalog.articles, "an article")
            yield from _cites(catalog, entry.doc, (*at, "at"), stance.at)


def _value(catalog: Catalog, entry: Entry, where: Where, fact: Fact) -> Iterator[Problem]:
    of_type = ATTRIBUTE_TYPES[catalog.vocabulary.attributes[str(where[1])].types[entry.kind]]
    for index, item in enumerate(split_value(fact.value)):
        place = where if isinstance(fact.value, str) else (*where, index)
        for flaw in of_type.check_item(catalog, item):
            yield entry.doc.problem(place, flaw.rule, flaw.message, subject=flaw.subject)


def _cites(catalog: Catalog, document: Document, where: Where, keys: Iterable[str]) -> Iterator[Problem]:
    for index, key in enumerate(keys):
        if message := unresolved(catalog, key):
            yield document.problem((*where, index), "unresolved", message, subject=subject_of(key))


def names(catalog: Catalog) -> Iterator[Problem]:
    """A title or alias that two entries use, and a class that has an entry's name."""
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


def articles(catalog: Catalog) -> Iterator[Problem]:
    """Sections that name unknown entries or parents, or share an id."""
    for article in catalog.articles.values():
        ids = [section.id for section in article.sections]
        if bool(article.date) == bool(article.date_estimate):
            message = "expected either 'date', or 'date_estimate' with the reasons for it"
            yield article.doc.problem((), "required", message)
        yield from _cites(catalog, article.doc, ("date_estimate", "cite"), article.date_estimate.get("cite", ()))
        for index, section in enumerate(article.sections):
            where: Where = ("sections", index)
            if section.id in ids[:index]:
                yield article.doc.problem((*where, "id"), "clash", f"two sections are called '{section.id}'")
            if section.parent and (section.parent not in ids or section.parent == section.id):
                message = f"'{section.parent}' is not another section of this article"
                yield article.doc.problem((*where, "parent"), "unknown-section", message)
            for field in ("names", "describes"):
                for at, slug in enumerate(getattr(section, field)):
                    if slug not in catalog.entries:
                        yield _unknown(article.doc, (*where, field, at), slug, catalog.entries, "an entry")


def claims(catalog: Catalog) -> Iterator[Problem]:
    """Claims about nothing known, without evidence, or with too long an answer."""
    document = catalog.claims_document or Document(path="docs")
    for claim in catalog.claims.values():
        where: Where = ("claims", claim.index)
        for field in ("cite", "said_by", "contradicted_by"):
            yield from _cites(catalog, document, (*where, field), getattr(claim, field))
        for index, slug in enumerate(claim.about):
            if slug not in catalog.entries:
                yield _unknown(document, (*where, "about", index), slug, catalog.entries, "an entry")
        kinds = {entry.kind for slug in claim.about if (entry := catalog.entries.get(slug))}
        for at, key in enumerate(claim.attributes):
            known = all(slug in catalog.entries for slug in claim.about)
            if known and kinds and kinds.isdisjoint(catalog.vocabulary.attributes[key].types):
                yield document.problem((*where, "attributes", at), "attribute", f"'{key}' fits nothing under 'about'")
        if (count := len(claim.accurate.split())) > CLAIM_WORDS:
            message = f"expected at most {CLAIM_WORDS} words for 'accurate', got {count}"
            yield document.problem((*where, "accurate"), "length", message)


def comparisons(catalog: Catalog) -> Iterator[Problem]:
    """Hand-written comparisons whose file name is not two known slugs in alphabetical order."""
    for uri, page in catalog.pages.items():
        pair = catalog.pair_of(uri)
        if not pair:
            continue
        first, second = pair
        for slug in pair:
            if slug not in catalog.entries or not catalog.entries[slug].page:
                yield _unknown(page.doc, (), slug, catalog.entries, "an entry with a page")
        if first == second:
            yield page.doc.problem((), "comparison", "expected two different entries")
        elif first > second:
            message = f"expected the slugs in alphabetical order: rename to {second}-vs-{first}.md"
            yield page.doc.problem((), "comparison", message)


def pages(catalog: Catalog) -> Iterator[Problem]:
    """Pages that say they rewrite a section no article has."""
    for page in catalog.pages.values():
        yield from _cites(catalog, page.doc, ("rewrites",), page.rewrites)


def search_phrases(catalog: Catalog, pages: Iterable[str]) -> Iterator[Problem]:
    """Phrases that readers type for an entry, a claim or a page that does not exist."""
    document = catalog.search_phrases_document or Document(path="docs")
    known = {*catalog.entries, *catalog.claims, *(page.removesuffix(".md") for page in pages)}
    for key in catalog.search_phrases.phrases:
        if key not in known:
            message = f"expected an entry, a claim or a page, got '{key}'{did_you_mean(key, known)}"
            yield document.problem(("asked", key), "unresolved", message, key=True, subject=key.rpartition("/")[2])


def warnings(catalog: Catalog) -> list[Problem]:
    """What an editor may want to mend, and no build fails for: first mentions without a link, letters cards lack."""
    names = Names(catalog)
    found = list(letters.lacking(catalog))
    for uri, document in catalog.documents.items():
        slug = uri.rpartition("/")[2].removesuffix(".md")
        own = {slug, *(catalog.pair_of(uri) or ())} & set(catalog.entries)
        found += names.unlinked(document, uri, own)
    return sorted(found)
