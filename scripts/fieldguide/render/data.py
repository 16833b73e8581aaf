"""The catalog as plain data for programs, addresses included."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from fieldguide import urls

if TYPE_CHECKING:
    from fieldguide.catalog import Catalog
    from fieldguide.model import Entry, Fact

ENTRY = (
    "slug", "kind", "title", "summary", "summary_cite", "attributed", "aliases",
    "is_a", "built_on", "about", "page", "section_of",
)  # fmt: skip
CLAIM = (
    "id", "claim", "said_by", "contradicted_by", "verdict", "accurate", "cite", "about", "attributes", "confidence",
)  # fmt: skip
SECTION = ("id", "heading", "parent", "summary", "names", "describes", "other_names", "says", "boilerplate")


def to_json(data: Any) -> str:
    """Data as the text of a JSON file."""
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def catalog(source: Catalog) -> dict[str, Any]:
    """The whole catalog as plain data, addresses included."""
    return {
        "$schema": "catalog.schema.json",
        "entries": [entry(source, e) for e in source.entries.values()],
        "comparisons": [{"ids": pair, "url": urls.url(urls.pair(*pair))} for pair in source.pairs],
        "articles": [
            _plain(a, "id", "title", "publisher", "author", "date", "date_note", "date_estimate", "url", "interest")
            | {"sections": [_plain(s, *SECTION) for s in a.sections], "checked": a.checked}
            for a in source.articles.values()
        ],
        "claims": [_plain(c, *CLAIM) for c in source.claims.values()],
        "references": [
            _plain(r, "key", "authors", "title", "venue", "year", "url", "archived", "doi", "eprint", "kind", "note")
            for r in source.references.values()
        ],
    }


def _plain(record: Any, *names: str) -> dict[str, Any]:
    return {name: value for name in names if (value := getattr(record, name)) not in ("", (), {})}


def entry(source: Catalog, thing: Entry) -> dict[str, Any]:
    """An entry as plain data."""
    facts = {key: _fact_data(fact) for key, fact in thing.facts.items()}
    return {**_plain(thing, *ENTRY), "url": urls.node(source, thing.slug), "facts": facts, "checked": thing.checked}


def _fact_data(fact: Fact) -> dict[str, Any]:
    data = _plain(fact, "value", "cite", "note", "date_kind", "as_of", "confidence", "attributed")
    if fact.articles:
        data["articles"] = {s.article: _plain(s, "stance", "at", "note") for s in fact.articles}
    return data
