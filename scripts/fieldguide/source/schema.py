"""JSON Schemas of every data file, made from the records of the model; an entry's depends on the vocabulary."""

from __future__ import annotations

from dataclasses import MISSING, fields
from functools import cache
from typing import TYPE_CHECKING, Any, get_type_hints

from fieldguide.formats import (
    ADDRESS,
    KEY,
    NAMES,
    SLUG,
    WORD,
    Cites,
    Label,
    Order,
    PartialDate,
    Phrase,
    Schema,
    Slug,
    Slugs,
    Summary,
    Text,
    list_of,
    schema_of,
)
from fieldguide.model import (
    Article,
    Attribute,
    Change,
    Claim,
    Entry,
    Fact,
    Kind,
    Page,
    Reference,
    Section,
    Stance,
    Value,
)
from fieldguide.source.attribute_types import ATTRIBUTE_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fieldguide.model import Vocabulary

DIALECT = "https://json-schema.org/draft/2020-12/schema"
EDITOR_DIALECT = "http://json-schema.org/draft-07/schema#"


def object_schema(required: Iterable[str], **properties: Any) -> Schema:
    """Return the schema of a mapping that has no other keys; a property is a form of values or a schema."""
    schemas = {key: schema_of(form) for key, form in properties.items()}
    return {"type": "object", "properties": schemas, "required": list(required), "additionalProperties": False}


def _map_of(values: Schema, pattern: str = KEY) -> Schema:
    return {"type": "object", "propertyNames": {"pattern": pattern}, "additionalProperties": values, "minProperties": 1}


def record_schema(
    record: type, vocabulary: Vocabulary | None = None, required: Iterable[str] = (), **given: Schema
) -> Schema:
    """Return the schema of a record: a key for each field with an annotated type, or of which the schema is given.

    A field without a default is required; others only if they are named in `required`.
    """
    properties: dict[str, Schema] = {}
    needed = []
    for name, form, has_default in _fields(record):
        schema = {**given.get(name, {}), **schema_of(form, vocabulary)}
        if schema:
            properties[name] = schema
            needed += [name] if name in required or not has_default else []
    return object_schema(needed, **properties)


@cache
def _fields(record: type) -> list[tuple[str, Any, bool]]:
    """Return the name and type of each field, and whether it has a default."""
    hints = get_type_hints(record, include_extras=True)
    return [(f.name, hints[f.name], (f.default, f.default_factory) != (MISSING, MISSING)) for f in fields(record)]


def vocabulary_schema() -> Schema:
    """Return the schema of `vocabulary.yml`."""
    value_type = {"enum": list(ATTRIBUTE_TYPES)}
    kinds: Schema = {
        "type": ["array", "object"],
        "minItems": 1,
        "minProperties": 1,
        "items": schema_of(Text),
        "additionalProperties": object_schema((), type=value_type),
    }
    return object_schema(
        ("kinds", "attributes", "value_sets"),
        kinds=_map_of(record_schema(Kind), WORD),
        attributes=_map_of(record_schema(Attribute, type=value_type, kinds=kinds), NAMES),
        value_sets=_map_of(_map_of(record_schema(Value))),
        classes=_map_of(object_schema(("label",), label=Label, is_a=Slugs), SLUG),
    )


def entry_schema(vocabulary: Vocabulary) -> Schema:
    """Return the published schema of an entry's front matter: one definition for each kind."""
    kinds = {key: _entry_of(vocabulary, key) for key in vocabulary.kinds}
    return {
        "$schema": DIALECT,
        "title": "Entry",
        "description": "Front matter of an entry; its folder says which of the definitions applies.",
        "anyOf": [{"$ref": f"#/$defs/{key}"} for key in kinds],
        "$defs": kinds,
    }


def front_matter_schema(vocabulary: Vocabulary, kind: str) -> Schema:
    """Return the schema of the front matter of one kind as editors read it: an older draft, and no format of ours."""
    plain: Schema = _without_formats(_entry_of(vocabulary, kind))
    return {"$schema": EDITOR_DIALECT, "title": vocabulary.kinds[kind].label.capitalize(), **plain}


def _without_formats(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_without_formats(item) for item in schema]
    if isinstance(schema, dict):
        return {key: _without_formats(value) for key, value in schema.items() if key != "format"}
    return schema


def _entry_of(vocabulary: Vocabulary, kind: str) -> Schema:
    facts = {a.key: _fact(vocabulary, a, a.types[kind]) for a in vocabulary.attributes_of(kind)}
    return record_schema(
        Entry, vocabulary, facts={"type": "object", "properties": facts, "additionalProperties": False}
    )


def _fact(vocabulary: Vocabulary, attribute: Attribute, value_type: str) -> Schema:
    choices = vocabulary.value_sets.get(attribute.values, ())
    stances = {"type": "object", "additionalProperties": record_schema(Stance, vocabulary)}
    fact = record_schema(
        Fact,
        vocabulary,
        required=("as_of",) if attribute.ages else (),
        value=ATTRIBUTE_TYPES[value_type].build_schema(choices),
        articles=stances,
    )
    return {**fact, "title": attribute.label, "description": attribute.description}


def article_schema() -> Schema:
    """Return the schema of a source article's front matter."""
    estimated = ("range", "most_likely", "reasons")
    return record_schema(
        Article,
        sections={"type": "array", "items": record_schema(Section), "minItems": 1},
        date_estimate=object_schema(estimated, range=Phrase, most_likely=Phrase, reasons=list_of(Text, 1), cite=Cites),
    )


def list_schema(key: str, items: Schema | None = None) -> Schema:
    """Return the schema of a file that holds one list, of anything unless the schema of its items is given."""
    return object_schema((key,), **{key: {"type": "array", "items": items or {}}})


def claim_schema(vocabulary: Vocabulary) -> Schema:
    """Return the schema of one claim."""
    return record_schema(Claim, vocabulary, attributes=list_of({"enum": list(vocabulary.attributes)}, 1))


def page_schema() -> Schema:
    """Return the schema of a hand-written page's front matter."""
    return record_schema(Page)


def comparison_schema() -> Schema:
    """Return the schema of the front matter of a comparison's hand-written prose."""
    return object_schema(("summary", "checked"), summary=Summary, order=Order, checked=PartialDate)


def change_schema() -> Schema:
    """Return the schema of one recorded change."""
    return record_schema(Change)


def asked_schema() -> Schema:
    """Return the schema of `asked.yml`."""
    phrases = list_of({"type": "string", "pattern": r"\S"})
    return object_schema((), asked=_map_of(phrases, ".*"), synonyms=list_of(phrases))


def redirect_schema() -> Schema:
    """Return the schema of `redirects.yml`: old address to new, both from the site's root."""
    return _map_of({"type": "string", "pattern": ADDRESS}, ADDRESS)


def catalog_schema(vocabulary: Vocabulary) -> Schema:
    """Return the published schema of `catalog.json`: one definition for each kind of entry."""
    kinds = {key: _published(vocabulary, key) for key in vocabulary.kinds}
    return {
        "$schema": DIALECT,
        "title": "Catalog",
        "description": "Every entry with its facts and citations, the comparisons, articles, claims and references.",
        "$defs": kinds,
        **object_schema(
            ("entries", "comparisons", "articles", "claims", "references"),
            entries={"type": "array", "items": {"oneOf": [{"$ref": f"#/$defs/{key}"} for key in kinds]}},
            comparisons={"type": "array", "items": object_schema(("ids", "url"), ids=Slugs, url=Text)},
            articles={"type": "array", "items": _with(article_schema(), id=Slug)},
            claims={"type": "array", "items": claim_schema(vocabulary)},
            references={"type": "array", "items": record_schema(Reference)},
            **{"$schema": {"const": "catalog.schema.json"}},
        ),
    }


def _published(vocabulary: Vocabulary, kind: str) -> Schema:
    front = _entry_of(vocabulary, kind)
    facts = front["properties"]["facts"]
    return _with(front, slug=Slug, kind={"const": kind}, url=Text, facts=facts)


def _with(schema: Schema, **required: Any) -> Schema:
    """Return an object's schema with more properties, all of them required."""
    return object_schema([*required, *schema["required"]], **{**required, **schema["properties"]})
