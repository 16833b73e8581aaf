"""YAML and front matter in which every key and value knows its line and column."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import yaml

from fieldguide.problem import Document, ParseError, Problem
from fieldguide.source.yaml_errors import IN_CONFLICT, NO_ANCHORS, explain, no_comment, no_control, no_tag

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fieldguide.problem import Where

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DEPTH = 20
SIZE = 4_000_000
LIST = 10_000_000
PAGE = 100_000
CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}
INTEGER = re.compile(r"0|-?[1-9][0-9]*")
FENCE = "---"
CLOSES = {yaml.MappingEndEvent, yaml.SequenceEndEvent}
NAMES = {list: "a list", str: "text", bool: "true or false", int: "a number"}
Place = tuple[int, int]
# What no text shows: controls, lone surrogates, lines of other sorts, what turns or hides text or stands for lost text.
CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufff9-\uffff"
    "\U000e0000-\U000e007f]"
)
CONFLICT = re.compile(r"^(?:<{7}(?: |$)|>{7} \S+$)", re.MULTILINE)
COMMENT = re.compile(r"\s*\s(#\S.*)")
TAB = re.compile(r"^([^\S\n]*?)\t[^\S\n]*\S", re.MULTILINE)


def read_text(path: Path, name: str) -> str:
    """Return the text of a file without a byte-order mark and with plain line ends; raise ParseError."""
    try:
        if not path.is_file():
            raise _error(name, "file", "expected a file, got a folder" if path.is_dir() else "the file does not exist")
        most = LIST if path.suffix == ".txt" else SIZE
        if (size := path.stat().st_size) > most:
            raise _error(name, "file", f"expected at most {most:,} bytes, got {size:,}; split the file")
        raw = path.read_bytes()
    except OSError as error:
        raise _error(name, "file", f"cannot be read: {error.strerror or error}") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        place = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
        message = f"expected UTF-8 text, got the byte 0x{raw[error.start]:02x}; save the file as UTF-8"
        raise _error(name, "encoding", message, place) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if control := CONTROL.search(text):
        raise _error(name, "encoding", no_control(control[0]), _place(text, control.start()))
    if conflict := CONFLICT.search(text) if "<<<<<<<" in text or ">>>>>>>" in text else None:
        raise _error(name, "conflict", IN_CONFLICT, _place(text, conflict.start()))
    return text


def _error(name: str, rule: str, message: str, place: Place = (1, 1)) -> ParseError:
    return ParseError(Problem(path=name, line=place[0], column=place[1], rule=rule, message=message))


def _place(text: str, position: int) -> Place:
    """Return the line and column of a position, counted from 1."""
    return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)


def parse_page(text: str, name: str) -> Document:
    """Return a page that somebody wrote, which is not too long to be converted quickly; raise ParseError."""
    if len(text) > PAGE:
        raise _error(name, "file", f"expected at most {PAGE:,} characters on a page, got {len(text):,}; split the page")
    return parse_front_matter(text, name)


def parse_front_matter(text: str, name: str) -> Document:
    """Return a page: the mapping between its two `---` lines, and the prose after them; raise ParseError."""
    lines = text.split("\n")
    if lines[0].rstrip() != FENCE:
        first = lines[0].strip()[:60]
        got = f"the line '{first}'" if first else "an empty line" if text.strip() else "no text"
        message = f"expected front matter, which begins with '---' in the first line, got {got}"
        raise _error(name, "front-matter", message)
    end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE), None)
    if end is None:
        raise _error(name, "front-matter", "the front matter is never closed; end it with a line '---'")
    document = parse_yaml("\n".join(lines[1:end]) + "\n", name, offset=1)
    body = "\n".join(lines[end + 1 :])
    return replace(document, text=text, body=body, body_line=end + 2)


def parse_yaml(text: str, name: str, *, offset: int = 0, example: str = "title: ...") -> Document:
    """Return a YAML mapping, its first line being line `offset` + 1 of the file; raise ParseError."""
    builder = _Builder(name, offset, text)
    if tab := TAB.search(text):
        line, column = _place(text, tab.end(1))
        raise builder.error(line - 1, column - 1, "a tab cannot indent YAML; use spaces", "tab")
    data = None
    try:
        for event in builder.events:
            data = builder.build(event, ())
    except yaml.MarkedYAMLError as error:
        (line, column), message = explain(error, builder.lines, offset, builder.last)
        raise builder.error(line, column, message) from None
    except yaml.YAMLError as error:
        raise builder.error(0, 0, " ".join(str(error).split())) from None
    if builder.problems:
        raise ParseError(*builder.problems)
    if not isinstance(data, dict):
        got = NAMES.get(type(data), "nothing")
        place = min(builder.values.get((), (offset + 1, 1)), (offset + len(builder.lines), 1))
        raise _error(name, "mapping", f"expected a mapping such as '{example}', got {got}", place)
    return Document(path=name, text=text, data=data, values=builder.values, keys=builder.keys)


class _Builder:
    """Builds plain data from YAML events and notes where each piece stood; refuses aliases and deep nesting."""

    def __init__(self, name: str, offset: int, text: str) -> None:
        self.name, self.offset, self.lines = name, offset, text.split("\n")
        self.values: dict[Where, Place] = {}
        self.keys: dict[Where, Place] = {}
        self.problems: list[Problem] = []
        self.last: yaml.Event | None = None
        self.events = self._read_events(text)

    def error(self, line: int, column: int, message: str, rule: str = "yaml") -> ParseError:
        """Return the error of a place, counted from 0."""
        line = min(line, len(self.lines) - 1)  # libyaml places what is missing at the end on a line after it
        return _error(self.name, rule, message, (line + self.offset + 1, column + 1))

    def _note(self, line: int, column: int, message: str, rule: str = "yaml") -> None:
        self.problems += self.error(line, column, message, rule).problems

    def _read_events(self, text: str) -> Iterator[Any]:
        """Yield the events of one document that begin or end a value."""
        documents = 0
        event: Any
        for event in yaml.parse(text, Loader=Loader):
            kind, mark = type(event), event.start_mark
            if kind not in CLOSES:
                self.last = event
            if getattr(event, "anchor", None) is not None:  # an alias has one too
                raise self.error(mark.line, mark.column, NO_ANCHORS)
            if getattr(event, "tag", None) is not None:
                raise self.error(mark.line, mark.column, no_tag(self.lines[mark.line][mark.column :]))
            if kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    raise self.error(mark.line, mark.column, "expected one document; remove the second '---'")
            elif isinstance(event, yaml.NodeEvent) or kind in CLOSES:
                yield event

    def build(self, event: Any, where: Where) -> Any:
        """Return the value that begins with an event."""
        mark = event.start_mark
        self.values[where] = (mark.line + self.offset + 1, mark.column + 1)
        if type(event) is yaml.ScalarEvent:
            return self._build_scalar(event)
        if len(where) >= DEPTH:
            raise self.error(mark.line, mark.column, f"nested more than {DEPTH} levels deep")
        if type(event) is yaml.MappingStartEvent:
            return self._build_mapping(where)
        items: list[Any] = []
        while type(event := next(self.events)) is not yaml.SequenceEndEvent:
            items.append(self.build(event, (*where, len(items))))
        return items

    def _build_mapping(self, where: Where) -> dict[str, Any]:
        data: dict[str, Any] = {}
        run_on = False
        while type(event := next(self.events)) is not yaml.MappingEndEvent:
            mark = event.start_mark
            if type(event) is not yaml.ScalarEvent:
                raise self.error(mark.line, mark.column, "expected a plain key, got a list or mapping")
            self._check_escapes(event)
            key = event.value
            if key == "<<":
                self._note(mark.line, mark.column, "'<<' merges nothing here; write the keys out")
            if key in data and not run_on:
                # Where an item of a list runs on into the next, the first key says it all.
                run_on = bool(where) and isinstance(where[-1], int) and key == next(iter(data))
                mend = "begin a new item with '- '" if run_on else "keep one of the two"
                message = f"'{key}' was set on line {self.keys[*where, key][0]} already; {mend}"
                self._note(mark.line, mark.column, message, "duplicate-key")
            self.keys[*where, key] = (mark.line + self.offset + 1, mark.column + 1)
            data[key] = self.build(next(self.events), (*where, key))
        return data

    def _build_scalar(self, event: Any) -> Any:
        """Return a scalar by YAML 1.2's core rules, without floats: `no` and dates stay text."""
        self._check_escapes(event)
        text: str = event.value
        if not event.implicit[0]:
            return text
        end = event.end_mark
        rest = self.lines[end.line] if end.line < len(self.lines) else ""
        if "#" in rest and (comment := COMMENT.match(rest, end.column)):
            self._note(end.line, comment.start(1), no_comment(comment[1]))
        if text in CONSTANTS:
            return CONSTANTS[text]
        return int(text) if len(text) < 20 and INTEGER.fullmatch(text) else text

    def _check_escapes(self, event: Any) -> None:
        """Note a character that no file may hold as it is, which only an escape can bring."""
        if event.style == '"' and (control := CONTROL.search(event.value)):
            mark = event.start_mark
            self._note(mark.line, mark.column, no_control(control[0]), "encoding")
