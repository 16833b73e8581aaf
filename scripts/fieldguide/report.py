"""Reports of problems: text with the lines they stand on, JSON for programs, annotations for GitHub."""

from __future__ import annotations

import json
import os
import unicodedata
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from fieldguide.problem import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fieldguide.problem import Problem

LINE_WIDTH = 160
# Characters of a file that are looked at: no file that people write is longer.
MAX_CHARACTERS = 2_000_000
JSON_FIELDS = ("path", "line", "column", "rule", "message", "warning")


class Line(NamedTuple):
    """A line by its number; `caret` is the text that points at a place in it, put below."""

    number: int
    text: str
    caret: str


def format_report(problems: Sequence[Problem], style: str, docs: Path) -> str:
    """Return the problems of a `docs/` folder as `text`, as `json`, or as `github` annotations.

    Programs find the files from the current folder.
    """
    if style == "text":
        return format_text(problems, docs.parent)
    here = os.path.relpath(docs.parent)
    problems = [replace(problem, path=os.path.normpath(f"{here}/{problem.path}")) for problem in problems]
    if style == "github":
        return "\n".join(map(_annotation, problems))
    rows = [{name: getattr(problem, name) for name in JSON_FIELDS} for problem in problems]
    # A lone surrogate of a file name cannot be printed.
    return json.dumps(rows, indent=1, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()


def format_text(problems: Sequence[Problem], *folders: Path, limit: int | None = None) -> str:
    """Return the first `limit` problems, with their lines if a folder holds the file, and the count of all."""
    read_text = text_reader(*folders)
    shown = []
    for problem in problems[:limit]:
        shown.append(str(problem))
        for line in quote_lines(problem, read_text(problem.path)):
            shown.append(f"{line.number:>5} | {line.text}".rstrip())
            if line.caret:
                shown.append(f"      | {line.caret}")
    return "\n".join([*shown, count_problems(problems)])


def count_problems(problems: Sequence[Problem]) -> str:
    """Return the number of problems in words."""
    return f"{len(problems)} problem{'' if len(problems) == 1 else 's'}"


def quote_lines(problem: Problem, text: str) -> list[Line]:
    """Return the line of a problem and its neighbors, cut to what a terminal shows; none if the text is shorter."""
    lines = _split(text)
    if not 0 < problem.line <= len(lines):
        return []
    start = max(0, problem.column - LINE_WIDTH // 2) if len(lines[problem.line - 1]) > LINE_WIDTH else 0
    before = problem.column - 1 - start
    quoted = []
    for number in range(max(1, problem.line - 1), min(len(lines), problem.line + 1) + 1):
        shown = _visible(lines[number - 1][start : start + LINE_WIDTH])
        caret = _blank(shown[:before].ljust(before)) + "^" if number == problem.line else ""
        quoted.append(Line(number, shown, caret))
    return quoted


def text_reader(*folders: Path) -> Callable[[str], str]:
    """Return a function from the path that a problem names to the text there, below one of some folders, or to ""."""

    @cache
    def read_text(path: str) -> str:
        try:
            found = next((file for folder in folders if (file := folder / path).is_file()), Path(os.devnull))
            with found.open(encoding="utf-8-sig", errors="replace") as stream:
                return stream.read(MAX_CHARACTERS)
        except OSError:  # which is the problem
            return ""

    return read_text


def _annotation(problem: Problem) -> str:
    """Return a problem as GitHub's workflow command, in which `%` begins an escape, as in a URL."""
    level = "warning" if problem.warning else "error"
    path, message = (printable(text).replace("%", "%25") for text in (problem.path, problem.message))
    path = path.replace(":", "%3A").replace(",", "%2C")
    return f"::{level} file={path},line={problem.line},col={problem.column},title={problem.rule}::{message}"


@lru_cache(maxsize=8)  # a file with many problems is split once
def _split(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n") if text else []


def _visible(text: str) -> str:
    """Return a text in which a terminal shows each character in its place and runs none."""
    return "".join(c if c.isprintable() else "→" if c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in text)


def _blank(text: str) -> str:
    """Return white space as wide as a text is on a terminal."""
    return "".join("\N{IDEOGRAPHIC SPACE}" if unicodedata.east_asian_width(c) in "FW" else " " for c in text)
