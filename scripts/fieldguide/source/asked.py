"""What readers type who do not know the guide's own words: phrases for its pages, and words that mean the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fieldguide.problem import ParseError
from fieldguide.source import schema
from fieldguide.source.hints import did_you_mean
from fieldguide.source.located import decode, parse
from fieldguide.source.violations import Validator

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from fieldguide.catalog import Catalog
    from fieldguide.problem import Document, Problem

FILE = "data/asked.yml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Phrases by entry, claim or page, a page by its file without the ending; and groups of synonyms."""

    phrases: Mapping[str, list[str]] = field(default_factory=dict)
    synonyms: list[list[str]] = field(default_factory=list)


def read(docs: Path, catalog: Catalog, pages: Iterable[str]) -> tuple[Asked, list[Problem]]:
    """The file's content, if there is one, and its problems, of which a phrase for nothing that exists is one."""
    name = f"{docs.name}/{FILE}"
    if not (docs / FILE).is_file():
        return Asked(), []
    try:
        document = parse(decode(docs / FILE, name), name, example="asked: ...")
    except ParseError as error:
        return Asked(), list(error.problems)
    if problems := list(Validator(schema.asked_schema()).problems(document)):
        return Asked(), problems
    known = {*catalog.entries, *catalog.claims, *(page.removesuffix(".md") for page in pages)}
    asked = Asked(phrases=document.data.get("asked", {}), synonyms=document.data.get("synonyms", []))
    return asked, list(_unknown(document, asked, known))


def _unknown(document: Document, asked: Asked, known: set[str]) -> Iterator[Problem]:
    for key in asked.phrases:
        if key not in known:
            message = f"expected an entry, a claim or a page, got '{key}'{did_you_mean(key, known)}"
            yield document.problem(("asked", key), "unresolved", message, key=True, subject=key.rpartition("/")[2])
