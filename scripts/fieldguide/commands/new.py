"""`scripts/new`: a page with a blank for everything its kind can state."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fieldguide import files, urls
from fieldguide.formats import unfit
from fieldguide.problem import Document
from fieldguide.render.renderer import Renderer
from fieldguide.source import schema
from fieldguide.source.attribute_types import ATTRIBUTE_TYPES
from fieldguide.source.loader import load_catalog
from fieldguide.source.suggestions import did_you_mean
from fieldguide.source.validation import Validator

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fieldguide.catalog import Catalog
    from fieldguide.model import Attribute

ROOT = Path(__file__).resolve().parents[3]
NEXT = """\
{path} is there. What is left:
  1. Fill its blanks: the summary, where it says so, what the thing is a kind of, the facts, the prose.
  2. scripts/check            names what is missing, with line and column
  3. scripts/serve            shows {address}
  4. scripts/addresses        adds the page to the ledger of addresses"""


def page(catalog: Catalog, kind: str, title: str, summary: str, day: str) -> str:
    """The text of a new page."""
    blanks = [(a, hint(catalog, a, kind), example(catalog, a, kind)) for a in catalog.vocabulary.attributes_of(kind)]
    used = [slug for entry in catalog.by_kind[kind] for slug in entry.is_a]
    parents = sorted(set(used), key=lambda slug: (-used.count(slug), slug))[:3]
    return Renderer(catalog).text(
        "new.md.j2",
        title=quoted(title),
        summary=quoted(summary),
        parents=parents,
        blanks=blanks,
        day=day,
    )


def quoted(text: str) -> str:
    """A text as YAML; nothing for none."""
    return json.dumps(text, ensure_ascii=False) if text else ""


def hint(catalog: Catalog, attribute: Attribute, kind: str) -> str:
    """What may stand as an attribute's value."""
    choices = catalog.vocabulary.value_sets.get(attribute.values, ())
    return ATTRIBUTE_TYPES[attribute.types[kind]].build_hint(choices)


def example(catalog: Catalog, attribute: Attribute, kind: str) -> str:
    """A value that another entry of the kind states."""
    for entry in catalog.by_kind[kind]:
        if fact := entry.facts.get(attribute.key):
            return fact.value if isinstance(fact.value, str) else f"[{', '.join(fact.value)}]"
    return ""


def flaws(catalog: Catalog, kind: str, slug: str) -> Iterator[str]:
    """Why there can be no such page."""
    kinds = catalog.vocabulary.kinds
    if kind not in kinds:
        plurals = catalog.vocabulary.kind_of_folder
        meant = f"; did you mean '{plurals[kind]}'?" if kind in plurals else did_you_mean(kind, kinds)
        yield f"'{kind}' is no kind{meant or '; expected one of ' + ', '.join(kinds)}"
    if flaw := unfit(slug):
        yield flaw
    elif slug in catalog.entries:
        yield f"'{slug}' is there already: docs/{urls.entry(catalog, catalog.entries[slug])}"
    elif slug in catalog.vocabulary.classes:
        yield f"'{slug}' is a class of the vocabulary; choose another name"


def misnamed(catalog: Catalog, kind: str, title: str, summary: str) -> Iterator[str]:
    """What a title and a summary, if there is one, break in the schema of a kind, and who has the title already."""
    known = schema.entry_schema(catalog.vocabulary)["$defs"][kind]["properties"]
    given = {"title": title, "summary": summary or "..."}
    forms = {"properties": {key: known[key] for key in given}}
    yield from (problem.message for problem in Validator(forms).problems(Document(path="", data=given)))
    for entry in catalog.entries.values():
        if title.strip().casefold() in {name.casefold() for name in (entry.title, *entry.aliases)}:
            yield f"'{title}' is a title or alias of {entry.doc.path} already; choose another title"


def asked(question: str, given: str | None) -> str:
    """What the command line gives, else what the person at the terminal answers, if there is one."""
    return given or (input(f"{question}: ").strip() if sys.stdin.isatty() else "")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write a new page with a blank for everything its kind can state."""
    parser = argparse.ArgumentParser(prog="scripts/new", description=main.__doc__)
    parser.add_argument("kind", nargs="?", help="the kind of thing, a key of the vocabulary")
    parser.add_argument("slug", nargs="?", help="its file name without .md: its permanent id")
    parser.add_argument("--title", help="its name (default: made from the slug)")
    parser.add_argument("--summary", help="one sentence of at most 160 characters")
    parser.add_argument("--docs", type=Path, default=ROOT / "docs", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    catalog, problems = load_catalog(options.docs)
    if not catalog.vocabulary.kinds:
        parser.error("\n".join(map(str, problems)))
    kind = asked(f"Kind ({', '.join(catalog.vocabulary.kinds)})", options.kind)
    slug = asked("File name", options.slug)
    if not kind or not slug:
        parser.error(f"name the kind and the file name, such as: scripts/new {next(iter(catalog.by_kind))} a-name")
    if found := list(flaws(catalog, kind, slug)):
        parser.error("; ".join(found))
    title = asked("Title", options.title) or slug.replace("-", " ").capitalize()
    if found := list(misnamed(catalog, kind, title, options.summary or "")):
        parser.error("; ".join(found))
    path = options.docs / catalog.vocabulary.kinds[kind].plural / f"{slug}.md"
    text = page(catalog, kind, title, options.summary or "", datetime.now(UTC).date().isoformat())
    with files.refused(parser):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    uri = path.relative_to(options.docs).as_posix()
    print(NEXT.format(path=path, address=f"http://127.0.0.1:8000/{urls.url(uri)}"))  # noqa: T201 -- it is a command
    return 0


if __name__ == "__main__":
    sys.exit(main())
