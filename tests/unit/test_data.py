"""The files for programs: tables, schemas, the llms.txt index, the feed and the record behind it."""

from __future__ import annotations

import csv
import io
import json
import posixpath
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest
from command import run_command
from conftest import ROOT

from fieldguide import urls
from fieldguide.commands import CommandError, versions
from fieldguide.guide import load_and_check
from fieldguide.render import data
from fieldguide.render.metadata import Site
from fieldguide.render.pages import Outputs
from fieldguide.source import yaml

DATABASES = ROOT / "tests/databases/docs"
GUIDES = {
    name: Outputs(load_and_check(docs)[0], Site(name=f"The {name} guide", url="https://guide.example/"))
    for name, docs in (("databases", DATABASES), ("real", ROOT / "docs"))
}
CATALOGS = {name: outputs.catalog for name, outputs in GUIDES.items()}
ATOM = "{http://www.w3.org/2005/Atom}"
LINK = re.compile(r"(?<!\\)\[((?:\\.|[^\[\]\\])*)\]\(([^)\s]+)\)")


# --- The llms.txt index


@pytest.mark.parametrize("name", GUIDES)
def test_llms_txt_has_the_form_of_llmstxt_org(name: str) -> None:
    outputs = GUIDES[name]
    lines = [line for line in outputs.data["llms.txt"]().splitlines() if line]
    assert lines[0] == f"# The {name} guide"
    assert lines[1] == f"> {outputs.catalog.pages['index.md'].summary}"
    listed = lines[lines.index("## Start here") :]
    assert [line for line in listed if not re.fullmatch(r"## .+|- \[[^\]]+\]\([^)]+\): .+", line)] == []
    addresses = {address for _, address in LINK.findall("\n".join(listed))}
    entries = {urls.url(urls.entry(outputs.catalog, e)) for e in outputs.catalog.entries.values() if e.page}
    assert {f"{url}index.md" for url in entries} <= addresses <= {f"{urls.url(uri)}index.md" for uri in outputs.pages}


# --- Tables


@pytest.mark.parametrize("name", GUIDES)
def test_tables_hold_every_fact(name: str) -> None:
    catalog = CATALOGS[name]
    for kind, entries in catalog.by_kind.items():
        text = GUIDES[name].data[f"data/{catalog.vocabulary.kinds[kind].plural}.csv"]()
        assert not entries or text.replace("\r\n", "").count("\n") == text.replace("\r\n", "").count("\r") == 0
        rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
        assert [row["slug"] for row in rows] == [entry.slug for entry in entries]
        for row, entry in zip(rows, entries, strict=True):
            assert None not in row, "a row has as many cells as the head"
            assert row["url"] == urls.node(catalog, entry.slug)
            for attribute in catalog.vocabulary.attributes_of(kind):
                fact = entry.facts.get(attribute.key)
                value = fact.value if fact else ""
                said = value if isinstance(value, str) else "; ".join(value)
                assert row[attribute.key] == data.escape_formula(said)
                assert row[f"{attribute.key}_cite"] == "; ".join(fact.cite if fact else ())
                assert row.get(f"{attribute.key}_note", "") == data.escape_formula(fact.note if fact else "")
                assert row.get(f"{attribute.key}_as_of", "") == (fact.as_of if fact else "")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_runs_as_a_formula(cell: str) -> None:
    [[_], [written]] = csv.reader(io.StringIO(data.to_csv([{"a": cell}]), newline=""))
    assert written == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "a=1", "'", 'say "x", or\r\ny', "– dash", "2021-01-05"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    text = data.to_csv([{"a": cell, "b": "x"}])
    assert text.endswith("\r\n")
    assert list(csv.reader(io.StringIO(text, newline="")))[1] == [cell, "x"]


# --- The schema of the catalog


@pytest.mark.parametrize("name", GUIDES)
def test_catalog_satisfies_its_published_schema(name: str) -> None:
    files = GUIDES[name].data
    schema = json.loads(files["data/catalog.schema.json"]())
    jsonschema_rs.meta.validate(schema)
    found = jsonschema_rs.Draft202012Validator(schema).iter_errors(json.loads(files["data/catalog.json"]()))
    assert [error.message for error in found] == []


BREAKS: dict[str, Any] = {
    "fact-without-citation": lambda c: c["entries"][0]["facts"]["transactions"].pop("cite"),
    "fact-without-as-of": lambda c: c["entries"][0]["facts"]["license"].pop("as_of"),
    "value-outside-its-set": lambda c: c["entries"][0]["facts"]["license"].update(value="free"),
    "attribute-of-another-kind": lambda c: c["entries"][0]["facts"].update(meaning={"value": "x", "cite": ["y"]}),
    "entry-without-address": lambda c: c["entries"][0].pop("url"),
    "kind-unknown": lambda c: c["entries"][0].update(kind="planet"),
    "key-unknown": lambda c: c.update(version=1),
    "verdict-unknown": lambda c: c["claims"][0].update(verdict="maybe"),
    "reference-without-authors": lambda c: c["references"][0].pop("authors"),
    "comparison-of-nothing": lambda c: c["comparisons"][0].pop("ids"),
    "section-without-heading": lambda c: c["articles"][0]["sections"][0].pop("heading"),
    "no-entries": lambda c: c.pop("entries"),
}


@pytest.mark.parametrize("break_it", BREAKS.values(), ids=BREAKS)
def test_a_broken_catalog_does_not_satisfy_the_schema(break_it: Any) -> None:
    files = GUIDES["databases"].data
    catalog = json.loads(files["data/catalog.json"]())
    catalog["entries"].sort(key=lambda entry: entry["slug"] != "postgresql")
    validator = jsonschema_rs.Draft202012Validator(json.loads(files["data/catalog.schema.json"]()))
    assert validator.is_valid(catalog)
    break_it(catalog)
    assert not validator.is_valid(catalog)


@pytest.mark.parametrize("name", GUIDES)
def test_examples_of_the_data_page_run_as_printed(name: str, tmp_path: Path) -> None:
    outputs = GUIDES[name]
    for uri, make in outputs.data.items():
        if uri.startswith("data/"):
            (tmp_path / posixpath.basename(uri)).write_text(make(), encoding="utf-8", newline="")
    page = outputs.files[urls.DATA]()
    for code in re.findall(r"^```python\n([\s\S]*?)^```$", page, re.MULTILINE):
        run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr
        assert " | " in run.stdout
    [shown] = re.findall(r"^```json\n([\s\S]*?)^```$", page, re.MULTILINE)
    example = json.loads(shown)
    [entry] = [e for e in json.loads(outputs.data["data/catalog.json"]())["entries"] if e["slug"] == example["slug"]]
    assert example["facts"].items() <= entry["facts"].items()
    assert re.findall(r"https?://[^\s/]+", page) == ["https://guide.example"]


# --- The schemas that editors read


@pytest.mark.slow
@pytest.mark.own
@pytest.mark.parametrize("path", sorted((ROOT / "docs/data").glob("*.yml")), ids=lambda path: path.name)
def test_a_data_file_leads_editors_to_a_schema_that_it_satisfies_and_a_slip_does_not(path: Path, site: Path) -> None:
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    schema = (path.parent / first.removeprefix("# yaml-language-server: $schema=")).resolve()
    validator = jsonschema_rs.validator_for(json.loads((site / schema.relative_to(ROOT / "site")).read_bytes()))
    content = yaml.parse_yaml(path.read_text(encoding="utf-8"), path.name).data
    validator.validate(content)
    assert not validator.is_valid({**content, "clams": []})


@pytest.mark.parametrize("name", CATALOGS)
def test_front_matter_satisfies_the_schema_of_its_kind_for_editors_and_a_slip_does_not(name: str) -> None:
    catalog, files = CATALOGS[name], GUIDES[name].files
    for kind in catalog.vocabulary.kinds.values():
        validator = jsonschema_rs.validator_for(json.loads(files[f"data/{kind.plural}.schema.json"]()))
        for entry in catalog.by_kind[kind.key]:
            validator.validate(entry.doc.data)
            assert not validator.is_valid({**entry.doc.data, "titel": ""})


# --- Releases


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project about to be released."""
    shutil.copytree(DATABASES, tmp_path / "docs")
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "1.2.0"\n', encoding="utf-8")
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## 1.2.0 (2026-01-05)\n", encoding="utf-8")
    return tmp_path


def test_a_release_is_frozen_once_with_its_schema_and_is_listed(project: Path) -> None:
    version, (catalog, schema) = versions.freeze_catalog(project)
    assert version == "1.2.0"
    assert catalog == project / "docs/data/1.2.0/catalog.json"
    frozen = json.loads(catalog.read_bytes())
    jsonschema_rs.validator_for(json.loads(schema.read_bytes())).validate(frozen)
    assert frozen == json.loads(GUIDES["databases"].files["data/catalog.json"]())
    with pytest.raises(CommandError, match="frozen already"):
        versions.freeze_catalog(project)
    found, problems = load_and_check(project / "docs")
    assert not problems
    assert "(1.2.0/catalog.json)" in Outputs(found).files["data/index.md"]()


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("CHANGELOG.md", "# Changelog\n\n## Unreleased\n", "no heading '## 1.2.0'"),
        ("docs/databases/redis.md", "---\ntitle: Redis\n---\n", "redis.md:"),
        ("pyproject.toml", "[project]\n", "expected a version such as 1.2.0 in pyproject.toml, got 'nothing'"),
        ("pyproject.toml", "[project\n", "pyproject.toml cannot be read"),
        ("pyproject.toml", '[project]\nversion = "../x"\n', "got '../x'"),
    ],
)
def test_what_is_not_ready_is_not_released(
    project: Path, file: str, text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / file).write_text(text, encoding="utf-8")
    assert run_command("release", project) == 2
    assert said in capsys.readouterr().err
    assert not (project / "docs/data/1.2.0").exists()


def test_a_reference_that_has_a_copy_leads_to_it(tmp_path: Path) -> None:
    shutil.copytree(DATABASES, tmp_path / "docs")
    path = tmp_path / "docs/data/references.bib"
    text = path.read_text(encoding="utf-8")
    copy = "https://web.archive.org/web/2020/https://example.org/"
    path.write_text(text.replace("  year =", f"  archiveurl = {{{copy}}},\n  year =", 1), encoding="utf-8")
    found, problems = load_and_check(tmp_path / "docs")
    assert not problems
    outputs = Outputs(found)
    assert f'<a href="{copy}">Archived</a>' in outputs.files["sources/references.md"]()
    assert copy in outputs.files["data/catalog.json"]()


# --- Changes


def entry_of(slug: str, **facts: Any) -> dict[str, Any]:
    return {"slug": slug, "title": slug.title(), "facts": {k: {"value": v, "cite": ["ref"]} for k, v in facts.items()}}


CHANGES: dict[str, tuple[list[Any], list[Any], list[dict[str, Any]]]] = {
    "nothing": ([entry_of("a", x="1")], [entry_of("a", x="1")], []),
    "value": (
        [entry_of("a", x="1")],
        [entry_of("a", x="2")],
        [{"entry": "a", "attribute": "x", "before": "1", "after": "2", "cite": ["ref"]}],
    ),
    "order-of-a-list": ([entry_of("a", x=["1", "2"])], [entry_of("a", x=["2", "1"])], []),
    "fact-added": (
        [entry_of("a")],
        [entry_of("a", x=["1", "2"])],
        [{"entry": "a", "attribute": "x", "after": ["1", "2"], "cite": ["ref"]}],
    ),
    "fact-removed": ([entry_of("a", x="1")], [entry_of("a")], [{"entry": "a", "attribute": "x", "before": "1"}]),
    "entry-added": ([], [entry_of("a", x="1")], [{"entry": "a", "after": "A"}]),
    "entry-removed": ([entry_of("a", x="1")], [], [{"entry": "a", "before": "A"}]),
    "entry-retitled": (
        [entry_of("a")],
        [{**entry_of("a"), "title": "Z"}],
        [{"entry": "a", "before": "A", "after": "Z"}],
    ),
}


@pytest.mark.parametrize(("old", "new", "found"), CHANGES.values(), ids=CHANGES)
def test_changes_between_two_catalogs(old: list[Any], new: list[Any], found: list[dict[str, Any]]) -> None:
    dated = [{"date": "2025-07-02", **change} for change in found]
    assert versions.find_changes({"entries": old}, {"entries": new}, "2025-07-02") == dated


def small_catalog() -> Any:
    return json.loads(GUIDES["databases"].data["data/catalog.json"]())


def record(docs: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the command on a copy of the record."""
    command = [sys.executable, "-m", "fieldguide.cli", "changes", "--docs", str(docs), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(ROOT / "scripts")}, cwd=docs
    )


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A copy of the guide to databases."""
    for source in DATABASES.rglob("*.*"):
        target = tmp_path / "docs" / source.relative_to(DATABASES)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
    return tmp_path / "docs"


def test_command_appends_changes_once_and_the_record_stays_sound(docs: Path, tmp_path: Path) -> None:
    old = small_catalog()
    [sqlite] = [entry for entry in old["entries"] if entry["slug"] == "sqlite"]
    sqlite["facts"]["transactions"]["value"] = "no"
    sqlite["facts"].pop("developer")
    (tmp_path / "old.json").write_text(json.dumps(old), encoding="utf-8")
    before = (docs / "data/changes.yml").read_text(encoding="utf-8")
    for _ in range(2):
        run = record(docs, str(tmp_path / "old.json"), str(docs), "--date", "2025-08-01")
        assert run.returncode == 0, run.stderr
    text = (docs / "data/changes.yml").read_text(encoding="utf-8")
    assert text.startswith(before)
    assert "entry: sqlite\n  attribute: transactions\n  before: 'no'\n  after: 'yes'\n" in text
    assert text.count("entry: sqlite") == 2
    catalog, problems = load_and_check(docs)
    assert problems == []
    feed = Outputs(catalog, Site(name="Guide", url="https://guide.example/")).data["feed.xml"]()
    titles = re.findall("<title>(.+)</title>", feed)
    assert "SQLite, whether they offer transactions: No → Yes" in titles


def test_command_takes_git_revisions(docs: Path, tmp_path: Path) -> None:
    git = ["git", "-C", str(tmp_path), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for command in (["init", "-q"], ["add", "docs"], ["commit", "-qm", "first"]):
        subprocess.run([*git, *command], check=True, capture_output=True)
    page = docs / "databases/sqlite.md"
    page.write_text(page.read_text(encoding="utf-8").replace("title: SQLite", "title: Sqlite"), encoding="utf-8")
    old, new = versions.load_version("HEAD", tmp_path), versions.load_version(str(docs), tmp_path)
    found = versions.find_changes(old, new, "2025-08-01")
    assert found == [{"date": "2025-08-01", "entry": "sqlite", "before": "SQLite", "after": "Sqlite"}]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["gone.json", ".", "--date", "2025-08-01"], "'gone.json' is no file, no folder and no git revision"),
        ([".", ".", "--date", "2025-08"], "expected a day such as 2021-01-05, got '2025-08'"),
        ([".", "."], "Missing option '--date'"),
        (["data/claims.yml", ".", "--date", "2025-08-01"], "data/claims.yml is no JSON"),
        (["list.json", ".", "--date", "2025-08-01"], "list.json is no catalog.json: it has no 'entries'"),
        (["--date", "2025-08-01", "--", "--output=made", "HEAD"], "'--output=made' is no file"),
    ],
)
def test_command_says_what_it_lacks(docs: Path, arguments: list[str], message: str) -> None:
    (docs / "list.json").write_text("[]", encoding="utf-8")
    before = (docs / "data/changes.yml").read_bytes()
    run = record(docs, *arguments)
    assert run.returncode == 2
    assert message in run.stderr
    assert "Traceback" not in run.stderr
    assert (docs / "data/changes.yml").read_bytes() == before
    assert not list(docs.parent.rglob("made"))


# --- The feed


@pytest.mark.parametrize("name", GUIDES)
def test_feed_is_valid_atom_and_holds_every_change(name: str) -> None:
    feed = ET.fromstring(GUIDES[name].data["feed.xml"]())  # noqa: S314 -- our own text
    assert feed.tag == f"{ATOM}feed"
    for node in (feed, *feed.iter(f"{ATOM}entry")):
        assert [len(node.findall(f"{ATOM}{tag}")) for tag in ("id", "title", "updated")] == [1, 1, 1]
        assert re.match(r"https://|urn:uuid:[0-9a-f-]{36}$", node.findtext(f"{ATOM}id") or "")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", node.findtext(f"{ATOM}updated") or "")
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    entries = feed.findall(f"{ATOM}entry")
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(CATALOGS[name].changes)
    dates = [entry.findtext(f"{ATOM}updated") for entry in entries]
    assert dates == sorted(dates, key=str, reverse=True)
    assert feed.findtext(f"{ATOM}updated") == dates[0]
    assert all((link.get("href") or "").startswith("https://guide.example/") for link in feed.iter(f"{ATOM}link"))


def test_feed_tells_a_change_at_the_level_of_a_fact() -> None:
    text = GUIDES["databases"].data["feed.xml"]()
    assert "<title>Redis, license: Source available → Copyleft</title>" in text
    assert 'href="https://guide.example/databases/redis/#license"' in text
    assert ', cited to <a href="https://redis.io' in text


@pytest.mark.own
def test_record_of_the_real_guide_begins_with_its_publication() -> None:
    first = CATALOGS["real"].changes[0]
    assert (first.date, bool(first.note)) == ("2026-11-22", True)


def test_plain_data_of_an_entry_names_its_schema() -> None:
    assert data.build_catalog(CATALOGS["databases"])["$schema"] == "catalog.schema.json"


def test_a_guide_without_an_address_has_no_feed() -> None:
    files = Outputs(CATALOGS["databases"])
    assert "feed.xml" not in files.data
    assert "feed.xml" not in files.files[urls.DATA]()
