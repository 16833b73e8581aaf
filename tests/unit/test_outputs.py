"""What a catalog becomes: golden files of a small guide about another subject. UPDATE_GOLDEN=1 rewrites them."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT

from fieldguide import urls
from fieldguide.guide import load_and_check
from fieldguide.render import compare, diagrams
from fieldguide.render.pages import Outputs
from fieldguide.report import format_text

if TYPE_CHECKING:
    from fieldguide.catalog import Catalog

HERE = ROOT / "tests"
GOLDEN = HERE / "golden"
BINARY = {".pyc", ".woff2"}
FILES = [
    "assets/kinds.css",
    "claims.md",
    "compare/cassandra-vs-dynamo.md",
    "compare/index.md",
    "compare/postgresql-vs-sqlite.md",
    "data/catalog.json",
    "data/entry.schema.json",
    "databases/index.md",
    "databases/postgresql.md",
    "glossary.md",
    "guide/server-or-library.md",
    "index.md",
    "properties/index.md",
    "sources/index.md",
    "sources/postgresql-about.md",
    "sources/references.md",
    "taxonomy.md",
    "timeline.md",
]


@pytest.fixture(scope="module")
def outputs() -> Outputs:
    """The outputs of the guide to databases."""
    catalog, problems = load_and_check(HERE / "databases/docs")
    assert not problems, format_text(problems)
    return Outputs(catalog)


@pytest.mark.parametrize("uri", FILES)
def test_output_is_as_agreed(outputs: Outputs, uri: str) -> None:
    golden, text = GOLDEN / uri, outputs.files[uri]()
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def renamed(catalog: Catalog, **titles: str) -> Catalog:
    entries = {e.slug: replace(e, title=titles.get(e.slug, e.title)) for e in catalog.entries.values()}
    return replace(catalog, entries=entries)


def test_a_title_stands_where_the_alphabet_has_it_with_or_without_marks(outputs: Outputs) -> None:
    catalog = renamed(outputs.catalog, redis="Édgar", duckdb="Étoile", mysql="éa")
    titles = [entry.title for entry in catalog.by_kind["database"]]
    assert [title for title in titles if title[0] in "éÉ"] == ["éa", "Édgar", "Étoile"]
    assert titles.index("Étoile") < titles.index("PostgreSQL")
    glossary = Outputs(catalog).files[urls.GLOSSARY]()
    assert "## E {#letter-e}" in glossary
    assert "É {#" not in glossary


def dated(catalog: Catalog, *dates: str) -> diagrams.Chart:
    """The chart of a database for each date."""
    some = [entry for entry in catalog.by_kind["database"] if "first_release" in entry.facts]
    entries = []
    for index, date in enumerate(dates):
        fact = replace(some[0].facts["first_release"], value=date)
        entries.append(replace(some[0], title=f"No. {index}", facts={"first_release": fact}))
    return diagrams.draw_timeline(catalog, entries)


def test_a_history_of_centuries_has_one_axis_and_a_straggler_stands_apart(outputs: Outputs) -> None:
    history = dated(outputs.catalog, "1070", "1264", "1791", "1906", "1961")
    assert not history.early
    assert [event.x for event in history.events] == sorted({event.x for event in history.events})
    assert history.ticks[0][1] == "1070"
    recent = dated(outputs.catalog, "1948", "2013", "2014", "2015", "2020")
    assert recent.early
    assert recent.ticks[0][1] == "2013"


def test_a_guide_without_dates_draws_no_axis(outputs: Outputs) -> None:
    assert not dated(outputs.catalog).ticks
    entries = {e.slug: replace(e, facts={}) for e in outputs.catalog.entries.values()}
    bare = Outputs(replace(outputs.catalog, entries=entries))
    page = bare.files[urls.TIMELINE]()
    assert "Nothing is dated yet." in page
    assert "<svg" not in page
    assert "<table" not in page


@pytest.mark.parametrize(
    ("noun", "said"),
    [
        ("hour", "an hour"), ("unit", "a unit"), ("university", "a university"), ("user", "a user"),
        ("European", "a European"), ("umbrella", "an umbrella"), ("uninvited guest", "an uninvited guest"),
        ("one-off", "a one-off"), ("onion", "an onion"), ("entry", "an entry"), ("house", "a house"),
    ],
)  # fmt: skip
def test_an_article_goes_by_the_sound(noun: str, said: str) -> None:
    assert compare.article(noun) == said


def test_one_thing_is_not_many(outputs: Outputs) -> None:
    [first, *_] = outputs.catalog.by_kind["database"]
    alone = replace(outputs.catalog, entries={first.slug: first})
    assert ": 1 entry, " in Outputs(alone).files["databases/index.md"]()
    assert compare.pluralize(2, "entry", "entries") == "2 entries"


def test_a_table_of_several_kinds_names_none(outputs: Outputs) -> None:
    by_kind = outputs.catalog.by_kind
    assert compare.heading(outputs.catalog, by_kind["database"]) == "Database"
    assert compare.heading(outputs.catalog, [*by_kind["database"], *by_kind["property"]]) == "Entry"
    assert compare.heading(outputs.catalog, []) == "Entry"


def test_every_file_is_made_twice_the_same(outputs: Outputs) -> None:
    again = Outputs(outputs.catalog)
    assert [uri for uri, make in outputs.files.items() if make() != again.files[uri]()] == []


def test_every_page_is_known_before_any_is_made(outputs: Outputs, catalog: Catalog) -> None:
    for made in (outputs, Outputs(catalog), Outputs(replace(catalog, pages={}, claims={}))):
        assert {uri for uri, page in made.pages.items() if page.title and page.description} == set(made.pages)


# Words that are names in this guide and mean something else in code.
COMMON = {
    "copyright": "the name that MkDocs gives to a setting",
    "dataset": "the data of an HTML element",
    "decoder": "what reads LaTeX",
    "weights": "how much a match counts in search",
}


@pytest.mark.own
def test_no_code_names_what_this_guide_is_about(catalog: Catalog) -> None:
    names = {name for entry in catalog.entries.values() for name in (entry.title, entry.slug, *entry.aliases)}
    names |= {name for article in catalog.articles.values() for name in (article.publisher, article.id)}
    known = re.compile(
        rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})(?![\w-])", re.IGNORECASE
    )
    code = [path for folder in ("scripts", "overrides") for path in (ROOT / folder).rglob("*") if path.is_file()]
    code += [*HERE.glob("*.py"), *(HERE / "support").glob("*.py")]
    texts = {path: path.read_text(encoding="utf-8", errors="ignore") for path in code if path.suffix not in BINARY}
    found = {(path.name, word.lower()) for path, text in texts.items() for word in known.findall(text)}
    assert {(name, word) for name, word in found if word not in COMMON} == set()
    assert {word for _, word in found} == COMMON.keys()


def test_nothing_knows_the_subject(outputs: Outputs) -> None:
    words = ("generative", "language model", "llm", "openai")
    texts = {uri: make().lower().replace("llms.txt", "") for uri, make in outputs.files.items()}
    assert [(uri, word) for uri, text in texts.items() for word in words if word in text] == []
