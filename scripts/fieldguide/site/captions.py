"""Tables written in Markdown get what the generated ones have: a caption, scopes, and a region that scrolls."""

from __future__ import annotations

import re

from markupsafe import Markup

PART = re.compile(r"<h[1-6][^>]*>(?P<heading>.*?)</h[1-6]>|<table>(?P<table>.*?)</table>", re.DOTALL)
PERMALINK = re.compile(r'<a class="headerlink".*?</a>', re.DOTALL)
COLUMN = re.compile(r"<th\b")
ROW = re.compile(r"<tr>\s*<td\b(.*?)</td>", re.DOTALL)
REGION = Markup(
    '<div class="scroller" role="region" aria-label="{caption}" tabindex="0"><table class="written">'
    "<caption>{caption}</caption>{table}</table></div>"
)


def add(html: str, title: str) -> str:
    """The HTML of a page with each table named by the heading above it or the page, each row by its first cell."""
    caption = title

    def part(found: re.Match[str]) -> str:
        nonlocal caption
        if found["table"] is None:
            caption = Markup(PERMALINK.sub("", found["heading"])).striptags()  # noqa: S704 -- Markdown made it
            return found[0]
        table = COLUMN.sub('<th scope="col"', found["table"])
        table = ROW.sub(r'<tr>\n<th scope="row"\1</th>', table)
        return REGION.format(caption=caption, table=Markup(table))  # noqa: S704 -- likewise

    return PART.sub(part, html)
