"""The names in a field of BibTeX: whose they are, and how they are written wrongly."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names

from fieldguide.source.latex import decoded, unbraced

if TYPE_CHECKING:
    from collections.abc import Iterator

GROUP = re.compile(r"\{[^{}]*\}")
MARK = re.compile(r";|\\?&(?:amp;)?|\bet\.?\s+al\b\.?", re.IGNORECASE)
ALONE = re.compile(r"^\s*and\b|\band\s+and\b|\band\s*$")
JUNIOR = re.compile(r"(?:jr|sr|[ivx]+)\.?", re.IGNORECASE)
INSTITUTION = re.compile(
    r"\b(?:of|for|the|inc|ltd|llc|gmbh|corporation|university|institute|foundation|laboratory|association|"
    r"organization|commission|committee|consortium|company|council|agency|department)\b",
    re.IGNORECASE,
)


def family(given: str) -> tuple[str, ...]:
    """The family names in a field."""
    names = (parse_single_name_into_parts(n, strict=False) for n in split_multiple_persons_names(decoded(given)))
    return tuple(filter(None, (unbraced(" ".join([*name.von, *name.last, *name.jr])) for name in names)))


def flaws(given: str) -> Iterator[tuple[str, str]]:
    """The first part of a field that BibTeX would misread, and how to mend it; what braces hold is left alone."""
    outer = given
    while (shorter := GROUP.sub(lambda group: "x" * len(group[0]), outer)) != outer:
        outer = shorter
    if mark := MARK.search(outer):
        mend = "end with 'and others'" if mark[0][0] in "eE" else "separate names with ' and '"
        yield mark[0], f"'{mark[0]}' separates no names; {mend}, or put an institution in double braces"
    elif alone := ALONE.search(outer):
        yield alone[0].strip(), "expected a name on both sides of 'and'; add the one that is missing, or remove 'and'"
    else:
        yield from _misread(re.split(r"\s+and\s+", outer))


def _misread(names: list[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        parts = [part.strip() for part in name.split(",")]
        if len(parts) > 3 or (len(parts) == 3 and not JUNIOR.fullmatch(parts[1])):
            yield name.strip(), "expected 'Family, Given' for each name; separate names with ' and ', not with a comma"
        elif len(parts) == 1 and INSTITUTION.search(name):
            yield name.strip(), f"'{name.strip()}' reads as a person; put an institution in double braces: {{{{...}}}}"
        else:
            continue
        return
