"""`vocabulary.yml` to the kinds, attributes, value sets and classes of a guide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fieldguide.model import Attribute, Class, Kind, Value, Vocabulary
from fieldguide.source import schema
from fieldguide.source.attribute_types import ATTRIBUTE_TYPES
from fieldguide.source.suggestions import did_you_mean
from fieldguide.source.validation import Validator

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fieldguide.problem import Document, Problem

# What the generated pages use themselves: folders, ids, and the values their templates speak of.
FOLDERS = {"compare", "guide", "sources", "data", "assets", "search", "taxonomy", "timeline", "glossary", "claims"}
RESERVED = {
    "summary", "references", "is-a", "built-on", "at-a-glance", "comparisons", "claims", "articles", "neighborhood",
    "differences", "same", "verdict", "list", "table", "top", "cite-this-page",
}  # fmt: skip
NEEDED = {"verdict": "right", "stance": "silent", "confidence": "high"}
LABELED = ("kinds", "classes")


def read(problems: list[Problem], document: Document) -> Vocabulary | None:
    """The vocabulary of a document; None, with its problems added, where it has any."""
    found = list(Validator(schema.vocabulary_schema()).problems(document))
    for flaws in (_attributes, _folders, _value_sets, _labels) if not found else ():
        found += flaws(document)
    problems.extend(found)
    if found:
        return None
    data = document.data
    sets = {name: {k: Value(key=k, **v) for k, v in values.items()} for name, values in data["value_sets"].items()}
    return Vocabulary(
        kinds={key: Kind(key=key, **kind) for key, kind in data["kinds"].items()},
        attributes={key: Attribute(key=key, **attribute) for key, attribute in data["attributes"].items()},
        value_sets=sets,
        classes={
            slug: Class(slug=slug, title=node["label"], is_a=tuple(node.get("is_a", ())))
            for slug, node in data.get("classes", {}).items()
        },
    )


def _attributes(document: Document) -> Iterator[Problem]:
    """Attributes of unknown kinds, without the values they need, or whose key the pages use themselves."""
    data = document.data
    for key, attribute in data["attributes"].items():
        where = ("attributes", key)
        for at, kind in enumerate(attribute["kinds"]):
            if kind not in data["kinds"]:
                place = (*where, "kinds", kind if isinstance(attribute["kinds"], dict) else at)
                hint = did_you_mean(kind, data["kinds"]) or f"; expected one of {', '.join(data['kinds'])}"
                yield document.problem(place, "unknown-kind", f"'{kind}' is not a kind{hint}", key=True)
        types = set(Attribute(key=key, **attribute).types.values())
        sets, values = data["value_sets"], attribute.get("values", "")
        if any(ATTRIBUTE_TYPES[name].has_value_set for name in types) and values not in sets:
            hint = did_you_mean(values, sets) or f"; expected one of {', '.join(sets)}"
            said = (
                f"'{values}' is not a value set"
                if values
                else f"'{key}' is a choice; name its value set under 'values'"
            )
            yield document.problem((*where, "values"), "value", said + hint)
        if attribute.get("timeline") and not all(ATTRIBUTE_TYPES[name].is_dated for name in types):
            message = f"only dates stand on the timeline, and '{key}' is of type {' and '.join(sorted(types))}"
            yield document.problem((*where, "timeline"), "value", message)
        if key in RESERVED:
            message = f"the pages use '{key}' as an id of their own; choose another key"
            yield document.problem(where, "clash", message, key=True)


def _folders(document: Document) -> Iterator[Problem]:
    """Kinds whose folder is taken, by another kind or by generated pages."""
    owners = dict.fromkeys(FOLDERS, "the guide itself")
    for key, kind in document.data["kinds"].items():
        if kind["plural"] in owners:
            message = f"the folder '{kind['plural']}/' belongs to {owners[kind['plural']]}; choose another plural"
            yield document.problem(("kinds", key, "plural"), "clash", message)
        owners.setdefault(kind["plural"], f"the kind '{key}'")


def _value_sets(document: Document) -> Iterator[Problem]:
    """Value sets that the pages speak of and the vocabulary lacks."""
    sets = document.data["value_sets"]
    for name, value in NEEDED.items():
        if value not in sets.get(name, ()):
            message = f"expected the value set '{name}' with the value '{value}', of which the pages speak; add it"
            yield document.problem(
                ("value_sets", name) if name in sets else ("value_sets",), "required", message, key=True
            )


def _labels(document: Document) -> Iterator[Problem]:
    """Kinds, classes, values, or attributes of one kind and type, that no reader could tell apart."""
    data = document.data
    groups: list[tuple[tuple[str, ...], Mapping[str, Any]]] = [((name,), data.get(name, {})) for name in LABELED]
    groups += [(("value_sets", name), values) for name, values in data["value_sets"].items()]
    for kind in data["kinds"]:
        groups.append((("attributes",), {k: v for k, v in data["attributes"].items() if kind in v["kinds"]}))
    for where, group in groups:
        owners: dict[tuple[str, str], str] = {}
        for key, thing in group.items():
            owner = owners.setdefault((thing["label"].casefold(), thing.get("type", "")), key)
            if owner != key:
                message = f"'{thing['label']}' is the label of '{owner}' too; give one of the two another"
                yield document.problem((*where, key, "label"), "clash", message)
