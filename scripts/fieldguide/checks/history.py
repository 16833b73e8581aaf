"""Checks of what has changed: the record of changes, redirects, and facts that have stood too long."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fieldguide import urls
from fieldguide.checks.references import subject_of
from fieldguide.checks.registry import check
from fieldguide.formats import is_date, long_date
from fieldguide.model import split_value
from fieldguide.source.attribute_types import ATTRIBUTE_TYPES
from fieldguide.source.suggestions import did_you_mean, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.catalog import Catalog
    from fieldguide.model import Change
    from fieldguide.problem import Document, Problem, Where

SHAPE = "a change has either a 'note', or an 'entry' with 'before', 'after' or both"


def is_day(date: str) -> bool:
    """Return whether a date is precise to the day."""
    return is_date(date) and date.count("-") == 2


@check("change")
def check_changes(catalog: Catalog) -> Iterator[Problem]:
    """Report changes that say nothing, say it twice, or end at what the guide does not know.

    Why: A record of a change tells what changed from what to what, or else it is a note.
    Wrong: - {date: 2026-01-05, attribute: license}
    Right: - {date: 2026-01-05, entry: redis, attribute: license, before: a, after: b, cite: [key]}
    """
    document = catalog.changes_document
    if document is None:
        return
    seen: set[Change] = set()
    last = {(c.entry, c.attribute): c for c in sorted(catalog.changes, key=lambda c: c.date)}
    for change in catalog.changes:
        found = list(_check_shape(document, change))
        yield from found
        # An entry without a title after its last change was removed.
        stays = change.after and last.get((change.entry, ""), change).after
        if not found and change is last[change.entry, change.attribute] and stays and not change.note:
            yield from _check_names(catalog, document, change)
        if replace(change, index=0) in seen:
            message = "the same change is recorded twice; remove one of the two"
            yield document.problem(("changes", change.index), "clash", message)
        seen.add(replace(change, index=0))


def _check_shape(document: Document, change: Change) -> Iterator[Problem]:
    where: Where = ("changes", change.index)
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


def _check_names(catalog: Catalog, document: Document, change: Change) -> Iterator[Problem]:
    where: Where = ("changes", change.index)
    entry = catalog.entries.get(change.entry)
    if entry is None:
        message = f"{shown(change.entry)} is not an entry{did_you_mean(change.entry, catalog.entries)}"
        yield document.problem((*where, "entry"), "unknown-entry", message, subject=change.entry)
        return
    known = {a.key: a for a in catalog.vocabulary.attributes_of(entry.kind)}
    attribute = known.get(change.attribute)
    if change.attribute and not attribute:
        message = f"{shown(change.attribute)} is not an attribute of this kind{did_you_mean(change.attribute, known)}"
        yield document.problem((*where, "attribute"), "unknown-attribute", message)
    if attribute and ATTRIBUTE_TYPES[attribute.types[entry.kind]].has_value_set:
        values = catalog.vocabulary.value_sets[attribute.values]
        for value in split_value(change.after):
            if value not in values:
                hint = did_you_mean(value, values) or f"; expected one of {', '.join(values)}"
                message = f"{shown(value)} is not a value of '{change.attribute}'{hint}"
                yield document.problem((*where, "after"), "value", message)
    for index, key in enumerate(change.cite):
        if key not in catalog.references and key not in catalog.sections:
            hint = did_you_mean(key, [*catalog.references, *catalog.sections])
            message = f"the citation {shown(key)} is not known{hint}"
            yield document.problem((*where, "cite", index), "unresolved", message, subject=subject_of(key))


@check("redirect")
def check_redirects(catalog: Catalog) -> Iterator[Problem]:
    """Report redirects that lead to another redirect or to no page, or away from what is there.

    Why: Each old address leads to the page at once, not to another old address.
    Wrong: /a/: /b/ and /b/: /c/
    Right: /a/: /c/ and /b/: /c/
    """
    document = catalog.redirects_document
    if document is None:
        return
    pages = {f"/{urls.url(uri)}" for uri in urls.list_pages(catalog)}
    taken = {f"/{file[:at]}/" for file in catalog.files for at, sign in enumerate(f"{file}/") if sign == "/"}
    for old, new in catalog.redirects.items():
        if new in catalog.redirects:
            message = f"{new} is redirected itself, to {catalog.redirects[new]}; lead there at once"
            yield document.problem((old,), "redirect", message)
        elif new not in pages:
            yield document.problem((old,), "redirect", f"{new} is no page{did_you_mean(new, pages)}")
        if old in pages | taken:
            what = "a page" if old in pages else "a file or a folder of docs"
            message = f"{old} is {what}; only what has gone can be redirected"
            yield document.problem((old,), "redirect", message, key=True)


@check("stale", per="day")
def check_age(catalog: Catalog, today: str) -> Iterator[Problem]:
    """Warn of facts that held longer ago than their attribute's shelf life in months, and of days to come.

    Why: What ages, such as a price or a status, is worth another look after its shelf life. This only warns.
    Wrong: status: {value: active, cite: [key], as_of: 2020-01-05}, read years later
    Right: the same with the day of the last look as 'as_of'
    """
    for entry in catalog.entries.values():
        dates: list[tuple[Where, str]] = [(("checked",), entry.checked)]
        dates += [(("facts", key, "as_of"), fact.as_of) for key, fact in entry.facts.items()]
        for where, date in dates:
            if date > today:
                message = f"'{date}' is yet to come; correct the date"
                yield entry.doc.problem(where, "date", message)
        for key, fact in entry.facts.items():
            months = catalog.vocabulary.attributes[key].shelf_life
            known = fact.as_of or entry.checked
            if months and add_months(known, months) < today:
                when = f"held on {long_date(known)} and is to be looked at every {months} months"
                message = f"'{key}' {when}; check it, then set 'as_of'"
                yield entry.doc.problem(("facts", key), "stale", message, key=True)


def add_months(date: str, months: int) -> str:
    """Return the end of a year, month or day some months later, to compare with a day."""
    year, month, day = map(int, (date + "-12-31"[len(date) - 4 :]).split("-"))
    total = year * 12 + month - 1 + months
    return f"{total // 12:04}-{total % 12 + 1:02}-{day:02}"
