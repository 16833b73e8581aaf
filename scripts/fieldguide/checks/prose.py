"""Checks of hand-written prose: citations, blocks, headings and raw HTML that work and do no harm."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from fieldguide import formats, urls
from fieldguide.checks.references import explain_unresolved, subject_of
from fieldguide.checks.registry import check
from fieldguide.mentions import SKIPPED
from fieldguide.problem import Document, ParseError, Problem, once
from fieldguide.source import markdown
from fieldguide.source.markdown import BLOCKS
from fieldguide.source.suggestions import did_you_mean, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.catalog import Catalog
    from fieldguide.source.markdown import Block

LINK = r"\[(?P<label>[^\]@][^\]]*)\]\((?P<to>[^)\s]+)\)"
HEADING_ID = re.compile(r"\{(?:[^{}]*#[\w-]+[^{}]*|[^{}.]*)\}$")


@check("citation", per="document")
def check_citations(catalog: Catalog, _: str, document: Document) -> Iterator[Problem]:
    """Report citations in prose that lead nowhere, or are none.

    Why: A citation in another form would be printed as text, and the sentence would have no source.
    Wrong: as Codd showed @codd1970
    Right: as Codd showed [@codd1970]
    """
    for key, offset in markdown.citations(document):
        if message := explain_unresolved(catalog, key):
            yield document.problem_at(offset, "unresolved", message, subject=subject_of(key))
    for token in markdown.find_loose_citations(document):
        text = document.body[slice(*token.span())]
        if token["cite"]:
            continue
        if text[0] != "@" or text[1:].casefold() in folded_keys(catalog):  # or else it is someone's name
            message = f"{shown(text)} is not read as a citation; write [@key] or [@one; @two]"
            yield document.problem_at(token.start(), "citation", message)


@once
def folded_keys(catalog: Catalog) -> set[str]:
    """Return the keys of the bibliography, whatever their case."""
    return {key.casefold() for key in catalog.references}


@check("heading-id", per="document")
def check_headings(_: Catalog, __: str, document: Document) -> Iterator[Problem]:
    """Warn of headings without an id.

    Why: An id made from a heading's words changes with them, and links to it break. This only warns.
    Wrong: ## What it costs
    Right: ## What it costs {#costs}
    """
    for token in markdown.find_headings(document):
        text, offset = document.body[slice(*token.span("heading"))], token.start("heading")
        if not HEADING_ID.search(text):
            name = formats.slug(text) or "section"
            message = f"a link to this heading breaks when it is reworded; give it an id: '{text} {{#{name}}}'"
            yield replace(document.problem_at(offset, "heading-id", message), warning=True)


@check("block", per="document")
def check_blocks(catalog: Catalog, _: str, document: Document) -> Iterator[Problem]:
    """Report blocks that nothing draws, or that name what does not exist.

    Why: A block that is not written as one would stand as text on the page.
    Wrong: ///matrix | Two of them
    Right: /// matrix | Two of them
    """
    for block in markdown.blocks(document):
        if isinstance(block, ParseError):
            yield from block.problems
        elif block.name not in BLOCKS:
            known = f"expected one of {', '.join(BLOCKS)}{did_you_mean(block.name, BLOCKS)}"
            yield _of_block(block, f"'{block.name}' is not a block; {known}")
        else:
            if not block.caption:
                yield _of_block(block, f"expected a caption: '/// {block.name} | What it shows'")
            yield from list(BLOCKS[block.name].problems(block.document)) or _unknown_options(catalog, block)


def _of_block(block: Block, message: str) -> Problem:
    return Problem(path=block.document.path, line=block.line, column=1, rule="block", message=message)


def _unknown_options(catalog: Catalog, block: Block) -> Iterator[Problem]:
    """Yield what the options of a block name and the guide lacks."""
    document, entries = block.document, catalog.entries
    known = {
        "entries": entries,
        "attributes": catalog.vocabulary.attributes,
        "ids": catalog.claims,
        "root": catalog.nodes,
        "marked": catalog.nodes,
        "kinds": catalog.vocabulary.kinds,
    }
    for option, names in known.items():
        value = document.data.get(option, [])
        for index, name in enumerate([value] if isinstance(value, str) else value):
            if name not in names:
                message = f"'{name}' is not known under '{option}'{did_you_mean(name, names)}"
                subject = "claims" if option == "ids" else name
                yield document.problem((option, index), "unknown-entry", message, subject=subject)
    if block.name == "timeline" and all(slug in entries for slug in document.data["entries"]):
        dated = [a.key for a in catalog.vocabulary.attributes.values() if a.timeline]
        if not any(key in entries[slug].facts for slug in document.data["entries"] for key in dated):
            yield _of_block(block, f"none of these entries states a date; expected one with {' or '.join(dated)}")


@check("unlinked", per="warnings")
def check_mentions(catalog: Catalog) -> Iterator[Problem]:
    """Warn of entries that prose names before, or without, linking to them.

    Why: A name that has a page is worth a link where it first stands. This only warns.
    Wrong: the first mention of an entry, as plain text
    Right: a link to its page there
    """
    owners: dict[str, str] = {}
    for entry in catalog.entries.values():
        for name in (entry.title, *entry.aliases):
            owners.setdefault(_fold(name), entry.slug)
    names = sorted(owners, key=len, reverse=True)
    words = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in names) or r"(?!)"
    mention = rf"(?<![\w-])(?P<name>{words})(?P<plural>s|es)?(?![\w-])"
    pattern = re.compile(f"{LINK}|{SKIPPED}|{mention}", re.MULTILINE | re.VERBOSE | re.IGNORECASE)
    for uri, document in catalog.documents.items():
        seen = {uri.rpartition("/")[2].removesuffix(".md"), *(catalog.pair_of(uri) or ())}
        for token in pattern.finditer(document.body):
            if token["to"]:
                file, anchor = urls.resolve(token["to"], uri), token["to"].partition("#")[2]
                seen |= {file.rpartition("/")[2].removesuffix(".md"), anchor}
                continue
            slug = owners.get(_fold(token["name"] or ""), "")
            if slug and slug not in seen and _is_mention(catalog, slug, document.body, token):
                seen.add(slug)
                target = urls.file_of(catalog, slug, uri)
                message = f"'{token['name']}' is not linked at its first mention; link to {target}"
                yield document.problem_at(token.start(), "unlinked", message)


def _fold(name: str) -> str:
    return " ".join(name.casefold().split())


def _is_mention(catalog: Catalog, slug: str, text: str, token: re.Match[str]) -> bool:
    """Return whether a word names an entry.

    A proper name is written as one, since `python` may be a snake; SQL is part of a longer name in `Azure SQL`.
    """
    entry = catalog.entries[slug]
    if catalog.vocabulary.kinds[entry.kind].proper and token["name"] not in (entry.title, *entry.aliases):
        return False
    before, after = text[: token.start()], text[token.end() :]
    return not (re.search(r"[A-Z]\w*\s$", before) or re.match(r"\s[A-Z]", after))
