"""Matrices and side-by-side comparisons, as data, and the values in their cells as text and as HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from fieldguide.model import split_value
from fieldguide.source.attribute_types import ATTRIBUTE_TYPES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldguide.catalog import Catalog
    from fieldguide.model import Attribute, Entry, Fact
    from fieldguide.source.attribute_types import PageLinks

NAMED_DIFFERENCES = 4
# What is heard at the beginning of a word counts, not what is written; `compare/kinds.js` goes by the same.
VOWEL = re.compile(r"(?!uni(?![mn])|u[bkrst][aeiou]|eu|on(?:e|ce)\b)[aeiou]|hour|honest|honor|heir")


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One entry's fact for one attribute; without a fact it is not stated or not applicable."""

    entry: Entry
    attribute: Attribute
    fact: Fact | None

    @property
    def id(self) -> str:
        """The permanent anchor of the cell on any page."""
        return f"{self.entry.slug}.{self.attribute.key}"

    @property
    def applies(self) -> bool:
        """Whether the attribute means anything for this kind of entry."""
        return self.entry.kind in self.attribute.types

    @property
    def value_type(self) -> str:
        """How the value is to be read."""
        return self.attribute.types.get(self.entry.kind, "")


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """Two entries side by side: the rows in which they differ, then those in which they agree."""

    entries: tuple[Entry, Entry]
    differences: list[tuple[Attribute, list[Cell]]]
    same: list[tuple[Attribute, list[Cell]]]
    one_sided: list[tuple[Attribute, list[Cell]]]
    unstated: list[Attribute]
    opening: str
    unlike: str


def cell(entry: Entry, attribute: Attribute) -> Cell:
    """The cell of an entry under an attribute."""
    return Cell(entry=entry, attribute=attribute, fact=entry.facts.get(attribute.key))


def heading(catalog: Catalog, entries: Sequence[Entry]) -> str:
    """The head of a column of entries: their kind, if they are of one."""
    kinds = {entry.kind for entry in entries}
    return catalog.vocabulary.kinds[kinds.pop()].label if len(kinds) == 1 else "Entry"


def pair(catalog: Catalog, first: str, second: str) -> Pair:
    """The comparison of two entries."""
    a, b = catalog.entries[first], catalog.entries[second]
    rows = [
        (attribute, [cell(a, attribute), cell(b, attribute)])
        for attribute in catalog.vocabulary.attributes.values()
        if a.kind in attribute.types or b.kind in attribute.types
    ]
    stated = {attribute.key: [split_value(c.fact.value) for c in cells if c.fact] for attribute, cells in rows}
    both = [row for row in rows if len(stated[row[0].key]) == 2]
    same = [row for row in both if set(stated[row[0].key][0]) == set(stated[row[0].key][1])]
    differences = [row for row in both if row not in same]
    return Pair(
        entries=(a, b),
        differences=differences,
        same=same,
        one_sided=[row for row in rows if len(stated[row[0].key]) == 1],
        unstated=[attribute for attribute, _ in rows if not stated[attribute.key]],
        opening=f"{relation(catalog, a, b)} {_contrast(differences, same)}",
        unlike=unlike(catalog, a, b),
    )


def term(catalog: Catalog, slug: str) -> str:
    """A title inside a sentence: names as they are, other terms in quotation marks and lower case."""
    title = catalog.title(slug)
    entry = catalog.entries.get(slug)
    if entry is None:
        return f"“{title}”"
    if catalog.vocabulary.kinds[entry.kind].proper or is_name(title):
        return title
    return f"“{lower(title)}”"


def is_name(title: str) -> bool:
    """Whether a title is an abbreviation or a name of several capitalized words."""
    first, *rest = title.split()
    return first[1:] != first[1:].lower() or any(word[0].isupper() and not word.isupper() for word in rest)


def lower(title: str) -> str:
    """A title as it reads inside a sentence."""
    return title if is_name(title) else title[:1].lower() + title[1:]


def join_words(words: Sequence[str]) -> str:
    """Words as an English list."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""


def unlike(catalog: Catalog, a: Entry, b: Entry) -> str:
    """Why two entries cannot be set against each other fact by fact; empty for two of one kind."""
    if a.kind == b.kind:
        return ""
    kinds = [article(catalog.vocabulary.kinds[e.kind].label.lower()) for e in (a, b)]
    return f"Not comparable because {term(catalog, a.slug)} is {kinds[0]} and {term(catalog, b.slug)} is {kinds[1]}."


def article(noun: str) -> str:
    """A noun with its indefinite article."""
    return f"{'an' if VOWEL.match(noun) else 'a'} {noun}"


def pluralize(count: int, one: str, many: str = "") -> str:
    """A number of things; without `many` their word takes an s."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def relation(catalog: Catalog, a: Entry, b: Entry) -> str:
    """A sentence or two on how two entries stand to each other."""
    for narrow, wide in ((a, b), (b, a)):
        if wide.slug in catalog.ancestors(narrow.slug):
            wider = _start(term(catalog, wide.slug))
            return f"{wider} is the wider of the two: {term(catalog, narrow.slug)} falls under it."
    shared = [p for p in a.is_a if p in b.is_a]
    built = next(((x, y) for x, y in ((a, b), (b, a)) if y.slug in x.built_on), None)
    if built:
        one = f"One is built on the other: {term(catalog, built[0].slug)} on {term(catalog, built[1].slug)}."
        return f"{one} {_shared(catalog, shared)}".strip()
    if shared:
        return _shared(catalog, shared)
    common = nearest(catalog, a.slug, b.slug)
    if not common:
        return f"They have nothing in common in the taxonomy: {_branches(catalog, a, b)}."
    return f"Both fall under {term(catalog, common)}, by different branches: {_branches(catalog, a, b)}."


def _shared(catalog: Catalog, shared: Sequence[str]) -> str:
    kinds = [lower(catalog.title(p)) for p in shared if p in catalog.entries]
    groups = [term(catalog, p) for p in shared if p not in catalog.entries]
    parts = [f"kinds of {join_words(kinds)}"] if kinds else []
    parts += [f"filed under {join_words(groups)}"] if groups else []
    return f"Both are {join_words(parts)}." if parts else ""


def _branches(catalog: Catalog, a: Entry, b: Entry) -> str:
    sides = [(term(catalog, e.slug), join_words([term(catalog, p) for p in e.is_a])) for e in (a, b)]
    said = [f"{name} is under {parents}" if parents else f"{name} stands at the top" for name, parents in sides]
    return ", ".join(said)


def nearest(catalog: Catalog, a: str, b: str) -> str:
    """The closest common ancestor of two nodes, the one with most ancestors itself; empty if there is none."""
    common = catalog.ancestors(a) & catalog.ancestors(b)
    return max(sorted(common), key=lambda s: len(catalog.ancestors(s)), default="")


def _start(text: str) -> str:
    return text.replace("“", "", 1).replace("”", "", 1)[:1].upper() + text.replace("“", "", 1).replace("”", "", 1)[1:]


def _contrast(differ: Sequence[tuple[Attribute, list[Cell]]], same: Sequence[tuple[Attribute, list[Cell]]]) -> str:
    if not differ and not same:
        return "No attribute is stated for both, so no fact of theirs can be set side by side."
    names = [attribute.phrase for attribute, _ in differ]
    more = len(names) - NAMED_DIFFERENCES
    if more > 1:
        names = [*names[:NAMED_DIFFERENCES], f"{more} other respects"]
    alike = [attribute.phrase for attribute, _ in same]
    if not names:
        return f"They agree on {join_words(alike)}."
    return f"They differ in {join_words(names)}" + (f"; they agree on {join_words(alike)}." if alike else ".")


def format_value(catalog: Catalog, attribute: Attribute, kind: str, value: str | tuple[str, ...]) -> str:
    """Return a value of an attribute of a kind as plain text; items that the catalog lacks, as they are written."""
    of_type = ATTRIBUTE_TYPES[attribute.types[kind]]
    return of_type.separator.join(of_type.format_item(catalog, attribute, item) for item in split_value(value))


def format_cell(catalog: Catalog, cell: Cell) -> str:
    """Return the value of a cell as plain text; the empty string where nothing is stated."""
    return format_value(catalog, cell.attribute, cell.entry.kind, cell.fact.value) if cell.fact else ""


def sort_key(cell: Cell) -> tuple[Any, ...]:
    """Return what cells of one attribute are ordered by; those that state nothing come first."""
    of_type = ATTRIBUTE_TYPES[cell.value_type]
    return tuple(map(of_type.sort_key, split_value(cell.fact.value))) if cell.fact else ()


def render_value(page: PageLinks, cell: Cell) -> Markup:
    """Return the value of a cell that states one as HTML."""
    if cell.fact is None:
        return Markup()
    of_type = ATTRIBUTE_TYPES[cell.value_type]
    items = (of_type.render_item(page, cell.attribute, item) for item in split_value(cell.fact.value))
    return Markup(of_type.separator).join(items)  # noqa: S704 -- a separator is plain text
