"""What data breaks in its schema, said in plain words at the right place."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from .schema import ADDRESS, FORMATS, KEY, SLUG, Schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .located import Document, Where
    from .model import Problem

TYPES = {
    "array": "a list such as [a, b]",
    "object": "a mapping of keys to values",
    "string": "text",
    "integer": "a whole number",
    "boolean": "true or false",
}
PATTERNS = {
    SLUG: "lower-case words joined by hyphens",
    KEY: "lower-case words joined by hyphens or underscores",
    "^[a-z]+$": "one lower-case word",
    ADDRESS: "an address from the root that ends in a slash, such as /systems/gpt/",
}
EXPECTED = {
    "partial-date": ("date", "a real date such as 2021, 2021-01 or 2021-01-05"),
    "plain-text": ("markup", "one line of plain text without HTML, Markdown, citations or braces"),
    "web-address": ("link", "an address that begins with https:// or http://"),
}
CITATIONS = ("cite", "summary_cite")
SHOWN = 60


class Validator:
    """A compiled schema that reports what a document breaks in it."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.compiled = jsonschema_rs.Draft202012Validator(schema, validate_formats=True, formats=FORMATS)

    def problems(self, document: Document, within: Where = ()) -> Iterator[Problem]:
        """The problems of a document, or of the part of it at `within`."""
        data: Any = document.data
        for step in within:
            data = data[step]
        errors = list(self.compiled.iter_errors(data))
        misspelt = {(*e.instance_path, near) for e in errors for near in self._meant(e)}
        for error in errors:
            missing = getattr(error.kind, "property", "") if error.kind.name == "required" else ""
            if not missing or (*error.instance_path, missing) not in misspelt:
                yield from self._explain(document, (*within, *error.instance_path), error)

    def _meant(self, error: Any) -> Iterator[str]:
        """The keys that misspelt ones stand for."""
        if error.kind.name == "additionalProperties":
            known = list(self._at(error.schema_path[:-1]).get("properties", ()))
            for key in error.kind.unexpected:
                yield from get_close_matches(key.lower(), known, 1, 0.6)

    def _explain(  # noqa: C901, PLR0912 -- one case for each keyword of JSON Schema
        self, document: Document, where: Where, error: Any
    ) -> Iterator[Problem]:
        name = self._name(document, where)
        got, kind = shown(error.instance), error.kind
        match kind.name:
            case "additionalProperties":
                known = list(self._at(error.schema_path[:-1]).get("properties", ()))
                for key in kind.unexpected:
                    hint = did_you_mean(key, known) or f"; expected one of {', '.join(known)}"
                    rule = "unknown-attribute" if name == "facts" else "unknown-key"
                    what = "an attribute of this kind" if name == "facts" else "a key that is read here"
                    yield document.problem((*where, key), rule, f"'{key}' is not {what}{hint}", key=True)
            case "required" if kind.property in CITATIONS:
                subject = f"'{name}'" if name else "the summary"
                message = f"expected a citation for {subject}; add '{kind.property}: [...]'"
                yield document.problem(where, "uncited", message, key=True)
            case "required":
                place = f" in '{name}'" if name else ""
                yield document.problem(where, "required", f"expected the key '{kind.property}'{place}", key=bool(where))
            case "enum":
                options = [str(option) for option in kind.options]
                message = (
                    f"'{name}' is one of {', '.join(options)}; got {got}{did_you_mean(str(error.instance), options)}"
                )
                yield document.problem(where, "value", message)
            case "type" | "minimum" | "maximum" if self._at(error.schema_path[:-1]).get("format") == "partial-date":
                yield document.problem(where, "date", f"expected {EXPECTED['partial-date'][1]} for '{name}', got {got}")
            case "type":
                expected = " or ".join(TYPES.get(t, t) for t in kind.types if t != "integer" or len(kind.types) == 1)
                yield document.problem(where, "type", f"expected {expected} for '{name}', got {got}")
            case "format":
                rule, expected = EXPECTED[kind.format]
                yield document.problem(where, rule, f"expected {expected} for '{name}', got {got}")
            case "minItems" if name in CITATIONS:
                yield document.problem(
                    where, "uncited", f"expected at least one citation in '{name}', got an empty list"
                )
            case "minItems" | "minLength" | "minProperties":
                yield document.problem(where, "value", f"expected something for '{name}', got nothing")
            case "maxLength":
                rule = "summary-length" if name == "summary" else "length"
                message = f"expected at most {kind.limit} characters for '{name}', got {len(error.instance)}"
                yield document.problem(where, rule, message)
            case "pattern" | "propertyNames":
                bad = error if kind.name == "pattern" else kind.error
                expected = PATTERNS.get(bad.kind.pattern, "a reference such as article#section")
                yield document.problem(where, "value", f"expected {expected} for '{name}', got {shown(bad.instance)}")
            case "minimum" | "maximum":
                yield document.problem(
                    where, "value", f"'{name}' is out of range ({kind.name} {kind.limit}); got {got}"
                )
            case "uniqueItems":
                yield document.problem(where, "value", f"expected each item of '{name}' once, got {got}")
            case _:
                yield document.problem(where, "value", error.message)

    @staticmethod
    def _name(document: Document, where: Where) -> str:
        """What a message calls a place: an attribute by its key, an item of a list by its id."""
        steps = [str(step) for step in where if isinstance(step, str)]
        if where[:1] == ("facts",) and steps[2:] == ["value"]:
            return steps[1]
        if where and isinstance(where[-1], int):
            item: Any = document.data
            for step in where:
                item = item[step]
            if isinstance(item, dict) and isinstance(item.get("id"), str):
                return str(item["id"])
        return steps[-1] if steps else ""

    def _at(self, path: Iterable[str | int]) -> Schema:
        node: Any = self.schema
        for step in path:
            node = node[step]
        return node if isinstance(node, dict) else {}


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint with the nearest known word, or the empty string."""
    close = get_close_matches(word.lower(), list(known), 1, 0.6)
    return f"; did you mean '{close[0]}'?" if close else ""


def shown(value: object) -> str:
    """A value as a message quotes it: short, on one line."""
    if value is None:
        return "nothing"
    if isinstance(value, dict | list | tuple):
        return "a mapping" if isinstance(value, dict) else "a list"
    text = str(value).lower() if isinstance(value, bool) else " ".join(str(value).split())
    return f"'{text[: SHOWN - 3]}...'" if len(text) > SHOWN else f"'{text}'"
