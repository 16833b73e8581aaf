"""The forms of values: patterns, their JSON Schemas, checks of what no schema can tell, dates as readers write them."""

from __future__ import annotations

import re
from calendar import monthrange
from typing import TYPE_CHECKING, Annotated, Any

if TYPE_CHECKING:
    from collections.abc import Callable

DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
MARKUP = re.compile(r"<[a-zA-Z/!?][^>]*>?|[`{}]|\*\*|__|\][(\[:]|\[@|&#?\w+;")
SLUG = "^[a-z0-9]+(-[a-z0-9]+)*$"
PATH = "([a-z0-9]+(-[a-z0-9]+)*/)*[a-z0-9]+(-[a-z0-9]+)*"
ADDRESS = "^/([a-z0-9-][a-z0-9.-]*/)*$"
KEY = "^[a-z0-9]+([_-][a-z0-9]+)*$"
NAMES = "^[a-z0-9]+(_[a-z0-9]+)*$"
WORD = "^[a-z]+$"
SECTION = "^[a-z0-9-]+#[a-z0-9-]+$"
# Marks that join, hyphens and fillers are no text: nobody sees them.
SOMETHING = r"[^\s\u00ad\u034f\u115f\u1160\u180e\u200c-\u200f\u3164\ufe00-\ufe0f\uffa0]"

# What Markdown would read as something else than the character itself.
SPECIAL = re.compile(r"[\\`*\[\]<|]|(?<!\w)_|_(?!\w)|&(?=#?\w+;)")

MONTHS = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
]  # fmt: skip


def is_date(text: str) -> bool:
    """Whether a text is a real year, month or day, such as 2021, 2021-01 or 2021-01-05."""
    match = DATE.fullmatch(text)
    if not match:
        return False
    year, month, day = (int(part) if part else 1 for part in match.groups())
    return year > 0 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def long_date(date: str) -> str:
    """A year, month or day as an American reader writes it: 2021, January 2021, January 5, 2021."""
    year, *rest = date.split("-")
    if not rest:
        return year
    month = MONTHS[int(rest[0]) - 1]
    return f"{month} {int(rest[1])}, {year}" if len(rest) > 1 else f"{month} {year}"


def slug(text: str) -> str:
    """A text as lower-case words joined by hyphens; empty if it has no letter or digit."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def unfit(slug: str) -> str:
    """Why a text cannot be the file name of an entry; empty if it can."""
    if not re.fullmatch(SLUG, slug):
        return f"'{slug}' cannot be an address: use lower-case letters, digits and single hyphens, such as 'a-name-2'"
    if slug == "index" or "-vs-" in slug:
        return f"'{slug}' is the name of a generated page: choose one that is not 'index' and holds no '-vs-'"
    return ""


def escape_markdown(text: str) -> str:
    """Return plain text as one line of Markdown that shows just that text."""
    return SPECIAL.sub(lambda found: f"\\{found[0]}", re.sub(r"\s*\n\s*", " ", text))


def escape_address(url: str) -> str:
    """Return an address that can stand in the parentheses of a link in Markdown."""
    return re.sub(r"[()|<>\s]", lambda char: f"%{ord(char[0]):02X}", url)


def is_plain(text: str) -> bool:
    """Whether a text is one line, free of HTML, Markdown, citations and template markup."""
    return "\n" not in text.strip() and not MARKUP.search(text)


def is_address(text: str) -> bool:
    """Whether a text is an absolute web address."""
    return re.fullmatch(r"https?://[^\s<>\"'`]+", text) is not None


FORMATS = {"partial-date": lambda text: is_date(text.strip()), "plain-text": is_plain, "web-address": is_address}

Schema = dict[str, Any]


def schema_of(form: Any, vocabulary: Any = None) -> Schema:
    """Return the schema of a form of values: a type annotated with parts of a schema, or a schema itself.

    A part that depends on the vocabulary is a function of it.
    """
    if isinstance(form, dict):
        return form
    schema: Schema = {}
    for part in getattr(form, "__metadata__", ()):
        schema |= part(vocabulary) if callable(part) else part
    return schema


def list_of(items: Any, minimum: int = 0) -> Schema:
    """Return the schema of a list without duplicates."""
    return {"type": "array", "items": schema_of(items), "minItems": minimum, "uniqueItems": True}


# The forms of values in files. A field of a record that has one is a key of the file.
Text = Annotated[str, {"type": "string", "pattern": SOMETHING}]
Label = Annotated[Text, {"format": "plain-text", "maxLength": 80}]
Summary = Annotated[Text, {"format": "plain-text", "maxLength": 160}]
Phrase = Annotated[str, {"type": ["string", "integer"], "pattern": SOMETHING}]
Name = Annotated[Phrase, {"format": "plain-text"}]
Slug = Annotated[str, {"type": "string", "pattern": SLUG}]
PartialDate = Annotated[
    str, {"type": ["string", "integer"], "format": "partial-date", "minimum": 1000, "maximum": 9999}
]
WebAddress = Annotated[Text, {"format": "web-address"}]
Flag = Annotated[bool, {"type": "boolean"}]
Order = Annotated[int, {"type": "integer", "minimum": 1}]
Texts = Annotated[tuple[str, ...], list_of(Text)]
Names = Annotated[tuple[str, ...], list_of(Name)]
Cites = Annotated[tuple[str, ...], list_of(Text, 1)]
Sections = Annotated[tuple[str, ...], list_of({"type": "string", "pattern": SECTION})]
Slugs = Annotated[tuple[str, ...], list_of(Slug)]
SOME: Schema = {"minItems": 1}


def one_of(value_set: str) -> Callable[[Any], Schema]:
    """Return what makes the schema of a member of a value set, once there is a vocabulary."""
    return lambda vocabulary: {"enum": list(vocabulary.value_sets.get(value_set, ()))}


def described(text: str) -> Schema:
    """Return what adds a description to a schema, which editors show."""
    return {"description": text}
