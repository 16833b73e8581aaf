"""Hand-written Markdown: where its citations, blocks and links stand, and their replacement."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from fieldguide.formats import SOME, Order, Slug, Slugs, schema_of
from fieldguide.problem import Document, ParseError, once
from fieldguide.source.schema import object_schema
from fieldguide.source.validation import Validator
from fieldguide.source.yaml import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Code and comments are met first, so that nothing inside them counts.
CODE = r"""
(?P<code>
    ^[^\S\n]* (?P<fence>`{3,}|~{3,}) [\s\S]*? ^[^\S\n]*(?P=fence)[^\S\n]*$
  | (?<!`)(?P<ticks>`{1,9})(?!`) (?: (?!\n[^\S\n]*\n) [\s\S] )*? (?<!`)(?P=ticks)(?!`)
  | <!-- (?: [\s\S]*? --> | [\s\S]* )
)"""
CITE = r"\[(?P<cite> @[^\s\[\];]+ (?: \s*;\s* @[^\s\[\];]+)* )\]"
BLOCK = r"""
^///[^\S\n]+ (?P<block>[a-z-]+) [^\S\n]* (?: \|[^\S\n]* (?P<caption>[^\n]*) )? \n
(?P<options> (?: [^\S\n]{4}[^\n]*\n | [^\S\n]*\n )* ) ///[^\S\n]*$"""
LINK = r"""
    \]\( \s* <? (?P<link>[^\s<>]*)
  | < (?P<auto>[a-z][a-z0-9+.-]*:[^\s>]*) >
  | ^[^\S\n]*\[[^\]]+\]: \s* <? (?P<target>[^\s<>]+)
  | \b (?:href|src|action|formaction|data|poster) \s*=\s* ["']? (?P<attribute>[^"'>]*)"""
# A relative address of raw HTML.
LEADS = r"""(?P<before> <[a-z][^<>]*? \s (?:href|src)=") (?P<address> (?![a-z][a-z0-9+.-]*:|\#) [^"]* )\""""
# Raw HTML that runs, loads or styles something of its own.
ACTIVE_TAG = r"< \s* /? (?:script|iframe|object|embed|style|link|meta|base|form) \b"
ACTIVE = rf"""
    (?P<active> {ACTIVE_TAG}
  | <[a-z][^<>]*? \s (?:on[a-z]+|style|srcdoc) \s*= )"""
# Tags that only mark text up, with attributes in double quotes that only name, describe or link.
ELEMENTS = """
    a|abbr|b|blockquote|br|caption|cite|code|dd|del|details|dfn|div|dl|dt|em|figcaption|figure|h[1-6]|hr|i|img|ins|kbd|li|
    mark|ol|p|pre|q|s|samp|section|small|span|strong|sub|summary|sup|table|tbody|td|tfoot|th|thead|time|tr|u|ul|var|wbr"""
ATTRIBUTES = "alt|class|colspan|datetime|height|href|id|lang|open|rowspan|scope|src|start|title|value|width"
MARKUP = rf"""
    (?P<safe> </? (?:{ELEMENTS}) (?: \s+ (?:{ATTRIBUTES}) ="[^"<>]*" )* \s* /?> | <[a-z][a-z0-9+.-]*:[^\s<>"'`]*>
  | <[\w.+-]+@[\w.-]+> | <!--(?!-?>)(?:(?!--)[\s\S])*-->
  | (?<=[^\\]\]\() (?! {ACTIVE_TAG}) <[^\s<>"'`=]*[./\#][^<>"'`=]*>(?=\)) )
  | {ACTIVE} | (?P<tag> <[a-z/!?][^\s<>]*>? ) | (?P<attributes> \{{[^}}\n]*?= )"""
# What any reader of Markdown takes for code, whatever stands around it.
PLAIN_CODE = r"""
    ^(?P<fence>`{3,}|~{3,})[\w+-]*\n (?:(?!(?P=fence)).*\n)*? (?P=fence)[^\S\n]*$
  | (?<![\\`])(?P<ticks>`{1,9})(?!`) [^\n]*? (?<!`)(?P=ticks)(?!`)
  | <!--(?!-?>)(?:(?!--)[\s\S])*-->"""
# What Pandoc would read as a citation and this guide does not: prefixes, pages, commas, `-@`.
BRACKET = r"(?P<bracket> \[ [^\[\]\n@`\0]{0,40} (?<![\w.])-?@[a-z0-9][^\[\]\n]* \]? )"
# A key without brackets.
BARE = r"(?<![\w.@-]) (?P<bare> @[A-Za-z][\w:.-]*\w )"
PICTURE = r"""
    (?: !\[[^\]]*\]\( | <img\s[^>]*?\bsrc=" | ^[^\S\n]*\[(?P<label>[^\]]+)\]: ) \s*<?\s*
    (?P<picture> (?:[a-z][a-z0-9+.-]*:)? [\\/]{2} [^\s<>)"]* )"""
HEADING = r"^\#{1,6}[^\S\n]+ (?P<heading>[^\n]*?) [\s\#]*$"
TOKEN = re.compile(f"{CODE}|{CITE}|{BLOCK}", re.MULTILINE | re.VERBOSE)
ADDRESS = re.compile(f"{CODE}|{LINK}", re.MULTILINE | re.IGNORECASE | re.VERBOSE)
RAW = re.compile(f"{CODE}|{LEADS}", re.MULTILINE | re.IGNORECASE | re.VERBOSE)
HTML = re.compile(MARKUP, re.MULTILINE | re.IGNORECASE | re.VERBOSE)
CERTAIN = re.compile(PLAIN_CODE, re.MULTILINE | re.VERBOSE)
UNCERTAIN = re.compile(r"`|~~~|<[a-z/!?]", re.IGNORECASE)
PICTURES = re.compile(PICTURE, re.MULTILINE | re.IGNORECASE | re.VERBOSE)
NAMED_PICTURES = re.compile(r"!\[([^\]]*)\](?:[^\S\n]?\[([^\]]*)\])?")
CODES = re.compile(CODE, re.MULTILINE | re.VERBOSE)
CITES = re.compile(CITE, re.VERBOSE)
LEVELS = 20
DEEP = re.compile(
    rf"^[^\S\n]*(?:(?:>|(?:[-*+]|[0-9]+[.)])[^\S\n])[^\S\n]*){{{LEVELS + 1},}}|^[^\S\n]{{{4 * LEVELS + 1},}}(?=\S)",
    re.MULTILINE,
)
CROWD = {"*": 500, "_": 500, "[": 1000, "`": 1000}
HEADED = 500
PARAGRAPH = re.compile(r"(?:[^\n]+\n?)+")
CODE_MARKS = ("`", "~~~", "<!--", "///")
KEY = re.compile(r"@([^\s\[\];]+)")


# The blocks that a page may ask for: what each takes.
ENTRIES = schema_of(Slugs) | SOME
BLOCKS = {
    "matrix": Validator(
        object_schema(("entries", "attributes"), entries=ENTRIES, attributes={**ENTRIES, "items": {"type": "string"}})
    ),
    "taxonomy": Validator(object_schema((), root=Slug, depth=Order, kinds=ENTRIES, marked=ENTRIES)),
    "timeline": Validator(object_schema(("entries",), entries=ENTRIES)),
    "claims": Validator(object_schema(("ids",), ids=ENTRIES)),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """A generated block asked for in prose: `/// name | caption`, its options as YAML below."""

    name: str
    caption: str
    document: Document
    line: int


def plain(text: str) -> bool:
    """Whether a text has neither code nor blocks, so that a search of it may use a pattern without them."""
    return not any(mark in text for mark in CODE_MARKS)


@once
def prose(document: Document) -> str:
    """Return the prose of a page with NUL in place of each sign of its code and comments, so that none of it counts."""
    body = document.body
    return body if plain(body) else CODES.sub(lambda code: re.sub(r"[^\n]", "\0", code[0]), body)


def prose_finder(pattern: str, flags: int = 0) -> Callable[[Document], list[re.Match[str]]]:
    """Return a function that finds a pattern in the prose of a page, once for each page."""
    compiled = re.compile(pattern, flags | re.MULTILINE | re.VERBOSE)
    return once(lambda document: list(compiled.finditer(prose(document))))


find_headings = prose_finder(HEADING)
# What may be a citation in a form that is not read here: a bracket, or a bare `@key`.
find_loose_citations = prose_finder(f"{CITE}|{BRACKET}|{BARE}")


@once
def citations(document: Document) -> list[tuple[str, int]]:
    """Return each key cited in prose with its offset."""
    return [
        (key[1], token.start("cite") + key.start())
        for token in (CITES if plain(document.body) else TOKEN).finditer(document.body)
        for key in KEY.finditer(token["cite"] or "")
    ]


def addresses(document: Document) -> Iterator[tuple[str, int]]:
    """Each link target written in prose with its offset."""
    for token in ADDRESS.finditer(document.body):
        group = token.lastgroup
        if group and not token["code"]:
            yield token[group], token.start(group)


def absolute(body: str, page: str) -> str:
    """Prose in which the addresses of raw HTML no longer depend on that of its page."""

    def lead(token: re.Match[str]) -> str:
        before, address = token["before"], token["address"]
        return token[0] if address is None else f'{before}{urljoin(page, address)}"'

    return RAW.sub(lead, body)


@lru_cache(maxsize=1)
def _blanked(body: str) -> str:
    """A text with blanks in place of what is code for certain."""
    return CERTAIN.sub(lambda code: re.sub(r"[^\n]", " ", code[0]), body)


def active(document: Document) -> Iterator[tuple[str, str, int]]:
    """Each piece of raw HTML, or of attributes, that does more than mark text up: its sort, its text and its offset."""
    body = document.body
    if "<" not in body and "{" not in body:
        return
    blanked = _blanked(body)
    # What is code beside raw HTML, or beside a stray backtick, is Markdown's secret.
    text = body if UNCERTAIN.search(blanked) else blanked
    for token in HTML.finditer(text):
        if token.lastgroup and token.lastgroup != "safe":
            yield token.lastgroup, token[token.lastgroup], token.start(token.lastgroup)


def pictures(document: Document) -> Iterator[tuple[str, int]]:
    """The address of each picture that would come from another host, with its offset."""
    if "//" not in document.body and "\\\\" not in document.body:
        return
    named = {(label or text).casefold() for text, label in NAMED_PICTURES.findall(document.body)}
    for token in PICTURES.finditer(document.body):
        if not token["label"] or token["label"].casefold() in named:
            yield token["picture"], token.start("picture")


def crowded(document: Document) -> Iterator[tuple[str, int]]:
    """What would take Markdown too long, or too deep, to read: its name, and the offset where it begins."""
    text = _blanked(document.body)
    for match in DEEP.finditer(text):
        yield f"more than {LEVELS} levels of quotations or lists", match.start()
    if text.count("\n#") > HEADED:
        yield f"more than {HEADED} headings on one page", 0
    for sign, most in CROWD.items() if len(text) > min(CROWD.values()) else ():
        if text.count(sign) > most:
            for paragraph in PARAGRAPH.finditer(text):
                if paragraph[0].count(sign) > most:
                    yield f"more than {most} '{sign}' in one paragraph", paragraph.start()


def blocks(document: Document) -> Iterator[Block | ParseError]:
    """The generated blocks that a page asks for, or why one's options cannot be read."""
    for token in TOKEN.finditer(document.body) if "///" in document.body else ():
        if token["block"]:
            try:
                yield _block(document, token)
            except ParseError as error:
                yield error


def _block(document: Document, token: re.Match[str]) -> Block:
    line, _ = document.find_place(token.start())
    text = token["options"] or ""
    options = (
        parse_yaml(text, document.path, offset=line, example="entries: [a, b]")
        if text.strip()
        else Document(path=document.path, values={(): (line, 1)})
    )
    return Block(name=token["block"], caption=(token["caption"] or "").strip(), document=options, line=line)


def expand(document: Document, cite: Callable[[list[str]], str], block: Callable[[Block], str]) -> str:
    """The prose with each citation and each block replaced by what the two callables return."""

    def replace(token: re.Match[str]) -> str:
        if token["cite"]:
            return cite(KEY.findall(token["cite"]))
        if token["block"]:
            return block(_block(document, token))
        return token[0]

    *parts, last = document.body.split("[@")
    text = "[@".join([*map(_closed, parts), last])
    return (CITES if plain(text) else TOKEN).sub(replace, text)


def _closed(before: str) -> str:
    """The text before a citation, which stands close to its sentence whatever space was typed between them."""
    closed = before.rstrip()
    return closed if closed and before.count("\n", len(closed)) < 2 else before
