"""A type of attribute values is one class: "percent" is added here, and everything takes it."""

from __future__ import annotations

import csv
import io
import json
import shutil
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT

from fieldguide.commands.explain import explain
from fieldguide.commands.new import NewEntry, render_page
from fieldguide.guide import load_and_check
from fieldguide.render import cards, compare
from fieldguide.render.pages import Outputs
from fieldguide.report import format_text
from fieldguide.source.attribute_types import ATTRIBUTE_TYPES, AttributeType, Flaw

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from fieldguide.catalog import Catalog
    from fieldguide.model import Attribute

VOCABULARY = "  uptime: {label: Uptime, name: uptime, type: percent, kinds: [database], description: How long.}\n"


@pytest.fixture
def percent() -> Iterator[None]:
    """The type, registered by its definition."""

    class Percent(AttributeType):
        key = "percent"
        hint = "A number from 0 to 100."

        def build_schema(self, choices: Iterable[str]) -> dict[str, object]:  # noqa: ARG002 -- the method of all types
            return {"type": ["string", "integer"], "pattern": r"^\d+(\.\d+)?$"}

        def check_item(self, catalog: Catalog, item: str) -> Iterator[Flaw]:  # noqa: ARG002 -- as above
            if float(item) > 100:
                yield Flaw("value", f"expected at most 100 percent, got {item}")

        def sort_key(self, item: str) -> float:
            return float(item)

        def format_item(self, catalog: Catalog, attribute: Attribute, item: str) -> str:  # noqa: ARG002 -- as above
            return f"{item} %"

    yield
    del ATTRIBUTE_TYPES["percent"]


@pytest.fixture
def docs(tmp_path: Path, percent: None) -> Path:  # noqa: ARG001 -- the content needs the type
    """The guide to databases, in which some state a percentage."""
    target = tmp_path / "docs"
    shutil.copytree(ROOT / "tests/databases/docs", target)
    vocabulary = target / "data/vocabulary.yml"
    text = vocabulary.read_text(encoding="utf-8").replace("attributes:\n", f"attributes:\n{VOCABULARY}", 1)
    vocabulary.write_text(text, encoding="utf-8")
    for name, value in {"postgresql": "99.5", "sqlite": "100"}.items():
        state(target, name, value)
    return target


def state(docs: Path, name: str, value: str) -> None:
    """Writes the fact into an entry."""
    page = docs / f"databases/{name}.md"
    fact = f"  uptime: {{value: {value}, cite: [postgresql_glossary]}}\n"
    page.write_text(page.read_text(encoding="utf-8").replace("facts:\n", f"facts:\n{fact}", 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("value", "message"),
    [("fast", "'uptime'"), ("101", "expected at most 100 percent, got 101")],
)
def test_schema_and_check_refuse_what_is_no_value_of_a_new_type(docs: Path, value: str, message: str) -> None:
    state(docs, "redis", value)
    _, [problem] = load_and_check(docs)
    assert (problem.path, message in problem.message) == ("docs/databases/redis.md", True)


def test_every_output_shows_values_of_a_new_type(docs: Path) -> None:
    catalog, problems = load_and_check(docs)
    assert not problems, format_text(problems)
    outputs = Outputs(catalog)
    for uri in ("databases/index.md", "databases/postgresql.md", "compare/postgresql-vs-sqlite.md"):
        assert '<span class="given">99.5 %</span>' in outputs.files[uri](), uri
    assert "They differ in uptime" in outputs.files["compare/postgresql-vs-sqlite.md"]()
    entry = next(e for e in json.loads(outputs.data["data/catalog.json"]())["entries"] if e["slug"] == "postgresql")
    assert entry["facts"]["uptime"]["value"] == "99.5"
    rows = {row["slug"]: row for row in csv.DictReader(io.StringIO(outputs.data["data/databases.csv"]()))}
    assert rows["sqlite"]["uptime"] == "100"
    types = json.loads(outputs.data["data/vocabulary.schema.json"]())["properties"]["attributes"]
    assert "percent" in types["additionalProperties"]["properties"]["type"]["enum"]
    assert ("Uptime", ("99.5 %", "100 %")) in cards.choose_differences(
        catalog, compare.pair(catalog, "postgresql", "sqlite")
    )
    assert "  99.5 %" in explain(catalog, "postgresql.uptime")
    assert "How long. A number from 0 to 100." in render_page(catalog, NewEntry("database", "a", "A", ""), "2021-01-05")
