"""The lines of a file at which a problem stands, as a person would point to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .model import Problem

AROUND = 1
WIDTH = 160


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line by its number; `caret` is the text that points at a place in it, put below."""

    number: int
    text: str
    caret: str = ""


def lines(problem: Problem, text: str) -> list[Line]:
    """The line of a problem with its neighbors, cut to what a terminal shows; none where the text is shorter."""
    known = text.splitlines()
    if not 0 < problem.line <= len(known):
        return []
    start = max(0, problem.column - WIDTH // 2) if len(known[problem.line - 1]) > WIDTH else 0
    first, last = max(1, problem.line - AROUND), min(len(known), problem.line + AROUND)
    return [
        Line(
            number=number,
            text=known[number - 1][start : start + WIDTH],
            caret=" " * (problem.column - 1 - start) + "^" if number == problem.line else "",
        )
        for number in range(first, last + 1)
    ]


def plain(problem: Problem, text: str) -> str:
    """A problem with its lines, for a terminal."""
    shown = [str(problem)]
    for line in lines(problem, text):
        shown.append(f"{line.number:>5} | {line.text}")
        if line.caret:
            shown.append(f"{'':>5} | {line.caret}")
    return "\n".join(shown)
