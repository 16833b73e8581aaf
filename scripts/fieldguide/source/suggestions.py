"""What a message quotes and suggests: the word that was meant, and what to write in place of a wrong value."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from fieldguide import formats

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fieldguide.formats import Schema

SHOWN = 60
BOOLEANS = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}
BETWEEN = re.compile(r"\s*[,;]\s*(?:and\s+)?|\s+and\s+")


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """The known word most like a word, if any is like it."""
    return _nearest(word.lower(), tuple(known))


@lru_cache(4096)  # what is gone is asked for in every file that names it
def _nearest(word: str, known: tuple[str, ...]) -> list[str]:
    return get_close_matches(word, known, 1, 0.6)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint with the nearest known word, or the empty string."""
    close = nearest(word, known)
    return f"; did you mean '{close[0]}'?" if close else ""


def shown(value: object) -> str:
    """A value as a message quotes it: short, on one line."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return "nothing"
    if isinstance(value, dict | list | tuple):
        return ("a " if value else "an empty ") + ("mapping" if isinstance(value, dict) else "list")
    text = str(value).lower() if isinstance(value, bool) else " ".join(str(value).split())
    return f"'{text[: SHOWN - 3]}...'" if len(text) > SHOWN else f"'{text}'"


def of_type(value: object, types: Iterable[str], schema: Schema) -> str:
    """How a value becomes one of some types; empty where that cannot be told."""
    match value:
        case str() if "array" in types:
            return "put a space after '-'" if value.startswith("-") else f"write [{_items(value, schema)}]"
        case str() if value in {"true", "false"} or value.isdigit():
            return "remove the quotes"
        case str() if "boolean" in types and value.lower() in BOOLEANS:
            return f"write {BOOLEANS[value.lower()]}"
        case bool() | int() if "string" in types:
            return "put it in quotes"
        case dict() if "string" in types and len(value) == 1:
            return "quote a text that contains ': '"
    return ""


def _items(text: str, schema: Schema) -> str:
    """The items of a list that was written as text; names that hold no space may be joined by 'and' too."""
    text = text.strip("()[] ")
    names = BETWEEN.split(text)
    free = "format" in schema.get("items", {}) or any(" " in name for name in names)
    return text if free else ", ".join(names)


def example(schema: Schema) -> str:
    """What a value of a schema looks like."""
    if schema.get("type") == "object":
        given = schema.get("properties", {})
        keys = [f"{key}: {example(given.get(key, {}))}" for key in schema.get("required", ())]
        return f"{{{', '.join(keys)}}}" if keys else "{...}"
    if schema.get("format") == "partial-date":
        return "2021-01-05"
    return "[...]" if schema.get("type") == "array" else "..."


def slug(value: Any) -> str:
    """A text, or a path to a page, as a name of lower-case words joined by hyphens."""
    return formats.slug(str(value).strip().rpartition("/")[2].removesuffix(".md"))


def spaced(key: str, known: Iterable[str]) -> str:
    """A key and its value as they should stand, where no space follows the colon between them; else empty."""
    name, colon, value = key.partition(":")
    return f"{name}: {value}" if colon and name in known else ""
