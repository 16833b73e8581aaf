"""The commands that help an editor: a new page, a fact explained, an entry renamed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from command import run_command
from conftest import build
from guides import copy_small_guide

from fieldguide.commands.explain import explain
from fieldguide.commands.new import NewEntry, render_page
from fieldguide.guide import load_and_check
from fieldguide.report import format_text
from fieldguide.site import links as built

if TYPE_CHECKING:
    from fieldguide.catalog import Catalog


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A copy of the guide to databases."""
    return copy_small_guide(tmp_path / "guide").parent / "docs"


def test_a_new_page_offers_every_attribute_and_passes_once_it_is_filled(catalog: Catalog, docs: Path) -> None:
    for kind in catalog.vocabulary.kinds:
        text = render_page(catalog, NewEntry(kind, "a", "A: b", ""), "2021-01-05")
        for attribute in catalog.vocabulary.attributes_of(kind):
            assert f"#   {attribute.key}: {{" in text
            assert attribute.description in text
    assert (
        run_command("new", "database", "claude-db", "--title", 'Claude "DB"', "--summary", "One: two.", "--docs", docs)
        == 0
    )
    page = docs / "databases/claude-db.md"
    _, problems = load_and_check(docs)
    assert {problem.path for problem in problems} == {"docs/databases/claude-db.md"}
    text = page.read_text(encoding="utf-8").replace("summary_cite: []", "summary_cite: [redis_licenses]")
    text = text.replace("is_a: []", "is_a: [key-value-store]").replace("# facts:", "facts:")
    page.write_text(
        re.sub(r"#   developer: \{value: , cite: \[\]\}.*", "  developer: {value: Us, cite: [redis_licenses]}", text),
        encoding="utf-8",
    )
    found, problems = load_and_check(docs)
    assert not problems, format_text(problems)
    assert (found.entries["claude-db"].title, found.entries["claude-db"].summary) == ('Claude "DB"', "One: two.")


@pytest.mark.parametrize(
    ("kind", "slug", "said"),
    [
        ("databases", "x", "did you mean 'database'?"),
        ("databse", "x", "did you mean 'database'?"),
        ("database", "Redis", "lower-case"),
        ("database", "../x", "lower-case"),
        ("database", "index", "generated page"),
        ("database", "a-vs-b", "generated page"),
        ("database", "redis", "docs/databases/redis.md"),
    ],
)
def test_a_page_that_cannot_be_says_why(
    docs: Path, capsys: pytest.CaptureFixture[str], kind: str, slug: str, said: str
) -> None:
    before = sorted(docs.rglob("*"))
    assert run_command("new", kind, slug, "--docs", docs) == 2
    assert said in capsys.readouterr().err
    assert sorted(docs.rglob("*")) == before


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--title", "redis"], "is a title or alias of docs/databases/redis.md already"),
        (["--title", "Postgres"], "is a title or alias of docs/databases/postgresql.md already"),
        (["--title", "  "], "expected something for 'title'"),
        (["--title", "Ab\nc"], "expected one line for 'title'"),
        (["--title", "a" * 200], "expected at most 80 characters for 'title', got 200"),
        (["--summary", "A [link](https://host.example)."], "would be read as markup"),
    ],
)
def test_a_new_page_has_a_title_and_a_summary_that_pass(
    docs: Path, capsys: pytest.CaptureFixture[str], given: list[str], said: str
) -> None:
    assert run_command("new", "database", "x", *given, "--docs", docs) == 2
    assert said in capsys.readouterr().err
    assert not (docs / "databases/x.md").exists()


@pytest.mark.slow
def test_a_fact_is_explained_with_its_sources_and_places(catalog: Catalog, site: Path) -> None:
    pages = built.read_pages(site)
    for entry in catalog.entries.values():
        for key, fact in entry.facts.items():
            lines = list(explain(catalog, f"{entry.slug}.{key}"))
            assert all(any(line.startswith(f"  {cite}: ") for line in lines) for cite in fact.cite)
            for place in lines[lines.index("Shown on") + 1 :]:
                address, _, anchor = place.strip().lstrip("/").partition("#")
                assert anchor in pages[f"{address}index.html"].ids, place


def test_what_cannot_be_explained_is_suggested(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, said in (
        ("rediss", "did you mean 'redis'"),
        ("redis.developr", "did you mean 'developer'"),
        ("qqq", "name its file without .md"),
        ("redis.qqq", "scripts/explain redis lists what it can state"),
    ):
        assert run_command("explain", name, "--docs", docs) == 2
        assert said in capsys.readouterr().err
    assert run_command("explain", "redis.offered_by", "--docs", docs) == 0
    assert "does not apply to a database" in capsys.readouterr().out


@pytest.mark.slow
def test_a_renamed_entry_keeps_every_reference_and_every_old_address(docs: Path, tmp_path: Path) -> None:
    config = docs.parent / "mkdocs.yml"
    assert build(config, tmp_path / "before").returncode == 0
    assert run_command("addresses", "--docs", docs, "--site", tmp_path / "before") == 0
    for old, now in (("sqlite", "zlite"), ("relational-model", "model-of-relations"), ("zlite", "a-lite")):
        assert run_command("rename", old, now, "--docs", docs) == 0
    catalog, problems = load_and_check(docs)
    assert not problems, format_text(problems)
    assert "sqlite" not in catalog.nodes
    assert not [path for path in docs.rglob("*sqlite*") if path.suffix == ".md"]
    run = build(config, tmp_path / "after")
    assert run.returncode == 0, run.stdout
    for old in ("databases/sqlite", "databases/zlite", "compare/postgresql-vs-sqlite", "compare/sqlite-vs-postgresql"):
        target = (tmp_path / "after" / old / "index.html").read_text(encoding="utf-8")
        assert "a-lite" in target, old


def test_a_renamed_entry_is_found_by_what_people_ask(docs: Path) -> None:
    (docs / "data/asked.yml").write_text("asked:\n  redis: [in memory]\n", encoding="utf-8")
    assert run_command("rename", "redis", "valkey", "--docs", docs) == 0
    assert (docs / "data/asked.yml").read_text(encoding="utf-8") == "asked:\n  valkey: [in memory]\n"


def test_a_rename_that_cannot_be_changes_nothing(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.read_bytes() for path in docs.rglob("*.*") if path.is_file()}
    for old, now, said in (
        ("redis", "sqlite", "is taken"),
        ("reddis", "x", "did you mean 'redis'"),
        ("redis", "A", "lower"),
        ("redis", "index", "generated page"),
        ("redis", "a-vs-b", "generated page"),
    ):
        assert run_command("rename", old, now, "--docs", docs) == 2
        assert said in capsys.readouterr().err
    assert {path: path.read_bytes() for path in docs.rglob("*.*") if path.is_file()} == before


def test_a_rename_that_may_not_write_everything_writes_nothing(
    docs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in docs.rglob("*") if path.is_file()}
    write = Path.write_text

    def refuse(path: Path, text: str, **options: Any) -> int:
        if "redirects" in path.name:
            raise PermissionError(13, "Permission denied", str(path))
        return write(path, text, **options)

    monkeypatch.setattr(Path, "write_text", refuse)
    assert run_command("rename", "redis", "valkey", "--docs", docs) == 2
    assert "redirects.yml: permission denied" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in docs.rglob("*") if path.is_file()} == before
