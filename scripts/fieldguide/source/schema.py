"""JSON Schemas of every data file; an entry's is generated from the vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fieldguide.formats import ADDRESS, KEY, NAMES, SECTION, SLUG, WORD
from fieldguide.source.attribute_types import ATTRIBUTE_TYPES, DATES, NAME, PHRASE, SLUGS, TEXT, Schema, list_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fieldguide.model import Attribute, Vocabulary


# What the keys of a vocabulary mean, as its schema says it in editors.
KIND = {
    "plural": "the name of the folder below docs/ that holds the entries, and of its address",
    "hue": "the color of the kind in diagrams and cards, in degrees: 0 is red, 120 green, 240 blue",
    "proper": "whether titles are proper names, which keep their capitals and stand in no quotation marks",
}
ATTRIBUTE = {
    "name": "how the attribute reads within a sentence, such as 'They differ in ...'; without it, as its label",
    "type": "what a value is: text, texts (a list), date, choice or choices (of a value set), entries, reference",
    "values": "the value set that a choice is from",
    "kinds": "the kinds that may state it: a list, or a mapping in which each kind may have a type of its own",
    "ages": "whether a value may change, so that each fact must say with 'as_of' on which day it was so",
    "shelf_life": "after how many months scripts/check --today asks for another look",
    "timeline": "whether its dates are when a thing first appeared, and stand in the timeline",
}
VALUE = {"mark": "the sign beside the value: full for yes, half for partly, empty for no; without it there is none"}


def _told(said: dict[str, str], **schemas: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The schemas of keys, described where the name of a key does not say enough."""
    return {key: {**schema, "description": said[key]} if key in said else schema for key, schema in schemas.items()}


def _object(required: Iterable[str], **properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _map(values: Schema, pattern: str = KEY) -> Schema:
    return {"type": "object", "propertyNames": {"pattern": pattern}, "additionalProperties": values, "minProperties": 1}


LABEL: Schema = {**TEXT, "format": "plain-text", "maxLength": 80}
SUMMARY: Schema = {**TEXT, "format": "plain-text", "maxLength": 160}
IDENTIFIER: Schema = {"type": "string", "pattern": SLUG}
CITES: Schema = list_of(TEXT, 1)
ORDER: Schema = {"type": "integer", "minimum": 1}
SECTIONS: Schema = list_of({"type": "string", "pattern": SECTION})


def vocabulary_schema() -> Schema:
    """The schema of `vocabulary.yml`."""
    kind = _told(
        KIND,
        plural=IDENTIFIER,
        label=LABEL,
        labels=LABEL,
        hue={"type": "integer", "minimum": 0, "maximum": 360},
        proper={"type": "boolean"},
        description=SUMMARY,
    )
    value_type = {"enum": list(ATTRIBUTE_TYPES)}
    attribute = _told(
        ATTRIBUTE,
        label=LABEL,
        name=LABEL,
        type=value_type,
        values=TEXT,
        kinds={
            "type": ["array", "object"],
            "minItems": 1,
            "minProperties": 1,
            "items": TEXT,
            "additionalProperties": _object((), type=value_type),
        },
        description=SUMMARY,
        ages={"type": "boolean"},
        shelf_life={"type": "integer", "minimum": 1},
        timeline={"type": "boolean"},
    )
    value = _told(VALUE, label=LABEL, mark={"enum": ["full", "half", "empty"]}, description=SUMMARY)
    taxon = _object(("label",), label=LABEL, is_a=SLUGS)
    return _object(
        ("kinds", "attributes", "value_sets"),
        kinds=_map(_object(("plural", "label", "labels", "hue", "description"), **kind), WORD),
        attributes=_map(_object(("label", "type", "kinds", "description"), **attribute), NAMES),
        value_sets=_map(_map(_object(("label",), **value))),
        classes=_map(taxon, SLUG),
    )


def entry_schema(vocabulary: Vocabulary) -> Schema:
    """The published schema of an entry's front matter: one definition for each kind."""
    kinds = {key: _entry_of(vocabulary, key) for key in vocabulary.kinds}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Entry",
        "description": "Front matter of an entry; its folder says which of the definitions applies.",
        "anyOf": [{"$ref": f"#/$defs/{key}"} for key in kinds],
        "$defs": kinds,
    }


def front_matter_schema(vocabulary: Vocabulary, kind: str) -> Schema:
    """The schema of the front matter of one kind of entry as editors read it: an older draft, and no format of ours."""
    plain: Schema = _without_formats(_entry_of(vocabulary, kind))
    label = vocabulary.kinds[kind].label
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": label.capitalize(), **plain}


def _without_formats(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_without_formats(item) for item in schema]
    if isinstance(schema, dict):
        return {key: _without_formats(value) for key, value in schema.items() if key != "format"}
    return schema


def _entry_of(vocabulary: Vocabulary, kind: str) -> Schema:
    facts = {a.key: _fact(vocabulary, a, a.types[kind]) for a in vocabulary.attributes_of(kind)}
    return _object(
        ("title", "summary", "summary_cite", "checked"),
        title=NAME | {"maxLength": 80},
        summary=SUMMARY,
        summary_cite=CITES,
        aliases=list_of(NAME),
        is_a=SLUGS,
        built_on=SLUGS,
        about=SLUGS,
        page={"type": "boolean"},
        section_of=IDENTIFIER,
        attributed={"type": "boolean"},
        facts={"type": "object", "properties": facts, "additionalProperties": False},
        checked=DATES,
    )


def _fact(vocabulary: Vocabulary, attribute: Attribute, value_type: str) -> Schema:
    choices = vocabulary.value_sets.get(attribute.values, ())
    stance = _object(
        ("stance",),
        stance={"enum": list(vocabulary.value_sets.get("stance", ()))},
        at=SECTIONS,
        note=TEXT,
    )
    fact = _object(
        ("value", "cite", *(("as_of",) if attribute.ages else ())),
        value=ATTRIBUTE_TYPES[value_type].build_schema(choices),
        cite=CITES,
        note=NAME,
        date_kind=TEXT,
        as_of=DATES | {"description": "the day on which this was so"},
        confidence={"enum": list(vocabulary.value_sets.get("confidence", ()))},
        attributed={"type": "boolean"},
        articles={"type": "object", "additionalProperties": stance},
    )
    return {**fact, "title": attribute.label, "description": attribute.description}


def article_schema() -> Schema:
    """The schema of a source article's front matter."""
    section = _object(
        ("id", "heading", "summary"),
        id=IDENTIFIER,
        heading={**TEXT, "format": "plain-text"},
        parent=IDENTIFIER,
        summary=SUMMARY,
        names=SLUGS,
        describes=SLUGS,
        other_names=list_of(TEXT),
        says=list_of(TEXT),
        boilerplate={"type": "boolean"},
    )
    likely = ("range", "most_likely", "reasons")
    estimate = _object(likely, range=PHRASE, most_likely=PHRASE, reasons=list_of(TEXT, 1), cite=CITES)
    return _object(
        ("title", "publisher", "url", "interest", "sections", "checked"),
        title={**TEXT, "format": "plain-text"},
        publisher=LABEL,
        author=LABEL,
        date=DATES,
        date_note=TEXT,
        date_estimate=estimate,
        url={**TEXT, "format": "web-address"},
        interest=TEXT,
        sections={"type": "array", "items": section, "minItems": 1},
        checked=DATES,
    )


def list_schema(key: str, items: Schema | None = None) -> Schema:
    """The schema of a file that holds one list, of anything unless the schema of its items is given."""
    return _object((key,), **{key: {"type": "array", "items": items or {}}})


def claim_schema(vocabulary: Vocabulary) -> Schema:
    """The schema of one claim."""
    return _object(
        ("id", "claim", "said_by", "verdict", "accurate", "cite", "about"),
        id=IDENTIFIER,
        claim=TEXT,
        said_by={**SECTIONS, "minItems": 1},
        contradicted_by=SECTIONS,
        verdict={"enum": list(vocabulary.value_sets.get("verdict", ()))},
        accurate=TEXT,
        cite=CITES,
        about={**SLUGS, "minItems": 1},
        attributes=list_of({"enum": list(vocabulary.attributes)}, 1),
        confidence={"enum": list(vocabulary.value_sets.get("confidence", ()))},
    )


def page_schema() -> Schema:
    """The schema of a hand-written page's front matter."""
    return _object(("title", "summary"), title=LABEL, summary=SUMMARY, rewrites=SECTIONS, order=ORDER, checked=DATES)


def asked_schema() -> Schema:
    """The schema of `asked.yml`."""
    phrases = list_of({"type": "string", "pattern": r"\S"})
    return _object((), asked=_map(phrases, ".*"), synonyms=list_of(phrases))


def redirect_schema() -> Schema:
    """The schema of `redirects.yml`: old address to new, both from the site's root."""
    return _map({"type": "string", "pattern": ADDRESS}, ADDRESS)


def comparison_schema() -> Schema:
    """The schema of the front matter of a comparison's hand-written prose."""
    return _object(("summary", "checked"), summary=SUMMARY, order=ORDER, checked=DATES)


def change_schema() -> Schema:
    """The schema of one recorded change."""
    value: Schema = {"type": ["string", "integer", "array"], "items": TEXT, "minLength": 1, "minItems": 1}
    return _object(
        ("date",),
        date=DATES,
        entry=IDENTIFIER,
        attribute={"type": "string", "pattern": KEY},
        before=value,
        after=value,
        cite=CITES,
        note=TEXT,
    )


def catalog_schema(vocabulary: Vocabulary) -> Schema:
    """The published schema of `catalog.json`: one definition for each kind of entry."""
    kinds = {key: _published(vocabulary, key) for key in vocabulary.kinds}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Catalog",
        "description": "Every entry with its facts and citations, the comparisons, articles, claims and references.",
        "$defs": kinds,
        **_object(
            ("entries", "comparisons", "articles", "claims", "references"),
            entries={"type": "array", "items": {"oneOf": [{"$ref": f"#/$defs/{key}"} for key in kinds]}},
            comparisons={"type": "array", "items": _object(("ids", "url"), ids=SLUGS, url=TEXT)},
            articles={"type": "array", "items": _with(article_schema(), id=IDENTIFIER)},
            claims={"type": "array", "items": claim_schema(vocabulary)},
            references={"type": "array", "items": _reference()},
            **{"$schema": {"const": "catalog.schema.json"}},
        ),
    }


def _published(vocabulary: Vocabulary, kind: str) -> Schema:
    front = _entry_of(vocabulary, kind)
    facts = front["properties"]["facts"]
    return _with(front, slug=IDENTIFIER, kind={"const": kind}, url=TEXT, facts=facts)


def _with(schema: Schema, **required: Schema) -> Schema:
    """An object's schema with more properties, all of them required."""
    names = dict.fromkeys((*required, *schema["required"]))
    return {**schema, "properties": {**required, **schema["properties"]}, "required": list(names)}


def _reference() -> Schema:
    names = ("venue", "year", "doi", "eprint", "kind", "note")
    return _object(
        ("key", "authors", "title", "url"),
        key=TEXT,
        authors={"type": "array", "items": TEXT, "minItems": 1},
        title=TEXT,
        url={**TEXT, "format": "web-address"},
        archived={**TEXT, "format": "web-address"},
        **dict.fromkeys(names, TEXT),
    )
