"""The entries of a kind as a table for spreadsheets: RFC 4180, one row an entry."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from fieldguide import urls

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fieldguide.catalog import Catalog
    from fieldguide.model import Entry

LISTED = "; "
FORMULA = ("=", "+", "-", "@", "\t", "\r")
HEAD = ("slug", "title", "summary", "summary_cite", "url", "aliases", "is_a", "built_on", "about")
OPTIONAL = ("note", "as_of")


def rows(catalog: Catalog, kind: str) -> Iterator[dict[str, str]]:
    """Each entry of a kind by column, as plain text; `note` and `as_of` have columns where some entry has them."""
    entries = catalog.by_kind[kind]
    columns = [
        (a.key, [name for name in OPTIONAL if any(a.key in e.facts and getattr(e.facts[a.key], name) for e in entries)])
        for a in catalog.vocabulary.attributes_of(kind)
    ]
    for entry in entries:
        row = {name: _text(getattr(entry, name)) for name in HEAD if name != "url"}
        row["url"] = urls.node(catalog, entry.slug)
        yield {name: row[name] for name in HEAD} | {n: t for key, more in columns for n, t in _fact(entry, key, more)}


def _fact(entry: Entry, key: str, more: Sequence[str]) -> Iterator[tuple[str, str]]:
    fact = entry.facts.get(key)
    yield key, _text(fact.value) if fact else ""
    for name in ("cite", *more):
        yield f"{key}_{name}", _text(getattr(fact, name)) if fact else ""


def _text(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else LISTED.join(value)


def to_csv(table: Sequence[dict[str, str]]) -> str:
    """A table as CSV text, none of its cells to be run as a formula."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerows([list(table[0]), *([inert(cell) for cell in row.values()] for row in table)] if table else [])
    return file.getvalue()


def inert(cell: str) -> str:
    """A cell with an apostrophe before what a spreadsheet would run."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
