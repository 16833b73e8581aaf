"""A catalog to everything that is published: finished Markdown pages, redirects and data files."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING

from fieldguide import citations, urls
from fieldguide.checks.registry import list_rules
from fieldguide.model import folded
from fieldguide.render import compare, data, downloads, metadata, taxonomy, timeline
from fieldguide.render.metadata import UNNAMED, Site
from fieldguide.render.renderer import Renderer, keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fieldguide.catalog import Catalog
    from fieldguide.model import Article, Attribute, Entry, Kind, Page, Stance
    from fieldguide.render.metadata import Metadata

# More sections that name an entry are listed by their headings alone, more neighbors of a comparison not at all.
SIGHTED = 12
# More claims about an entry or a pair are listed by their wording alone, and are read in the claims check.
FEW = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A page's Markdown, what it says of itself, and the day on which it last changed, if that is known."""

    text: str
    head: Metadata
    date: str


class Outputs:
    """The files of one catalog; each is made when it is asked for, from the catalog alone."""

    def __init__(self, catalog: Catalog, site: Site = UNNAMED, renderer: Renderer | None = None) -> None:
        self.catalog, self.site = catalog, site
        self.renderer = renderer or Renderer(catalog, site)

    @cached_property
    def files(self) -> dict[str, Callable[[], str]]:
        """Every published file, relative to `docs/`, with the function that makes its text."""
        return {**self.pages, **self.stubs, **self.data}

    @cached_property
    def pages(self) -> dict[str, Callable[[], str]]:
        """Every page as Markdown that needs nothing of ours to be built."""
        catalog = self.catalog
        makers: dict[str, Callable[[], str]] = {
            urls.COMPARE: self._compare,
            urls.TAXONOMY: self._taxonomy,
            urls.TIMELINE: self._timeline,
            urls.GLOSSARY: self._glossary,
            urls.SOURCES: self._sources,
            urls.REFERENCES: self._references,
            urls.DATA: self._data,
            urls.RULES: partial(self.renderer.page, "rules.md.j2", urls.RULES, rules=list_rules()),
        }
        if catalog.claims:
            makers[urls.CLAIMS] = self._claims
        if catalog.guides:
            makers[urls.GUIDE] = partial(self.renderer.page, "guide.md.j2", urls.GUIDE, pages=catalog.guides)
        for kind in catalog.vocabulary.kinds.values():
            makers[f"{kind.plural}/index.md"] = partial(self._matrix, kind)
        for entry in catalog.entries.values():
            if entry.page:
                makers[self._file(entry)] = partial(self._entry, entry)
        for article in catalog.articles.values():
            makers[f"sources/{article.id}.md"] = partial(self._article, article)
        for pair in catalog.pairs:
            makers[urls.pair(*pair)] = partial(self._pair, *pair)
        for uri, page in catalog.pages.items():
            if not catalog.pair_of(uri):
                makers[uri] = partial(self._page, page)
        return makers

    @cached_property
    def draft(self) -> Callable[[str], Draft]:
        """Makes what a page is built from; that of the last one is kept, since it is asked for more than once."""
        return lru_cache(maxsize=1)(self._draft)

    def _draft(self, uri: str) -> Draft:
        text = self.pages[uri]()
        return Draft(text=text, head=self.head(uri, keys(text)), date=metadata.modified(self.catalog, uri))

    def head(self, uri: str, front: Mapping[str, str]) -> Metadata:
        """What a page with some front matter says of itself."""
        return metadata.page(self.catalog, self.site, uri, front["title"], front.get("description", ""))

    @cached_property
    def titles(self) -> dict[str, str]:
        """The pages a navigation may list with their titles, in order of place, then title."""
        catalog = self.catalog
        titles = {self._file(e): (0, e.title) for e in catalog.entries.values() if e.page}
        titles |= {uri: (page.order, page.title) for uri, page in catalog.pages.items()}
        titles |= {f"sources/{a.id}.md": (0, a.publisher) for a in catalog.articles.values()}
        ordered = sorted(titles.items(), key=lambda item: (item[1][0], folded(item[1][1])))
        return {uri: title for uri, (_, title) in ordered}

    @cached_property
    def stubs(self) -> dict[str, Callable[[], str]]:
        """Pages that lead on, for hosts that read no `_redirects`."""
        return {
            f"{old.lstrip('/')}index.html": partial(self._stub, old.lstrip("/"), new.lstrip("/"))
            for old, new in self.redirects.items()
        }

    def _stub(self, old: str, new: str) -> str:
        return self.renderer.text("redirect.html.j2", target=urls.relative(new, old))

    @cached_property
    def redirects(self) -> dict[str, str]:
        """Old address to new: the reverse of each comparison, and what the editors have moved."""
        reverse = {f"/compare/{b}-vs-{a}/": f"/compare/{a}-vs-{b}/" for a, b in self.catalog.pairs}
        return {**reverse, **self.catalog.redirects}

    @cached_property
    def data(self) -> dict[str, Callable[[], str]]:
        """Files for programs, and the style sheet that depends on the vocabulary."""
        return {
            **downloads.files(self.catalog, self.site, self.renderer),
            "data/index.json": lambda: data.to_json(compare.index(self.catalog)),
            "assets/kinds.css": lambda: self.renderer.text("kinds.css.j2"),
            "_redirects": self._redirects,
        }

    def _redirects(self) -> str:
        return "".join(f"{old} {new} 301\n" for old, new in self.redirects.items())

    def _file(self, entry: Entry) -> str:
        return urls.entry(self.catalog, entry)

    def _matrix(self, kind: Kind) -> str:
        entries = sorted(self.catalog.by_kind[kind.key], key=lambda entry: not entry.facts)
        attributes = self.catalog.vocabulary.attributes_of(kind.key)
        uri = f"{kind.plural}/index.md"
        sparse = sum(bool(entry.facts) for entry in entries) * 2 < len(entries)
        return self.renderer.page("matrix.md.j2", uri, kind=kind, entries=entries, attributes=attributes, sparse=sparse)

    def _entry(self, entry: Entry) -> str:
        catalog = self.catalog
        pairs = [(p, catalog.entries[p[p[0] == entry.slug]]) for p in catalog.pairs_of.get(entry.slug, [])]
        claims = catalog.claims_about.get(entry.slug, [])
        return self.renderer.page(
            "entry.md.j2",
            self._file(entry),
            entry=entry,
            attributes=catalog.vocabulary.attributes_of(entry.kind) if entry.facts else [],
            drawing=taxonomy.neighborhood(catalog, entry.slug),
            children=catalog.children.get(entry.slug, []),
            built_with=catalog.built_with.get(entry.slug, []),
            pairs=sorted(pairs, key=lambda item: folded(item[1].title)),
            stances=self._stances(compare.cell(entry, a) for a in catalog.vocabulary.attributes_of(entry.kind)),
            claims=claims,
            brief=len(claims) > FEW,
            sections=(named := [catalog.sections[key] for key in catalog.named_in.get(entry.slug, [])]),
            many=len(named) > SIGHTED,
        )

    def _pair(self, first: str, second: str) -> str:
        catalog = self.catalog
        pair = compare.pair(catalog, first, second)
        about = {c.id: c for slug in (first, second) for c in catalog.claims_about.get(slug, [])}
        both = [c for c in about.values() if first in c.about and second in c.about]
        neighbors = [p for slug in (first, second) for p in catalog.pairs_of.get(slug, []) if p != (first, second)]
        return self.renderer.page(
            "pair.md.j2",
            urls.pair(first, second),
            pair=pair,
            page=catalog.pages.get(urls.pair(first, second)),
            stances=self._stances(c for _, cells in [*pair.differences, *pair.one_sided, *pair.same] for c in cells),
            claims=(claims := both or list(about.values())),
            brief=len(claims) > FEW,
            neighbors=list(dict.fromkeys(neighbors))[:SIGHTED],
        )

    def _stances(self, cells: Iterable[compare.Cell]) -> list[tuple[Attribute, Entry, list[Stance | None]]]:
        """What each article says of the facts that any says something of; None where it is silent."""
        rows = []
        for cell in cells:
            if cell.fact and cell.fact.articles:
                said = {stance.article: stance for stance in cell.fact.articles}
                rows.append((cell.attribute, cell.entry, [said.get(a) for a in self.catalog.articles]))
        return rows

    def _compare(self) -> str:
        catalog = self.catalog
        groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for a, b in catalog.pairs:
            if catalog.entries[a].kind == catalog.entries[b].kind:
                groups[catalog.entries[a].kind].append((a, b))
        kinds = catalog.vocabulary.kinds
        return self.renderer.page(
            "compare.md.j2",
            urls.COMPARE,
            written=catalog.explained_pairs,
            groups=[(kinds[key], groups[key]) for key in kinds if key in groups],
        )

    def _taxonomy(self) -> str:
        branches = taxonomy.tree(self.catalog)
        draw = partial(taxonomy.draw, self.catalog, branches)
        return self.renderer.page("taxonomy.md.j2", urls.TAXONOMY, draw=draw, branches=branches)

    def _timeline(self) -> str:
        chart = timeline.draw(self.catalog, self.catalog.entries.values())
        return self.renderer.page("timeline.md.j2", urls.TIMELINE, chart=chart)

    def _glossary(self) -> str:
        names = [(e.title, e, False) for e in self.catalog.entries.values()]
        names += [(a, e, True) for e in self.catalog.entries.values() for a in e.aliases if _distinct(a, e.title)]
        letters: dict[str, list[tuple[str, Entry, bool]]] = defaultdict(list)
        for item in sorted(names, key=lambda n: (folded(n[0]), n[2])):
            initial = folded(item[0])[:1].upper()
            letters[initial if initial.isalpha() else "0-9"].append(item)
        return self.renderer.page("glossary.md.j2", urls.GLOSSARY, letters=sorted(letters.items()))

    def _claims(self) -> str:
        catalog = self.catalog
        claims = list(catalog.claims.values())
        verdicts = catalog.vocabulary.value_sets["verdict"].values()
        groups = [(v, [c for c in claims if c.verdict == v.key]) for v in verdicts]
        by_article = [
            (a, [c for c in claims if any(k.startswith(f"{a.id}#") for k in c.said_by)])
            for a in catalog.articles.values()
        ]
        return self.renderer.page(
            "claims.md.j2", urls.CLAIMS, groups=[g for g in groups if g[1]], by_article=[g for g in by_article if g[1]]
        )

    def _article(self, article: Article) -> str:
        rows = []
        for section in article.sections:
            key = f"{article.id}#{section.id}"
            claims = self.catalog.claims_said_in.get(key, [])
            right = [c for c in claims if c.verdict == "right"]
            rest = [c for c in claims if c.verdict != "right"]
            rows.append((section, right, rest, [self.catalog.pages[uri] for uri in self.catalog.coverage[key]]))
        return self.renderer.page("article.md.j2", f"sources/{article.id}.md", article=article, sections=rows)

    def _sources(self) -> str:
        pages = {key: [self.catalog.pages[uri] for uri in uris] for key, uris in self.catalog.coverage.items()}
        return self.renderer.page("sources.md.j2", urls.SOURCES, coverage=pages)

    def _references(self) -> str:
        works = sorted(self.catalog.references.values(), key=lambda w: (folded(w.short), folded(w.title)))
        cited = citations.citing(self.catalog)
        return self.renderer.page("references.md.j2", urls.REFERENCES, works=works, cited=cited)

    def _data(self) -> str:
        return self.renderer.page("data.md.j2", urls.DATA, site=self.site, **downloads.described(self.catalog))

    def _page(self, page: Page) -> str:
        guide = page.uri.startswith("guide/")
        return self.renderer.page(
            "page.md.j2",
            page.uri,
            page=page,
            kicker=(urls.GUIDE, "Guide") if guide else None,
            hide=["navigation", "toc"] if page.uri == "index.md" else [],
        )


def _distinct(alias: str, title: str) -> bool:
    return alias.casefold() != title.casefold()
