"""The files for programs: JSON, CSV, schemas, the feed, llms.txt, and the page about them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from fieldguide import urls
from fieldguide.formats import escape_markdown
from fieldguide.render import data, feed, metadata, tables
from fieldguide.source import schema

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldguide.catalog import Catalog
    from fieldguide.render.metadata import Site
    from fieldguide.render.renderer import Renderer

SHOWN_COLUMNS = ("slug", "title", "url")
SHOWN_ROWS = 2


def files(catalog: Catalog, site: Site, pages: Renderer) -> dict[str, Callable[[], str]]:
    """Every file for programs, relative to `docs/`, with the function that makes its text."""
    vocabulary = catalog.vocabulary
    makers: dict[str, Callable[[], str]] = {
        "data/catalog.json": lambda: data.to_json(data.catalog(catalog)),
        "data/catalog.schema.json": lambda: data.to_json(schema.catalog_schema(vocabulary)),
        "data/entry.schema.json": lambda: data.to_json(schema.entry_schema(vocabulary)),
        "data/vocabulary.schema.json": lambda: data.to_json(schema.vocabulary_schema()),
        "data/claims.schema.json": lambda: data.to_json(schema.list_schema("claims", schema.claim_schema(vocabulary))),
        "data/changes.schema.json": lambda: data.to_json(schema.list_schema("changes", schema.change_schema())),
        "data/asked.schema.json": lambda: data.to_json(schema.asked_schema()),
    }
    if site.twins:
        makers["llms.txt"] = partial(write_llms, catalog, site, pages)
    for key, kind in vocabulary.kinds.items():
        makers[f"data/{kind.plural}.csv"] = partial(_csv, catalog, key)
        makers[f"data/{kind.plural}.schema.json"] = partial(_schema, catalog, key)
    if metadata.has_feed(catalog, site):
        makers["feed.xml"] = lambda: pages.text("feed.xml.j2", site=site, items=feed.items(catalog, site))
    return makers


def _csv(catalog: Catalog, kind: str) -> str:
    return tables.to_csv(list(tables.rows(catalog, kind)))


def _schema(catalog: Catalog, kind: str) -> str:
    return data.to_json(schema.front_matter_schema(catalog.vocabulary, kind))


def write_llms(catalog: Catalog, site: Site, pages: Renderer) -> str:
    """Return the index of all Markdown twins, in the form of llmstxt.org."""
    environment = pages.environment.overlay(finalize=markdown)
    environment.filters = {**environment.filters, "twin": find_twin}
    home = catalog.pages.get("index.md")
    text = environment.get_template("llms.md.j2").render(
        site=site,
        urls=urls,
        summary=home.summary if home else "",
        guides=catalog.guides,
        written=catalog.explained_pairs,
    )
    return f"{text}\n"


def markdown(value: object) -> Markup:
    """Return a value of a template as text in Markdown, and what is Markdown as it is."""
    return value if isinstance(value, Markup) else Markup(escape_markdown(str(value)))  # noqa: S704 -- escaped


def find_twin(uri: str) -> Markup:
    """Return the address of a page's twin from the site's root."""
    return Markup(f"{urls.url(uri)}index.md")  # noqa: S704 -- made of file names


def described(catalog: Catalog) -> dict[str, Any]:
    """What the page about the files shows: the files of each kind, and the fact that serves as an example."""
    kinds = [(kind, len(catalog.by_kind[key])) for key, kind in catalog.vocabulary.kinds.items()]
    example = next((e for e in catalog.entries.values() if e.facts), None)
    if example is None:
        return {"kinds": kinds, "fact": ""}
    attribute = next(iter(example.facts))
    rows = [row for row in tables.rows(catalog, example.kind) if row[attribute]][:SHOWN_ROWS]
    columns = (*SHOWN_COLUMNS, attribute, f"{attribute}_cite")
    table = tables.to_csv([{name: row[name] for name in columns} for row in rows])
    plain = data.entry(catalog, example)
    shown = {"slug": plain["slug"], "title": plain["title"], "facts": {attribute: plain["facts"][attribute]}}
    return {
        "kinds": kinds,
        "attribute": attribute,
        "plural": catalog.vocabulary.kinds[example.kind].plural,
        "fact": _verbatim(data.to_json(shown)),
        "table": _verbatim(table.replace("\r\n", "\n")),
    }


def _verbatim(text: str) -> Markup:
    """Text for a block of code, in which nothing is markup but the fence."""
    return Markup(text.replace("```", "'''").rstrip())  # noqa: S704 -- it stands in a block of code
