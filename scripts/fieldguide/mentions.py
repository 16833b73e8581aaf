"""What texts mention: abbreviations, spelled out where they first stand, and the sources that are cited."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from fieldguide import urls
from fieldguide.model import folded
from fieldguide.problem import once
from fieldguide.source import markdown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.catalog import Catalog

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
    """Return each abbreviation of an entry with its title, or with its longest alias where it is the title."""
    found = {}
    for entry in catalog.entries.values():
        longest = max(entry.aliases, key=len, default="")
        for name in (entry.title, *entry.aliases):
            long = entry.title if name != entry.title else longest
            if ABBREVIATION.fullmatch(name) and " " in long:
                found[name] = long
    return found


def list_citations(catalog: Catalog) -> Iterator[tuple[str, str, str]]:
    """Yield each key that an editor cites with the file and the title of the page that shows it."""
    for entry in sorted(catalog.entries.values(), key=lambda entry: folded(entry.title)):
        page = (urls.entry(catalog, entry), entry.title) if entry.page else (urls.GLOSSARY, "Glossary")
        facts = page if entry.page else (urls.matrix(catalog, entry.kind), page[1])
        yield from ((key, *page) for key in entry.summary_cite)
        yield from ((key, *facts) for fact in entry.facts.values() for key in fact.cite)
        yield from ((key, *page) for key, _ in markdown.citations(entry.doc))
    for uri, written in catalog.pages.items():
        pair = catalog.pair_of(uri)
        title = " vs. ".join(map(catalog.title, pair)) if pair else written.title
        yield from ((key, uri, title) for key, _ in markdown.citations(written.doc))
    for claim in catalog.claims.values():
        yield from ((key, urls.CLAIMS, "Claims, checked") for key in claim.cite)
    for article in catalog.articles.values():
        keys = article.date_estimate.get("cite", ())
        yield from ((key, urls.article(article.id), article.publisher) for key in keys)
