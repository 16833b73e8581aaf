"""What must hold of hand-written prose: citations, links, blocks and raw HTML that work and do no harm."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

from fieldguide import formats
from fieldguide.checks import link_checks, slips
from fieldguide.problem import ParseError, Problem
from fieldguide.source import markdown
from fieldguide.source.blocks import check as check_block
from fieldguide.source.suggestions import did_you_mean, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fieldguide.catalog import Catalog
    from fieldguide.checks.places import Places
    from fieldguide.model import Entry
    from fieldguide.problem import Document

SCRIPT = re.compile(r"(javascript|vbscript|data):", re.IGNORECASE)
# Where a page has none of these, no address of it can be a script, however it is spelled.
MAYBE_SCRIPT = re.compile(r"(?:p[\x00-\x20]*t|t[\x00-\x20]*a)[\x00-\x20]*:|&", re.IGNORECASE)

MARKUP = {
    "active": "would run, load or style something of its own; write Markdown",
    "tag": "is no plain tag with its attributes in double quotes; write Markdown, '&lt;' for the sign, or `code`",
    "attributes": "would give an element attributes; only an id and classes can be given, as in '{#id .class}'",
}
HEADING_ID = re.compile(r"\{(?:[^{}]*#[\w-]+[^{}]*|[^{}.]*)\}$")


def check(places: Places, uri: str, document: Document) -> Iterator[Problem]:  # noqa: C901 -- one loop a rule
    """The problems of a page's prose."""
    catalog = places.catalog

    def at(offset: int, rule: str, message: str, subject: str = "") -> Problem:
        line, column = markdown.place(document, offset)
        path = document.path
        return Problem(path=path, line=line, column=column, rule=rule, message=message, subject=subject)

    cited = list(markdown.citations(document))
    for key, offset in cited:
        if message := unresolved(catalog, key):
            yield at(offset, "unresolved", message, subject_of(key))
    for text, offset in markdown.loose_citations(document) if document.body.count("@") > len(cited) else ():
        if text[0] == "@" and text[1:].casefold() not in places.folded_keys:
            continue  # someone's name, not a citation
        yield at(offset, "citation", f"{shown(text)} is not read as a citation; write [@key] or [@one; @two]")
    if MAYBE_SCRIPT.search(document.body):
        for address, offset in markdown.addresses(document):
            if SCRIPT.match(link_checks.SKIPPED.sub("", unescape(address))):
                shut = address.removesuffix(")") if address.count(")") > address.count("(") else address
                message = f"{shown(shut)} would run in the reader's browser; link to https:// or to a page"
                yield at(offset, "link", message)
    harmful = list(_harmful(document))
    slipped = () if harmful else slips.check(places, uri, document.body)
    for offset, rule, message in (*harmful, *slipped):
        yield at(offset, rule, message)
    for link in link_checks.check(places, uri, document, raw=not harmful):
        yield at(*link)
    for text, offset in markdown.headings(document):
        if not HEADING_ID.search(text):
            name = formats.slug(text) or "section"
            message = f"a link to this heading breaks when it is reworded; give it an id: '{text} {{#{name}}}'"
            yield replace(at(offset, "heading-id", message), warning=True)
    for block in markdown.blocks(document):
        yield from block.problems if isinstance(block, ParseError) else check_block(catalog, block)
    yield from unnamed(catalog, uri, document)


def _harmful(document: Document) -> Iterator[tuple[int, str, str]]:
    """What would do more than mark text up, or more than Markdown can take: offset, rule and message."""
    for sort, text, offset in markdown.active(document):
        yield offset, "markup", f"{shown(text)} {MARKUP[sort]}"
    for address, offset in markdown.pictures(document):
        yield offset, "link", f"the picture {shown(address)} would be loaded from another host; put it under docs/"
    for what, offset in markdown.crowded(document):
        yield offset, "markup", f"{what}; write it simpler, or in parts"


def subject_of(key: str) -> str:
    """The file in which the source of a citation is described: its article or the bibliography."""
    article, mark, _ = key.partition("#")
    return article if mark else "references"


def unresolved(catalog: Catalog, key: str) -> str:
    """Why a citation leads nowhere; empty if it leads somewhere."""
    known: Mapping[str, object] = catalog.sections if "#" in key else catalog.references
    if key in known:
        return ""
    article, mark, section = key.partition("#")
    if article in catalog.articles:
        ids = [s.id for s in catalog.articles[article].sections]
        if not mark:
            return f"{shown(key)} is an article; cite a section of it, such as '{article}#{ids[0]}'"
        return f"the article '{article}' has no section '{section}'{did_you_mean(section, ids)}"
    if mark:
        return f"no article is called '{article}'{did_you_mean(article, catalog.articles)}"
    return f"the citation {shown(key)} is not a key of references.bib{did_you_mean(key, known)}"


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
    for key, offset in markdown.citations(document):
        if key in catalog.sections and key not in named:
            line, column = markdown.place(document, offset)
            yield Problem(path=document.path, line=line, column=column, rule="unnamed", message=_unnamed(entry, key))


def _unnamed(entry: Entry, key: str) -> str:
    return f"'{key}' does not name '{entry.slug}'; add it to that section's 'names' or 'describes', or cite another"
