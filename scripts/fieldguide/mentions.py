"""Where prose names an entry: links that are missing, and abbreviations to spell out."""

from __future__ import annotations

import re
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

from fieldguide import urls
from fieldguide.problem import Problem
from fieldguide.source import markdown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.catalog import Catalog
    from fieldguide.model import Entry
    from fieldguide.problem import Document

# What is no running text: headings, link targets, citations, HTML tags; and code and blocks.
MARKS = r"""^\#.*$ | \]\([^)]*\) | \[@[^\]]*\] | <a\b[^>]*>.*?</a> | <[^>]*> | https?://\S+"""
SKIPPED = rf"""{markdown.CODE} | ^///[^\S\n]+[\s\S]*?^///[^\S\n]*$ | {MARKS}"""
SHORT = r"\b(?P<name>[a-z0-9]*[A-Z][a-z0-9]*[A-Z][A-Za-z0-9]*)\b(?![-\w]*-)"
PLAIN_SHORT, ANY_SHORT = (re.compile(f"{skipped}|{SHORT}", re.MULTILINE | re.VERBOSE) for skipped in (MARKS, SKIPPED))
LINKED = r"\[(?P<label>[^\]@][^\]]*)\]\((?P<to>[^)\s]+)\)"
ABBREVIATION = re.compile(r"(?=.*[A-Z].*[A-Z])[A-Za-z0-9]{2,6}")


class Names:
    """The names of a catalog's entries, to be found in prose."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.spelled = {short: escape(long) for entry in catalog.entries.values() for short, long in _long_forms(entry)}

    @cached_property
    def owners(self) -> dict[str, str]:
        """Each name, folded, with the entry that had it first."""
        owners: dict[str, str] = {}
        for entry in self.catalog.entries.values():
            for name in (entry.title, *entry.aliases):
                owners.setdefault(_key(name), entry.slug)
        return owners

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Any link, any skipped text, any name."""
        names = sorted(self.owners, key=len, reverse=True)
        words = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in names) or r"(?!)"
        flags = re.MULTILINE | re.VERBOSE
        name = rf"(?<![\w-])(?P<name>{words})(?P<plural>s|es)?(?![\w-])"
        return re.compile(f"{LINKED}|{SKIPPED}|{name}", flags | re.IGNORECASE)

    def unlinked(self, document: Document, here: str, own: set[str]) -> Iterator[Problem]:
        """A warning for each entry that a page's prose names before, or without, linking to it."""
        seen = set(own)
        for token in self.pattern.finditer(document.body):
            if token["to"]:
                seen |= self._targets(token["to"], here)
            elif token["name"] and (slug := self.owners.get(_key(token["name"]))) and slug not in seen:
                if not self._named_exactly(token["name"], slug) or _inside_name(document.body, token):
                    continue
                seen.add(slug)
                line, column = markdown.place(document, token.start())
                target = urls.file_of(self.catalog, slug, here)
                message = f"'{token['name']}' is not linked at its first mention; link to {target}"
                yield Problem(
                    path=document.path, line=line, column=column, rule="unlinked", message=message, warning=True
                )

    def _named_exactly(self, found: str, slug: str) -> bool:
        """Whether a proper name is written as one: `python` may be a snake."""
        entry = self.catalog.entries[slug]
        if not self.catalog.vocabulary.kinds[entry.kind].proper:
            return True
        return any(found == name for name in (entry.title, *entry.aliases))

    def _targets(self, address: str, here: str) -> set[str]:
        file = urls.resolve(address, here)
        slug = file.rpartition("/")[2].removesuffix(".md")
        fragment = address.partition("#")[2]
        return {slug} if slug in self.catalog.entries else {fragment} & set(self.catalog.entries)

    def spell_out(self, text: str) -> str:
        """Markdown in which the first use of each abbreviation carries its long form as a tooltip."""
        known = dict(self.spelled)

        def mark(token: re.Match[str]) -> str:
            word = token["name"] or ""
            for short in (word, word.removesuffix("s")):
                if title := known.pop(short, None):
                    return f'<abbr title="{title}">{short}</abbr>{word[len(short) :]}'
            return token[0]

        return (PLAIN_SHORT if markdown.plain(text) else ANY_SHORT).sub(mark, text)


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def _inside_name(text: str, token: re.Match[str]) -> bool:
    """Whether a word is part of a longer name, such as SQL in `Azure SQL` or `SQL Server`."""
    before, after = text[: token.start()], text[token.end() :]
    return bool(re.search(r"[A-Z]\w*\s$", before) or re.match(r"\s[A-Z]", after))


def _long_forms(entry: Entry) -> Iterator[tuple[str, str]]:
    """Each abbreviation among an entry's names with its long form: the title, or the longest alias."""
    longest = max(entry.aliases, key=len, default="")
    for name in (entry.title, *entry.aliases):
        long = entry.title if name != entry.title else longest
        if ABBREVIATION.fullmatch(name) and " " in long:
            yield name, long
