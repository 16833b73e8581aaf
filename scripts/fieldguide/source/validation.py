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
class SchemaError:
    """A value that breaks its schema: where it stands, which keyword it breaks, and the schema of the value."""

    document: Document
    where: Where
    instance: Any
    kind: Any
    schema: Schema
    elsewhere: Mapping[str, str]

    @property
    def got(self) -> str:
        return shown(self.instance)

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
        key = key or self.instance is None
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
        errors = [
            SchemaError(
                document=document,
                where=(*within, *error.instance_path),
                instance=error.instance,
                kind=error.kind,
                schema=self._at(error.schema_path[:-1]),
                elsewhere=self.elsewhere,
            )
            for error in self.compiled.iter_errors(data)
        ]
        meant = {(*e.where, key) for e in errors if e.kind.name == "additionalProperties" for key in _list_meant(e)}
        for error in errors:
            if error.kind.name != "required" or (*error.where, error.kind.property) not in meant:
                yield from _explain(error)

    def _at(self, path: Iterable[str | int]) -> Schema:
        node: Any = self.schema
        for step in path:
            node = node[step]
        return node if isinstance(node, dict) else {}


def _explain(error: SchemaError) -> Iterator[Problem]:
    """Return the problems that a breach makes."""
    kind = error.kind
    if error.schema.get("format") == "partial-date" and kind.name != "pattern":
        message = f"expected a real date such as 2021, 2021-01 or 2021-01-05 for {error.name}, got {error.got}"
        return iter([error.problem("date", message)])
    if kind.name == "pattern" and kind.pattern == SOMETHING:
        return _explain_empty(error)
    return EXPLANATIONS[kind.name](error)


def _list_meant(error: SchemaError) -> Iterator[str]:
    """The keys that misspelt ones stand for."""
    for key in error.kind.unexpected:
        yield from nearest(key.partition(":")[0], error.schema.get("properties", ()))


def _explain_unexpected(error: SchemaError) -> Iterator[Problem]:
    known = error.schema.get("properties", {})
    facts = error.where[-1:] == ("facts",)
    rule, what = ("unknown-attribute", "an attribute") if facts else ("unknown-key", "a key that is read here")
    for key in error.kind.unexpected:
        hint = did_you_mean(key, known) or f"; expected one of {', '.join(known)}"
        message = f"'{key}' is not {what}{f' of this kind{hint}' if facts else hint}"
        if spaced := suggestions.spaced(key, known):
            message = f"'{key}' reads as a key of its own; put a space after the colon: '{spaced}'"
        elif _follows_comma(error, key):
            message = f"'{key}' reads as a key of its own: inside {{ }} a comma ends a value; quote the whole value"
        elif key in known.get("facts", {}).get("properties", ()):
            message = f"'{key}' is a fact; move it under 'facts:'"
        elif facts and key in error.elsewhere:
            message = f"'{key}' is {error.elsewhere[key]}{hint}"
        yield error.problem(rule, message, key, key=True)


def _follows_comma(error: SchemaError, key: str) -> bool:
    """Whether a key without a colon is the rest of a value that holds a comma."""
    document, where = error.document, (*error.where, key)
    line, column = document.keys.get(where, (0, 0))
    return error.instance[key] is None and document.values.get(where) == (line, column + len(key))


def _explain_missing(error: SchemaError) -> Iterator[Problem]:
    key = error.kind.property
    schema = error.schema.get("properties", {}).get(key, {})
    if (key,) in CITATIONS:
        subject = error.name or "the summary"
        yield error.problem("uncited", f"expected a citation for {subject}; add '{key}: [...]'", key=True)
        return
    place = f" in {error.name}" if error.name else ""
    why = f", {schema['description']}" if "description" in schema else ""
    message = f"expected the key '{key}'{place}; add '{key}: {suggestions.example(schema)}'{why}"
    yield error.problem("required", message, key=bool(error.where))


def _explain_choice(error: SchemaError) -> Iterator[Problem]:
    options = [str(option) for option in error.kind.options]
    if isinstance(error.instance, list | dict):
        message = f"expected one value for {error.name}, got {error.got}; choose one of {', '.join(options)}"
    else:
        word = str(error.instance or "").strip()
        hint = did_you_mean(word, (option for option in options if option[0] == word[:1].lower()))
        message = f"{error.name} is one of {', '.join(options)}; got {error.got}{hint}"
    yield error.problem("value", message)


def _explain_type(error: SchemaError) -> Iterator[Problem]:
    instance, types = error.instance, error.kind.types
    if instance is None and error.where[-1:] in CITATIONS:
        yield from _explain_empty(error)
        return
    if types == ["object"] and error.schema.get("required"):
        expected = f"a mapping such as {suggestions.example(error.schema)}"
    else:
        expected = " or ".join(TYPES[name] for name in types if name != "integer" or len(types) == 1)
    mend = suggestions.of_type(instance, types, error.schema)
    yield error.problem("type", f"expected {expected} for {error.name}, got {error.got}{mend and f'; {mend}'}")


def _explain_format(error: SchemaError) -> Iterator[Problem]:
    text = error.instance.strip()
    if error.kind.format == "web-address":
        message = f"expected an address that begins with https:// or http:// for {error.name}, got {error.got}"
        yield error.problem("link", message)
    elif found := MARKUP.search(text):
        where = "cite" if error.where[:1] == ("facts",) else "summary_cite"
        cites = found[0] == "[@" and "summary_cite" in error.document.data
        mend = f"put citations under '{where}'" if cites else "write plain text"
        message = f"{shown(found[0])} in {error.name} would be read as markup; {mend}"
        yield error.problem("markup", message)
    else:
        lines = len(text.splitlines())
        yield error.problem("value", f"expected one line for {error.name}, got {lines} lines; join them")


def _explain_empty(error: SchemaError) -> Iterator[Problem]:
    if error.where[-1:] in CITATIONS:
        message = f"expected at least one citation in {error.name}, got {error.got}"
        yield error.problem("uncited", message)
    else:
        yield error.problem("value", f"expected something for {error.name}, got {error.got}")


def _explain_length(error: SchemaError) -> Iterator[Problem]:
    rule = "summary-length" if error.key == "summary" else "length"
    limit, length = error.kind.limit, len(error.instance)
    yield error.problem(rule, f"expected at most {limit} characters for {error.name}, got {length}")


def _explain_pattern(error: SchemaError) -> Iterator[Problem]:
    pattern, slug = error.kind.pattern, suggestions.slug(error.instance)
    mend = f"; write '{slug}'" if pattern == SLUG and slug else ""
    expected = PATTERNS.get(pattern, pattern)
    yield error.problem("value", f"expected {expected} for {error.name}, got {error.got}{mend}")


def _explain_key_pattern(error: SchemaError) -> Iterator[Problem]:
    bad = error.kind.error
    expected = PATTERNS.get(bad.kind.pattern, bad.kind.pattern)
    message = f"expected {expected} as a key of {error.name or 'this file'}, got {shown(bad.instance)}"
    yield error.problem("value", message, bad.instance, key=True)


def _explain_range(error: SchemaError) -> Iterator[Problem]:
    bound = "least" if error.kind.name == "minimum" else "most"
    message = f"expected at {bound} {error.kind.limit} for {error.name}, got {error.got}"
    yield error.problem("value", message)


def _explain_duplicate(error: SchemaError) -> Iterator[Problem]:
    items = error.instance
    index = next(index for index, item in enumerate(items) if item in items[:index])
    yield error.problem("value", f"{shown(items[index])} stands in {error.name} twice; remove one", index)


# The keywords of JSON Schema that ours use, and what explains a breach of each.
EXPLANATIONS: dict[str, Callable[[SchemaError], Iterator[Problem]]] = {
    "additionalProperties": _explain_unexpected,
    "required": _explain_missing,
    "enum": _explain_choice,
    "type": _explain_type,
    "format": _explain_format,
    "minItems": _explain_empty,
    "minLength": _explain_empty,
    "minProperties": _explain_empty,
    "maxLength": _explain_length,
    "pattern": _explain_pattern,
    "propertyNames": _explain_key_pattern,
    "minimum": _explain_range,
    "maximum": _explain_range,
    "uniqueItems": _explain_duplicate,
}
