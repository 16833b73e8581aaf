"""What a catalog becomes: golden files of a small guide about another subject. UPDATE_GOLDEN=1 rewrites them."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fieldguide import links
from fieldguide.checking import checks
from fieldguide.outputs import Outputs

if TYPE_CHECKING:
    from fieldguide.catalog import Catalog

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
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
    catalog, problems = checks.run(HERE / "databases/docs")
    assert not problems, checks.report(problems)
    return Outputs(catalog)


@pytest.mark.parametrize("uri", FILES)
def test_output_is_as_agreed(outputs: Outputs, uri: str) -> None:
    golden, text = GOLDEN / uri, outputs.files[uri]()
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_every_file_is_made_twice_the_same(outputs: Outputs) -> None:
    again = Outputs(outputs.catalog)
    assert [uri for uri, make in outputs.files.items() if make() != again.files[uri]()] == []


def test_every_page_is_known_before_any_is_made(outputs: Outputs, catalog: Catalog) -> None:
    for made in (outputs, Outputs(catalog), Outputs(replace(catalog, pages={}, claims={}))):
        assert links.files(made.catalog) == set(made.pages)


def test_nothing_knows_the_subject(outputs: Outputs) -> None:
    words = ("generative", "language model", "llm", "openai")
    texts = {uri: make().lower().replace("llms.txt", "") for uri, make in outputs.files.items()}
    assert [(uri, word) for uri, text in texts.items() for word in words if word in text] == []
