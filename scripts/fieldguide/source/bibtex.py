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
    from collections.abc import Iterator, Mapping

    from bibtexparser.library import Library
    from bibtexparser.model import Block, ParsingFailedBlock

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


class UnreadableValueError(ValueError):
    """A value that cannot be read; says why."""


def parse_bibtex(text: str, path: str, problems: list[Problem]) -> list[Work]:
    """Return the entries that can be read; `problems` gets those of the others."""

    def refuse(line: int, column: int, message: str) -> None:
        problems.append(Problem(path=path, line=line, column=column, rule="bibtex", message=message))

    library = parse_string(text, parse_stack=[])
    between = list(_find_between(library))
    entries = list(library.entries)
    for block in library.failed_blocks:
        if isinstance(block, DuplicateFieldKeyBlock):
            entries.append(cast("Entry", block.ignore_error_block))
        else:
            refuse(*_explain_failure(block))
    strings, unread = _read_strings(library)
    for flaw in (*between, *unread):
        refuse(*flaw)
    if not entries and not library.failed_blocks and not between:
        refuse(1, 1, "the file holds no entry; expected BibTeX such as '@article{key, title = {...}, ...}'")
    works: list[Work] = []
    first: dict[str, int] = {}
    cut = {line for line, _, _ in between}
    for entry in sorted(entries, key=_line_of):
        work, flaws = _build_work(entry, strings)
        for line, column, message in flaws:
            refuse(line, column, f"'{entry.key}': {message}" if entry.key else message)
        line = first.setdefault(entry.key.casefold(), work.line)
        if entry.key and line != work.line:
            message = f"'{entry.key}' is, in other letters, the key of the entry on line {line} too; change one"
            refuse(work.line, 1, message)
        elif not flaws and _end_line(entry) not in cut:
            works.append(work)
    return works


def _read_strings(library: Library) -> tuple[dict[str, str], list[Flaw]]:
    """Return the texts that `@string` names, and the months; and what of them cannot be read."""
    strings, flaws = dict.fromkeys(MONTHS, ""), []
    for string in library.strings:
        try:
            strings[string.key.lower()] = read_value(string.value, strings)
        except UnreadableValueError as error:
            flaws.append((_line_of(string), 1, f"@string '{string.key}': {error}"))
    return strings, flaws


def _line_of(block: Block) -> int:
    return (block.start_line or 0) + 1


def _end_line(block: Block) -> int:
    return _line_of(block) + (block.raw or "").count("\n")


def _find_between(library: Library) -> Iterator[Flaw]:
    """Yield what stands between the entries and was meant as one, or as the rest of one."""
    last: Entry | None = None
    for block in library.blocks:
        raw, start = block.raw or "", _line_of(block)
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


def _build_work(entry: Entry, strings: Mapping[str, str]) -> tuple[Work, list[Flaw]]:
    """Return an entry, and what is wrong with it."""
    flaws: list[Flaw] = []
    fields: dict[str, str] = {}
    lines: dict[str, int] = {}
    work = Work(key=entry.key, line=_line_of(entry), fields=fields, lines=lines, raw=entry.raw or "")
    if not entry.key:
        flaws.append((work.line, 1, f"this entry has no key; write '@{entry.entry_type}{{key,'"))
    elif not KEY.fullmatch(entry.key):
        flaws.append((work.line, 1, "expected a key of letters, digits and -_.:/ without spaces"))
    for field in entry.fields:
        name, first = field.key.lower(), lines.get(field.key.lower())
        lines[name] = field.start_line + 1
        if first:
            flaws.append(
                (*work.place(name), f"the field '{name}' was given on line {first} already; keep one of the two")
            )
            continue
        fields[name] = ""
        try:
            fields[name] = read_value(field.value, strings)
        except UnreadableValueError as error:
            flaws.append((*work.place(name), f"in '{name}', {error}"))
    return work, flaws


def read_value(raw: str, strings: Mapping[str, str]) -> str:
    """Return the text of a field: its pieces joined, strings filled in; raise UnreadableValueError."""
    pieces, rest = [], raw
    while True:
        piece, rest = _read_piece(rest.lstrip(), strings)
        pieces.append(piece)
        if not rest:
            return "".join(pieces)
        if not rest.startswith("#"):
            raise UnreadableValueError(f"a comma is missing before '{rest.split()[0]}'")
        rest = rest[1:]


def _read_piece(raw: str, strings: Mapping[str, str]) -> tuple[str, str]:
    """Return a text in braces or quotes, a number or what a string stands for, and what follows it."""
    if raw.startswith(("{", '"')):
        end = _find_end(raw)
        return raw[1:end], raw[end + 1 :].lstrip()
    match = NAME.match(raw)
    if not match:
        raise UnreadableValueError("expected a value in braces")
    name = match[0]
    if name.isdigit() or name.lower() in strings:
        return strings.get(name.lower(), name), raw[match.end() :].lstrip()
    raise UnreadableValueError(f"'{name}' is no @string; put the value in braces")


def _find_end(raw: str) -> int:
    """Return where the brace or quote with which a text begins is closed."""
    quoted, depth = raw[0] == '"', 0
    for mark in MARKS.finditer(raw):
        depth += {"{": 1, "}": -1}.get(mark[0], 0)
        if mark.start() and depth == 0 and mark[0] == ('"' if quoted else "}"):
            return mark.start()
    raise UnreadableValueError(f"this {'quote' if quoted else 'brace'} is never closed")


def _explain_failure(block: ParsingFailedBlock) -> Flaw:
    """Return why a block cannot be read, and where."""
    raw, start = block.raw or "", _line_of(block)
    head = HEAD.match(raw)
    sort, key = head.groups() if head else ("", "")
    if isinstance(block, DuplicateBlockKeyBlock):
        first = _line_of(block.previous_block)
        message = f"'{block.key}' is the key of the entry on line {first} too; give one of the two another key"
        return start, 1, message
    reason = str(getattr(block.error, "abort_reason", block.error))
    if reason.startswith("Expected comma"):
        return start, 1, f"this entry has no key; write '@{sort}{{key,'"
    if reason.startswith("Expected a `=`") and "`@" not in reason:
        field = (raw.split() or [""])[-1]
        line = start + raw.rstrip().count("\n")
        return line, 1, f"'{key}': expected '{field} = {{...}},'; the '=' is missing"
    line = _find_open_field(raw)
    what = "this field is never closed; a brace or quote is missing" if line else "this entry is never closed; add '}'"
    return start + line, 1, f"'{key}': {what}"


def _find_open_field(raw: str) -> int:
    """Return the line, from 0, of the field that runs on into the next one; 0 if none does."""
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
