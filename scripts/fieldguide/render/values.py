"""Values as text and as HTML, the same wherever they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from fieldguide.model import split_value
from fieldguide.source.attribute_types import ATTRIBUTE_TYPES

if TYPE_CHECKING:
    from fieldguide.catalog import Catalog
    from fieldguide.model import Attribute
    from fieldguide.render.compare import Cell
    from fieldguide.source.attribute_types import PageLinks


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
