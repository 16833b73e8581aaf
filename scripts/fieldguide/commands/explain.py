"""Explain a fact: its sources, and everywhere it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide import urls
from fieldguide.commands import CommandError
from fieldguide.formats import long_date
from fieldguide.render import compare
from fieldguide.render.values import format_value
from fieldguide.source.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.catalog import Catalog
    from fieldguide.model import Attribute, Entry, Fact


def explain(catalog: Catalog, name: str) -> Iterator[str]:
    """Return lines about an entry, or a fact written `entry.attribute`; raise CommandError for what is not there."""
    slug, dot, key = name.partition(".")
    entry, attributes = catalog.entries.get(slug), catalog.vocabulary.attributes
    if entry is None:
        hint = did_you_mean(slug, catalog.entries) or "; name its file without .md"
        raise CommandError(f"no entry is called '{slug}'{hint}")
    if not dot:
        return _explain_entry(catalog, entry)
    if key not in attributes:
        hint = did_you_mean(key, attributes) or f"; scripts/explain {slug} lists what it can state"
        raise CommandError(f"no attribute is called '{key}'{hint}")
    return _explain_cell(catalog, entry, attributes[key])


def _explain_entry(catalog: Catalog, entry: Entry) -> Iterator[str]:
    """Yield everything an entry states, a line each."""
    kind = catalog.vocabulary.kinds[entry.kind]
    yield f"{entry.title} ({kind.label.lower()}): {entry.summary}"
    for attribute in catalog.vocabulary.attributes_of(entry.kind):
        fact = entry.facts.get(attribute.key)
        stated = format_value(catalog, attribute, entry.kind, fact.value) if fact else "not stated"
        yield f"  {entry.slug}.{attribute.key}: {stated}"


def _explain_cell(catalog: Catalog, entry: Entry, attribute: Attribute) -> Iterator[str]:
    yield f"{entry.title}: {attribute.label}"
    if fact := entry.facts.get(attribute.key):
        yield from _explain_fact(catalog, entry, attribute, fact)
    else:
        yield "  not stated" if entry.kind in attribute.types else f"  does not apply to a {entry.kind}"


def _explain_fact(catalog: Catalog, entry: Entry, attribute: Attribute, fact: Fact) -> Iterator[str]:
    """Yield a fact, what qualifies it, its sources, where it is written and where it is shown."""
    yield f"  {format_value(catalog, attribute, entry.kind, fact.value)}"
    confidence = "" if fact.confidence == "high" else fact.confidence
    as_of = fact.as_of and long_date(fact.as_of)
    qualifiers = {"note": fact.note, "as of": as_of, "of": fact.date_kind, "confidence": confidence}
    yield from (f"  {name}: {text}" for name, text in qualifiers.items() if text)
    yield "Sources"
    yield from (f"  {key}: {_describe_source(catalog, key)}" for key in fact.cite)
    disputing = [claim for claim in catalog.claims_about.get(entry.slug, ()) if claim.disputes(attribute.key)]
    if disputing:
        yield "Disputed by claims"
        yield from (f"  {claim.id} ({claim.verdict}): {claim.claim}" for claim in disputing)
    line, column = entry.doc.values.get(("facts", attribute.key), (1, 1))
    yield f"Written in {entry.doc.path}:{line}:{column}"
    yield "Shown on"
    yield from (f"  /{address}" for address in _find_addresses(catalog, entry, attribute))


def _describe_source(catalog: Catalog, key: str) -> str:
    """Return what is cited in full."""
    if key in catalog.sections:
        article, section = catalog.sections[key]
        return f"{article.publisher}, “{article.title}”, section “{section.heading}”. {article.url}"
    work = catalog.references[key]
    return f"{work.byline}. {work.title}. {work.imprint}. {work.url}"


def _find_addresses(catalog: Catalog, entry: Entry, attribute: Attribute) -> Iterator[str]:
    """Yield the addresses that show a fact: on the entry's page, in its matrix, in its comparisons."""
    if entry.page:
        yield f"{urls.url(urls.entry(catalog, entry))}#{attribute.key}"
    pairs = (urls.pair(*pair) for pair in catalog.pairs_of.get(entry.slug, ()))
    cell = compare.cell(entry, attribute).id
    yield from (f"{urls.url(uri)}#{cell}" for uri in (urls.matrix(catalog, entry.kind), *pairs))
