"""Documents that satisfy their schemas to the records of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from fieldguide.catalog import Catalog
from fieldguide.model import (
    Article,
    Attribute,
    Change,
    Claim,
    Class,
    Entry,
    Fact,
    Kind,
    Page,
    SearchPhrases,
    Section,
    Stance,
    Value,
    Vocabulary,
)
from fieldguide.problem import ParseError
from fieldguide.source import schema
from fieldguide.source.attribute_types import ATTRIBUTE_TYPES
from fieldguide.source.suggestions import did_you_mean, shown
from fieldguide.source.validation import Validator

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fieldguide.problem import Document, Problem

Record = TypeVar("Record")
# What the generated pages use themselves: folders, ids, and the values their templates speak of.
FOLDERS = {"compare", "guide", "sources", "data", "assets", "search", "taxonomy", "timeline", "glossary", "claims"}
RESERVED = {
    "summary", "references", "is-a", "built-on", "at-a-glance", "comparisons", "claims", "articles", "neighborhood",
    "differences", "same", "verdict", "list", "table", "top", "cite-this-page",
}  # fmt: skip
NEEDED = {"verdict": "right", "stance": "silent", "confidence": "high"}
LABELED = ("kinds", "classes")


class RecordBuilder:
    """Builds the records of a guide with one vocabulary; raises ParseError for a document that breaks its schema."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        kinds = schema.entry_schema(vocabulary)["$defs"]
        self.entries = {kind: Validator(kinds[kind], _attributes_elsewhere(vocabulary, kind)) for kind in kinds}
        self.articles = Validator(schema.article_schema())
        self.claim = Validator(schema.claim_schema(vocabulary))
        self.change = Validator(schema.change_schema())
        self.pages = Validator(schema.page_schema())
        self.comparisons = Validator(schema.comparison_schema())

    def build_entry(self, _: list[Problem], document: Document, kind: str, slug: str) -> Entry:
        """Return an entry of a kind."""
        self.entries[kind].validate(document)
        facts = {key: _build_fact(fact) for key, fact in document.data.get("facts", {}).items()}
        return _build(Entry, document.data, slug=slug, kind=kind, facts=facts, doc=document)

    def build_article(self, _: list[Problem], document: Document, slug: str) -> Article:
        """Return a source article."""
        self.articles.validate(document)
        sections = tuple(_build(Section, section) for section in document.data["sections"])
        return _build(Article, document.data, id=slug, sections=sections, doc=document)

    def build_page(self, _: list[Problem], document: Document, uri: str) -> Page:
        """Return a hand-written page, or the hand-written part of a comparison, whose title is generated."""
        pair = Catalog.pair_of(uri)
        if uri.startswith("compare/") and not pair and "title" not in document.data:
            message = f"expected two entries as in compare/a-vs-b.md, or the title of a page; got {shown(uri)}"
            raise ParseError(document.problem((), "comparison", message))
        (self.comparisons if pair else self.pages).validate(document)
        order = document.data.get("order", 0)
        return _build(Page, {"title": ""} | document.data, uri=uri, order=order, doc=document)

    def build_claims(self, problems: list[Problem], document: Document) -> dict[str, Claim]:
        """Return the claims by id; `problems` gets those of the claims that are left out."""
        claims: dict[str, Claim] = {}
        for index, item in self._items(problems, document, "claims", self.claim):
            if item["id"] in claims:
                message = f"two claims are called '{item['id']}'"
                problems.append(document.problem(("claims", index, "id"), "clash", message))
            else:
                claims[item["id"]] = _build(Claim, item, index=index)
        return claims

    def build_changes(self, problems: list[Problem], document: Document) -> tuple[Change, ...]:
        """Return the changes; `problems` gets those of the changes that are left out."""
        items = self._items(problems, document, "changes", self.change)
        return tuple(_build(Change, item, index=index) for index, item in items)

    def build_redirects(self, _: list[Problem], document: Document) -> dict[str, str]:
        """Return the new address of each old one."""
        Validator(schema.redirect_schema()).validate(document)
        return dict(document.data)

    def build_search_phrases(self, _: list[Problem], document: Document) -> SearchPhrases:
        """Return what readers type."""
        Validator(schema.asked_schema()).validate(document)
        return SearchPhrases(phrases=document.data.get("asked", {}), synonyms=document.data.get("synonyms", []))

    @staticmethod
    def _items(
        problems: list[Problem], document: Document, key: str, validator: Validator
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        Validator(schema.list_schema(key)).validate(document)
        for index, item in enumerate(document.data[key]):
            found = list(validator.problems(document, (key, index)))
            problems.extend(found)
            if not found:
                yield index, item


def _build(record: type[Record], data: Mapping[str, Any], **given: Any) -> Record:
    """Return a record of a mapping's values and of those given, which come first."""
    return record(**{key: _freeze(value) for key, value in data.items() if key not in given}, **given)


def _freeze(value: Any) -> Any:
    """Return a list as a tuple of texts, and a number where text is meant as text."""
    if isinstance(value, list):
        return tuple(str(item).strip() for item in value)
    return value if isinstance(value, bool | dict) else str(value).strip()


def _build_fact(data: Mapping[str, Any]) -> Fact:
    stances = (_build(Stance, stance, article=article) for article, stance in data.get("articles", {}).items())
    return _build(Fact, data, articles=tuple(stances))


def _attributes_elsewhere(vocabulary: Vocabulary, kind: str) -> dict[str, str]:
    """Return the attributes that a kind lacks, and what they are attributes of."""
    lacking = (a for a in vocabulary.attributes.values() if kind not in a.types)
    return {a.key: f"an attribute of {' and '.join(a.types)}, not of {kind}" for a in lacking}


def build_vocabulary(_: list[Problem], document: Document) -> Vocabulary:
    """Return the vocabulary of a document; raise ParseError if anything is wrong with it."""
    Validator(schema.vocabulary_schema()).validate(document)
    data = document.data
    attributes = {key: Attribute(key=key, **attribute) for key, attribute in data["attributes"].items()}
    if found := [
        *_check_attributes(document, attributes),
        *_check_folders(document),
        *_check_value_sets(document),
        *_check_labels(document),
    ]:
        raise ParseError(*found)
    return Vocabulary(
        kinds={key: Kind(key=key, **kind) for key, kind in data["kinds"].items()},
        attributes=attributes,
        value_sets={
            name: {key: Value(key=key, **value) for key, value in values.items()}
            for name, values in data["value_sets"].items()
        },
        classes={
            slug: Class(slug=slug, title=node["label"], is_a=tuple(node.get("is_a", ())))
            for slug, node in data.get("classes", {}).items()
        },
    )


def _check_attributes(document: Document, attributes: Mapping[str, Attribute]) -> Iterator[Problem]:
    """Yield problems of attributes of unknown kinds, without the values they need, or whose key the pages use."""
    kinds, sets = document.data["kinds"], document.data["value_sets"]
    for key, attribute in attributes.items():
        where = ("attributes", key)
        for at, kind in enumerate(attribute.kinds):
            if kind not in kinds:
                place = (*where, "kinds", kind if isinstance(attribute.kinds, dict) else at)
                hint = did_you_mean(kind, kinds) or f"; expected one of {', '.join(kinds)}"
                yield document.problem(place, "unknown-kind", f"'{kind}' is not a kind{hint}", key=True)
        types = set(attribute.types.values())
        if any(ATTRIBUTE_TYPES[name].has_value_set for name in types) and attribute.values not in sets:
            missing = f"'{key}' is a choice; name its value set under 'values'"
            message = f"'{attribute.values}' is not a value set" if attribute.values else missing
            hint = did_you_mean(attribute.values, sets) or f"; expected one of {', '.join(sets)}"
            yield document.problem((*where, "values"), "value", message + hint)
        if attribute.timeline and not all(ATTRIBUTE_TYPES[name].is_dated for name in types):
            message = f"only dates stand on the timeline, and '{key}' is of type {' and '.join(sorted(types))}"
            yield document.problem((*where, "timeline"), "value", message)
        if key in RESERVED:
            message = f"the pages use '{key}' as an id of their own; choose another key"
            yield document.problem(where, "clash", message, key=True)


def _check_folders(document: Document) -> Iterator[Problem]:
    """Yield problems of kinds whose folder is taken, by another kind or by generated pages."""
    owners = dict.fromkeys(FOLDERS, "the guide itself")
    for key, kind in document.data["kinds"].items():
        if kind["plural"] in owners:
            message = f"the folder '{kind['plural']}/' belongs to {owners[kind['plural']]}; choose another plural"
            yield document.problem(("kinds", key, "plural"), "clash", message)
        owners.setdefault(kind["plural"], f"the kind '{key}'")


def _check_value_sets(document: Document) -> Iterator[Problem]:
    """Yield problems of value sets that the pages speak of and the vocabulary lacks."""
    sets = document.data["value_sets"]
    for name, value in NEEDED.items():
        if value not in sets.get(name, ()):
            message = f"expected the value set '{name}' with the value '{value}', of which the pages speak; add it"
            where = ("value_sets", name) if name in sets else ("value_sets",)
            yield document.problem(where, "required", message, key=True)


def _check_labels(document: Document) -> Iterator[Problem]:
    """Yield problems of kinds, classes, values, or attributes of one kind and type, that no reader could tell apart."""
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
