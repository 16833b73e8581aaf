"""Everything that was read, and the look-ups derived from it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, TypeVar

from fieldguide.model import SearchPhrases, folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fieldguide.model import Article, Change, Claim, Entry, Fact, Page, Reference, Section, Vocabulary
    from fieldguide.problem import Document

Item = TypeVar("Item")


@dataclass(frozen=True, kw_only=True, eq=False)
class Catalog:
    """The content of one guide; frozen, so each look-up is made once."""

    vocabulary: Vocabulary
    entries: Mapping[str, Entry]
    articles: Mapping[str, Article]
    references: Mapping[str, Reference]
    claims: Mapping[str, Claim]
    pages: Mapping[str, Page]
    documents: Mapping[str, Document] = field(default_factory=dict, repr=False)
    redirects: Mapping[str, str] = field(default_factory=dict)
    redirects_document: Document | None = field(default=None, repr=False)
    bibliography: str = ""
    files: frozenset[str] = frozenset()
    fingerprint: tuple[str, ...] = ()
    vocabulary_document: Document | None = field(default=None, repr=False)
    claims_document: Document | None = field(default=None, repr=False)
    changes: tuple[Change, ...] = ()
    changes_document: Document | None = field(default=None, repr=False)
    releases: tuple[str, ...] = ()
    search_phrases: SearchPhrases = field(default_factory=SearchPhrases)
    search_phrases_document: Document | None = field(default=None, repr=False)

    @cached_property
    def sections(self) -> dict[str, tuple[Article, Section]]:
        """Every `article#section` that can be cited."""
        return {f"{a.id}#{s.id}": (a, s) for a in self.articles.values() for s in a.sections}

    @cached_property
    def by_kind(self) -> dict[str, list[Entry]]:
        """Entries of each kind by title."""
        groups: dict[str, list[Entry]] = {kind: [] for kind in self.vocabulary.kinds}
        for entry in sorted(self.entries.values(), key=lambda e: folded(e.title)):
            groups[entry.kind].append(entry)
        return groups

    @property
    def facts(self) -> Iterator[tuple[Entry, str, Fact]]:
        """Every fact with its entry and the key of its attribute."""
        return ((entry, key, fact) for entry in self.entries.values() for key, fact in entry.facts.items())

    def entry_at(self, uri: str) -> Entry | None:
        """Return the entry that has its page at a file."""
        folder, _, name = uri.rpartition("/")
        entry = self.entries.get(name.removesuffix(".md"))
        return entry if entry and entry.page and self.vocabulary.kind_of_folder.get(folder) == entry.kind else None

    def title(self, slug: str) -> str:
        """The title of an entry or the label of a class; an unknown slug as it is."""
        node = self.entries.get(slug) or self.vocabulary.classes.get(slug)
        return node.title if node else slug

    def parents(self, slug: str) -> tuple[str, ...]:
        """What a node is a kind of; none for an unknown node."""
        node = self.entries.get(slug) or self.vocabulary.classes.get(slug)
        return node.is_a if node else ()

    @cached_property
    def children(self) -> dict[str, list[str]]:
        """Node to the nodes that name it under `is_a`, by title."""
        return self._inverse((slug, parent) for slug in self.nodes for parent in self.parents(slug))

    @cached_property
    def built_with(self) -> dict[str, list[str]]:
        """Entry to the entries that are built on it, by title."""
        return self._inverse((e.slug, target) for e in self.entries.values() for target in e.built_on)

    @cached_property
    def nodes(self) -> list[str]:
        """Every node of the taxonomy: classes, then entries."""
        return [*self.vocabulary.classes, *self.entries]

    def _inverse(self, edges: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
        groups = _group((target, source) for source, target in edges)
        return {key: sorted(slugs, key=lambda slug: folded(self.title(slug))) for key, slugs in groups.items()}

    def ancestors(self, slug: str) -> set[str]:
        """Everything a node is a kind of, directly or through others."""
        found: set[str] = set()
        todo = list(self.parents(slug))
        while todo:
            node = todo.pop()
            if node not in found:
                found.add(node)
                todo.extend(self.parents(node))
        return found

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        """Every comparison, slugs in order: siblings of one kind, and pairs with a page of their own."""
        wanted = {pair for uri in self.pages if (pair := self.pair_of(uri))}
        for slugs in self.children.values():
            members = [e for s in slugs if (e := self.entries.get(s)) and e.page]
            wanted |= {
                (min(a.slug, b.slug), max(a.slug, b.slug)) for a, b in combinations(members, 2) if a.kind == b.kind
            }
        return sorted(wanted)

    @cached_property
    def explained_pairs(self) -> list[tuple[tuple[str, str], Page]]:
        """The comparisons with prose of their own, those with an `order` first."""
        found = [(pair, self.pages[uri]) for uri in self.pages if (pair := self.pair_of(uri))]
        return sorted(found, key=lambda item: (item[1].order == 0, item[1].order, item[0]))

    @cached_property
    def pairs_of(self) -> dict[str, list[tuple[str, str]]]:
        """Entry to the comparisons it takes part in."""
        return _group((slug, pair) for pair in self.pairs for slug in pair)

    @staticmethod
    def pair_of(uri: str) -> tuple[str, str] | None:
        """The two slugs a comparison's file name states; None for any other page."""
        folder, _, name = uri.partition("/")
        first, versus, second = name.removesuffix(".md").partition("-vs-")
        return (first, second) if folder == "compare" and versus and "/" not in name else None

    @cached_property
    def guides(self) -> list[Page]:
        """The explainers, in the order in which they are read."""
        return sorted((p for uri, p in self.pages.items() if uri.startswith("guide/")), key=lambda p: p.order)

    @cached_property
    def named_in(self) -> dict[str, list[str]]:
        """Entry to the article sections that name or describe it, in reading order."""
        sections = ((key, section) for key, (_, section) in self.sections.items())
        return _group((slug, key) for key, s in sections for slug in dict.fromkeys((*s.names, *s.describes)))

    @cached_property
    def claims_about(self) -> dict[str, list[Claim]]:
        """Entry to the claims about it."""
        return _group((slug, claim) for claim in self.claims.values() for slug in claim.about)

    @cached_property
    def claims_said_in(self) -> dict[str, list[Claim]]:
        """Article section to the claims that it makes."""
        return _group((key, claim) for claim in self.claims.values() for key in dict.fromkeys(claim.said_by))

    @cached_property
    def coverage(self) -> dict[str, list[str]]:
        """Article section to the files of the pages that say they rewrite it."""
        pages = _group((key, page.uri) for page in self.pages.values() for key in page.rewrites)
        return {key: pages.get(key, []) for key in self.sections}


def _group(pairs: Iterable[tuple[str, Item]]) -> dict[str, list[Item]]:
    """Return the second items of pairs by the first."""
    groups: dict[str, list[Item]] = defaultdict(list)
    for key, item in pairs:
        groups[key].append(item)
    return dict(groups)
