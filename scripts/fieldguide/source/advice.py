"""What to write in place of a value of the wrong sort or form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from fieldguide import formats

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fieldguide.source.attribute_types import Schema

BOOLEANS = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}
BETWEEN = re.compile(r"\s*[,;]\s*(?:and\s+)?|\s+and\s+")


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
