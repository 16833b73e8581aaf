"""`vocabulary.yml` to the kinds, attributes, value sets and classes of a guide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import schema
from .model import Attribute, Class, Kind, Problem, Value, Vocabulary
from .violations import Validator, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .located import Document

# What the generated pages use themselves: folders, ids, and the value sets their templates speak of.
FOLDERS = {"compare", "guide", "sources", "data", "assets", "search", "taxonomy", "timeline", "glossary", "claims"}
RESERVED = {
    "summary", "references", "is-a", "built-on", "at-a-glance", "comparisons", "claims", "articles", "neighborhood",
    "differences", "same", "verdict", "list", "table", "top",
}  # fmt: skip
NEEDED_SETS = {"verdict": {"right"}, "stance": {"silent"}, "confidence": {"high"}}


def read(problems: list[Problem], document: Document) -> Vocabulary | None:
    """The vocabulary of a document; None, with its problems added, where it has any."""
    found = list(Validator(schema.vocabulary_schema()).problems(document))
    data = document.data
    for key, attribute in data.get("attributes", {}).items() if not found else ():
        where = ("attributes", key)
        found += [
            document.problem(
                (*where, "kinds"), "unknown-kind", f"'{kind}' is not a kind; expected one of {', '.join(data['kinds'])}"
            )
            for kind in attribute["kinds"]
            if kind not in data["kinds"]
        ]
        types = {special.get("type", attribute["type"]) for special in _kinds(attribute).values()}
        if types & {"choice", "choices"} and attribute.get("values") not in data["value_sets"]:
            hint = did_you_mean(attribute.get("values", ""), data["value_sets"])
            message = f"expected 'values' to name one of {', '.join(data['value_sets'])}{hint}"
            found.append(document.problem((*where, "values"), "value", message))
        if attribute.get("timeline") and types != {"date"}:
            found.append(
                document.problem((*where, "timeline"), "value", "only an attribute of type 'date' has a timeline")
            )
        if key in RESERVED:
            message = f"'{key}' is an id of the generated pages; choose another name"
            found.append(document.problem(where, "clash", message, key=True))
    for key, kind in data.get("kinds", {}).items() if not found else ():
        others = [other for other, its in data["kinds"].items() if other != key and its["plural"] == kind["plural"]]
        if kind["plural"] in FOLDERS or (others and others[0] < key):
            message = (
                f"the folder '{kind['plural']}' is taken{f' by {others[0]}' if others else ''}; choose another plural"
            )
            found.append(document.problem(("kinds", key, "plural"), "clash", message))
    for name, needed in NEEDED_SETS.items() if not found else ():
        missing = needed - set(data["value_sets"].get(name, ()))
        if missing or name not in data["value_sets"]:
            message = f"expected the value set '{name}'{f' with {chr(44).join(sorted(missing))}' if missing else ''}"
            found.append(document.problem(("value_sets",), "required", message, key=True))
    problems.extend(found)
    if found:
        return None
    sets = {name: {k: Value(key=k, **v) for k, v in values.items()} for name, values in data["value_sets"].items()}
    return Vocabulary(
        kinds={key: Kind(key=key, **kind) for key, kind in data["kinds"].items()},
        attributes={key: _attribute(key, attribute) for key, attribute in data["attributes"].items()},
        value_sets=sets,
        classes={
            slug: Class(slug=slug, title=node["label"], is_a=tuple(node.get("is_a", ())))
            for slug, node in data.get("classes", {}).items()
        },
    )


def _kinds(attribute: Mapping[str, Any]) -> dict[str, Any]:
    """The kinds of an attribute, each with what differs there."""
    kinds = attribute["kinds"]
    return kinds if isinstance(kinds, dict) else {kind: {} for kind in kinds}


def _attribute(key: str, data: Mapping[str, Any]) -> Attribute:
    types = {kind: special.get("type", data["type"]) for kind, special in _kinds(data).items()}
    rest = {k: v for k, v in data.items() if k not in ("kinds", "type")}
    return Attribute(key=key, types=types, **rest)
