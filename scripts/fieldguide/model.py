"""The records everything else is made from. Frozen: a catalog never changes after it is read.

A field that is a key of a file has an annotated type, from which the schema of the file is made.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping  # noqa: TC003 -- schemas are made from the annotations
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any

from fieldguide.formats import (
    KEY,
    SOME,
    Cites,
    Flag,
    Label,
    Name,
    Names,
    Order,
    PartialDate,
    Schema,
    Sections,
    Slug,
    Slugs,
    Summary,
    Text,
    Texts,
    WebAddress,
    described,
    one_of,
    schema_of,
)
from fieldguide.problem import Document  # noqa: TC001 -- as above

CHANGED: Schema = {"type": ["string", "integer", "array"], "items": schema_of(Text), "minLength": 1, "minItems": 1}
AUTHORS: Schema = {"type": "array", "items": schema_of(Text), "minItems": 1}


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
    label: Label
    mark: Annotated[
        str,
        {"enum": ["full", "half", "empty"]},
        described("the sign beside the value: full for yes, half for partly, empty for no; without it there is none"),
    ] = ""
    description: Summary = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A kind of entry; `hue` is its color in degrees, `proper` says that titles are proper names."""

    key: str
    plural: Annotated[Slug, described("the name of the folder below docs/ that holds the entries, and of its address")]
    label: Label
    labels: Label
    hue: Annotated[
        int,
        {"type": "integer", "minimum": 0, "maximum": 360},
        described("the color of the kind in diagrams and cards, in degrees: 0 is red, 120 green, 240 blue"),
    ]
    proper: Annotated[
        Flag, described("whether titles are proper names, which keep their capitals and stand in no quotation marks")
    ] = False
    description: Summary


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """A named fact that entries of some kinds may state; `kinds` may give a kind a type of its own.

    `shelf_life` is in months.
    """

    key: str
    label: Label
    name: Annotated[
        Label,
        described("how the attribute reads within a sentence, such as 'They differ in ...'; without it, as its label"),
    ] = ""
    type: Annotated[
        str,
        described(
            "what a value is: text, texts (a list), date, choice or choices (of a value set), entries, reference"
        ),
    ]
    values: Annotated[Text, described("the value set that a choice is from")] = ""
    kinds: Annotated[
        list[str] | dict[str, dict[str, str]],
        described("the kinds that may state it: a list, or a mapping in which each kind may have a type of its own"),
    ]
    description: Summary
    ages: Annotated[
        Flag, described("whether a value may change, so that each fact must say with 'as_of' on which day it was so")
    ] = False
    shelf_life: Annotated[Order, described("after how many months scripts/check --today asks for another look")] = 0
    timeline: Annotated[
        Flag, described("whether its dates are when a thing first appeared, and stand in the timeline")
    ] = False

    @cached_property
    def types(self) -> dict[str, str]:
        """The type of its values for each kind that may state it."""
        special = self.kinds if isinstance(self.kinds, dict) else {}
        return {kind: special.get(kind, {}).get("type", self.type) for kind in self.kinds}

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
    stance: Annotated[str, one_of("stance")]
    at: Sections = ()
    note: Text = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """A value with its citations; `value` is text, or a tuple for the list types."""

    value: str | tuple[str, ...]
    cite: Cites
    note: Name = ""
    date_kind: Text = ""
    as_of: Annotated[PartialDate, described("the day on which this was so")] = ""
    confidence: Annotated[str, one_of("confidence")] = "high"
    attributed: Flag = False
    articles: tuple[Stance, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A thing the guide describes: one Markdown file."""

    slug: str
    kind: str
    title: Annotated[Name, {"maxLength": 80}]
    summary: Summary
    summary_cite: Cites
    aliases: Names = ()
    is_a: Slugs = ()
    built_on: Slugs = ()
    about: Slugs = ()
    page: Flag = True
    section_of: Slug = ""
    attributed: Flag = False
    facts: Mapping[str, Fact] = field(default_factory=dict)
    checked: PartialDate
    doc: Document = field(repr=False, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A section of a source article, with the entries it names or describes."""

    id: Slug
    heading: Annotated[Text, {"format": "plain-text"}]
    parent: Slug = ""
    summary: Summary
    names: Slugs = ()
    describes: Slugs = ()
    other_names: Texts = ()
    says: Texts = ()
    boilerplate: Flag = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """A source article: what it is, who has an interest, and its sections."""

    id: str
    title: Annotated[Text, {"format": "plain-text"}]
    publisher: Label
    author: Label = ""
    date: PartialDate = ""
    date_note: Text = ""
    date_estimate: Mapping[str, Any] = field(default_factory=dict)
    url: WebAddress
    interest: Text
    sections: tuple[Section, ...]
    checked: PartialDate
    doc: Document = field(repr=False, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """A primary reference from the bibliography; `authors` are family names or one institution."""

    key: Text
    authors: Annotated[tuple[str, ...], AUTHORS]
    title: Text
    url: WebAddress
    archived: WebAddress = ""
    venue: Text = ""
    year: Text = ""
    doi: Text = ""
    eprint: Text = ""
    kind: Text = ""
    note: Text = ""
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

    id: Slug
    claim: Text
    said_by: Annotated[Sections, SOME]
    contradicted_by: Sections = ()
    verdict: Annotated[str, one_of("verdict")]
    accurate: Text
    cite: Cites
    about: Annotated[Slugs, SOME]
    attributes: tuple[str, ...] = ()
    confidence: Annotated[str, one_of("confidence")] = "high"
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

    date: PartialDate
    entry: Slug = ""
    attribute: Annotated[str, {"type": "string", "pattern": KEY}] = ""
    before: Annotated[str | tuple[str, ...], CHANGED] = ""
    after: Annotated[str | tuple[str, ...], CHANGED] = ""
    cite: Cites = ()
    note: Text = ""
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
    title: Label
    summary: Summary
    rewrites: Sections = ()
    order: Order = 0
    checked: PartialDate = ""
    doc: Document = field(repr=False, compare=False)
