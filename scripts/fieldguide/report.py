"""Reports of problems: text with the lines they stand on, JSON for programs, annotations for GitHub."""

from __future__ import annotations

import json
import os
import unicodedata
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from fieldguide.problem import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fieldguide.problem import Problem

LINES_AROUND = 1
LINE_WIDTH = 160
# Characters of a file that are looked at: no file that people write is longer.
MAX_CHARACTERS = 2_000_000
JSON_FIELDS = ("path", "line", "column", "rule", "message", "warning")


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line by its number; `caret` is the text that points at a place in it, put below."""

    number: int
    text: str
    caret: str = ""


def format_report(problems: Sequence[Problem], style: str, docs: Path) -> str:
    """Return the problems of a `docs/` folder as `text`, as `json`, or as `github` annotations.

    Programs find the files from the current folder.
    """
    if style == "text":
        return format_text(problems, text_reader(docs.parent))
    here = os.path.relpath(docs.parent)
    problems = [replace(problem, path=os.path.normpath(f"{here}/{problem.path}")) for problem in problems]
    if style == "github":
        return "\n".join(map(_annotation, problems))
    rows = [{name: getattr(problem, name) for name in JSON_FIELDS} for problem in problems]
    # A lone surrogate of a file name cannot be printed.
    return json.dumps(rows, indent=1, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()


def format_text(
    problems: Sequence[Problem], read_text: Callable[[str], str] = lambda _: "", limit: int | None = None
) -> str:
    """Return the first `limit` problems with their lines, where their files have a text, and the count of all."""
    shown = [_with_lines(problem, read_text(problem.path)) for problem in problems[:limit]]
    return "\n".join([*shown, count_problems(problems)])


def count_problems(problems: Sequence[Problem]) -> str:
    """Return the number of problems in words."""
    return f"{len(problems)} problem{'' if len(problems) == 1 else 's'}"


def quote_lines(problem: Problem, text: str) -> list[Line]:
    """Return the line of a problem with its neighbors, cut to what a terminal shows; none if the text is shorter."""
    lines = _split(text)
    if not 0 < problem.line <= len(lines):
        return []
    start = max(0, problem.column - LINE_WIDTH // 2) if len(lines[problem.line - 1]) > LINE_WIDTH else 0
    first, last = max(1, problem.line - LINES_AROUND), min(len(lines), problem.line + LINES_AROUND)
    shown = {number: _visible(lines[number - 1][start : start + LINE_WIDTH]) for number in range(first, last + 1)}
    before = problem.column - 1 - start
    caret = _blank(shown[problem.line][:before].ljust(before)) + "^"
    return [
        Line(number=number, text=text, caret=caret if number == problem.line else "") for number, text in shown.items()
    ]


def text_reader(*folders: Path) -> Callable[[str], str]:
    """Return a function from the path that a problem names to the text there, below one of some folders, or to ""."""

    @cache
    def read_text(path: str) -> str:
        try:
            found = next((file for folder in folders if (file := folder / path).is_file()), None)
            with (found or Path(os.devnull)).open(encoding="utf-8-sig", errors="replace") as stream:
                return stream.read(MAX_CHARACTERS)
        except OSError:  # which is the problem
            return ""

    return read_text


def _with_lines(problem: Problem, text: str) -> str:
    """Return a problem with its lines, for a terminal."""
    shown = [str(problem)]
    for line in quote_lines(problem, text):
        shown.append(f"{line.number:>5} | {line.text}".rstrip())
        if line.caret:
            shown.append(f"{'':>5} | {line.caret}")
    return "\n".join(shown)


def _annotation(problem: Problem) -> str:
    """Return a problem as GitHub's workflow command."""
    level = "warning" if problem.warning else "error"
    place = f"file={_property(problem.path)},line={problem.line},col={problem.column},title={problem.rule}"
    return f"::{level} {place}::{printable(problem.message).replace('%', '%25')}"


def _property(text: str) -> str:
    """Escape a text as a property of a workflow command."""
    return printable(text).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")


@lru_cache(maxsize=8)  # a file with many problems is split once
def _split(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n") if text else []


def _visible(text: str) -> str:
    """Return a text in which a terminal shows each character in its place and runs none."""
    return "".join(c if c.isprintable() else "→" if c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in text)


def _blank(text: str) -> str:
    """Return white space as wide as a text is on a terminal."""
    return "".join("\N{IDEOGRAPHIC SPACE}" if unicodedata.east_asian_width(c) in "FW" else " " for c in text)
