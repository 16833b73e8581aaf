"""YAML and front matter in which every key and value knows its line and column."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import yaml

from fieldguide.problem import Document, ParseError, Problem
from fieldguide.source.yaml_errors import IN_CONFLICT, NO_ANCHORS, explain, no_comment, no_control, no_tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
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
OPENS: dict[type[yaml.Event], type[dict[str, Any] | list[Any]]] = {
    yaml.MappingStartEvent: dict,
    yaml.SequenceStartEvent: list,
}
CLOSES = {yaml.MappingEndEvent, yaml.SequenceEndEvent}
# What no text shows: controls, lone surrogates, lines of other sorts, what turns or hides text or stands for lost text.
CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufff9-\uffff"
    "\U000e0000-\U000e007f]"
)
CONFLICT = re.compile(r"^(?:<{7}(?: |$)|>{7} \S+$)", re.MULTILINE)
COMMENT = re.compile(r"\s*\s(#\S.*)")


def decode(path: Path, name: str) -> str:
    """The text of a file without a byte-order mark and with plain line ends; raises ParseError."""

    def refuse(rule: str, message: str, line: int = 1, column: int = 1) -> ParseError:
        return ParseError(Problem(path=name, line=line, column=column, rule=rule, message=message))

    try:
        if not path.is_file():
            raise refuse("file", "expected a file, got a folder" if path.is_dir() else "the file does not exist")
        most = LIST if path.suffix == ".txt" else SIZE
        if (size := path.stat().st_size) > most:
            raise refuse("file", f"expected at most {most:,} bytes, got {size:,}; split the file")
        raw = path.read_bytes()
    except OSError as error:
        raise refuse("file", f"cannot be read: {error.strerror or error}") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        message = f"expected UTF-8 text, got the byte 0x{raw[error.start]:02x}; save the file as UTF-8"
        raise refuse("encoding", message, line, column) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if control := CONTROL.search(text):
        raise refuse("encoding", no_control(control[0]), *_place(text, control.start()))
    if conflict := CONFLICT.search(text) if "<<<<<<<" in text or ">>>>>>>" in text else None:
        raise refuse("conflict", IN_CONFLICT, *_place(text, conflict.start()))
    return text


def _place(text: str, position: int) -> tuple[int, int]:
    """The line and column of a position, counted from 1."""
    return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)


def written_page(text: str, name: str) -> Document:
    """A page that somebody wrote, which is not too long to be converted quickly; raises ParseError."""
    if len(text) > PAGE:
        message = f"expected at most {PAGE:,} characters on a page, got {len(text):,}; split the page"
        raise ParseError(Problem(path=name, line=1, column=1, rule="file", message=message))
    return front_matter(text, name)


def front_matter(text: str, name: str) -> Document:
    """A page: the mapping between its two `---` lines, and the prose after them; raises ParseError."""
    lines = text.split("\n")
    if lines[0].rstrip() != FENCE:
        first = lines[0].strip()[:60]
        got = f"the line '{first}'" if first else "an empty line" if text.strip() else "no text"
        message = f"expected front matter, which begins with '---' in the first line, got {got}"
        raise ParseError(Problem(path=name, line=1, column=1, rule="front-matter", message=message))
    end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE), None)
    if end is None:
        message = "the front matter is never closed; end it with a line '---'"
        raise ParseError(Problem(path=name, line=1, column=1, rule="front-matter", message=message))
    document = parse("\n".join(lines[1:end]) + "\n", name, offset=1)
    body = "\n".join(lines[end + 1 :])
    return replace(document, text=text, body=body, body_line=end + 2)


def parse(text: str, name: str, *, offset: int = 0, example: str = "title: ...") -> Document:
    """A YAML mapping, its first line being line `offset` + 1 of the file; raises ParseError."""
    lines = text.split("\n")
    builder = _Builder(name, offset, lines)
    if tab := next(_tabs(text), None):
        line, column = tab
        raise ParseError(builder.at(line, column, "tab", "a tab cannot indent YAML; use spaces"))
    last = None
    try:
        for event in yaml.parse(text, Loader=Loader):
            last = last if type(event) in CLOSES else event
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        (line, column), said = explain(error, lines, offset, last)
        raise ParseError(builder.at(line, column, "yaml", said)) from None
    except yaml.YAMLError as error:
        raise ParseError(builder.at(0, 0, "yaml", " ".join(str(error).split()))) from None
    if builder.problems:
        raise ParseError(*builder.problems)
    if not isinstance(builder.result, dict):
        got = "nothing" if builder.result is None else _name(builder.result)
        line, column = min(builder.values.get((), (offset + 1, 1)), (offset + len(lines), 1))
        message = f"expected a mapping such as '{example}', got {got}"
        raise ParseError(Problem(path=name, line=line, column=column, rule="mapping", message=message))
    return Document(path=name, text=text, data=builder.result, values=builder.values, keys=builder.keys)


def _tabs(text: str) -> Iterator[tuple[int, int]]:
    for number, line in enumerate(text.split("\n")):
        indent = line[: len(line) - len(line.lstrip())]
        if "\t" in indent and line.strip():
            yield number, indent.index("\t")


def _name(value: object) -> str:
    names = {list: "a list", str: "text", bool: "true or false", int: "a number"}
    return names.get(type(value), "nothing")


class _Builder:
    """Turns YAML events into plain data, noting where each piece stood; refuses aliases and deep nesting."""

    def __init__(self, name: str, offset: int, lines: Sequence[str]) -> None:
        self.name, self.offset, self.lines = name, offset, lines
        self.values: dict[Where, tuple[int, int]] = {}
        self.keys: dict[Where, tuple[int, int]] = {}
        self.problems: list[Problem] = []
        self.result: Any = None
        self.stack: list[tuple[Any, Where]] = []
        self.key: str | None = None
        self.run_on: set[Where] = set()
        self.documents = 0

    def at(self, line: int, column: int, rule: str, message: str) -> Problem:
        line = min(line, len(self.lines) - 1)  # libyaml places what is missing at the end on a line after it
        return Problem(path=self.name, line=line + self.offset + 1, column=column + 1, rule=rule, message=message)

    def take(self, event: yaml.Event) -> None:
        kind, mark = type(event), cast("yaml.Mark", event.start_mark)
        if getattr(event, "anchor", None) is not None:  # an alias has one too
            raise ParseError(self.at(mark.line, mark.column, "yaml", NO_ANCHORS))
        if getattr(event, "tag", None) is not None:
            raise ParseError(self.at(mark.line, mark.column, "yaml", no_tag(self.lines[mark.line][mark.column :])))
        if kind is yaml.ScalarEvent:
            self._scalar(cast("yaml.ScalarEvent", event), mark)
        elif kind in OPENS:
            self._open(OPENS[kind](), mark)
        elif kind in CLOSES:
            self.stack.pop()
            self.key = None
        elif kind is yaml.DocumentStartEvent:
            self.documents += 1
            if self.documents > 1:
                message = "expected one document; remove the second '---'"
                raise ParseError(self.at(mark.line, mark.column, "yaml", message))

    def _scalar(self, event: yaml.ScalarEvent, mark: yaml.Mark) -> None:
        # Only an escape can bring what no file may hold as it is.
        if event.style == '"' and (control := CONTROL.search(event.value)):
            self.problems.append(self.at(mark.line, mark.column, "encoding", no_control(control[0])))
        if self.stack and isinstance(self.stack[-1][0], dict) and self.key is None:
            container, where = self.stack[-1]
            self.key = event.value
            if event.value == "<<":
                message = "'<<' merges nothing here; write the keys out"
                self.problems.append(self.at(mark.line, mark.column, "yaml", message))
            if event.value in container:
                self._twice(event.value, mark)
            self.keys[*where, event.value] = (mark.line + self.offset + 1, mark.column + 1)
            return
        if event.implicit[0]:
            self._heed_comment(cast("yaml.Mark", event.end_mark))
        self._place(_plain(event.value) if event.implicit[0] else event.value, mark)

    def _twice(self, key: str, mark: yaml.Mark) -> None:
        """Notes a key that its mapping has already; only the first where an item of a list runs on into the next."""
        container, where = self.stack[-1]
        if where in self.run_on:
            return
        mend = "keep one of the two"
        if where and isinstance(where[-1], int) and key == next(iter(container)):
            self.run_on.add(where)
            mend = "begin a new item with '- '"
        message = f"'{key}' was set on line {self.keys[*where, key][0]} already; {mend}"
        self.problems.append(self.at(mark.line, mark.column, "duplicate-key", message))

    def _heed_comment(self, end: yaml.Mark) -> None:
        """Notes what follows a plain value and reads as a comment, though hardly meant as one."""
        rest = self.lines[end.line] if end.line < len(self.lines) else ""
        if "#" in rest and (comment := COMMENT.match(rest, end.column)):
            self.problems.append(self.at(end.line, comment.start(1), "yaml", no_comment(comment[1])))

    def _open(self, container: Any, mark: yaml.Mark) -> None:
        if len(self.stack) >= DEPTH:
            raise ParseError(self.at(mark.line, mark.column, "yaml", f"nested more than {DEPTH} levels deep"))
        if self.stack and isinstance(self.stack[-1][0], dict) and self.key is None:
            raise ParseError(self.at(mark.line, mark.column, "yaml", "expected a plain key, got a list or mapping"))
        where = self._place(container, mark)
        self.stack.append((container, where))
        self.key = None

    def _place(self, value: Any, mark: yaml.Mark) -> Where:
        where: Where = ()
        if not self.stack:
            self.result = value
        else:
            container, base = self.stack[-1]
            if isinstance(container, list):
                where = (*base, len(container))
                container.append(value)
            else:
                where = (*base, self.key or "")
                container[self.key or ""] = value
                if not isinstance(value, dict | list):
                    self.key = None
        self.values[where] = (mark.line + self.offset + 1, mark.column + 1)
        return where


def _plain(text: str) -> Any:
    """A plain scalar by YAML 1.2's core rules, without floats: `no` and dates stay text."""
    if text in CONSTANTS:
        return CONSTANTS[text]
    return int(text) if len(text) < 20 and INTEGER.fullmatch(text) else text
