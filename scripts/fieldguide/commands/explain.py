"""`scripts/explain`: a fact with its sources, and everywhere it is shown."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fieldguide import files, urls
from fieldguide.checks import excerpt
from fieldguide.formats import long_date
from fieldguide.guide import load_and_check
from fieldguide.render import compare
from fieldguide.render.values import format_value
from fieldguide.source.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fieldguide.catalog import Catalog
    from fieldguide.model import Attribute, Entry

ROOT = Path(__file__).resolve().parents[3]


def entry(catalog: Catalog, found: Entry) -> Iterator[str]:
    """Everything an entry states, a line each."""
    kind = catalog.vocabulary.kinds[found.kind]
    yield f"{found.title} ({kind.label.lower()}): {found.summary}"
    for attribute in catalog.vocabulary.attributes_of(found.kind):
        fact = found.facts.get(attribute.key)
        stated = format_value(catalog, attribute, found.kind, fact.value) if fact else "not stated"
        yield f"  {found.slug}.{attribute.key}: {stated}"


def fact(catalog: Catalog, found: Entry, attribute: Attribute) -> Iterator[str]:
    """A fact, what qualifies it, its sources, where it is written and where it is shown."""
    yield f"{found.title}: {attribute.label}"
    stated = found.facts.get(attribute.key)
    if stated is None:
        yield "  not stated" if found.kind in attribute.types else f"  does not apply to a {found.kind}"
        return
    yield f"  {format_value(catalog, attribute, found.kind, stated.value)}"
    qualified = {"note": stated.note, "as of": stated.as_of and long_date(stated.as_of), "of": stated.date_kind}
    yield from (f"  {name}: {text}" for name, text in qualified.items() if text)
    if stated.confidence != "high":
        yield f"  confidence: {stated.confidence}"
    yield "Sources"
    yield from (f"  {source(catalog, key)}" for key in stated.cite)
    disputing = [c for c in catalog.claims_about.get(found.slug, ()) if c.disputes(attribute.key)]
    if disputing:
        yield "Disputed by claims"
        yield from (f"  {claim.id} ({claim.verdict}): {claim.claim}" for claim in disputing)
    line, column = found.doc.values.get(("facts", attribute.key), (1, 1))
    yield f"Written in {found.doc.path}:{line}:{column}"
    yield "Shown on"
    yield from (f"  {address}" for address in places(catalog, found, attribute))


def source(catalog: Catalog, key: str) -> str:
    """A citation in full."""
    if key in catalog.sections:
        article, section = catalog.sections[key]
        return f"{key}: {article.publisher}, “{article.title}”, section “{section.heading}”. {article.url}"
    work = catalog.references[key]
    return f"{key}: {work.byline}. {work.title}. {work.imprint}. {work.url}"


def places(catalog: Catalog, found: Entry, attribute: Attribute) -> Iterator[str]:
    """The addresses that show a fact: the entry's page, its matrix, its comparisons."""
    cell = compare.cell(found, attribute).id
    if found.page:
        yield f"/{urls.url(urls.entry(catalog, found))}#{attribute.key}"
    yield f"/{urls.url(urls.matrix(catalog, found.kind))}#{cell}"
    for pair in catalog.pairs_of.get(found.slug, ()):
        yield f"/{urls.url(urls.pair(*pair))}#{cell}"


def explained(catalog: Catalog, name: str) -> list[str]:
    """The lines about an entry, or a fact written `entry.attribute`; raises ValueError for what is not there."""
    slug, dot, key = name.partition(".")
    found = catalog.entries.get(slug)
    if found is None:
        hint = did_you_mean(slug, catalog.entries) or "; name its file without .md"
        raise ValueError(f"no entry is called '{slug}'{hint}")
    if not dot:
        return list(entry(catalog, found))
    attribute = catalog.vocabulary.attributes.get(key)
    if attribute is None:
        known = catalog.vocabulary.attributes
        hint = did_you_mean(key, known) or f"; scripts/explain {slug} lists what it can state"
        raise ValueError(f"no attribute is called '{key}'{hint}")
    return list(fact(catalog, found, attribute))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a fact with its sources and where it is shown, or all that an entry states."""
    parser = argparse.ArgumentParser(prog="scripts/explain", description=main.__doc__)
    parser.add_argument("name", help="an entry by its file name, or a fact of it: ENTRY.ATTRIBUTE")
    parser.add_argument("--docs", type=Path, default=ROOT / "docs", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    catalog, problems = load_and_check(options.docs)
    if problems := [problem for problem in problems if not problem.warning]:
        parser.error(f"the content has problems:\n{excerpt.report(problems)}")
    with files.refused(parser):
        print("\n".join(explained(catalog, options.name)))  # noqa: T201 -- it is a command
    return 0


if __name__ == "__main__":
    sys.exit(main())
