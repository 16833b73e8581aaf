"""Write a page with a blank for everything its kind can state."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from fieldguide.commands import CommandError, explain_unusable_name
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


class NewEntry(NamedTuple):
    """What an editor says of a new entry; the summary may be empty."""

    kind: str
    slug: str
    title: str
    summary: str


def write_page(catalog: Catalog, docs: Path, entry: NewEntry) -> str:
    """Write the page of a new entry and return its path below `docs/`; raise CommandError where there can be none."""
    if flaws := list(_find_flaws(catalog, entry)):
        raise CommandError("; ".join(flaws))
    uri = f"{catalog.vocabulary.kinds[entry.kind].plural}/{entry.slug}.md"
    text = render_page(catalog, entry, datetime.now(UTC).date().isoformat())
    (docs / uri).parent.mkdir(parents=True, exist_ok=True)
    with (docs / uri).open("x", encoding="utf-8") as file:
        file.write(text)
    return uri


def render_page(catalog: Catalog, entry: NewEntry, day: str) -> str:
    """Return the text of a new page."""
    siblings = catalog.by_kind[entry.kind]
    used = [slug for sibling in siblings for slug in sibling.is_a]
    return Renderer(catalog).render_file(
        "new.md.j2",
        title=_quote(entry.title),
        summary=_quote(entry.summary),
        parents=sorted(set(used), key=lambda slug: (-used.count(slug), slug))[:MOST_PARENTS],
        blanks=[_describe(catalog, a, entry.kind) for a in catalog.vocabulary.attributes_of(entry.kind)],
        day=day,
    )


def _quote(text: str) -> str:
    """Return a text as YAML; nothing for none."""
    return json.dumps(text, ensure_ascii=False) if text else ""


def _describe(catalog: Catalog, attribute: Attribute, kind: str) -> tuple[Attribute, str, str]:
    """Return an attribute, what may stand as its value, and a value that another entry of the kind states."""
    hint = ATTRIBUTE_TYPES[attribute.types[kind]].build_hint(catalog.vocabulary.value_sets.get(attribute.values, ()))
    stated = (fact.value for entry in catalog.by_kind[kind] if (fact := entry.facts.get(attribute.key)))
    value = next(stated, "")
    return attribute, hint, value if isinstance(value, str) else f"[{', '.join(value)}]"


def _find_flaws(catalog: Catalog, entry: NewEntry) -> Iterator[str]:
    """Yield why there can be no such page: what breaks the schema of its kind, and what is taken."""
    kinds, kind_of_folder = catalog.vocabulary.kinds, catalog.vocabulary.kind_of_folder
    if flaw := explain_unusable_name(catalog, entry.slug):
        yield flaw
    if entry.kind not in kinds:
        meant = kind_of_folder.get(entry.kind)
        hint = f"; did you mean '{meant}'?" if meant else did_you_mean(entry.kind, kinds)
        yield f"'{entry.kind}' is no kind{hint or '; expected one of ' + ', '.join(kinds)}"
        return
    known = schema.entry_schema(catalog.vocabulary)["$defs"][entry.kind]["properties"]
    given = {"title": entry.title} | ({"summary": entry.summary} if entry.summary else {})
    validator = Validator({"properties": {key: known[key] for key in given}})
    yield from (problem.message for problem in validator.problems(Document(path="", data=given)))
    for other in catalog.entries.values():
        if entry.title.strip().casefold() in {name.casefold() for name in (other.title, *other.aliases)}:
            yield f"'{entry.title}' is a title or alias of {other.doc.path} already; choose another title"
