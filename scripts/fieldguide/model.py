"""The records everything else is made from. Frozen: a catalog never changes after it is read."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fieldguide.problem import Document


def folded(text: str) -> str:
    """A text by its place in the alphabet, for which neither capitals nor marks count."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return text.casefold()


def split_value(value: str | tuple[str, ...]) -> tuple[str, ...]:
    """Return the items of a value, which is a text, or a tuple for types that hold several."""
    return (value,) if isinstance(value, str) else value


@dataclass(frozen=True, kw_only=True, slots=True)
class Value:
    """One member of a value set."""

    key: str
    label: str
    mark: str = ""
    description: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A kind of entry; `hue` is its color in degrees, `proper` says that titles are proper names."""

    key: str
    plural: str
    label: str
    labels: str
    hue: int
    description: str
    proper: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Attribute:
    """A named fact that entries of some kinds may state; `types` maps each of those kinds to a value type.

    `shelf_life` is in months.
    """

    key: str
    label: str
    description: str
    types: Mapping[str, str]
    name: str = ""
    values: str = ""
    ages: bool = False
    shelf_life: int = 0
    timeline: bool = False

    @property
    def phrase(self) -> str:
        """The attribute as it reads inside a sentence."""
        return self.name or self.label[0].lower() + self.label[1:]


@dataclass(frozen=True, kw_only=True, slots=True)
class Class:
    """A node of the taxonomy without a page."""

    slug: str
    title: str
    is_a: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The kinds, attributes, value sets and classes of one guide."""

    kinds: Mapping[str, Kind]
    attributes: Mapping[str, Attribute]
    value_sets: Mapping[str, Mapping[str, Value]]
    classes: Mapping[str, Class]

    def attributes_of(self, kind: str) -> list[Attribute]:
        """The attributes that apply to a kind, in the vocabulary's order."""
        return [a for a in self.attributes.values() if kind in a.types]

    @cached_property
    def kind_of_folder(self) -> dict[str, str]:
        """Folder name to kind."""
        return {kind.plural: key for key, kind in self.kinds.items()}


@dataclass(frozen=True, kw_only=True, slots=True)
class Stance:
    """What one article says about a fact."""

    article: str
    stance: str
    at: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """A value with its citations; `value` is text, or a tuple for the list types."""

    value: str | tuple[str, ...]
    cite: tuple[str, ...]
    note: str = ""
    date_kind: str = ""
    as_of: str = ""
    confidence: str = "high"
    attributed: bool = False
    articles: tuple[Stance, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A thing the guide describes: one Markdown file."""

    slug: str
    kind: str
    title: str
    summary: str
    checked: str
    doc: Document = field(repr=False, compare=False)
    summary_cite: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    is_a: tuple[str, ...] = ()
    built_on: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    page: bool = True
    section_of: str = ""
    attributed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A section of a source article, with the entries it names or describes."""

    id: str
    heading: str
    summary: str
    names: tuple[str, ...] = ()
    describes: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    parent: str = ""
    boilerplate: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """A source article: what it is, who has an interest, and its sections."""

    id: str
    title: str
    publisher: str
    url: str
    interest: str
    sections: tuple[Section, ...]
    checked: str
    doc: Document = field(repr=False, compare=False)
    author: str = ""
    date: str = ""
    date_note: str = ""
    date_estimate: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """A primary reference from the bibliography; `authors` are family names or one institution."""

    key: str
    authors: tuple[str, ...]
    title: str
    venue: str
    year: str
    url: str
    archived: str = ""
    kind: str = ""
    note: str = ""
    doi: str = ""
    eprint: str = ""
    line: int = 1

    @property
    def short(self) -> str:
        """Author and year, as a reader would name the work."""
        return f"{self._named(2)} {self.year}".strip()

    @property
    def byline(self) -> str:
        """The authors, as a list of references names them."""
        return self._named(3)

    @property
    def imprint(self) -> str:
        """Where and when the work appeared, as far as that is stated."""
        return ", ".join(filter(None, (self.venue, self.year if self.year not in self.venue else "")))

    def _named(self, most: int) -> str:
        """The authors by name, or the first of them where there are more than `most`."""
        *rest, last = (name for name in self.authors if name != "others")
        if len(rest) >= most or "others" in self.authors:
            return f"{[*rest, last][0]} et al."
        return f"{', '.join(rest)} and {last}" if rest else last


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """A claim that articles make, with the verdict on it."""

    id: str
    claim: str
    said_by: tuple[str, ...]
    verdict: str
    accurate: str
    cite: tuple[str, ...]
    about: tuple[str, ...]
    contradicted_by: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    confidence: str = "high"
    index: int = 0

    def disputes(self, attribute: str) -> bool:
        """Whether the claim gets this attribute of what it is about wrong, or leaves it open."""
        return self.verdict != "right" and attribute in self.attributes

    @property
    def articles(self) -> list[str]:
        """The articles that say it."""
        return list(dict.fromkeys(key.partition("#")[0] for key in self.said_by))


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A fact that changed on a day, or a note; without an attribute the entry's title came, changed or went."""

    date: str
    entry: str = ""
    attribute: str = ""
    before: str | tuple[str, ...] = ""
    after: str | tuple[str, ...] = ""
    cite: tuple[str, ...] = ()
    note: str = ""
    index: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchPhrases:
    """What readers type who do not know the guide's own words.

    `phrases` stand by entry, claim or page, a page by its file without the ending; each of `synonyms` is a group.
    """

    phrases: Mapping[str, list[str]] = field(default_factory=dict)
    synonyms: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A hand-written page that is not an entry; `order` is its place among those beside it."""

    uri: str
    title: str
    summary: str
    checked: str
    doc: Document = field(repr=False, compare=False)
    rewrites: tuple[str, ...] = ()
    order: int = 0
