"""Write a page with a blank for everything its kind can state."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fieldguide import urls
from fieldguide.commands import CommandError
from fieldguide.formats import unfit
from fieldguide.problem import Document
from fieldguide.render.renderer import Renderer
from fieldguide.source import schema
from fieldguide.source.attribute_types import ATTRIBUTE_TYPES
from fieldguide.source.suggestions import did_you_mean
from fieldguide.source.validation import Validator

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fieldguide.catalog import Catalog
    from fieldguide.model import Attribute

MOST_PARENTS = 3


def write_page(catalog: Catalog, path: Path, kind: str, title: str, summary: str) -> None:
    """Write the page of a new entry."""
    text = render_page(catalog, kind, title, summary, datetime.now(UTC).date().isoformat())
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)


def render_page(catalog: Catalog, kind: str, title: str, summary: str, day: str) -> str:
    """Return the text of a new page."""
    attributes = catalog.vocabulary.attributes_of(kind)
    used = [slug for entry in catalog.by_kind[kind] for slug in entry.is_a]
    return Renderer(catalog).text(
        "new.md.j2",
        title=_quote(title),
        summary=_quote(summary),
        parents=sorted(set(used), key=lambda slug: (-used.count(slug), slug))[:MOST_PARENTS],
        blanks=[(a, _build_hint(catalog, a, kind), _find_example(catalog, a, kind)) for a in attributes],
        day=day,
    )


def _quote(text: str) -> str:
    """Return a text as YAML; nothing for none."""
    return json.dumps(text, ensure_ascii=False) if text else ""


def _build_hint(catalog: Catalog, attribute: Attribute, kind: str) -> str:
    """Return what may stand as an attribute's value."""
    choices = catalog.vocabulary.value_sets.get(attribute.values, ())
    return ATTRIBUTE_TYPES[attribute.types[kind]].build_hint(choices)


def _find_example(catalog: Catalog, attribute: Attribute, kind: str) -> str:
    """Return a value that another entry of the kind states."""
    for entry in catalog.by_kind[kind]:
        if fact := entry.facts.get(attribute.key):
            return fact.value if isinstance(fact.value, str) else f"[{', '.join(fact.value)}]"
    return ""


def check_name(catalog: Catalog, kind: str, slug: str) -> None:
    """Raise CommandError if there can be no page of that kind and file name."""
    if flaws := [*_find_kind_flaws(catalog, kind), *_find_slug_flaws(catalog, slug)]:
        raise CommandError("; ".join(flaws))


def _find_kind_flaws(catalog: Catalog, kind: str) -> Iterator[str]:
    kinds, kind_of_folder = catalog.vocabulary.kinds, catalog.vocabulary.kind_of_folder
    if kind in kind_of_folder:
        yield f"'{kind}' is no kind; did you mean '{kind_of_folder[kind]}'?"
    elif kind not in kinds:
        yield f"'{kind}' is no kind{did_you_mean(kind, kinds) or '; expected one of ' + ', '.join(kinds)}"


def _find_slug_flaws(catalog: Catalog, slug: str) -> Iterator[str]:
    if flaw := unfit(slug):
        yield flaw
    elif slug in catalog.entries:
        yield f"'{slug}' is there already: docs/{urls.entry(catalog, catalog.entries[slug])}"
    elif slug in catalog.vocabulary.classes:
        yield f"'{slug}' is a class of the vocabulary; choose another name"


def check_title(catalog: Catalog, kind: str, title: str, summary: str) -> None:
    """Raise CommandError if a title, or a summary if there is one, breaks the schema of a kind or is taken."""
    known = schema.entry_schema(catalog.vocabulary)["$defs"][kind]["properties"]
    given = {"title": title} | ({"summary": summary} if summary else {})
    validator = Validator({"properties": {key: known[key] for key in given}})
    flaws = [problem.message for problem in validator.problems(Document(path="", data=given))]
    flaws += [
        f"'{title}' is a title or alias of {entry.doc.path} already; choose another title"
        for entry in catalog.entries.values()
        if title.strip().casefold() in {name.casefold() for name in (entry.title, *entry.aliases)}
    ]
    if flaws:
        raise CommandError("; ".join(flaws))
