"""Where a link may lead: the files of a guide, hand-written and generated, and the ids that each may have."""

from __future__ import annotations

import posixpath
import re
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from fieldguide import urls
from fieldguide.checks.rules import rules
from fieldguide.problem import once

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fieldguide.catalog import Catalog
    from fieldguide.model import Entry
    from fieldguide.problem import Document

# Ids given in Markdown or in HTML, code included: none that a page has is missing.
IDS = re.compile(r"\{[^{}\n]*?#([\w.:-]+)|\bid=\"([^\"]*)\"|\bname=\"([^\"]*)\"")
HEADING = re.compile(r"^(?:#{1,6}(.*)|(.*)\n(?:=+|-+)[^\S\n]*)$", re.MULTILINE)
GIVEN = re.compile(r"\{[^{}]*#[^{}]*\}[\s#]*$")
# Ids that templates give to parts of their own, by the sort of page.
ENTRY = {"at-a-glance", "neighborhood", "who-says-what", "comparisons", "claims", "articles"}
PAIR = {"differences", "summary", "is-a", "built-on", "same", "verdict", "articles", "claims", "comparisons"}
MADE = ("assets/stylesheets/", "assets/javascripts/", "assets/images/", "feed.xml", "llms.txt", "sitemap.xml")
PUBLISHED = re.compile(r"data/(?P<name>[a-z-]+)(?:\.csv|(?:\.schema)?\.json)")
TOLD = {"catalog", "index", "entry", "vocabulary", "claims", "changes", "asked"}
EVERY = {"", "references", "cite-this-page"}
# A table or diagram names its parts after what they show: an entry, a fact of it, or a citation.
PART = re.compile(r"(?:node-)?(?P<slug>[a-z0-9-]+)\.(?P<key>[\w-]+)|node-(?P<node>[a-z0-9-]+)|cite-.+|letter-.+")


class Places:
    """The files and ids of one catalog; what is not here leads nowhere."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._ids: dict[str, set[str]] = {}

    @cached_property
    def pages(self) -> set[str]:
        """The file of each page, whether or not it could be read."""
        catalog = self.catalog
        hidden = {urls.entry(catalog, entry) for entry in catalog.entries.values() if not entry.page}
        absent = {urls.CLAIMS: not catalog.claims, urls.GUIDE: not catalog.guides}
        generated = {uri for uri in urls.GENERATED if not absent.get(uri)}
        matrices = {urls.matrix(catalog, kind) for kind in catalog.vocabulary.kinds}
        return {*catalog.documents, *generated, *matrices, *(urls.pair(*pair) for pair in catalog.pairs)} - hidden

    @cached_property
    def urls(self) -> dict[str, str]:
        """The address of each page to its file."""
        return {urls.url(uri): uri for uri in self.pages}

    @cached_property
    def folded_keys(self) -> set[str]:
        """The keys of the bibliography, whatever their case."""
        return {key.casefold() for key in self.catalog.references}

    @property
    def files(self) -> frozenset[str]:
        """What stands under `docs/` beside the pages."""
        return self.catalog.files

    @cached_property
    def named(self) -> dict[str, list[str]]:
        """Pages and files, sorted, by the last part of their paths."""
        files = sorted({*self.pages, *self.files}, key=posixpath.basename)
        return {name: sorted(same) for name, same in groupby(files, posixpath.basename)}

    def may_be(self, uri: str) -> bool:
        """Whether a build may make a file that is no page: those for programs, and those of the theme."""
        file = PUBLISHED.fullmatch(uri)
        told = file and (file["name"] in TOLD or file["name"] in self.catalog.vocabulary.kind_of_folder)
        return bool(told) or (not uri.endswith(".md") and uri.startswith(MADE))

    def ids(self, uri: str) -> set[str]:
        """Every id that a page may have; of those of its parts only what `has` knows is missing."""
        if uri not in self._ids:
            self._ids[uri] = self.own(uri) | self._written(uri)
        return self._ids[uri]

    def own(self, uri: str) -> set[str]:
        """The ids that a page gives to what is generated on it."""
        return EVERY | self._generated(uri)

    def has(self, uri: str, name: str) -> bool:
        """Whether a page may have an id; an id made of a heading's words counts in any number."""
        ids = self.ids(uri)
        if name in ids or re.sub(r"_\d+$", "", name) in ids or "*" in ids or name.startswith("__"):
            return True
        part = PART.fullmatch(name)
        if not part or not self._has_parts(uri):
            return False
        if part["slug"]:
            known = part["key"] in self.catalog.vocabulary.attributes or part["key"] in PAIR
            return known and part["slug"] in self.catalog.nodes
        return not part["node"] or part["node"] in self.catalog.nodes

    def _has_parts(self, uri: str) -> bool:
        document = self.catalog.documents.get(uri)
        return document is None or uri not in self.catalog.pages or "///" in document.body or "[@" in document.body

    def _written(self, uri: str) -> set[str]:
        document = self.catalog.documents.get(uri)
        if document is None:
            return set()
        return {*given(document), *(self._blocks() if "///" in document.body else ())}

    def _blocks(self) -> Iterable[str]:
        """What blocks in prose may give an id to."""
        return (*self.catalog.nodes, *self.catalog.claims)

    def _generated(self, uri: str) -> set[str]:
        """The ids of what is generated on a page."""
        catalog = self.catalog
        folder, _, name = uri.rpartition("/")
        slug = name.removesuffix(".md")
        entry = catalog.entries.get(slug)
        if entry and folder == catalog.vocabulary.kinds[entry.kind].plural:
            return ENTRY | self._attributes([entry]) | {claim.id for claim in catalog.claims_about.get(slug, ())}
        if pair := catalog.pair_of(uri):
            entries = [catalog.entries[slug] for slug in pair if slug in catalog.entries]
            claims = {claim.id for slug in pair for claim in catalog.claims_about.get(slug, ())}
            return PAIR | claims | self._attributes(entries)
        if folder == "sources" and slug in catalog.articles:
            return {"about", *(section.id for section in catalog.articles[slug].sections)}
        if folder in catalog.vocabulary.kind_of_folder:
            return (
                {"in-one-line", "side-by-side", *catalog.entries, *catalog.vocabulary.attributes}
                if slug == "index"
                else {"*"}
            )
        return self._collected(uri)

    def _attributes(self, entries: Iterable[Entry]) -> set[str]:
        """What the table of some entries names its rows after: the attributes of their kinds."""
        return {a.key for entry in entries for a in self.catalog.vocabulary.attributes_of(entry.kind)}

    def _collected(self, uri: str) -> set[str]:
        """The ids of the pages that list everything of a sort."""
        catalog, verdicts = self.catalog, self.catalog.vocabulary.value_sets.get("verdict", {})
        claims = {*(f"verdict-{key}" for key in verdicts), *(f"claims-of-{a}" for a in catalog.articles)}
        listed: dict[str, Iterable[str]] = {
            urls.GLOSSARY: catalog.entries,
            urls.TAXONOMY: ("list", *catalog.nodes),
            urls.TIMELINE: ("table", *catalog.entries),
            urls.CLAIMS: ("by-article", *claims, *catalog.claims),
            urls.REFERENCES: catalog.references,
            urls.SOURCES: ("the-articles", "coverage", *catalog.articles),
            urls.COMPARE: ("asked", *catalog.vocabulary.kind_of_folder),
            urls.RULES: rules() if uri == urls.RULES else (),
            urls.DATA: ("files", "json", "csv"),
        }
        return set(listed.get(uri, ()))


@once
def given(document: Document) -> frozenset[str]:
    """The ids that stand in prose, or are made from the words of its headings; `*` where those cannot be foreseen."""
    found = {one or other or name for one, other, name in IDS.findall(document.body)}
    for marked, under in HEADING.findall(document.body):
        heading = marked or under
        if heading.strip() and not GIVEN.search(heading):
            found.add("*" if re.search(r"[\[<&\\_]|[^\x00-\x7f]", heading) else _slug(heading))
    return frozenset(found)


def _slug(heading: str) -> str:
    """A heading as the id that Markdown makes of it."""
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower())
