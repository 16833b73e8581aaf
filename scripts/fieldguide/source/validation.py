"""What data breaks in its schema, said in plain words at the right place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from fieldguide.formats import ADDRESS, FORMATS, KEY, MARKUP, NAMES, SECTION, SLUG, SOMETHING, WORD
from fieldguide.problem import ParseError
from fieldguide.source import suggestions
from fieldguide.source.suggestions import did_you_mean, nearest, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    import jsonschema_rs

    from fieldguide.formats import Schema
    from fieldguide.problem import Document, Problem, Where

TYPES = {
    "array": "a list such as [a, b]",
    "object": "a mapping of keys to values",
    "string": "text",
    "integer": "a whole number",
    "boolean": "true or false",
}
PATTERNS = {
    SLUG: "lower-case words joined by hyphens (as in two-words)",
    KEY: "lower-case words joined by underscores or hyphens (as in two_words)",
    NAMES: "lower-case words joined by underscores (as in two_words)",
    WORD: "one lower-case word",
    SECTION: "a section of an article (as in article#section)",
    ADDRESS: "an address from the root that ends in a slash (as in /guide/a-page/)",
}
CITATIONS = (("cite",), ("summary_cite",))


@dataclass(frozen=True, kw_only=True)
class Breach:
    """A value that breaks its schema: where it stands, the validator's error, and the schema of the value."""

    document: Document
    where: Where
    error: Any
    schema: Schema
    elsewhere: Mapping[str, str]

    @property
    def got(self) -> str:
        return shown(self.error.instance)

    @property
    def key(self) -> str:
        """The nearest key around the value."""
        return next((step for step in reversed(self.where) if isinstance(step, str)), "")

    @property
    def name(self) -> str:
        """The place in words: a fact by its attribute, an item of a list by its id, a key with what it belongs to."""
        names: list[str] = []
        value: Any = self.document.data
        for step in self.where:
            value = value[step]
            if isinstance(value, dict) and isinstance(step, int):
                names = [shown(value["id"])] if isinstance(value.get("id"), str) else [*names, f"item {step + 1}"]
            else:
                names.append(f"'{step}'" if isinstance(step, str) else "an item")
        if self.where[:1] == ("facts",) and self.where[2:3] == ("value",):
            names = names[:2]
        if len(names) > 1 and isinstance(self.where[1], str):
            names = names[1:]
        return " of ".join(reversed(names[-2:]))

    def problem(self, rule: str, message: str, *below: str | int, key: bool = False) -> Problem:
        """A problem at the value or at something in it; at the key of a value that is not there."""
        key = key or self.error.instance is None
        return self.document.problem((*self.where, *below), rule, message, key=key)


class Validator:
    """A schema that reports what a document breaks in it; `elsewhere` says where keys it lacks belong."""

    def __init__(self, schema: Schema, elsewhere: Mapping[str, str] | None = None) -> None:
        self.schema, self.elsewhere = schema, elsewhere or {}

    def __reduce__(self) -> tuple[type[Validator], tuple[Schema, Mapping[str, str]]]:
        """Leaves out what is compiled, which belongs to one process."""
        return Validator, (self.schema, self.elsewhere)

    @cached_property
    def compiled(self) -> jsonschema_rs.Draft202012Validator:
        """The schema in the form in which it is quick."""
        import jsonschema_rs  # noqa: PLC0415 -- it loads slowly, and is needed when content changes

        return jsonschema_rs.Draft202012Validator(self.schema, validate_formats=True, formats=FORMATS)

    def validate(self, document: Document) -> None:
        """Raise ParseError if a document breaks the schema."""
        if found := list(self.problems(document)):
            raise ParseError(*found)

    def problems(self, document: Document, within: Where = ()) -> Iterator[Problem]:
        """The problems of a document, or of the part of it at `within`."""
        data: Any = document.data
        for step in within:
            data = data[step]
        breaches = [
            Breach(
                document=document,
                where=(*within, *error.instance_path),
                error=error,
                schema=self._at(error.schema_path[:-1]),
                elsewhere=self.elsewhere,
            )
            for error in self.compiled.iter_errors(data)
        ]
        meant = {(*b.where, key) for b in breaches if b.error.kind.name == "additionalProperties" for key in _meant(b)}
        for breach in breaches:
            kind = breach.error.kind
            if kind.name != "required" or (*breach.where, kind.property) not in meant:
                yield from _said(breach)

    def _at(self, path: Iterable[str | int]) -> Schema:
        node: Any = self.schema
        for step in path:
            node = node[step]
        return node if isinstance(node, dict) else {}


def _said(breach: Breach) -> Iterator[Problem]:
    kind = breach.error.kind
    if breach.schema.get("format") == "partial-date" and kind.name != "pattern":
        message = f"expected a real date such as 2021, 2021-01 or 2021-01-05 for {breach.name}, got {breach.got}"
        return iter([breach.problem("date", message)])
    if kind.name == "pattern" and kind.pattern == SOMETHING:
        return _empty(breach)
    return SAID.get(kind.name, _other)(breach)


def _meant(breach: Breach) -> Iterator[str]:
    """The keys that misspelt ones stand for."""
    for key in breach.error.kind.unexpected:
        yield from nearest(key.partition(":")[0], breach.schema.get("properties", ()))


def _unexpected(breach: Breach) -> Iterator[Problem]:
    known = breach.schema.get("properties", {})
    facts = breach.where[-1:] == ("facts",)
    rule, what = ("unknown-attribute", "an attribute") if facts else ("unknown-key", "a key that is read here")
    for key in breach.error.kind.unexpected:
        hint = did_you_mean(key, known) or f"; expected one of {', '.join(known)}"
        message = f"'{key}' is not {what}{f' of this kind{hint}' if facts else hint}"
        if spaced := suggestions.spaced(key, known):
            message = f"'{key}' reads as a key of its own; put a space after the colon: '{spaced}'"
        elif _follows_comma(breach, key):
            message = f"'{key}' reads as a key of its own: inside {{ }} a comma ends a value; quote the whole value"
        elif key in known.get("facts", {}).get("properties", ()):
            message = f"'{key}' is a fact; move it under 'facts:'"
        elif facts and key in breach.elsewhere:
            message = f"'{key}' is {breach.elsewhere[key]}{hint}"
        yield breach.problem(rule, message, key, key=True)


def _follows_comma(breach: Breach, key: str) -> bool:
    """Whether a key without a colon is the rest of a value that holds a comma."""
    document, where = breach.document, (*breach.where, key)
    line, column = document.keys.get(where, (0, 0))
    return breach.error.instance[key] is None and document.values.get(where) == (line, column + len(key))


def _missing(breach: Breach) -> Iterator[Problem]:
    key = breach.error.kind.property
    schema = breach.schema.get("properties", {}).get(key, {})
    if (key,) in CITATIONS:
        subject = breach.name or "the summary"
        yield breach.problem("uncited", f"expected a citation for {subject}; add '{key}: [...]'", key=True)
        return
    place = f" in {breach.name}" if breach.name else ""
    why = f", {schema['description']}" if "description" in schema else ""
    message = f"expected the key '{key}'{place}; add '{key}: {suggestions.example(schema)}'{why}"
    yield breach.problem("required", message, key=bool(breach.where))


def _choice(breach: Breach) -> Iterator[Problem]:
    options = [str(option) for option in breach.error.kind.options]
    if isinstance(breach.error.instance, list | dict):
        message = f"expected one value for {breach.name}, got {breach.got}; choose one of {', '.join(options)}"
    else:
        word = str(breach.error.instance or "").strip()
        hint = did_you_mean(word, (option for option in options if option[0] == word[:1].lower()))
        message = f"{breach.name} is one of {', '.join(options)}; got {breach.got}{hint}"
    yield breach.problem("value", message)


def _type(breach: Breach) -> Iterator[Problem]:
    instance, types = breach.error.instance, breach.error.kind.types
    if instance is None and breach.where[-1:] in CITATIONS:
        yield from _empty(breach)
        return
    if types == ["object"] and breach.schema.get("required"):
        expected = f"a mapping such as {suggestions.example(breach.schema)}"
    else:
        expected = " or ".join(TYPES[name] for name in types if name != "integer" or len(types) == 1)
    mend = suggestions.of_type(instance, types, breach.schema)
    yield breach.problem("type", f"expected {expected} for {breach.name}, got {breach.got}{mend and f'; {mend}'}")


def _format(breach: Breach) -> Iterator[Problem]:
    text = breach.error.instance.strip()
    if breach.error.kind.format == "web-address":
        message = f"expected an address that begins with https:// or http:// for {breach.name}, got {breach.got}"
        yield breach.problem("link", message)
    elif found := MARKUP.search(text):
        where = "cite" if breach.where[:1] == ("facts",) else "summary_cite"
        cites = found[0] == "[@" and "summary_cite" in breach.document.data
        mend = f"put citations under '{where}'" if cites else "write plain text"
        message = f"{shown(found[0])} in {breach.name} would be read as markup; {mend}"
        yield breach.problem("markup", message)
    else:
        lines = len(text.splitlines())
        yield breach.problem("value", f"expected one line for {breach.name}, got {lines} lines; join them")


def _empty(breach: Breach) -> Iterator[Problem]:
    if breach.where[-1:] in CITATIONS:
        message = f"expected at least one citation in {breach.name}, got {breach.got}"
        yield breach.problem("uncited", message)
    else:
        yield breach.problem("value", f"expected something for {breach.name}, got {breach.got}")


def _long(breach: Breach) -> Iterator[Problem]:
    rule = "summary-length" if breach.key == "summary" else "length"
    limit, length = breach.error.kind.limit, len(breach.error.instance)
    yield breach.problem(rule, f"expected at most {limit} characters for {breach.name}, got {length}")


def _pattern(breach: Breach) -> Iterator[Problem]:
    pattern, slug = breach.error.kind.pattern, suggestions.slug(breach.error.instance)
    mend = f"; write '{slug}'" if pattern == SLUG and slug else ""
    expected = PATTERNS.get(pattern, pattern)
    yield breach.problem("value", f"expected {expected} for {breach.name}, got {breach.got}{mend}")


def _key_pattern(breach: Breach) -> Iterator[Problem]:
    bad = breach.error.kind.error
    expected = PATTERNS.get(bad.kind.pattern, bad.kind.pattern)
    message = f"expected {expected} as a key of {breach.name or 'this file'}, got {shown(bad.instance)}"
    yield breach.problem("value", message, bad.instance, key=True)


def _range(breach: Breach) -> Iterator[Problem]:
    bound = "least" if breach.error.kind.name == "minimum" else "most"
    message = f"expected at {bound} {breach.error.kind.limit} for {breach.name}, got {breach.got}"
    yield breach.problem("value", message)


def _twice(breach: Breach) -> Iterator[Problem]:
    items = breach.error.instance
    index = next(index for index, item in enumerate(items) if item in items[:index])
    yield breach.problem("value", f"{shown(items[index])} stands in {breach.name} twice; remove one", index)


def _other(breach: Breach) -> Iterator[Problem]:
    yield breach.problem("value", breach.error.message)


# The keywords of JSON Schema that ours use, and how a breach of each is said.
SAID: dict[str, Callable[[Breach], Iterator[Problem]]] = {
    "additionalProperties": _unexpected,
    "required": _missing,
    "enum": _choice,
    "type": _type,
    "format": _format,
    "minItems": _empty,
    "minLength": _empty,
    "minProperties": _empty,
    "maxLength": _long,
    "pattern": _pattern,
    "propertyNames": _key_pattern,
    "minimum": _range,
    "maximum": _range,
    "uniqueItems": _twice,
}
