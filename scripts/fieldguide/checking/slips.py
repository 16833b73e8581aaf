"""What Markdown takes without a word and spoils the page: tags left open, and signs of other dialects."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fieldguide import prose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Found = Iterator[tuple[int, str, str]]

TAGS = re.compile(
    rf"{prose.CODE} | (?<!\\)<(?P<end>/?)(?P<name>{prose.ELEMENTS})(?=[\s/>])[^<>]*>",
    re.MULTILINE | re.IGNORECASE | re.VERBOSE,
)
EMPTY = {"br", "hr", "img", "wbr"}
# What closes these is what they stand in.
INNER = {"dd", "dt", "li", "p", "tbody", "td", "tfoot", "th", "thead", "tr"}


def tags(body: str) -> Found:
    """The offset, rule and message of each tag that is never closed, or that closes nothing."""
    opened: list[tuple[str, int]] = []
    for token in TAGS.finditer(body) if "<" in body else ():
        name = (token["name"] or "br").lower()
        line = body.rfind("\n", 0, token.start()) + 1
        if name in EMPTY or (not opened and body.startswith(("    ", "\t"), line)):
            continue  # indented, it may be code
        if not token["end"]:
            opened.append((name, token.start()))
        elif name not in dict(opened):
            yield token.start(), "markup", f"'</{name}>' closes nothing; remove it"
        else:
            last = max(index for index, (other, _) in enumerate(opened) if other == name)
            yield from _unclosed(pair for pair in opened[last + 1 :] if pair[0] not in INNER)
            del opened[last:]
    yield from _unclosed(opened)


def _unclosed(opened: Iterable[tuple[str, int]]) -> Found:
    for name, offset in opened:
        yield offset, "markup", f"'<{name}>' is never closed, so that it takes in what follows; add '</{name}>'"
