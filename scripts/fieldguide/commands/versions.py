"""Versions of a guide's facts: freeze the one that is released, record what differs between two."""

from __future__ import annotations

import io
import json
import re
import subprocess
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from fieldguide.commands import CommandError, load_sound_catalog, write_files
from fieldguide.render import data
from fieldguide.source import schema
from fieldguide.source.loader import CHANGES, load_catalog
from fieldguide.source.yaml import parse_yaml, read_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CHANGES_HEAD = (
    "# What changed in the facts of the guide, made by `scripts/changes`; /feed.xml is drawn from it.\nchanges:\n"
)
VERSION = re.compile(r"[0-9]+(\.[0-9a-z]+)*")


def freeze_catalog(project: Path) -> tuple[str, list[Path]]:
    """Write the catalog of a project's version with its schema; return the version and both files."""
    version = _read_version(project / "pyproject.toml")
    if not VERSION.fullmatch(version):
        raise CommandError(f"expected a version such as 1.2.0 in pyproject.toml, got '{version}'")
    if not re.search(rf"(?m)^## {re.escape(version)}(\s|$)", (project / "CHANGELOG.md").read_text(encoding="utf-8")):
        raise CommandError(f"CHANGELOG.md has no heading '## {version}': say there what the version brings")
    folder = project / "docs/data" / version
    if folder.exists():
        raise CommandError(f"{version} is frozen already in docs/data/{version}: give pyproject.toml the next version")
    catalog = load_sound_catalog(project / "docs")
    made = {
        folder / "catalog.json": data.to_json(data.build_catalog(catalog)),
        folder / "catalog.schema.json": data.to_json(schema.catalog_schema(catalog.vocabulary)),
    }
    folder.mkdir()
    write_files(made)
    return version, list(made)


def _read_version(file: Path) -> str:
    try:
        project = tomllib.loads(file.read_text(encoding="utf-8")).get("project", {})
    except ValueError as error:
        raise CommandError(f"{file.name} cannot be read: {error}") from None
    return str(project.get("version", "nothing"))


def record_changes(docs: Path, old: Any, new: Any, date: str) -> int:
    """Add the changes from one catalog to another to the record of a `docs/` folder; return how many there are."""
    path = docs / CHANGES
    try:
        found = find_changes(old, new, date)
    except (KeyError, TypeError, AttributeError) as error:
        raise CommandError(f"cannot compare: one of the two is no catalog.json: {error}") from None
    text = read_text(path, str(path)) if path.is_file() else CHANGES_HEAD
    write_files({path: _extend_record(text, str(path), found)})
    return len(found)


def find_changes(old: Mapping[str, Any], new: Mapping[str, Any], date: str) -> list[dict[str, Any]]:
    """Return the changes from one catalog to another, both as in `catalog.json`, in the form of the record."""
    before, after = _facts_of(old), _facts_of(new)
    found = []
    for entry, attribute in dict.fromkeys((*after, *before)):
        was, now = before.get((entry, attribute), {}), after.get((entry, attribute), {})
        stays = (entry, "") in before and (entry, "") in after
        if _items(was) != _items(now) and (stays or not attribute):
            change: dict[str, Any] = {"date": date, "entry": entry, "attribute": attribute}
            change |= {"before": was.get("value"), "after": now.get("value"), "cite": now.get("cite")}
            found.append({key: value for key, value in change.items() if value})
    return found


def _facts_of(catalog: Mapping[str, Any]) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Return each fact by entry and attribute; under the empty attribute stands the entry's title."""
    facts: dict[tuple[str, str], Mapping[str, Any]] = {}
    for entry in catalog["entries"]:
        facts[entry["slug"], ""] = {"value": entry["title"]}
        facts |= {(entry["slug"], key): fact for key, fact in entry["facts"].items()}
    return facts


def _items(fact: Mapping[str, Any]) -> set[str]:
    """Return the items of a value, whose order is no change."""
    value = fact.get("value", [])
    return {value} if isinstance(value, str) else set(value)


def _extend_record(text: str, name: str, found: Sequence[Mapping[str, Any]]) -> str:
    """Return the record's text with those changes at its end that it lacks; raise ParseError if it cannot be read."""
    text = text.rstrip("\n") + "\n"
    recorded = parse_yaml(text, name).data.get("changes") or []
    if fresh := [change for change in found if change not in recorded]:
        text += yaml.safe_dump(fresh, sort_keys=False, allow_unicode=True, width=116)
        parse_yaml(text, name)  # an inline list, for one, cannot be added to
    return text


def load_version(place: str, project: Path) -> Any:
    """Return a catalog as plain data, from a JSON file, a `docs/` folder or the one of a git revision."""
    path = Path(place)
    if path.is_file():
        return _load_file(path)
    if path.is_dir():
        return _load_folder(path)
    command = ["git", "-C", str(project), "archive", "--format=tar", "--end-of-options", place, "docs"]
    run = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 -- no shell, and git checks the name
    if run.returncode:
        raise CommandError(f"cannot compare: '{place}' is no file, no folder and no git revision")
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(run.stdout)) as archive:
            archive.extractall(folder, filter="data")
        return _load_folder(Path(folder) / "docs")


def _load_file(path: Path) -> Any:
    try:
        catalog = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CommandError(f"cannot compare: {path} is no JSON: {error}") from None
    if not isinstance(catalog, dict) or "entries" not in catalog:
        raise CommandError(f"cannot compare: {path} is no catalog.json: it has no 'entries'")
    return catalog


def _load_folder(docs: Path) -> Any:
    catalog, problems = load_catalog(docs)
    if problems:
        report = "\n".join(map(str, problems))
        raise CommandError(f"cannot compare: {docs} does not pass the checks of today:\n{report}")
    return json.loads(data.to_json(data.build_catalog(catalog)))
