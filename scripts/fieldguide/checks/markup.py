"""Checks of the markup in prose: what does harm, and what Markdown takes without a word and spoils the page."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from fieldguide.checks.registry import check
from fieldguide.problem import Document, once
from fieldguide.source import markdown
from fieldguide.source.markdown import BLOCKS
from fieldguide.source.suggestions import nearest, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.catalog import Catalog
    from fieldguide.problem import Problem

HARM = {
    "active": "would run, load or style something of its own; write Markdown",
    "tag": "is no plain tag with its attributes in double quotes; write Markdown, '&lt;' for the sign, or `code`",
    "attributes": "would give an element attributes; only an id and classes can be given, as in '{#id .class}'",
}
TAG = rf"(?<!\\)<(?P<end>/?)(?P<name>{markdown.ELEMENTS})(?=[\s/>])[^<>]*>"
EMPTY = {"br", "hr", "img", "wbr"}
# What closes these is what they stand in.
INNER = {"dd", "dt", "li", "p", "tbody", "td", "tfoot", "th", "thead", "tr"}
# This may be code.
INDENTED = re.compile(r"[ ]{4}|\t")
# Each begins with the signs that one of its parts begins with, so that most of a text is passed over quickly.
ID = r"""(?=[\#=i{])
  (?: ^(?P<first>\#)[^\S\n] | (?<=\S\n)(?P<under>=+)[^\S\n]*$ | \bid="(?P<id>[^"\n]*)\"
  | (?P<list> \{:[^{}\n]*\} | \{[^{}\n]*\}(?=[^\S\n]*\#*[^\S\n]*$) ) )"""
LIST = re.compile(r"\{:?\s*(?:[.#][\w:-]+\s*)+\}")
SIGN = rf"""(?=[\[\\!?`~])
  (?: (?P<nested> \[[^\[\]\n]*\[@[^\[\]\n]*\][^\[\]\n]*\]\( )
  | {markdown.CITE}
  | (?P<latex> \\cite[a-z]*\*?(?:\[[^\[\]\n]*\])*\{{[^{{}}\n]*\}} )
  | (?P<note> (?<!\\)\[\^[\w-]+\](?!:) )
  | (?<![\\\]])\[(?P<keyless>[^\[\]\s@^]+)\](?![(\[:])
  | ^(?P<admonition> (?:!!!|\?\?\?\+?)[^\S\n]+\w[^\n]* )
  | ^(?P<opening> `{{3,}}|~{{3,}} )[^`\n]*$ )"""
SAID = {
    "nested": "a citation cannot stand in the text of a link or a picture; put it behind",
    "note": "{} is no footnote here and would be printed; write it into the sentence, or as `code`",
    "admonition": "{} would be printed as it stands; write a quotation: '> **Note:** ...'",
    "opening": "{0} opens code that is never closed; end it with a line {0}",
}
STRAY = rf"""{markdown.BLOCK}
  | ^[ ]{{0,3}}(?:(?:>|[-*+]|\d+[.)])[^\S\n]*)* (?P<marks>/{{2,}}|:{{3,}}) [^\S\n]*(?P<rest>(?P<name>[\w-]*)[^\n]*)$"""
find_tags = markdown.prose_finder(TAG, re.IGNORECASE)
# Headings of the first level, ids and lists of attributes.
find_ids = markdown.prose_finder(ID)
# Citations, what may be meant as one, and signs of other dialects.
find_signs = markdown.prose_finder(SIGN)
find_marks = markdown.prose_finder(STRAY)
# Ids that templates give to parts of every page, of entries' pages and of comparisons.
EVERY = {"references", "cite-this-page"}
ENTRY = {"at-a-glance", "neighborhood", "who-says-what", "comparisons", "claims", "articles"}
PAIR = {"differences", "summary", "is-a", "built-on", "same", "verdict", "articles", "claims", "comparisons"}
OWN = "a part of the page that is generated"


@check("markup", per="document")
def check_markup(catalog: Catalog, uri: str, document: Document) -> Iterator[Problem]:
    """Report markup that does harm; where there is none, markup that spoils the page.

    Why: Titles and summaries also stand where no markup is read, HTML that runs code could do harm, and what is never
    closed takes in the rest of its page.
    Wrong: title: The <i>first</i> one
    Right: title: The first one
    """
    if harm := find_harm(document):
        yield from harm
        return
    yield from _check_tags(document)
    yield from _check_stray_blocks(document)
    yield from _check_ids(catalog, uri, document)
    yield from _check_signs(catalog, document)


@once
def find_harm(document: Document) -> list[Problem]:
    """Return the raw HTML, the attributes and the crowds of signs that a page may not have."""
    found = [
        document.problem_at(offset, "markup", f"{shown(text)} {HARM[sort]}")
        for sort, text, offset in markdown.active(document)
    ]
    for address, offset in markdown.pictures(document):
        message = f"the picture {shown(address)} would be loaded from another host; put it under docs/"
        found.append(document.problem_at(offset, "link", message))
    for what, offset in markdown.crowded(document):
        found.append(document.problem_at(offset, "markup", f"{what}; write it simpler, or in parts"))
    return found


def _check_tags(document: Document) -> Iterator[Problem]:
    """Report tags that are never closed, or that close nothing."""
    body, opened, count = document.body, list[tuple[str, int]](), Counter[str]()

    def unclosed(name: str, offset: int) -> Problem:
        message = f"'<{name}>' is never closed, so that it takes in what follows; add '</{name}>'"
        return document.problem_at(offset, "markup", message)

    for token in find_tags(document):
        name = token["name"].lower()
        if name in EMPTY or (not opened and INDENTED.match(body, body.rfind("\n", 0, token.start()) + 1)):
            continue
        if not token["end"]:
            opened.append((name, token.start()))
            count[name] += 1
        elif not count[name]:
            yield document.problem_at(token.start(), "markup", f"'</{name}>' closes nothing; remove it")
        else:
            while (inner := opened.pop())[0] != name:
                count[inner[0]] -= 1
                if inner[0] not in INNER:
                    yield unclosed(*inner)
            count[name] -= 1
    for name, offset in opened:
        yield unclosed(name, offset)


def _check_ids(catalog: Catalog, uri: str, document: Document) -> Iterator[Problem]:
    """Report titles within the page, ids that another part has, and lists of attributes that are none."""
    taken = dict.fromkeys(_generated_ids(catalog, uri), OWN)
    for token in find_ids(document):
        offset, given = token.start(), document.body[slice(*token.span("list"))] if token["list"] else ""
        if token["first"] or token["under"]:
            message = "a page has one heading of the first level, its title; begin this one with '##'"
            yield document.problem_at(offset, "markup", message)
        elif given and (flaw := _explain_list(document.body, offset, given)):
            yield document.problem_at(offset, "markup", f"'{given}' {flaw}")
        for name in [token["id"]] if token["id"] else re.findall(r"#([\w:-]+)", given):
            if name in taken or name.startswith(("cite-", "__")):
                message = f"the id '{name}' is that of {taken.get(name, OWN)}; choose another"
                yield document.problem_at(offset, "clash", message)
            taken.setdefault(name, "something above")


def _generated_ids(catalog: Catalog, uri: str) -> set[str]:
    """Return the ids of what is generated on a hand-written page."""
    pair = catalog.pair_of(uri)
    slugs = pair or (uri.rpartition("/")[2].removesuffix(".md"),)
    entries = [catalog.entries[slug] for slug in slugs if slug in catalog.entries]
    if not entries:
        return EVERY
    attributes = {a.key for entry in entries for a in catalog.vocabulary.attributes_of(entry.kind)}
    claims = {claim.id for slug in slugs for claim in catalog.claims_about.get(slug, ())}
    return EVERY | (PAIR if pair else ENTRY) | attributes | claims


def _explain_list(body: str, offset: int, given: str) -> str:
    """Return why a list of attributes is none; empty if it is one, or is mere text."""
    is_heading = body.startswith("#", body.rfind("\n", 0, offset) + 1)
    if is_heading and not body[offset - 1].isspace():
        return "would be printed as it stands; put a space before it"
    if (is_heading or given.startswith("{:")) and "=" not in given and not LIST.fullmatch(given):
        return "would be lost; write '{#id .class}', and braces as code"
    return ""


def _check_stray_blocks(document: Document) -> Iterator[Problem]:
    """Report lines that were meant to begin a block, or to end one that is none; of such a pair only the first."""
    begun = False
    for token in find_marks(document):
        if not token["marks"]:
            continue
        close = "".join(nearest(token["name"], BLOCKS))
        if token["marks"] == "//" and not (close and "|" in token["rest"]):
            continue
        if begun and not close and "|" not in token["rest"]:
            begun = False
            continue
        begun = bool(token["rest"])
        line = f"'/// {close or 'name'} | caption' at the start of its line, options indented by four spaces, '///'"
        names = "" if close else f"; a name is one of {', '.join(BLOCKS)}"
        flaw = f"this belongs to no block; write {line}{names}" if begun else "this ends no block; remove it"
        yield document.problem_at(token.start("marks"), "block", flaw)


def _check_signs(catalog: Catalog, document: Document) -> Iterator[Problem]:
    """Report citations that are none or stand where none can, and what other dialects of Markdown read."""
    for token in find_signs(document):
        sort = token.lastgroup or ""
        if flaw := _explain_sign(catalog, document.body, sort, document.body[slice(*token.span(sort))]):
            rule = "markup" if sort in {"admonition", "opening"} else "citation"
            yield document.problem_at(token.start(sort), rule, flaw)


def _explain_sign(catalog: Catalog, body: str, sort: str, text: str) -> str:
    """Return what is wrong with a sign of some sort; empty if nothing is."""
    match sort:
        case "cite" if len(keys := markdown.KEY.findall(text)) > len(set(keys)):
            return f"'[{text}]' cites one source twice; name it once"
        case "latex":
            keys = [f"@{key.strip()}" for key in text.rpartition("{")[2].rstrip("}").split(",")]
            return f"{shown(text)} is LaTeX and would be printed; write '[{'; '.join(keys)}]'"
        case "keyless" if (text in catalog.references or text in catalog.sections) and f"[{text}]:" not in body:
            return f"'[{text}]' is not read as a citation; write '[@{text}]'"
    return SAID.get(sort, "").format(shown(text))
