"""The lines of a file at which a problem stands, as a person would point to it."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fieldguide.problem import Problem

AROUND = 1
WIDTH = 160
# Characters of a file that are looked at: no file that people write is longer.
MOST = 2_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line by its number; `caret` is the text that points at a place in it, put below."""

    number: int
    text: str
    caret: str = ""


def lines(problem: Problem, text: str) -> list[Line]:
    """The line of a problem with its neighbors, cut to what a terminal shows; none where the text is shorter."""
    known = _split(text)
    if not 0 < problem.line <= len(known):
        return []
    start = max(0, problem.column - WIDTH // 2) if len(known[problem.line - 1]) > WIDTH else 0
    first, last = max(1, problem.line - AROUND), min(len(known), problem.line + AROUND)
    shown = {number: _visible(known[number - 1][start : start + WIDTH]) for number in range(first, last + 1)}
    before = problem.column - 1 - start
    return [
        Line(
            number=number,
            text=text,
            caret=_blank(text[:before].ljust(before)) + "^" if number == problem.line else "",
        )
        for number, text in shown.items()
    ]


def plain(problem: Problem, text: str) -> str:
    """A problem with its lines, for a terminal."""
    shown = [str(problem)]
    for line in lines(problem, text):
        shown.append(f"{line.number:>5} | {line.text}".rstrip())
        if line.caret:
            shown.append(f"{'':>5} | {line.caret}")
    return "\n".join(shown)


def report(problems: Sequence[Problem], text: Callable[[str], str] = lambda _: "", most: int | None = None) -> str:
    """Problems with their lines where there is a text, the first `most` of them, and the count of all."""
    return "\n".join([*(plain(problem, text(problem.path)) for problem in problems[:most]), counted(problems)])


def counted(problems: Sequence[Problem]) -> str:
    """The number of problems in words."""
    return f"{len(problems)} problem{'' if len(problems) == 1 else 's'}"


def reader(*folders: Path) -> Callable[[str], str]:
    """A function from the path that a problem names to the text there, below one of some folders, or to nothing."""

    @cache
    def text(path: str) -> str:
        try:
            found = next((file for folder in folders if (file := folder / path).is_file()), None)
            with (found or Path(os.devnull)).open(encoding="utf-8-sig", errors="replace") as stream:
                return stream.read(MOST)
        except OSError:  # which is the problem
            return ""

    return text


@lru_cache(maxsize=8)
def _split(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n") if text else []


def _visible(text: str) -> str:
    """A text in which a terminal shows each character in its place and runs none."""
    return "".join(c if c.isprintable() else "→" if c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in text)


def _blank(text: str) -> str:
    """White space as wide as a text is on a terminal."""
    return "".join("\N{IDEOGRAPHIC SPACE}" if unicodedata.east_asian_width(c) in "FW" else " " for c in text)
