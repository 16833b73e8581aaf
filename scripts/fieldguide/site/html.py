"""The HTML of pages: what a built one holds, and what is changed before and after Markdown is converted."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markupsafe import Markup

FENCE = re.compile(r"^ {0,3}(?:```|~~~)", re.MULTILINE)
TAGS = "article|details|div|dl|figure|header|nav|ol|p|pre|section|table|ul"
START = re.compile(rf"<(?:{TAGS})(?=[\s>])(?![^>]*\smarkdown[\s=>])")
EDGE = re.compile(rf"<(/?)(?:{TAGS})(?=[\s>])>?")
HELD = re.compile(r'<div data-verbatim="(\d+)"></div>')
PART = re.compile(r"<h[1-6][^>]*>(?P<heading>.*?)</h[1-6]>|<table>(?P<table>.*?)</table>", re.DOTALL)
PERMALINK = re.compile(r'<a class="headerlink".*?</a>', re.DOTALL)
COLUMN = re.compile(r"<th\b")
ROW = re.compile(r"<tr>\s*<td\b(.*?)</td>", re.DOTALL)
REGION = Markup(
    '<div class="scroller" role="region" aria-label="{caption}" tabindex="0"><table class="written">'
    "<caption>{caption}</caption>{table}</table></div>"
)
# Space that HTML reads as a single one, but here.
SPACE = re.compile(r"\n\s+")
SPACED = re.compile(r"(<(?:pre|script|textarea)\b.*?</(?:pre|script|textarea)>)", re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class BuiltPage:
    """What a built page holds: its ids, the links that lead off them and its inline code, with lines; its twin.

    Of a link that stands there more than once it has the first line.
    """

    ids: frozenset[str]
    links: dict[str, int]
    inline: list[tuple[str, int]]
    is_redirect: bool
    twin: str


def take_blocks(text: str) -> tuple[str, list[str]]:
    """Return Markdown with a mark in place of each block of raw HTML, and the blocks, for `put_blocks_back`.

    Python-Markdown and MkDocs parse raw HTML twice, character by character, which is half of the conversion's time.
    """
    parts = text.split("\n\n")
    kept: list[str] = []
    blocks: list[str] = []
    at, is_fenced = 0, False
    while at < len(parts):
        end = 0 if is_fenced else find_end(parts, at)
        if end:
            kept.append(f'<div data-verbatim="{len(blocks)}"></div>')
            blocks.append("\n\n".join(parts[at:end]).rstrip())
        else:
            is_fenced ^= len(FENCE.findall(parts[at])) % 2 == 1
            kept.append(parts[at])
        at = end or at + 1
    return "\n\n".join(kept), blocks


def find_end(parts: list[str], start: int) -> int:
    """Return the index behind the block of raw HTML that begins with a part; 0 if none does, or text is beside it."""
    if not START.match(parts[start]):
        return 0
    depth = 0
    for index in range(start, len(parts)):
        outside = 0
        for edge in EDGE.finditer(parts[index]):
            if not depth and parts[index][outside : edge.start()].strip():
                return 0
            depth += -1 if edge[1] else 1
            outside = edge.end()
        if depth <= 0:
            return 0 if parts[index][outside:].strip() else index + 1
    return 0


def put_blocks_back(html: str, blocks: list[str]) -> str:
    """Return a converted page with its blocks of raw HTML in place of the marks."""
    return HELD.sub(lambda mark: blocks[int(mark[1])], html)


def describe_tables(html: str, title: str) -> str:
    """Return a page with each table written in Markdown as generated ones are: captioned, scoped, in a region.

    A table is named by the heading above it, or by the page; a row by its first cell.
    """
    caption = title

    def replace(part: re.Match[str]) -> str:
        nonlocal caption
        if part["table"] is None:
            caption = Markup(PERMALINK.sub("", part["heading"])).striptags()  # noqa: S704 -- Markdown made it
            return part[0]
        table = COLUMN.sub('<th scope="col"', part["table"])
        table = ROW.sub(r'<tr>\n<th scope="row"\1</th>', table)
        return REGION.format(caption=caption, table=Markup(table))  # noqa: S704 -- likewise

    return PART.sub(replace, html)


def strip_space(page: str) -> str:
    """Return a page without white space that nobody sees."""
    parts = SPACED.split(page)
    parts[::2] = [SPACE.sub("\n", part) for part in parts[::2]]
    return "".join(parts)
