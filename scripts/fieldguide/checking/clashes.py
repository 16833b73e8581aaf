"""Names that two things share, of which a reader could find but one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.checking import prose_checks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.catalog import Catalog
    from fieldguide.model import Entry, Problem
    from fieldguide.reading.located import Where


def check(catalog: Catalog) -> Iterator[Problem]:
    """A title or alias that two entries use, and a class that has an entry's name."""
    titles = sorted(catalog.entries.values(), key=lambda entry: prose_checks.slug(entry.title) != entry.slug)
    owners: dict[str, Entry] = {}
    for entry in titles:
        yield from _shared(owners, entry, ("title",), entry.title)
    for entry in catalog.entries.values():
        seen: list[str] = []
        for index, alias in enumerate(entry.aliases):
            where: Where = ("aliases", index)
            if alias == entry.title or alias.casefold() in seen:
                yield entry.doc.problem(where, "clash", f"'{alias}' is given twice here; keep one of the two")
            else:
                yield from _shared(owners, entry, where, alias)
            seen.append(alias.casefold())
        if entry.slug in catalog.vocabulary.classes:
            message = f"'{entry.slug}' is a class of the vocabulary too; rename one of the two"
            yield entry.doc.problem((), "clash", message)


def _shared(owners: dict[str, Entry], entry: Entry, where: Where, name: str) -> Iterator[Problem]:
    owner = owners.setdefault(name.casefold(), entry)
    if owner is not entry:
        message = f"'{name}' is a title or alias of {owner.doc.path} too; a name leads to one entry"
        yield entry.doc.problem(where, "clash", message)
