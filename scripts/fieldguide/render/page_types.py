"""The types of pages: what is known of a page before it is rendered, and what its template is given."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from fieldguide import mentions, urls
from fieldguide.checks.registry import list_rules
from fieldguide.model import folded
from fieldguide.render import compare, data, diagrams

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fieldguide.catalog import Catalog
    from fieldguide.model import Article, Attribute, Entry, Kind, Page, Stance

# More sections that name an entry are listed by their headings alone, more neighbors of a comparison not at all.
MAX_SUMMARIES = 12
# More claims about an entry or a pair are listed by their wording alone, and are read in the claims check.
MAX_CLAIMS_IN_FULL = 4
SECTIONS = {"guide": "Guide", "compare": "Compare", "sources": "Sources"}
LINK = re.compile(r"\]\(([^)\s]+)\)")
PAGE_TYPES: dict[str, type[SitePage]] = {}


class SitePage:
    """A page of the site; each type is a subclass.

    `sort` and `label` are what search files a page under, `names` what else it is found by; `section` is the title of
    the index page of its folder, `corner` what its card shows there; `hide` names what the theme leaves out.
    """

    key: ClassVar[str]
    sort: str = "page"
    label: str = "Overview"
    hide: Sequence[str] = ()
    names: Sequence[str] = ()
    entry: Entry | None = None
    pair: tuple[str, str] | None = None
    written: Page | None = None
    title: str
    description: str

    def __init__(self, catalog: Catalog, uri: str, record: Any = None) -> None:  # noqa: ARG002 -- most show one
        self.catalog, self.uri = catalog, uri

    def __init_subclass__(cls) -> None:
        PAGE_TYPES[cls.key] = cls

    @property
    def template(self) -> str:
        return f"{self.key}.md.j2"

    @cached_property
    def section(self) -> str:
        return SECTIONS.get(self.uri.partition("/")[0], "")

    @cached_property
    def corner(self) -> str:
        return self.section

    @cached_property
    def subjects(self) -> Sequence[Entry]:
        """Return the entries that the page is about."""
        return ()

    @property
    def checked(self) -> str:
        """Return the day on which the oldest of its facts was checked; empty where the page states none."""
        written = self.written.checked if self.written else ""
        return written or min((entry.checked for entry in self.subjects), default="")

    @property
    def modified(self) -> str:
        """Return the day on which it last gained a fact; that of the whole guide if its facts do not say."""
        days = [entry.checked for entry in self.subjects] + ([self.written.checked] if self.written else [])
        return max([*filter(None, days)] or [entry.checked for entry in self.catalog.entries.values()], default="")

    def build_context(self) -> dict[str, Any]:
        """Return what the template needs beside the page itself."""
        return {}


class EntryPage(SitePage):
    """All that the guide says of one entry."""

    key = "entry"
    sort = "entry"

    def __init__(self, catalog: Catalog, uri: str, entry: Entry) -> None:
        super().__init__(catalog, uri)
        self.entry, self.kind = entry, catalog.vocabulary.kinds[entry.kind]
        self.title, self.description = entry.title, entry.summary
        self.section, self.corner = self.kind.labels, self.kind.label
        self.subjects = [entry]

    def build_context(self) -> dict[str, Any]:
        catalog, entry = self.catalog, self.subjects[0]
        attributes = catalog.vocabulary.attributes_of(entry.kind)
        pairs = [(pair, catalog.entries[pair[pair[0] == entry.slug]]) for pair in catalog.pairs_of.get(entry.slug, [])]
        claims = catalog.claims_about.get(entry.slug, [])
        sections = [catalog.sections[key] for key in catalog.named_in.get(entry.slug, [])]
        return {
            "entry": entry,
            "kind": self.kind,
            "attributes": attributes if entry.facts else [],
            "drawing": diagrams.draw_neighborhood(catalog, entry),
            "children": catalog.children.get(entry.slug, []),
            "built_with": catalog.built_with.get(entry.slug, []),
            "pairs": sorted(pairs, key=lambda item: folded(item[1].title)),
            "stances": collect_stances(catalog, (compare.cell(entry, attribute) for attribute in attributes)),
            "claims": claims,
            "brief": len(claims) > MAX_CLAIMS_IN_FULL,
            "sections": sections,
            "many": len(sections) > MAX_SUMMARIES,
        }


class ComparisonPage(SitePage):
    """Two entries side by side."""

    key = "pair"
    sort = "comparison"
    label = "Comparison"
    hide = ("navigation",)

    def __init__(self, catalog: Catalog, uri: str, pair: tuple[str, str]) -> None:
        super().__init__(catalog, uri)
        self.pair, self.corner = pair, "Side by side"
        self.title = " vs. ".join(map(catalog.title, pair))
        self.written = catalog.pages.get(uri)

    @cached_property
    def subjects(self) -> Sequence[Entry]:
        """Return the two entries."""
        return [self.catalog.entries[slug] for slug in self.pair or ()]

    @cached_property
    def comparison(self) -> compare.Pair:
        """Return the two entries side by side."""
        return compare.pair(self.catalog, *(entry.slug for entry in self.subjects))

    @property
    def description(self) -> str:  # type: ignore[override]  # what nobody wrote takes a moment to make
        return self.written.summary if self.written else self.comparison.opening

    def build_context(self) -> dict[str, Any]:
        catalog, pair, slugs = self.catalog, self.comparison, [entry.slug for entry in self.subjects]
        about = {claim.id: claim for slug in slugs for claim in catalog.claims_about.get(slug, [])}
        both = [claim for claim in about.values() if set(slugs) <= set(claim.about)]
        claims = both or list(about.values())
        neighbors = [other for slug in slugs for other in catalog.pairs_of.get(slug, []) if other != self.pair]
        rows = [*pair.differences, *pair.one_sided, *pair.same]
        return {
            "pair": pair,
            "stances": collect_stances(catalog, (cell for _, cells in rows for cell in cells)),
            "claims": claims,
            "brief": len(claims) > MAX_CLAIMS_IN_FULL,
            "neighbors": list(dict.fromkeys(neighbors))[:MAX_SUMMARIES],
        }


class MatrixPage(SitePage):
    """All entries of a kind, fact by fact."""

    key = "matrix"
    hide = ("toc",)

    def __init__(self, catalog: Catalog, uri: str, kind: Kind) -> None:
        super().__init__(catalog, uri)
        self.kind = kind
        self.title, self.section, self.description = kind.labels, kind.labels, kind.description
        self.corner = ""

    def build_context(self) -> dict[str, Any]:
        entries = sorted(self.catalog.by_kind[self.kind.key], key=lambda entry: not entry.facts)
        return {
            "kind": self.kind,
            "entries": entries,
            "attributes": self.catalog.vocabulary.attributes_of(self.kind.key),
            "sparse": sum(bool(entry.facts) for entry in entries) * 2 < len(entries),
        }


class ArticlePage(SitePage):
    """A source article, section by section."""

    key = "article"
    sort = "sources"
    label = "Source"

    def __init__(self, catalog: Catalog, uri: str, article: Article) -> None:
        super().__init__(catalog, uri)
        self.article = article
        self.title = f"{article.publisher}: {article.title}"
        self.description = (
            f"What the article by {article.publisher} covers, section by section, and what it gets right and wrong."
        )
        self.names = [name for name in (article.title, article.publisher, article.author.partition(",")[0]) if name]

    def build_context(self) -> dict[str, Any]:
        rows = []
        for section in self.article.sections:
            key = f"{self.article.id}#{section.id}"
            claims = self.catalog.claims_said_in.get(key, [])
            right = [claim for claim in claims if claim.verdict == "right"]
            rest = [claim for claim in claims if claim.verdict != "right"]
            rows.append((section, right, rest, [self.catalog.pages[uri] for uri in self.catalog.coverage[key]]))
        return {"article": self.article, "sections": rows}


class WrittenPage(SitePage):
    """A page that is written by hand, and no comparison."""

    key = "page"

    def __init__(self, catalog: Catalog, uri: str, page: Page) -> None:
        super().__init__(catalog, uri)
        self.written, self.title, self.description = page, page.title, page.summary
        folder = uri.partition("/")[0]
        self.is_guide = folder == "guide"
        self.hide = ("navigation", "toc") if uri == urls.HOME else ()
        self.label = {urls.HOME: "Home", "guide": "Guide", "sources": "Source", "data": "Data"}.get(folder, self.label)
        self.sort = folder if folder in ("guide", "sources") else self.sort

    @cached_property
    def subjects(self) -> Sequence[Entry]:
        """Return the entries to which its opening paragraph links."""
        opening = self.written.doc.body.strip().partition("\n\n")[0] if self.written else ""
        found = (self.catalog.entry_at(urls.resolve(address, self.uri)) for address in LINK.findall(opening))
        return [entry for entry in found if entry]


class GuidePage(SitePage):
    """The explainers."""

    key = "guide"
    title = "Guide"
    description = "Explainers that answer one question each, with their sources."


class ComparePage(SitePage):
    """The chooser of comparisons, and a list of them."""

    key = "compare"
    title = "Compare"
    description = "Any two to four things of the guide side by side: the differences first, each fact with its source."
    hide = ("navigation",)

    def build_context(self) -> dict[str, Any]:
        catalog, kinds = self.catalog, self.catalog.vocabulary.kinds
        groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for a, b in catalog.pairs:
            if catalog.entries[a].kind == catalog.entries[b].kind:
                groups[catalog.entries[a].kind].append((a, b))
        return {"groups": [(kinds[key], groups[key]) for key in kinds if key in groups]}


class TaxonomyPage(SitePage):
    """The tree of kinds."""

    key = "taxonomy"
    title = "Taxonomy"
    description = "Everything in the guide as one tree of kinds, drawn and as a list of links."
    hide = ("navigation", "toc")

    def build_context(self) -> dict[str, Any]:
        branches = diagrams.build_tree(self.catalog)
        return {"drawing": diagrams.draw_tree(self.catalog, branches), "branches": branches}


class TimelinePage(SitePage):
    """First appearances."""

    key = "timeline"
    title = "Timeline"
    description = "When things first appeared, as precisely as it is known."
    hide = ("navigation", "toc")

    def build_context(self) -> dict[str, Any]:
        return {"chart": diagrams.draw_timeline(self.catalog, self.catalog.entries.values())}


class GlossaryPage(SitePage):
    """Every name in one line."""

    key = "glossary"
    title = "Glossary"
    description = "Every term and abbreviation of the guide in one line."
    hide = ("toc",)

    def build_context(self) -> dict[str, Any]:
        letters: dict[str, list[tuple[str, Entry, bool]]] = defaultdict(list)
        for item in sorted(self._names(), key=lambda name: (folded(name[0]), name[2])):
            initial = folded(item[0])[:1].upper()
            letters[initial if initial.isalpha() else "0-9"].append(item)
        return {"letters": sorted(letters.items())}

    def _names(self) -> Iterator[tuple[str, Entry, bool]]:
        """Yield each title and alias with its entry and whether it is an alias."""
        for entry in self.catalog.entries.values():
            yield entry.title, entry, False
            yield from ((name, entry, True) for name in entry.aliases if name.casefold() != entry.title.casefold())


class ClaimsPage(SitePage):
    """The claims of the articles with their verdicts."""

    key = "claims"
    title = "Claims, checked"
    description = "What the source articles claim, who says it, and what holds up against references."
    hide = ("navigation",)

    @property
    def checked(self) -> str:
        return min((article.checked for article in self.catalog.articles.values()), default="")

    def build_context(self) -> dict[str, Any]:
        claims = self.catalog.claims.values()
        verdicts = self.catalog.vocabulary.value_sets["verdict"].values()
        by_verdict = [(verdict, [c for c in claims if c.verdict == verdict.key]) for verdict in verdicts]
        articles = self.catalog.articles.values()
        by_article = [(article, [c for c in claims if article.id in c.articles]) for article in articles]
        return {
            "by_verdict": [group for group in by_verdict if group[1]],
            "by_article": [group for group in by_article if group[1]],
        }


class SourcesPage(SitePage):
    """The articles, and what is rewritten where."""

    key = "sources"
    title = "Sources"
    description = (
        "The articles the guide starts from, who publishes them, and which page rewrites each of their sections."
    )

    def build_context(self) -> dict[str, Any]:
        pages = self.catalog.pages
        return {"coverage": {key: [pages[uri] for uri in uris] for key, uris in self.catalog.coverage.items()}}


class ReferencesPage(SitePage):
    """The bibliography."""

    key = "references"
    sort = "sources"
    label = "Source"
    title = "References"
    description = "The bibliography of the guide: every reference with the pages that cite it."

    def build_context(self) -> dict[str, Any]:
        works = sorted(self.catalog.references.values(), key=lambda work: (folded(work.short), folded(work.title)))
        pages: dict[str, dict[str, str]] = {work.key: {} for work in works}
        for key, uri, title in mentions.list_citations(self.catalog):
            if key in pages:
                pages[key][uri] = title
        return {"works": works, "pages": pages}


class DataPage(SitePage):
    """The files for programs."""

    key = "data"
    label = "Data"
    title = "Data"
    description = (
        "The facts of the guide as files: the catalog as JSON, tables as CSV, their schemas, and a feed of changes."
    )

    def build_context(self) -> dict[str, Any]:
        return data.describe_files(self.catalog)


class RulesPage(SitePage):
    """What the content is held to."""

    key = "rules"
    label = "Data"
    title = "Rules"
    description = "What scripts/check holds the content to, and why."

    def build_context(self) -> dict[str, Any]:
        return {"rules": list_rules()}


def make_pages(catalog: Catalog) -> dict[str, SitePage]:
    """Return every page of the site by its file."""
    return {uri: PAGE_TYPES[key](catalog, uri, record) for uri, (key, record) in urls.list_pages(catalog).items()}


def collect_stances(
    catalog: Catalog, cells: Iterable[compare.Cell]
) -> list[tuple[Attribute, Entry, list[Stance | None]]]:
    """Return what each article says of the facts that any says something of; None where it is silent."""
    rows = []
    for cell in cells:
        if cell.fact and cell.fact.articles:
            said = {stance.article: stance for stance in cell.fact.articles}
            rows.append((cell.attribute, cell.entry, [said.get(article) for article in catalog.articles]))
    return rows
