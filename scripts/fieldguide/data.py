"""The catalog as plain data for programs, addresses included."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from . import links

if TYPE_CHECKING:
    from .catalog import Catalog
    from .model import Entry, Fact


def to_json(data: Any) -> str:
    """Data as the text of a JSON file."""
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def catalog(source: Catalog) -> dict[str, Any]:
    """The whole catalog as plain data, addresses included."""
    return {
        "entries": [_entry_data(source, entry) for entry in source.entries.values()],
        "comparisons": [{"ids": pair, "url": links.url(links.pair(*pair))} for pair in source.pairs],
        "articles": [
            _plain(a, "id", "title", "publisher", "author", "date", "url", "interest", "checked")
            | {"sections": [_plain(s, "id", "heading", "summary", "names", "describes") for s in a.sections]}
            for a in source.articles.values()
        ],
        "claims": [
            _plain(c, "id", "claim", "said_by", "contradicted_by", "verdict", "accurate", "cite", "about", "confidence")
            for c in source.claims.values()
        ],
        "references": [
            _plain(r, "key", "authors", "title", "venue", "year", "url", "doi", "eprint", "kind", "note")
            for r in source.references.values()
        ],
    }


def _plain(record: Any, *names: str) -> dict[str, Any]:
    return {name: value for name in names if (value := getattr(record, name)) not in ("", ())}


def _entry_data(catalog: Catalog, entry: Entry) -> dict[str, Any]:
    head = _plain(entry, "slug", "kind", "title", "summary", "summary_cite", "aliases", "is_a", "built_on", "about")
    facts = {key: _fact_data(fact) for key, fact in entry.facts.items()}
    return {**head, "url": links.node(catalog, entry.slug), "facts": facts, "checked": entry.checked}


def _fact_data(fact: Fact) -> dict[str, Any]:
    data = _plain(fact, "value", "cite", "note", "date_kind", "as_of", "confidence", "attributed")
    if fact.articles:
        data["articles"] = {s.article: _plain(s, "stance", "at", "note") for s in fact.articles}
    return data
