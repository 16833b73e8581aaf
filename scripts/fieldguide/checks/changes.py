"""The record of changes of facts, and what is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fieldguide.checks.prose_checks import subject_of
from fieldguide.formats import is_date
from fieldguide.model import split_value
from fieldguide.source.attribute_types import ATTRIBUTE_TYPES
from fieldguide.source.suggestions import did_you_mean, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fieldguide.catalog import Catalog
    from fieldguide.model import Change
    from fieldguide.problem import Document, Problem

SHAPE = "a change has either a 'note', or an 'entry' with 'before', 'after' or both"


def check(catalog: Catalog) -> Iterator[Problem]:
    """Changes that say nothing, say it twice, or end at what the guide does not know."""
    document = catalog.changes_document
    if document is None:
        return
    seen: set[Change] = set()
    last = {(c.entry, c.attribute): c for c in sorted(catalog.changes, key=lambda c: c.date)}
    for change in catalog.changes:
        found = list(_shape(document, change))
        yield from found
        if not found and change is last[change.entry, change.attribute]:
            yield from _unknown(catalog, document, change, last)
        if replace(change, index=0) in seen:
            message = "the same change is recorded twice; remove one of the two"
            yield document.problem(("changes", change.index), "clash", message)
        seen.add(replace(change, index=0))


def is_day(date: str) -> bool:
    """Whether a date is precise to the day."""
    return is_date(date) and date.count("-") == 2


def _shape(document: Document, change: Change) -> Iterator[Problem]:
    """What a change lacks, or says that does not go together."""
    where = ("changes", change.index)
    if not is_day(change.date):
        message = f"expected a day such as 2021-01-05, got {shown(change.date)}"
        yield document.problem((*where, "date"), "date", message)
    states = bool(change.before or change.after)
    if bool(change.note) == bool(change.entry) or states != bool(change.entry):
        yield document.problem(where, "change", f"expected one of two: {SHAPE}")
    elif change.attribute and not change.entry:
        yield document.problem((*where, "attribute"), "change", "an 'attribute' belongs to an 'entry'")
    elif change.entry and change.before == change.after:
        yield document.problem((*where, "after"), "change", "'before' and 'after' are the same")
    elif change.attribute and change.after and not change.cite:
        message = f"expected a citation for '{change.attribute}'; add 'cite: [...]'"
        yield document.problem((*where, "attribute"), "uncited", message)


def _unknown(
    catalog: Catalog, document: Document, change: Change, last: Mapping[tuple[str, str], Change]
) -> Iterator[Problem]:
    """What the last change of a thing names and the guide lacks, unless the thing was removed."""
    where = ("changes", change.index)
    removed = change.entry and not (change.after and last.get((change.entry, ""), change).after)
    if removed or change.note:
        return
    entry = catalog.entries.get(change.entry)
    if entry is None:
        message = f"{shown(change.entry)} is not an entry{did_you_mean(change.entry, catalog.entries)}"
        yield document.problem((*where, "entry"), "unknown-entry", message, subject=change.entry)
        return
    known = [a.key for a in catalog.vocabulary.attributes_of(entry.kind)]
    if change.attribute and change.attribute not in known:
        hint = did_you_mean(change.attribute, known)
        message = f"{shown(change.attribute)} is not an attribute of this kind{hint}"
        yield document.problem((*where, "attribute"), "unknown-attribute", message)
    attribute = catalog.vocabulary.attributes.get(change.attribute)
    of_type = attribute and ATTRIBUTE_TYPES.get(attribute.types.get(entry.kind, ""))
    if attribute and of_type and of_type.has_value_set:
        values = catalog.vocabulary.value_sets[attribute.values]
        for value in split_value(change.after):
            if value and value not in values:
                hint = did_you_mean(value, values) or f"; expected one of {', '.join(values)}"
                message = f"{shown(value)} is not a value of '{change.attribute}'{hint}"
                yield document.problem((*where, "after"), "value", message)
    for index, key in enumerate(change.cite):
        if key not in catalog.references and key not in catalog.sections:
            hint = did_you_mean(key, [*catalog.references, *catalog.sections])
            message = f"the citation {shown(key)} is not known{hint}"
            yield document.problem((*where, "cite", index), "unresolved", message, subject=subject_of(key))
