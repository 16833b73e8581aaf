"""What must hold across the catalog. Each check yields problems; none prints, none raises for bad input."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from . import bibliography, changes, originality, prose
from .blocks import check as check_block
from .located import Document, Malformed
from .mentions import Names
from .model import Problem
from .read import read
from .violations import did_you_mean, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from .catalog import Catalog
    from .located import Where
    from .model import Entry

SCRIPT = re.compile(r"^\s*(javascript|vbscript|data)\s*:", re.IGNORECASE)
SCHEME = re.compile(r"(?:script|data)\s*:")  # looks for no address where none can be a script
CLAIM_WORDS = 60


def check(catalog: Catalog, problems: Iterable[Problem] = ()) -> list[Problem]:
    """Every problem of a catalog, those of its reading included, sorted by file and line."""
    found = list(problems)
    for entry in catalog.entries.values():
        found += entry_targets(catalog, entry)
        found += fact_values(catalog, entry)
    for rule in (names, cycles, articles, claims, comparisons, pages, coverage, unused, changes.check):
        found += rule(catalog)
    copied = originality.marks_of(catalog)
    for uri, document in catalog.documents.items():
        found += prose_of(catalog, document)
        found += unnamed(catalog, uri, document)
        found += originality.shared(copied, document.text, document.path)
    if catalog.claims_document:
        found += originality.shared(copied, catalog.claims_document.text, catalog.claims_document.path)
    return sorted(set(found))


def run(docs: Path) -> tuple[Catalog, list[Problem]]:
    """Reads a `docs/` folder and checks it."""
    catalog, problems = read(docs)
    # A catalog with holes would blame sound pages for naming what could not be read.
    return catalog, sorted(set(problems)) if problems else check(catalog)


def _unknown(document: Document, where: Where, slug: str, known: Iterable[str], what: str) -> Problem:
    return document.problem(where, "unknown-entry", f"{shown(slug)} is not {what}{did_you_mean(slug, known)}")


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
    if entry.section_of and not (entry.section_of in entries and entries[entry.section_of].page):
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
        match catalog.vocabulary.attributes[key].types[entry.kind]:
            case "entries":
                for index, slug in enumerate(fact.value):
                    if slug not in catalog.entries:
                        yield _unknown(entry.doc, (*where, "value", index), slug, catalog.entries, "an entry")
            case "reference":
                yield from _cites(catalog, entry.doc, (*where, "value"), (str(fact.value),))
        for stance in fact.articles:
            at = (*where, "articles", stance.article)
            if stance.article not in catalog.articles:
                yield _unknown(entry.doc, at, stance.article, catalog.articles, "an article")
            yield from _cites(catalog, entry.doc, (*at, "at"), stance.at)


def _cites(catalog: Catalog, document: Document, where: Where, keys: Iterable[str]) -> Iterator[Problem]:
    for index, key in enumerate(keys):
        if message := _unresolved(catalog, key):
            yield document.problem((*where, index), "unresolved", message)


def _unresolved(catalog: Catalog, key: str) -> str:
    known: Mapping[str, object] = catalog.sections if "#" in key else catalog.references
    if key in known:
        return ""
    what = "a section of an article" if "#" in key else "a key of references.bib"
    return f"the citation {shown(key)} is not {what}{did_you_mean(key, known)}"


def names(catalog: Catalog) -> Iterator[Problem]:
    """A title or alias that two entries use, and a class that has an entry's name."""
    owners: dict[str, Entry] = {}
    for entry in catalog.entries.values():
        places: list[tuple[Where, str]] = [(("title",), entry.title)]
        places += [(("aliases", i), alias) for i, alias in enumerate(entry.aliases)]
        for where, name in places:
            owner = owners.setdefault(name.casefold(), entry)
            if owner is not entry:
                message = f"'{name}' is a title or alias of {owner.doc.path} too; a name leads to one entry"
                yield entry.doc.problem(where, "clash", message)
        if entry.slug in catalog.vocabulary.classes:
            message = f"'{entry.slug}' is a class of the vocabulary too; rename one of the two"
            yield entry.doc.problem((), "clash", message)


def cycles(catalog: Catalog) -> Iterator[Problem]:
    """Entries that are, in the end, a kind of themselves or built on themselves."""
    for field in ("is_a", "built_on"):
        edges: dict[str, tuple[str, ...]] = {s: getattr(e, field) for s, e in catalog.entries.items()}
        if field == "is_a":
            edges |= {s: c.is_a for s, c in catalog.vocabulary.classes.items()}
        for cycle in _cycles(edges):
            entry = next(catalog.entries[s] for s in cycle if s in catalog.entries)
            path = " → ".join((*cycle, cycle[0]))
            yield entry.doc.problem((field,), "cycle", f"'{field}' runs in a circle: {path}; remove one of the links")


def _cycles(edges: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Each cycle met in a depth-first walk, once, beginning with its first name."""
    done: set[str] = set()
    seen: set[tuple[str, ...]] = set()
    for start in edges:
        path: list[str] = []
        stack = [(start, iter(edges[start]))] if start not in done else []
        path += [start] if stack else []
        while stack:
            target = next(stack[-1][1], None)
            if target is None:
                stack.pop()
                done.add(path.pop())
            elif target in path:
                cycle = path[path.index(target) :]
                turn = cycle.index(min(cycle))
                if (rotated := tuple(cycle[turn:] + cycle[:turn])) not in seen:
                    seen.add(rotated)
                    yield rotated
            elif target in edges and target not in done:
                path.append(target)
                stack.append((target, iter(edges[target])))


def articles(catalog: Catalog) -> Iterator[Problem]:
    """Sections that name unknown entries or parents, or share an id."""
    for article in catalog.articles.values():
        ids = [section.id for section in article.sections]
        yield from _cites(catalog, article.doc, ("date_estimate", "cite"), article.date_estimate.get("cite", ()))
        for index, section in enumerate(article.sections):
            where: Where = ("sections", index)
            if section.id in ids[:index]:
                yield article.doc.problem((*where, "id"), "clash", f"two sections are called '{section.id}'")
            if section.parent and section.parent not in ids:
                message = f"no section is called '{section.parent}'"
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
            if kinds and kinds.isdisjoint(catalog.vocabulary.attributes[key].types):
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


def prose_of(catalog: Catalog, document: Document) -> Iterator[Problem]:
    """Citations, blocks and links in prose that cannot work or would run a script."""

    def at(offset: int, rule: str, message: str) -> Problem:
        line, column = prose.place(document, offset)
        return Problem(path=document.path, line=line, column=column, rule=rule, message=message)

    for key, offset in prose.citations(document):
        if message := _unresolved(catalog, key):
            yield at(offset, "unresolved", message)
    for address, offset in prose.addresses(document) if SCHEME.search(document.body.casefold()) else ():
        if SCRIPT.match(address):
            message = f"{shown(address)} would run in the reader's browser; link to https:// or to a page"
            yield at(offset, "link", message)
    try:
        for block in prose.blocks(document):
            yield from check_block(catalog, block)
    except Malformed as error:
        yield from error.problems


def warnings(catalog: Catalog) -> list[Problem]:
    """What an editor may want to mend, and no build fails for: first mentions without a link."""
    names = Names(catalog)
    found: list[Problem] = []
    for uri, document in catalog.documents.items():
        slug = uri.rpartition("/")[2].removesuffix(".md")
        own = {slug, *(catalog.pair_of(uri) or ())} & set(catalog.entries)
        found += names.unlinked(document, uri, own)
    return sorted(found)


def coverage(catalog: Catalog) -> Iterator[Problem]:
    """Article sections that no page rewrites, contact and advertising text apart."""
    for article in catalog.articles.values():
        for index, section in enumerate(article.sections):
            if not section.boilerplate and not catalog.coverage[f"{article.id}#{section.id}"]:
                message = (
                    f"no page rewrites '{article.id}#{section.id}'; list it under 'rewrites' of the page that does"
                )
                yield article.doc.problem(("sections", index, "id"), "coverage", message)


def unused(catalog: Catalog) -> Iterator[Problem]:
    """References that nothing cites."""
    for key, pages in bibliography.citing(catalog).items():
        if not pages:
            line = catalog.references[key].line
            message = f"nothing cites '{key}'; cite it or remove it"
            yield Problem(path=catalog.bibliography, line=line, column=1, rule="unused", message=message)


def unnamed(catalog: Catalog, uri: str, document: Document) -> Iterator[Problem]:
    """Article sections cited on an entry's page that do not treat the entry."""
    entry = catalog.entries.get(uri.rpartition("/")[2].removesuffix(".md"))
    if entry is None or entry.doc is not document:
        return
    named = set(catalog.named_in.get(entry.slug, ()))
    for fact_key, fact in entry.facts.items():
        values = fact.value if isinstance(fact.value, tuple) else ()
        enough = named.union(*(catalog.named_in.get(slug, ()) for slug in values))
        for index, key in enumerate(fact.cite):
            if key in catalog.sections and key not in enough:
                yield document.problem(("facts", fact_key, "cite", index), "unnamed", _unnamed(entry, key))
    for key, offset in prose.citations(document):
        if key in catalog.sections and key not in named:
            line, column = prose.place(document, offset)
            yield Problem(path=document.path, line=line, column=column, rule="unnamed", message=_unnamed(entry, key))


def _unnamed(entry: Entry, key: str) -> str:
    return f"'{key}' does not name '{entry.slug}'; add it to that section's 'names' or 'describes', or cite another"


def report(problems: Sequence[Problem]) -> str:
    """The problems, a line each, and their count."""
    plural = "" if len(problems) == 1 else "s"
    return "\n".join([*map(str, problems), f"{len(problems)} problem{plural}"])
