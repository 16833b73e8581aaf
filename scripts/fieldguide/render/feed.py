"""The feed of changes: each as a sentence with its sources, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from fieldguide import urls
from fieldguide.model import split_value
from fieldguide.render.compare import format_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.catalog import Catalog
    from fieldguide.model import Change
    from fieldguide.render.metadata import Site

LATEST = 200
NONE = "not stated"


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One change: a permanent id, the day, the address it leads to, what it says, its sources by name and address."""

    id: str
    date: str
    url: str
    title: str
    sources: tuple[tuple[str, str], ...]


def list_items(catalog: Catalog, site: Site) -> list[Item]:
    """The latest changes, the newest first; those of a day in the order of the record."""
    ordered = sorted(catalog.changes, key=lambda change: change.date, reverse=True)
    return [_item(catalog, site, change) for change in ordered[:LATEST]]


def _item(catalog: Catalog, site: Site, change: Change) -> Item:
    told = (change.date, change.entry, change.attribute, change.note, change.before, change.after)
    return Item(
        id=f"urn:uuid:{uuid5(NAMESPACE_URL, repr(told))}",
        date=change.date,
        url=site.url + _url(catalog, change),
        title=_title(catalog, change),
        sources=tuple(_sources(catalog, site, change)),
    )


def _sources(catalog: Catalog, site: Site, change: Change) -> Iterator[tuple[str, str]]:
    """The cited works that the guide still knows, by name and address."""
    for key in change.cite:
        if work := catalog.references.get(key):
            yield f"{work.short}, {work.title}", work.url
        elif key in catalog.sections:
            article, section = catalog.sections[key]
            yield f"{article.publisher}, {section.heading}", site.url + urls.source(key)


def _url(catalog: Catalog, change: Change) -> str:
    entry = catalog.entries.get(change.entry)
    if entry is None:
        return ""
    if change.attribute not in entry.facts:
        return urls.node(catalog, entry.slug)
    if entry.page:
        return f"{urls.node(catalog, entry.slug)}#{change.attribute}"
    return f"{urls.url(urls.matrix(catalog, entry.kind))}#{entry.slug}.{change.attribute}"


def _title(catalog: Catalog, change: Change) -> str:
    if change.note:
        return change.note
    before, after = (_spoken(catalog, change, value) for value in (change.before, change.after))
    if change.attribute:
        attribute = catalog.vocabulary.attributes.get(change.attribute)
        name = attribute.phrase if attribute else change.attribute.replace("_", " ")
        entry = catalog.entries.get(change.entry)
        return f"{entry.title if entry else change.entry}, {name}: {before or NONE} → {after or NONE}"
    return f"{before} → {after}" if before and after else f"New: {after}" if after else f"Removed: {before}"


def _spoken(catalog: Catalog, change: Change, value: str | tuple[str, ...]) -> str:
    """A value as the pages print it, or as it was recorded where the guide no longer knows it."""
    attribute, entry = catalog.vocabulary.attributes.get(change.attribute), catalog.entries.get(change.entry)
    if attribute is None or entry is None or entry.kind not in attribute.types:
        return "; ".join(split_value(value))
    return format_value(catalog, attribute, entry.kind, value)
