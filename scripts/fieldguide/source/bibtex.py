"""BibTeX, as people paste it: its entries with their fields, and what is wrong with the text."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from bibtexparser.entrypoint import parse_string
from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry, ImplicitComment

from fieldguide.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bibtexparser.library import Library
    from bibtexparser.model import ParsingFailedBlock

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
KEY = re.compile(r"[^\s#@,;\"'(){}\[\]\\<>&]+")
HEAD = re.compile(r"@\s*(\w+)\s*[{(]\s*([^\s,={}]*)")
FIELD = re.compile(r"\s*[A-Za-z][\w-]*\s*=")
MARKS = re.compile(r"\\.|[{}\"]", re.DOTALL)
NAME = re.compile(r"[^\s{}\"#,=]+")
LEFT_OVER = re.compile(r"\s*(?:[,}]|[A-Za-z][\w-]*\s*=)")
BARE_ENTRY = re.compile(r"^[^\S\n]*(@?)\s*(\w+)[^\S\n]*\{[^\S\n]*([^\s,={}]+)[^\S\n]*,", re.MULTILINE)
RIS = re.compile(r"^(?:TY  - |%0 )", re.MULTILINE)
Flaw = tuple[int, int, str]
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """An entry: its fields by their names in lower case, without delimiters, and the line of each."""

    key: str
    line: int
    fields: Mapping[str, str]
    lines: Mapping[str, int]
    raw: str = ""

    def place(self, field: str, part: str = "") -> tuple[int, int]:
        """The line and column of a field, or of a part of it; the entry's own where it has no such field."""
        if field not in self.lines:
            return self.line, 1
        start = 0
        for _ in range(self.lines[field] - self.line):
            start = self.raw.find("\n", start) + 1
        found = re.compile(rf"(?<![\w-]){re.escape(field)}\s*=", re.IGNORECASE).search(self.raw, start)
        start = found.start() if found else start
        start = max(start, self.raw.find(part, start))
        return self.line + self.raw.count("\n", 0, start), start - self.raw.rfind("\n", 0, start)


class Unreadable(ValueError):  # noqa: N818 -- it says what is so, like KeyboardInterrupt
    """A value that cannot be read; says why."""


def parse(text: str, path: str, problems: list[Problem]) -> list[Work]:
    """The entries that can be read; problems of the others are added to `problems`."""

    def refuse(line: int, message: str, column: int = 1) -> None:
        problems.append(Problem(path=path, line=line, column=column, rule="bibtex", message=message))

    library = parse_string(text, parse_stack=[])
    between = list(_between(library))
    for line, column, message in between:
        refuse(line, message, column)
    entries = [(entry.start_line or 0, entry) for entry in library.entries]
    for block in library.failed_blocks:
        if isinstance(block, DuplicateFieldKeyBlock):
            entries.append((block.start_line or 0, cast("Entry", block.ignore_error_block)))
        else:
            refuse(*_failure(block))
    strings = _strings(library, refuse)
    if not entries and not library.failed_blocks and not between:
        refuse(1, "the file holds no entry; expected BibTeX such as '@article{key, title = {...}, ...}'")
    works: list[Work] = []
    first: dict[str, int] = {}
    cut = {line for line, _, _ in between}
    for _, entry in sorted(entries, key=lambda pair: pair[0]):
        work, flaws = _work(entry, strings)
        for line, column, message in flaws:
            refuse(line, f"'{entry.key}': {message}" if entry.key else message, column)
        line = first.setdefault(entry.key.casefold(), work.line)
        if entry.key and line != work.line:
            refuse(
                work.line, f"'{entry.key}' is, in other letters, the key of the entry on line {line} too; change one"
            )
        elif not flaws and _end_line(entry) not in cut:
            works.append(work)
    return works


def _strings(library: Library, refuse: Callable[[int, str], None]) -> dict[str, str]:
    """The texts that `@string` names, and the months; `refuse` is told of those that cannot be read."""
    strings = dict.fromkeys(MONTHS, "")
    for string in library.strings:
        try:
            strings[string.key.lower()] = value(string.value, strings)
        except Unreadable as error:
            refuse((string.start_line or 0) + 1, f"@string '{string.key}': {error}")
    return strings


def _end_line(entry: Entry) -> int:
    return (entry.start_line or 0) + 1 + (entry.raw or "").count("\n")


def _between(library: Library) -> Iterator[Flaw]:
    """What stands between the entries and was meant as one, or as the rest of one: line, column and message."""
    last: Entry | None = None
    for block in library.blocks:
        raw, start = block.raw or "", (block.start_line or 0) + 1
        if not isinstance(block, ImplicitComment):
            last = block if isinstance(block, Entry) else None
        elif last and LEFT_OVER.match(raw):
            column = len((last.raw or "").rpartition("\n")[2])
            yield _end_line(last), column, f"'{last.key}': a '}}' too many ends the entry here; remove it"
        elif record := RIS.search(raw):
            line = start + raw.count("\n", 0, record.start())
            yield line, 1, "this is no BibTeX, but RIS or EndNote; paste what the publisher offers as BibTeX"
        else:
            for found in BARE_ENTRY.finditer(raw):
                line = start + raw.count("\n", 0, found.start())
                yield line, 1, f"'{found[0].strip()}' begins no entry; write '@{found[2]}{{{found[3]},'"


def _work(entry: Entry, strings: Mapping[str, str]) -> tuple[Work, list[Flaw]]:
    """An entry, and what is wrong with it, each with its line and column."""
    start = (entry.start_line or 0) + 1
    flaws: list[Flaw] = [(start, 1, message) for message in _key_flaws(entry)]
    fields: dict[str, str] = {}
    lines: dict[str, int] = {}
    work = Work(key=entry.key, line=start, fields=fields, lines=lines, raw=entry.raw or "")
    for field in entry.fields:
        name, line = field.key.lower(), field.start_line + 1
        if name in fields:
            message = f"the field '{name}' was given on line {lines[name]} already; keep one of the two"
            lines[name] = line
            flaws.append((*work.place(name), message))
            continue
        fields[name], lines[name] = "", line
        try:
            fields[name] = value(field.value, strings)
        except Unreadable as error:
            flaws.append((*work.place(name), f"in '{name}', {error}"))
    return work, flaws


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
