"""Redirects: each leads to a page at once, from an address where nothing stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.checks.places import Places
from fieldguide.source.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.catalog import Catalog
    from fieldguide.problem import Problem


def check(catalog: Catalog) -> Iterator[Problem]:
    """Redirects that lead to another redirect or to no page, or away from what is there."""
    if not (document := catalog.redirects_document):
        return
    places = Places(catalog)
    pages = {f"/{url}" for url in places.urls}
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
