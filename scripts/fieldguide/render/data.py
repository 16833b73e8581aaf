"""Files for programs: the catalog as JSON, tables as CSV, schemas and the chooser's index."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import fields
from functools import partial
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from fieldguide import urls
from fieldguide.source import schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fieldguide.catalog import Catalog
    from fieldguide.model import Entry, Fact

# Where a record was read is nothing to publish.
INTERNAL = {"doc", "index", "line"}
# The columns of a table before those of the facts; a fact's note and date have columns where some entry has them.
ENTRY_COLUMNS = ("slug", "title", "summary", "summary_cite", "url", "aliases", "is_a", "built_on", "about")
OPTIONAL_COLUMNS = ("note", "as_of")
SEPARATOR = "; "
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# The columns and rows of the example on the page about the files.
EXAMPLE_COLUMNS = ("slug", "title", "url")
MAX_EXAMPLE_ROWS = 2
CHOOSER_FIELDS = ("slug", "title", "aliases", "kind", "is_a", "built_on")


def list_files(catalog: Catalog) -> dict[str, Callable[[], str]]:
    """Return every file for programs, relative to `docs/`, with the function that makes its text."""
    vocabulary = catalog.vocabulary
    made: dict[str, Callable[[], Any]] = {
        "catalog.json": partial(build_catalog, catalog),
        "index.json": partial(build_chooser_index, catalog),
        "catalog.schema.json": partial(schema.catalog_schema, vocabulary),
        "entry.schema.json": partial(schema.entry_schema, vocabulary),
        "vocabulary.schema.json": schema.vocabulary_schema,
        "claims.schema.json": lambda: schema.list_schema("claims", schema.claim_schema(vocabulary)),
        "changes.schema.json": lambda: schema.list_schema("changes", schema.change_schema()),
        "asked.schema.json": schema.asked_schema,
    }
    for key, kind in vocabulary.kinds.items():
        made[f"{kind.plural}.schema.json"] = partial(schema.front_matter_schema, vocabulary, key)
    files: dict[str, Callable[[], str]] = {f"data/{name}": partial(_dump, make) for name, make in made.items()}
    for key, kind in vocabulary.kinds.items():
        files[f"data/{kind.plural}.csv"] = partial(_write_table, catalog, key)
    return files


def to_json(data: Any) -> str:
    """Return data as the text of a JSON file."""
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _dump(make: Callable[[], Any]) -> str:
    return to_json(make())


def _write_table(catalog: Catalog, kind: str) -> str:
    return to_csv(list(list_rows(catalog, kind)))


def build_catalog(catalog: Catalog) -> dict[str, Any]:
    """Return the whole catalog as plain data, addresses included."""
    articles = [
        _plain(article, "sections", "checked")
        | {"sections": [_plain(section) for section in article.sections], "checked": article.checked}
        for article in catalog.articles.values()
    ]
    return {
        "$schema": "catalog.schema.json",
        "entries": [build_entry(catalog, entry) for entry in catalog.entries.values()],
        "comparisons": [{"ids": pair, "url": urls.url(urls.pair(*pair))} for pair in catalog.pairs],
        "articles": articles,
        "claims": [_plain(claim) for claim in catalog.claims.values()],
        "references": [_plain(work) for work in catalog.references.values()],
    }


def build_entry(catalog: Catalog, entry: Entry) -> dict[str, Any]:
    """Return an entry as plain data."""
    facts = {key: _build_fact(fact) for key, fact in entry.facts.items()}
    rest = {"url": urls.node(catalog, entry.slug), "facts": facts, "checked": entry.checked}
    return _plain(entry, "facts", "checked") | rest


def _build_fact(fact: Fact) -> dict[str, Any]:
    data = _plain(fact)
    if fact.articles:
        data["articles"] = {stance.article: _plain(stance, "article") for stance in fact.articles}
    return data


def _plain(record: Any, *left_out: str) -> dict[str, Any]:
    """Return the fields of a record that say something."""
    names = [field.name for field in fields(record) if field.name not in {*INTERNAL, *left_out}]
    return {name: value for name in names if (value := getattr(record, name)) not in ("", (), {})}


def build_chooser_index(catalog: Catalog) -> dict[str, Any]:
    """Return what a chooser of entries needs: names, kinds, the taxonomy, and which pairs have a page."""
    vocabulary = catalog.vocabulary
    return {
        "kinds": {key: {"label": k.label, "url": f"{k.plural}/"} for key, k in vocabulary.kinds.items()},
        "attributes": list(vocabulary.attributes),
        "classes": {slug: {"title": node.title, "is_a": node.is_a} for slug, node in vocabulary.classes.items()},
        "entries": [
            {name: value for name in CHOOSER_FIELDS if (value := getattr(entry, name))}
            | {"url": urls.node(catalog, entry.slug)}
            for entry in catalog.entries.values()
        ],
        "pairs": [urls.url(urls.pair(*pair)) for pair in catalog.pairs],
    }


def list_rows(catalog: Catalog, kind: str) -> Iterator[dict[str, str]]:
    """Yield each entry of a kind by column, as plain text."""
    entries = catalog.by_kind[kind]
    columns = {}
    for attribute in catalog.vocabulary.attributes_of(kind):
        facts = [entry.facts[attribute.key] for entry in entries if attribute.key in entry.facts]
        columns[attribute.key] = [name for name in OPTIONAL_COLUMNS if any(getattr(fact, name) for fact in facts)]
    for entry in entries:
        row = {name: _join(getattr(entry, name, "")) for name in ENTRY_COLUMNS}
        row["url"] = urls.node(catalog, entry.slug)
        for key, more in columns.items():
            fact = entry.facts.get(key)
            row[key] = _join(fact.value) if fact else ""
            row |= {f"{key}_{name}": _join(getattr(fact, name)) if fact else "" for name in ("cite", *more)}
        yield row


def _join(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else SEPARATOR.join(value)


def to_csv(table: Sequence[dict[str, str]]) -> str:
    """Return a table as CSV text by RFC 4180, none of its cells to be run as a formula."""
    file = io.StringIO()
    writer = csv.writer(file)
    if table:
        writer.writerow(table[0])
    writer.writerows([escape_formula(cell) for cell in row.values()] for row in table)
    return file.getvalue()


def escape_formula(cell: str) -> str:
    """Return a cell with an apostrophe before what a spreadsheet would run."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def describe_files(catalog: Catalog) -> dict[str, Any]:
    """Return what the page about the files shows: those of each kind, and the fact that serves as an example."""
    kinds = [(kind, len(catalog.by_kind[key])) for key, kind in catalog.vocabulary.kinds.items()]
    example = next((entry for entry in catalog.entries.values() if entry.facts), None)
    if example is None:
        return {"kinds": kinds, "fact": ""}
    attribute = next(iter(example.facts))
    rows = [row for row in list_rows(catalog, example.kind) if row[attribute]][:MAX_EXAMPLE_ROWS]
    columns = (*EXAMPLE_COLUMNS, attribute, f"{attribute}_cite")
    table = to_csv([{name: row[name] for name in columns} for row in rows])
    data = build_entry(catalog, example)
    shown = {"slug": data["slug"], "title": data["title"], "facts": {attribute: data["facts"][attribute]}}
    return {
        "kinds": kinds,
        "attribute": attribute,
        "plural": catalog.vocabulary.kinds[example.kind].plural,
        "fact": _fence(to_json(shown)),
        "table": _fence(table.replace("\r\n", "\n")),
    }


def _fence(text: str) -> Markup:
    """Return text for a block of code, in which nothing is markup but the fence."""
    return Markup(text.replace("```", "'''").rstrip())  # noqa: S704 -- it stands in a block of code
