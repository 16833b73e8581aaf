"""A file's data with the places it came from, and what is wrong at a place."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Where = tuple[str | int, ...]
ANY = "*"
Given = TypeVar("Given")
Made = TypeVar("Made")


def printable(text: str) -> str:
    """A text as one line, in which a terminal shows every character and runs none."""
    return text if text.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Problem:
    """Something wrong with the content, at a place; `line` and `column` count from 1; a warning fails nothing.

    `subject` names what is missing, as its file is named without folder and ending; `ANY` if any file could supply it.
    """

    path: str
    line: int
    column: int
    rule: str
    message: str
    warning: bool = False
    subject: str = field(default="", compare=False)

    def __str__(self) -> str:
        level = "warning: " if self.warning else ""
        return printable(f"{self.path}:{self.line}:{self.column}: {level}{self.rule}: {self.message}")


@dataclass(frozen=True, kw_only=True, eq=False)
class Document:
    """A file's data with the places it came from, and its prose; lines and columns count from 1."""

    path: str
    data: dict[str, Any] = field(default_factory=dict)
    values: Mapping[Where, tuple[int, int]] = field(default_factory=dict)
    keys: Mapping[Where, tuple[int, int]] = field(default_factory=dict)
    text: str = ""
    body: str = ""
    body_line: int = 1

    def problem(self, where: Where, rule: str, message: str, *, key: bool = False, subject: str = "") -> Problem:
        """A problem at a value, or at its key; at the nearest enclosing one where it is missing."""
        if key and where in self.keys:
            line, column = self.keys[where]
        else:
            while where and where not in self.values:
                where = where[:-1]
            line, column = self.values.get(where, (1, 1))
        return Problem(path=self.path, line=line, column=column, rule=rule, message=message, subject=subject)

    def find_place(self, offset: int) -> tuple[int, int]:
        """Return the line and column of an offset in the prose."""
        before = self.body[:offset]
        return self.body_line + before.count("\n"), offset - before.rfind("\n")

    def problem_at(self, offset: int, rule: str, message: str, *, subject: str = "") -> Problem:
        """Return a problem at an offset in the prose."""
        line, column = self.find_place(offset)
        return Problem(path=self.path, line=line, column=column, rule=rule, message=message, subject=subject)


def once(make: Callable[[Given], Made]) -> Callable[[Given], Made]:
    """Have a function of a document, or of a catalog, called once for each, as long as that lasts."""
    known: WeakKeyDictionary[Given, Made] = WeakKeyDictionary()

    @wraps(make)
    def recall(given: Given) -> Made:
        try:
            return known[given]
        except KeyError:
            return known.setdefault(given, make(given))

    return recall


class ParseError(Exception):
    """The text cannot be read as data; carries the problems that say why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems
