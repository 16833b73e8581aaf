"""What Markdown takes without a word and spoils the page: tags left open, ids given twice, signs of other dialects."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from fieldguide.source import markdown
from fieldguide.source.blocks import BLOCKS
from fieldguide.source.suggestions import nearest, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.catalog import Catalog
    from fieldguide.checks.places import Places

    Found = Iterator[tuple[int, str, str]]

TAGS = re.compile(
    rf"{markdown.CODE} | (?<!\\)<(?P<end>/?)(?P<name>{markdown.ELEMENTS})(?=[\s/>])[^<>]*>",
    re.MULTILINE | re.IGNORECASE | re.VERBOSE,
)
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
IDS, SIGNS = (
    {
        plain: re.compile(part if plain else f"{markdown.CODE}|{part}", re.MULTILINE | re.VERBOSE)
        for plain in (True, False)
    }
    for part in (ID, SIGN)
)
SAID = {
    "nested": "a citation cannot stand in the text of a link or a picture; put it behind",
    "note": "{} is no footnote here and would be printed; write it into the sentence, or as `code`",
    "admonition": "{} would be printed as it stands; write a quotation: '> **Note:** ...'",
    "opening": "{0} opens code that is never closed; end it with a line {0}",
}
STRAY = re.compile(
    rf"""{markdown.CODE} | {markdown.BLOCK}
  | ^[ ]{{0,3}}(?:(?:>|[-*+]|\d+[.)])[^\S\n]*)* (?P<marks>/{{2,}}|:{{3,}}) [^\S\n]*(?P<rest>(?P<name>[\w-]*)[^\n]*)$""",
    re.MULTILINE | re.VERBOSE,
)
OWN = "a part of the page that is generated"


def check(places: Places, uri: str, body: str) -> Found:
    """The offset, rule and message of each slip in a page's prose."""
    yield from _tags(body)
    yield from _headings(places, uri, body)
    yield from _signs(places.catalog, body)
    yield from _blocks(body)


def _tags(body: str) -> Found:
    """Tags that are never closed, or that close nothing."""
    opened: list[tuple[str, int]] = []
    count = Counter[str]()
    for token in TAGS.finditer(body) if "<" in body else ():
        name = (token["name"] or "br").lower()
        if name in EMPTY or (not opened and INDENTED.match(body, body.rfind("\n", 0, token.start()) + 1)):
            continue
        if not token["end"]:
            opened.append((name, token.start()))
            count[name] += 1
        elif not count[name]:
            yield token.start(), "markup", f"'</{name}>' closes nothing; remove it"
        else:
            while (inner := opened.pop())[0] != name:
                count[inner[0]] -= 1
                yield from _unclosed(*inner) if inner[0] not in INNER else ()
            count[name] -= 1
    for name, offset in opened:
        yield from _unclosed(name, offset)


def _unclosed(name: str, offset: int) -> Found:
    yield offset, "markup", f"'<{name}>' is never closed, so that it takes in what follows; add '</{name}>'"


def _headings(places: Places, uri: str, body: str) -> Found:
    """Titles within the page, ids that another part has, and lists of attributes that are none."""
    taken = dict.fromkeys(places.own(uri), OWN)
    for token in IDS[markdown.plain(body)].finditer(body):
        offset, given = token.start(), token["list"] or ""
        if token["first"] or token["under"]:
            yield offset, "markup", "a page has one heading of the first level, its title; begin this one with '##'"
        elif given and (flaw := _flaw(body, offset, given)):
            yield offset, "markup", f"'{given}' {flaw}"
        for name in [token["id"]] if token["id"] else re.findall(r"#([\w:-]+)", given):
            if name in taken or name.startswith(("cite-", "__")):
                owner = taken.get(name, OWN)
                yield offset, "clash", f"the id '{name}' is that of {owner}; choose another"
            taken.setdefault(name, "something above")


def _flaw(body: str, offset: int, given: str) -> str:
    """Why a list of attributes is none; empty if it is one, or is mere text."""
    heading = body.startswith("#", body.rfind("\n", 0, offset) + 1)
    if heading and not body[offset - 1].isspace():
        return "would be printed as it stands; put a space before it"
    if (heading or given.startswith("{:")) and "=" not in given and not LIST.fullmatch(given):
        return "would be lost; write '{#id .class}', and braces as code"
    return ""


def _blocks(body: str) -> Found:
    """Lines that were meant to begin a block, or to end one that is none; of such a pair only the first."""
    begun = False
    for token in STRAY.finditer(body) if any(mark in body for mark in ("///", ":::", "\n//")) else ():
        if not token["marks"]:
            continue
        close = "".join(nearest(token["name"], BLOCKS))
        if token["marks"] == "//" and not (close and "|" in token["rest"]):
            continue
        if begun and not close and "|" not in token["rest"]:
            begun = False
            continue
        begun = bool(token["rest"])
        names = "" if close else f"; a name is one of {', '.join(BLOCKS)}"
        write = (
            f"write '/// {close or 'name'} | caption' at the start of its line, options indented by four spaces, '///'"
        )
        flaw = f"this belongs to no block; {write}{names}" if begun else "this ends no block; remove it"
        yield token.start("marks"), "block", flaw


def _signs(catalog: Catalog, body: str) -> Found:
    """Citations that are none or stand where none can, and what other dialects of Markdown read."""
    for token in SIGNS[markdown.plain(body)].finditer(body):
        sort = token.lastgroup or ""
        if flaw := _sign(catalog, body, sort, token[sort]):
            yield token.start(sort), "markup" if sort in {"admonition", "opening"} else "citation", flaw


def _sign(catalog: Catalog, body: str, sort: str, text: str) -> str:
    """What is wrong with a sign of some sort; empty if nothing is."""
    match sort:
        case "cite" if len(keys := markdown.KEY.findall(text)) > len(set(keys)):
            return f"'[{text}]' cites one source twice; name it once"
        case "latex":
            keys = [f"@{key.strip()}" for key in text.rpartition("{")[2].rstrip("}").split(",")]
            return f"{shown(text)} is LaTeX and would be printed; write '[{'; '.join(keys)}]'"
        case "keyless" if (text in catalog.references or text in catalog.sections) and f"[{text}]:" not in body:
            return f"'[{text}]' is not read as a citation; write '[@{text}]'"
    return SAID.get(sort, "").format(shown(text))
