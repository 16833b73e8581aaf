"""The types of attribute values: one class each, which holds all that depends on the type.

A new type is a subclass of `AttributeType` with a `key`; its definition registers it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol

from markupsafe import Markup

from fieldguide import formats
from fieldguide.formats import Schema, is_date, list_of, long_date, schema_of
from fieldguide.source.suggestions import did_you_mean, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fieldguide.catalog import Catalog
    from fieldguide.model import Attribute, Value


class Flaw(NamedTuple):
    """What is wrong with an item: the rule, the message, and what is missing, if anything is."""

    rule: str
    message: str
    subject: str = ""


class PageLinks(Protocol):
    """The page that HTML is made for: it knows the addresses of what a value names."""

    catalog: Catalog

    def node(self, slug: str) -> str:
        """Return the address of an entry."""

    def source(self, key: str) -> str:
        """Return the address of a reference."""


class AttributeType:
    """A type of values; a value is a text, or a tuple of items for types that hold several.

    `has_value_set` says that values come from a value set of the vocabulary, `has_entries` that they are slugs of
    entries, `is_dated` that they can stand on the timeline; `hint` tells an editor what to write, and `html` is an
    item as HTML.
    """

    key: ClassVar[str]
    schema: ClassVar[Schema]
    html: ClassVar[str] = "{text}"
    separator: ClassVar[str] = ", "
    hint: ClassVar[str] = ""
    has_value_set: ClassVar[bool] = False
    has_entries: ClassVar[bool] = False
    is_dated: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        ATTRIBUTE_TYPES[cls.key] = cls()

    def build_schema(self, choices: Iterable[str]) -> Schema:
        """Return the JSON Schema of a value; `choices` are the keys of the attribute's value set."""
        return self.schema

    def check_item(self, catalog: Catalog, item: str) -> Iterator[Flaw]:
        """Yield the problems that only the catalog shows."""
        yield from ()

    def sort_key(self, item: str) -> Any:
        """Return what items are ordered by."""
        return item

    def format_item(self, catalog: Catalog, attribute: Attribute, item: str) -> str:
        """Return an item as plain text; what the catalog does not know, as it is written."""
        return item

    def find_link(self, page: PageLinks, item: str) -> str:
        """Return the address to which an item leads, if its HTML has a link."""
        return ""

    def render_item(self, page: PageLinks, attribute: Attribute, item: str) -> Markup:
        """Return an item as HTML."""
        text = self.format_item(page.catalog, attribute, item)
        return Markup(self.html).format(item=item, text=text, link=self.find_link(page, item))  # noqa: S704 -- escaped

    def build_hint(self, choices: Iterable[str]) -> str:
        """Return a sentence for an editor about what may stand here."""
        return self.hint


ATTRIBUTE_TYPES: dict[str, AttributeType] = {}


class Text(AttributeType):
    """A phrase."""

    key = "text"
    schema = schema_of(formats.Phrase)
    separator = "; "


class Texts(AttributeType):
    """Several phrases."""

    key = "texts"
    html = "<span data-value>{text}</span>"
    schema = list_of(formats.Name, 1)
    separator = "; "
    hint = "A list: [one, two]."

    def check_item(self, catalog: Catalog, item: str) -> Iterator[Flaw]:
        if self.separator in item:
            message = f"'; ' stands between the items of a list, and here within {shown(item)}; use a comma"
            yield Flaw("separator", message)


class Date(AttributeType):
    """A year, a month or a day."""

    key = "date"
    html = '<time datetime="{item}">{text}</time>'
    schema = schema_of(formats.PartialDate)
    hint = "A year, a month or a day: 2021, 2021-01, 2021-01-05."
    is_dated = True

    def format_item(self, catalog: Catalog, attribute: Attribute, item: str) -> str:
        return long_date(item) if is_date(item) else item


class Choice(AttributeType):
    """A member of a value set."""

    key = "choice"
    has_value_set = True

    def build_schema(self, choices: Iterable[str]) -> Schema:
        return {"enum": list(choices)}

    def format_item(self, catalog: Catalog, attribute: Attribute, item: str) -> str:
        known = catalog.vocabulary.value_sets[attribute.values]
        return known[item].label if item in known else item

    def render_item(self, page: PageLinks, attribute: Attribute, item: str) -> Markup:
        return render_choice(page.catalog.vocabulary.value_sets[attribute.values][item])

    def build_hint(self, choices: Iterable[str]) -> str:
        return f"One of: {', '.join(choices)}."


class Choices(Choice):
    """Several members of a value set."""

    key = "choices"
    html = '<span data-value="{item}">{text}</span>'
    render_item = AttributeType.render_item

    def build_schema(self, choices: Iterable[str]) -> Schema:
        return list_of({"enum": list(choices)}, 1)

    def build_hint(self, choices: Iterable[str]) -> str:
        return f"A list of: {', '.join(choices)}."


class Entries(AttributeType):
    """Several entries by their slugs."""

    key = "entries"
    html = '<a data-value="{item}" href="{link}">{text}</a>'
    schema = list_of(formats.Slug, 1)
    hint = "A list of entries by their file names: [one, two]."
    has_entries = True

    def check_item(self, catalog: Catalog, item: str) -> Iterator[Flaw]:
        if item not in catalog.entries:
            hint = did_you_mean(item, catalog.entries)
            yield Flaw("unknown-entry", f"{shown(item)} is not an entry{hint}", subject=item)

    def format_item(self, catalog: Catalog, attribute: Attribute, item: str) -> str:
        return catalog.title(item)

    def find_link(self, page: PageLinks, item: str) -> str:
        return page.node(item)


class Reference(AttributeType):
    """A work of the bibliography by its key."""

    key = "reference"
    html = '<a href="{link}">{text}</a>'
    schema = schema_of(formats.Text)
    hint = "A key of data/references.bib."

    def check_item(self, catalog: Catalog, item: str) -> Iterator[Flaw]:
        if item not in catalog.references:
            hint = did_you_mean(item, catalog.references)
            yield Flaw("unresolved", f"{shown(item)} is not a key of references.bib{hint}", subject="references")

    def format_item(self, catalog: Catalog, attribute: Attribute, item: str) -> str:
        return catalog.references[item].short if item in catalog.references else item

    def find_link(self, page: PageLinks, item: str) -> str:
        return page.source(item)


def render_choice(value: Value) -> Markup:
    """Return a member of a value set as HTML, with its mark."""
    span = Markup('<span class="value {}" data-value="{}">{}</span>')
    return span.format(value.mark or "plain", value.key, value.label)
