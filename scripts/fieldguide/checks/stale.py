"""Facts that have stood longer than their attribute keeps: worth another look, never an error."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fieldguide.formats import long_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.catalog import Catalog
    from fieldguide.problem import Problem, Where


def stale(catalog: Catalog, today: str) -> Iterator[Problem]:
    """A warning for each fact that held longer ago than its attribute's shelf life in months, and each day to come."""
    for entry in catalog.entries.values():
        dates: list[tuple[Where, str]] = [(("checked",), entry.checked)]
        dates += [(("facts", key, "as_of"), fact.as_of) for key, fact in entry.facts.items()]
        for where, date in dates:
            if date > today:
                message = f"'{date}' is yet to come; correct the date"
                yield replace(entry.doc.problem(where, "date", message), warning=True)
        for key, fact in entry.facts.items():
            months = catalog.vocabulary.attributes[key].shelf_life
            known = fact.as_of or entry.checked
            if months and later(known, months) < today:
                message = (
                    f"'{key}' held on {long_date(known)} and is to be looked at every {months} months; "
                    f"check it, then set 'as_of'"
                )
                yield replace(entry.doc.problem(("facts", key), "stale", message, key=True), warning=True)


def later(date: str, months: int) -> str:
    """The end of a year, month or day some months later, to compare with a day."""
    year, month, day = map(int, (date + "-12-31"[len(date) - 4 :]).split("-"))
    total = year * 12 + month - 1 + months
    return f"{total // 12:04}-{total % 12 + 1:02}-{day:02}"
