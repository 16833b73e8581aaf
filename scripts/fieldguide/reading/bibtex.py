"""BibTeX, as people paste it: its entries with their fields, and what is wrong with the text."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from bibtexparser.entrypoint import parse_string
from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock

from fieldguide.model import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bibtexparser.model import Entry, ParsingFailedBlock

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
KEY = re.compile(r"[^\s#@,;\"'(){}\[\]\\<>&]+")
HEAD = re.compile(r"@\s*(\w+)\s*[{(]\s*([^\s,={}]*)")
FIELD = re.compile(r"\s*[A-Za-z][\w-]*\s*=")
MARKS = re.compile(r"\\.|[{}\"]", re.DOTALL)
NAME = re.compile(r"[^\s{}\"#,=]+")
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """An entry: its fields by their names in lower case, without delimiters, and the line of each."""

    key: str
    line: int
    fields: Mapping[str, str]
    lines: Mapping[str, int]


class Unreadable(ValueError):  # noqa: N818 -- it says what is so, like KeyboardInterrupt
    """A value that cannot be read; says why."""


def parse(text: str, path: str, problems: list[Problem]) -> list[Work]:
    """The entries that can be read; problems of the others are added to `problems`."""

    def refuse(line: int, message: str) -> None:
        problems.append(Problem(path=path, line=line, column=1, rule="bibtex", message=message))

    library = parse_string(text, parse_stack=[])
    entries = [(entry.start_line or 0, entry) for entry in library.entries]
    for block in library.failed_blocks:
        if isinstance(block, DuplicateFieldKeyBlock):
            entries.append((block.start_line or 0, cast("Entry", block.ignore_error_block)))
        else:
            refuse(*_failure(block))
    strings = dict.fromkeys(MONTHS, "")
    for string in library.strings:
        try:
            strings[string.key.lower()] = value(string.value, strings)
        except Unreadable as error:
            refuse((string.start_line or 0) + 1, f"@string '{string.key}': {error}")
    if not entries and not library.failed_blocks:
        refuse(1, "the file holds no entry; expected BibTeX such as '@article{key, title = {...}, ...}'")
    works = []
    for _, entry in sorted(entries, key=lambda pair: pair[0]):
        work, flaws = _work(entry, strings)
        for line, message in flaws:
            refuse(line, f"'{entry.key}': {message}" if entry.key else message)
        if not flaws:
            works.append(work)
    return works


def _work(entry: Entry, strings: Mapping[str, str]) -> tuple[Work, list[tuple[int, str]]]:
    """An entry, and what is wrong with it, each with its line."""
    start = (entry.start_line or 0) + 1
    flaws = [(start, message) for message in _key_flaws(entry)]
    fields: dict[str, str] = {}
    lines: dict[str, int] = {}
    for field in entry.fields:
        name, line = field.key.lower(), field.start_line + 1
        if name in fields:
            flaws.append((line, f"the field '{name}' was given on line {lines[name]} already; keep one of the two"))
            continue
        fields[name], lines[name] = "", line
        try:
            fields[name] = value(field.value, strings)
        except Unreadable as error:
            flaws.append((line, f"in '{name}', {error}"))
    return Work(key=entry.key, line=start, fields=fields, lines=lines), flaws


def _key_flaws(entry: Entry) -> Iterator[str]:
    if not entry.key:
        yield f"this entry has no key; write '@{entry.entry_type}{{key,'"
    elif not KEY.fullmatch(entry.key):
        yield "expected a key of letters, digits and -_.:/ without spaces"


def value(raw: str, strings: Mapping[str, str]) -> str:
    """The text of a field: its pieces joined, strings filled in; raises Unreadable."""
    pieces, position = [], 0
    while True:
        start = position + len(raw[position:]) - len(raw[position:].lstrip())
        piece, position = _piece(raw, start, strings)
        pieces.append(piece)
        rest = raw[position:].lstrip()
        if not rest:
            return "".join(pieces)
        if not rest.startswith("#"):
            raise Unreadable(f"a comma is missing before '{rest.split()[0]}'")
        position = raw.index("#", position) + 1


def _piece(raw: str, start: int, strings: Mapping[str, str]) -> tuple[str, int]:
    """A text in braces or quotes, a number or a string's name, and where it ends."""
    if raw[start : start + 1] in {"{", '"'}:
        end = _end(raw, start)
        return raw[start + 1 : end], end + 1
    match = NAME.match(raw, start)
    if not match:
        raise Unreadable("expected a value in braces")
    name = match[0]
    if name.isdigit() or name.lower() in strings:
        return strings.get(name.lower(), name), match.end()
    raise Unreadable(f"'{name}' is no @string; put the value in braces")


def _end(raw: str, start: int) -> int:
    """Where the brace or quote at `start` is closed."""
    quoted, depth = raw[start] == '"', 0
    for mark in MARKS.finditer(raw, start):
        depth += {"{": 1, "}": -1}.get(mark[0], 0)
        if mark.start() > start and depth == 0 and mark[0] == ('"' if quoted else "}"):
            return mark.start()
    raise Unreadable(f"this {'quote' if quoted else 'brace'} is never closed")


def _failure(block: ParsingFailedBlock) -> tuple[int, str]:
    """Why a block cannot be read, and on which line."""
    raw, start = block.raw or "", (block.start_line or 0) + 1
    head = HEAD.match(raw)
    sort, key = head.groups() if head else ("", "")
    if isinstance(block, DuplicateBlockKeyBlock):
        first = (block.previous_block.start_line or 0) + 1
        return start, f"'{block.key}' is the key of the entry on line {first} too; give one of the two another key"
    reason = str(getattr(block.error, "abort_reason", block.error))
    if reason.startswith("Expected comma"):
        return start, f"this entry has no key; write '@{sort}{{key,'"
    if reason.startswith("Expected a `=`") and "`@" not in reason:
        field = (raw.split() or [""])[-1]
        return start + raw.rstrip().count("\n"), f"'{key}': expected '{field} = {{...}},'; the '=' is missing"
    line = _open_field(raw)
    what = "this field is never closed; a brace or quote is missing" if line else "this entry is never closed; add '}'"
    return start + line, f"'{key}': {what}"


def _open_field(raw: str) -> int:
    """The line, from 0, of the field that runs on into the next one; 0 if none does."""
    depth, quoted, last = 0, False, 0
    for number, line in enumerate(raw.split("\n")):
        if FIELD.match(line) and number:
            if depth > 1 or quoted:
                return last
            last = number
        for character in re.sub(r"\\.", "", line):
            depth += {"{": 1, "}": -1}.get(character, 0)
            quoted ^= character == '"' and depth == 1
    return 0
