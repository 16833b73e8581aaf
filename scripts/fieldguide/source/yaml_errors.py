"""What libyaml finds wrong, said as an author needs it: where the slip was made, and how to mend it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Place = tuple[int, int]
Explanation = tuple[Place, str]
KEY = re.compile(r"\s*(?:- )?([^\s:#'\"\[{]+):(\S.*)")
FLOW_KEY = re.compile(r"[{,]\s*(\w+):([\[{'\"])$")
NO_ANCHORS = "anchors (&) and aliases (*) are not used here; quote a value that begins with one"
IN_CONFLICT = "a merge conflict was left here; keep one version, and remove the lines of '<', '=' and '>'"
COMMENT = re.compile(r"(?<=[\s\[{,])#\S.*")
SHOWN = 40
LINES = "'|' and '>' begin a text on the lines below, so nothing may follow them; quote a value that begins with one"
ESCAPE = "in double quotes a backslash begins an escape, and this is none; use single quotes, or double the backslash"


class Text(NamedTuple):
    """A scalar that was read: where it began and ended, and its quotes if any."""

    begin: Place
    end: Place
    quote: str


@dataclass(frozen=True, kw_only=True)
class Slip:
    """Where the parser stopped, where what it was reading began, and a text read just before; all count from 0."""

    lines: Sequence[str]
    offset: int
    at: Place
    opened: Place
    last: Text | None

    def rest(self, place: Place) -> str:
        """The text of a line from a place on."""
        return self.lines[place[0]][place[1] :].strip() if place[0] < len(self.lines) else ""

    def named(self, line: int) -> str:
        """A line as a message names it, by its first word, number and column."""
        word = self.lines[line].split()[0]
        return f"'{word}' (line {line + self.offset + 1}, column {indent(self.lines[line]) + 1})"


def no_tag(text: str) -> str:
    """What to say of a tag with which a text begins."""
    return f"'{text.split(maxsplit=1)[0]}' is a tag (!), and tags are not used here; put the value in quotes"


def no_control(character: str) -> str:
    """What to say of a character that nobody sees, or that stands for one that was lost."""
    code = f"U+{ord(character):04X}"
    if character == "\N{REPLACEMENT CHARACTER}":
        return f"{code} stands where another character was lost; write the one that is meant"
    if unicodedata.category(character) in {"Cf", "Zl", "Zp"}:
        return f"the invisible character {code} ({unicodedata.name(character, 'a tag').lower()}) stands here; remove it"
    return f"the control character {code} stands here; remove it, and save the file as UTF-8"


def no_comment(text: str) -> str:
    """What to say of a part of a value that reads as a comment."""
    shown = text if len(text) <= SHOWN else f"{text[: SHOWN - 3]}..."
    return f"'{shown}' reads as a comment; quote the whole value, or write '# ' for a comment"


def indent(line: str) -> int:
    """How many spaces a line begins with."""
    return len(line) - len(line.lstrip())


def explain(error: yaml.MarkedYAMLError, lines: Sequence[str], offset: int, last: yaml.Event | None) -> Explanation:
    """The place of a slip, counted from 0, and what to say of it; libyaml's own words where they are not known."""
    marks = (error.problem_mark or error.context_mark, error.context_mark or error.problem_mark)
    at, opened = map(_place, marks)
    slip = Slip(lines=lines, offset=offset, at=at, opened=opened, last=_text(last))
    words = (error.context or "", error.problem or "")
    for context, problem, say in SAID:
        if context in words[0] and problem in words[1]:
            return say(slip)
    return at, " ".join(filter(None, words))


def _place(mark: Any) -> Place:
    return (mark.line, mark.column) if mark else (0, 0)


def _text(event: yaml.Event | None) -> Text | None:
    if not isinstance(event, yaml.ScalarEvent):
        return None
    quote = event.style if event.style in {"'", '"'} else ""
    return Text(begin=_place(event.start_mark), end=_place(event.end_mark), quote=quote)


def _after_quotes(slip: Slip) -> Explanation | None:
    """The text that follows a closing quote, if that is what stopped the parser."""
    text = slip.last
    if not text or not text.quote or text.end[0] != slip.at[0]:
        return None
    if slip.lines[slip.at[0]][text.end[1] : slip.at[1]].strip():
        return None
    if text.begin[0] < text.end[0]:
        number = text.end[0] + slip.offset + 1
        message = f"the quote opened here runs on to line {number}, where text follows it; close it with {text.quote}"
        return text.begin, message
    if text.quote == "'" and text.end == slip.at:
        message = "an apostrophe ends a text in single quotes; double it ('') or use double quotes"
        return (text.end[0], text.end[1] - 1), message
    return slip.at, "text follows the closing quote; put quotes around the whole value"


def _commented(slip: Slip) -> Explanation | None:
    """The part of the line of brackets that never close which was taken for a comment."""
    line, column = slip.opened
    for comment in COMMENT.finditer(slip.lines[line], column):
        before = slip.lines[line][column : comment.start()]
        if before.count("'") % 2 == before.count('"') % 2 == 0:
            return (line, comment.start()), no_comment(comment[0])
    return None


def _flow(what: str, close: str, slip: Slip) -> Explanation:
    """A list or mapping in brackets that does not go on as it must."""
    if found := _after_quotes(slip) or _commented(slip):
        return found
    if slip.at[0] > slip.opened[0] or not slip.rest(slip.at):
        return slip.opened, f"the {what} opened here is never closed; end it with '{close}'"
    if slip.rest(slip.at).startswith(":"):
        return slip.at, "a value that contains ': ' must be quoted; quote the whole value"
    return slip.at, f"expected ',' or '{close}' here, got '{slip.rest(slip.at)[0]}'; quote a value that contains it"


def _key(slip: Slip) -> Explanation:
    """Something other than the next key."""
    if found := _after_quotes(slip):
        return found
    if slip.lines[slip.at[0]][: slip.at[1]].strip():
        return (
            slip.at,
            f"'{slip.rest(slip.at)[:40]}' follows a value that has ended; remove it, or quote the whole value",
        )
    return _misaligned(slip, slip.at)


def _misaligned(slip: Slip, place: Place) -> Explanation:
    """A line that begins between the columns in which the lines above begin."""
    column = indent(slip.lines[place[0]])
    above = [(number, indent(line)) for number, line in enumerate(slip.lines[: place[0]]) if line.split("#")[0].strip()]
    shallower = max((number for number, depth in above if depth <= column), default=-1)
    deeper = sorted((depth, -number) for number, depth in above if number > shallower)
    near = [-deeper[0][1]] if deeper else []
    near += [shallower] if shallower >= 0 else []
    word = slip.lines[place[0]].split()[0]
    others = " or ".join(map(slip.named, near))
    message = f"'{word}' begins in column {column + 1}, in line with none above; line it up with {others}"
    return (place[0], column), message


def _colon(slip: Slip) -> Explanation:
    """A second ': ' where a value is read: in a value, after a line that is no key, or behind a slipped indent."""
    text = slip.last
    if text and text.begin[0] < slip.at[0]:
        before = slip.lines[text.begin[0]][: text.begin[1]].replace("-", " ").strip()
        return _misaligned(slip, slip.at) if before else _no_key(slip, text.begin)
    line = slip.lines[slip.at[0]]
    if text and line.rstrip().endswith("}") and "{" not in line:
        return text.begin, "a '}' closes this line and none is open; put '{' here"
    return slip.at, "a value that contains ': ' must be quoted; quote the whole value"


def _no_key(slip: Slip, place: Place) -> Explanation:
    """A line that should be `key: value` and is not."""
    text = slip.rest(place)
    if match := KEY.match(text):
        return place, f"'{text}' is no key; put a space after the colon: '{match[1]}: {match[2]}'"
    return place, f"'{text}' is no key; expected 'key: value' on each line"


def _start_of_document(slip: Slip) -> Explanation:
    if any(line.strip() == "..." for line in slip.lines[: slip.at[0]]):
        return slip.at, "'...' ends the data, and more follows it; remove the '...'"
    return _misaligned(slip, slip.at)


def _dash(slip: Slip) -> Explanation:
    """A list whose next line is no item."""
    if found := _after_quotes(slip):
        return found
    if slip.opened == (0, 0):
        number = slip.at[0] + slip.offset + 1
        return slip.opened, f"'- ' begins a list here, and line {number} goes on with keys; remove the '- '"
    return slip.at, f"expected '- ' as in {slip.named(slip.opened[0])}, or a key further to the left"


def _start(slip: Slip) -> Explanation:
    line, column = slip.at
    if slip.lines[line][column : column + 1] == "\t":
        return slip.at, "a tab stands here; put a space in its place"
    return slip.at, f"a value cannot begin with '{slip.rest(slip.at)[:1]}'; put the value in quotes"


def _quote(slip: Slip) -> Explanation:
    mark = slip.rest(slip.opened)[:1]
    return slip.opened, f"the quote opened here is never closed; end the text with {mark}"


def _flow_colon(slip: Slip) -> Explanation:
    """A colon in brackets without a space after it."""
    line, column = slip.at
    if match := FLOW_KEY.search(slip.lines[line][: column + 2]):
        return slip.at, f"put a space after the colon: '{match[1]}: {match[2]}...'"
    return slip.at, "a value that contains ':' must be quoted here; quote the whole value"


def _tag(slip: Slip) -> Explanation:
    return slip.opened, no_tag(slip.rest(slip.opened))


def _opened(message: str, slip: Slip) -> Explanation:
    return slip.opened, message


def _at(message: str, slip: Slip) -> Explanation:
    return slip.at, message


# A part of libyaml's context, a part of its problem, and how it is said; the first that fits counts.
SAID: tuple[tuple[str, str, Callable[[Slip], Explanation]], ...] = (
    ("quoted scalar", "unexpected end of stream", _quote),
    ("quoted scalar", "unexpected document indicator", _quote),
    ("quoted scalar", "", partial(_at, ESCAPE)),
    ("flow sequence", "", partial(_flow, "list", "]")),
    ("flow mapping", "", partial(_flow, "mapping", "}")),
    ("block mapping", "", _key),
    ("block collection", "", _dash),
    ("simple key", "", lambda slip: _no_key(slip, slip.opened)),
    ("next token", "", _start),
    ("alias", "", partial(_opened, NO_ANCHORS)),
    ("anchor", "", partial(_opened, NO_ANCHORS)),
    ("tag", "", _tag),
    ("", "tag handle", _tag),
    ("block scalar", "tab", partial(_at, "a tab cannot indent YAML; use spaces")),
    ("block scalar", "", partial(_opened, LINES)),
    ("node", "", partial(_at, "expected a value here; put one in, or quote what stands here")),
    ("directive", "", partial(_opened, "a line cannot begin with '%'; put the value in quotes")),
    ("plain scalar", "unexpected ':'", _flow_colon),
    ("", "mapping values are not allowed", _colon),
    ("", "mapping keys are not allowed", partial(_at, "a value cannot begin with '? '; put the value in quotes")),
    ("", "block sequence entries", partial(_at, "a list item cannot follow its key on one line; write [a, b]")),
    ("", "<document start>", _start_of_document),
    ("", "tab", partial(_at, "a tab cannot indent YAML; use spaces")),
)
