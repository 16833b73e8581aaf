"""HTML that Markdown need not read: taken out of a page before it is converted, and put back after.

Python-Markdown and MkDocs parse raw HTML twice, character by character; in a page made of tables that is most of the
time of its conversion.
"""

from __future__ import annotations

import re

FENCE = re.compile(r"^ {0,3}(?:```|~~~)", re.MULTILINE)
TAGS = "article|details|div|dl|figure|header|nav|ol|p|pre|section|table|ul"
START = re.compile(rf"<(?:{TAGS})(?=[\s>])(?![^>]*\smarkdown[\s=>])")
EDGE = re.compile(rf"<(/?)(?:{TAGS})(?=[\s>])>?")
HELD = re.compile(r'<div data-verbatim="(\d+)"></div>')
ID = re.compile(r'\sid="([^"]+)"')


def take(text: str) -> tuple[str, list[str]]:
    """A page's Markdown with a mark in the place of each block of HTML that stands alone, and the blocks."""
    parts = text.split("\n\n")
    kept: list[str] = []
    blocks: list[str] = []
    at, fenced = 0, False
    while at < len(parts):
        end = at + 1
        if not fenced and START.match(parts[at]) and (found := _end(parts, at)):
            end = found
            kept.append(f'<div data-verbatim="{len(blocks)}"></div>')
            blocks.append("\n\n".join(parts[at:end]).rstrip())
        else:
            fenced ^= len(FENCE.findall(parts[at])) % 2 == 1
            kept.append(parts[at])
        at = end
    return "\n\n".join(kept), blocks


def _end(parts: list[str], at: int) -> int:
    """The index after the part in which all elements are closed; 0 if there is none, or text stands outside them."""
    depth = 0
    for index in range(at, len(parts)):
        outside = 0
        for edge in EDGE.finditer(parts[index]):
            if not depth and parts[index][outside : edge.start()].strip():
                return 0
            depth += -1 if edge[1] else 1
            outside = edge.end()
        if depth <= 0:
            return 0 if parts[index][outside:].strip() else index + 1
    return 0


def give_back(html: str, blocks: list[str]) -> str:
    """The converted page with its blocks in place of the marks."""
    return HELD.sub(lambda mark: blocks[int(mark[1])], html)


def ids(blocks: list[str]) -> set[str]:
    """The ids in blocks, to which pages may link."""
    return {name for block in blocks for name in ID.findall(block)}
