"""The forms of text: patterns that schemas know, checks of what no pattern can tell, dates as readers write them."""

from __future__ import annotations

import re
from calendar import monthrange

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


def is_plain(text: str) -> bool:
    """Whether a text is one line, free of HTML, Markdown, citations and template markup."""
    return "\n" not in text.strip() and not MARKUP.search(text)


def is_address(text: str) -> bool:
    """Whether a text is an absolute web address."""
    return re.fullmatch(r"https?://[^\s<>\"'`]+", text) is not None


FORMATS = {"partial-date": lambda text: is_date(text.strip()), "plain-text": is_plain, "web-address": is_address}
