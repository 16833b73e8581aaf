"""What nothing takes up: sections that no page rewrites, references that nothing cites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide import citations
from fieldguide.problem import ANY, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.catalog import Catalog


def coverage(catalog: Catalog) -> Iterator[Problem]:
    """Article sections that no page rewrites, contact and advertising text apart."""
    for article in catalog.articles.values():
        for index, section in enumerate(article.sections):
            if not section.boilerplate and not catalog.coverage[f"{article.id}#{section.id}"]:
                message = (
                    f"no page rewrites '{article.id}#{section.id}'; list it under 'rewrites' of the page that does"
                )
                yield article.doc.problem(("sections", index, "id"), "coverage", message, subject=ANY)


def unused(catalog: Catalog) -> Iterator[Problem]:
    """References that nothing cites."""
    cited = citations.cited(catalog)
    for key, work in catalog.references.items():
        if key not in cited:
            message = f"nothing cites '{key}'; cite it or remove it"
            path = catalog.bibliography
            yield Problem(path=path, line=work.line, column=1, rule="unused", message=message, subject=ANY)
