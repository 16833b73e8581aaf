"""Errors of code, templates and settings as problems: at the line that an editor would mend."""

from __future__ import annotations

import logging
import re
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import TemplateSyntaxError

from fieldguide.problem import ParseError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACE = re.compile(r"line (\d+)(?:, column (\d+))?")
FRAME = re.compile(r'File "([^"]+)", line (\d+)')
QUOTED = re.compile(r"link '([^']+)'")


@contextmanager
def heard(name: str, level: int) -> Iterator[list[str]]:
    """What a logger is told meanwhile at a level or above."""
    said: list[str] = []
    handler = logging.Handler(level)
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger(name)
    logger.addHandler(handler)
    try:
        yield said
    finally:
        logger.removeHandler(handler)


def problem(error: BaseException, root: Path) -> Problem:
    """An error at the line that it names, or at the innermost of a project's own files."""
    if isinstance(error, ParseError):
        return error.problems[0]
    frames = [(frame.filename, frame.lineno or 1) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, TemplateSyntaxError) and error.filename:
        frames.append((error.filename, error.lineno))
    return at(frames, root, type(error).__name__, str(error) or "no more is known")


def told(output: str, root: Path) -> Problem:
    """What a Python process wrote when it died, as a problem."""
    frames = [(name, int(line)) for name, line in FRAME.findall(output)]
    *_, last = [line for line in output.strip().splitlines() if line.strip()] or ["it ended without a word"]
    return at(frames, root, "python", last)


def setting(message: str, path: Path, root: Path) -> Problem:
    """What is wrong with a file of settings."""
    place = PLACE.search(message)
    line, column = (int(place[1]), int(place[2] or 1)) if place else (1, 1)
    return Problem(path=_short(str(path), root), line=line, column=column, rule="settings", message=message)


def link(message: str, path: str, text: str) -> Problem:
    """What MkDocs says of a page, at the link that it speaks of."""
    named = QUOTED.search(message)
    offset = max(text.find(named[1]) if named else 0, 0)
    line, column = text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
    return Problem(path=path, line=line, column=column, rule="link", message=message)


def at(frames: list[tuple[str, int]], root: Path, rule: str, message: str) -> Problem:
    """A problem at the last of some places that belongs to the project, or at the last."""
    own = [frame for frame in frames if Path(frame[0]).is_relative_to(root) and Path(frame[0]).name != "preview.py"]
    name, line = (own or frames or [("mkdocs.yml", 1)])[-1]
    return Problem(path=_short(name, root), line=line, column=1, rule=rule, message=message)


def _short(path: str, root: Path) -> str:
    return Path(path).relative_to(root).as_posix() if Path(path).is_relative_to(root) else path
