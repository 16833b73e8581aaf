"""Explain a fact: its sources, and everywhere it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide import urls
from fieldguide.commands import CommandError, find_entry
from fieldguide.formats import long_date
from fieldguide.render import compare
from fieldguide.source.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.catalog import Catalog
    from fieldguide.model import Attribute, Entry


def explain(catalog: Catalog, name: str) -> Iterator[str]:
    """Yield lines about an entry, or a fact written `entry.attribute`; raise CommandError for what is not there."""
    slug, dot, key = name.partition(".")
    entry, attributes = find_entry(catalog, slug), catalog.vocabulary.attributes
    if not dot:
        kind = catalog.vocabulary.kinds[entry.kind]
        yield f"{entry.title} ({kind.label.lower()}): {entry.summary}"
        for attribute in catalog.vocabulary.attributes_of(entry.kind):
            yield f"  {slug}.{attribute.key}: {_format_fact(catalog, entry, attribute)}"
    elif key in attributes:
        yield from _explain_fact(catalog, entry, attributes[key])
    else:
        hint = did_you_mean(key, attributes) or f"; scripts/explain {slug} lists what it can state"
        raise CommandError(f"no attribute is called '{key}'{hint}")


def _format_fact(catalog: Catalog, entry: Entry, attribute: Attribute) -> str:
    if fact := entry.facts.get(attribute.key):
        return compare.format_value(catalog, attribute, entry.kind, fact.value)
    return "not stated" if entry.kind in attribute.types else f"does not apply to a {entry.kind}"


def _explain_fact(catalog: Catalog, entry: Entry, attribute: Attribute) -> Iterator[str]:
    """Yield a fact, what qualifies it, its sources, where it is written and where it is shown."""
    yield f"{entry.title}: {attribute.label}"
    yield f"  {_format_fact(catalog, entry, attribute)}"
    fact = entry.facts.get(attribute.key)
    if fact is None:
        return
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
    if entry.page:
        yield f"  /{urls.url(urls.entry(catalog, entry))}#{attribute.key}"
    cell = compare.cell(entry, attribute).id
    pairs = (urls.pair(*pair) for pair in catalog.pairs_of.get(entry.slug, ()))
    yield from (f"  /{urls.url(uri)}#{cell}" for uri in (urls.matrix(catalog, entry.kind), *pairs))


def _describe_source(catalog: Catalog, key: str) -> str:
    """Return what is cited in full."""
    if key in catalog.sections:
        article, section = catalog.sections[key]
        return f"{article.publisher}, “{article.title}”, section “{section.heading}”. {article.url}"
    work = catalog.references[key]
    return f"{work.byline}. {work.title}. {work.imprint}. {work.url}"
