"""Abbreviations in prose, spelled out where they first stand."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from fieldguide.problem import once
from fieldguide.source import markdown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.catalog import Catalog
    from fieldguide.model import Entry

# What is no running text: headings, link targets, citations, HTML tags; and code and blocks.
MARKS = r"""^\#.*$ | \]\([^)]*\) | \[@[^\]]*\] | <a\b[^>]*>.*?</a> | <[^>]*> | https?://\S+"""
SKIPPED = rf"""{markdown.CODE} | ^///[^\S\n]+[\s\S]*?^///[^\S\n]*$ | {MARKS}"""
SHORT = r"\b(?P<name>[a-z0-9]*[A-Z][a-z0-9]*[A-Z][A-Za-z0-9]*)\b(?![-\w]*-)"
PLAIN_SHORT, ANY_SHORT = (re.compile(f"{skipped}|{SHORT}", re.MULTILINE | re.VERBOSE) for skipped in (MARKS, SKIPPED))
ABBREVIATION = re.compile(r"(?=.*[A-Z].*[A-Z])[A-Za-z0-9]{2,6}")


def spell_out(catalog: Catalog, text: str) -> str:
    """Return Markdown in which the first use of each abbreviation carries its long form as a tooltip."""
    known = dict(long_forms(catalog))

    def mark(token: re.Match[str]) -> str:
        word = token["name"] or ""
        for short in (word, word.removesuffix("s")):
            if title := known.pop(short, None):
                return f'<abbr title="{escape(title)}">{short}</abbr>{word[len(short) :]}'
        return token[0]

    return (PLAIN_SHORT if markdown.plain(text) else ANY_SHORT).sub(mark, text)


@once
def long_forms(catalog: Catalog) -> dict[str, str]:
    """Return the abbreviations among the names of a guide's entries with their long forms."""
    return {short: long for entry in catalog.entries.values() for short, long in _long_forms(entry)}


def _long_forms(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield each abbreviation of an entry with its title, or with its longest alias where it is the title."""
    longest = max(entry.aliases, key=len, default="")
    for name in (entry.title, *entry.aliases):
        long = entry.title if name != entry.title else longest
        if ABBREVIATION.fullmatch(name) and " " in long:
            yield name, long
