"""`scripts/changes`: records which facts differ between two versions of the catalog."""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from fieldguide import files
from fieldguide.checks.history import is_day
from fieldguide.problem import ParseError
from fieldguide.render import data
from fieldguide.source.loader import CHANGES, load_catalog
from fieldguide.source.yaml import parse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parents[3]
HEAD = "# What changed in the facts of the guide, made by `scripts/changes`; /feed.xml is drawn from it.\nchanges:\n"


def between(old: Mapping[str, Any], new: Mapping[str, Any], date: str) -> list[dict[str, Any]]:
    """The changes from one catalog to another, both as in `catalog.json`, in the form in which they are recorded."""
    before, after = _values(old), _values(new)
    found = []
    for entry, attribute in dict.fromkeys((*after, *before)):
        was, now = before.get((entry, attribute), {}), after.get((entry, attribute), {})
        whole = (entry, "") in before and (entry, "") in after
        if _set(was) != _set(now) and (whole or not attribute):
            change: dict[str, Any] = {"date": date, "entry": entry, "attribute": attribute}
            change |= {"before": was.get("value"), "after": now.get("value"), "cite": now.get("cite")}
            found.append({key: value for key, value in change.items() if value})
    return found


def _values(catalog: Mapping[str, Any]) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Each fact by entry and attribute; under the empty attribute stands the entry's title."""
    values: dict[tuple[str, str], Mapping[str, Any]] = {}
    for entry in catalog["entries"]:
        values[entry["slug"], ""] = {"value": entry["title"]}
        values |= {(entry["slug"], key): fact for key, fact in entry["facts"].items()}
    return values


def _set(fact: Mapping[str, Any]) -> set[str]:
    value = fact.get("value", [])
    return {value} if isinstance(value, str) else set(value)


def extended(text: str, name: str, found: Sequence[Mapping[str, Any]]) -> str:
    """The record's text with those changes at its end that it lacks; raises ParseError."""
    text = (text or HEAD).rstrip("\n") + "\n"
    recorded = parse(text, name).data.get("changes") or []
    fresh = [change for change in found if change not in recorded]
    added = yaml.safe_dump(fresh, sort_keys=False, allow_unicode=True, width=116) if fresh else ""
    parse(text + added, name)
    return text + added


def load(place: str, root: Path = ROOT) -> Any:
    """A catalog as plain data, from a JSON file, a `docs/` folder or the one of a git revision; raises ValueError."""
    path = Path(place)
    if path.is_file():
        return _of_file(path)
    if path.is_dir():
        return _of_folder(path)
    command = ["git", "-C", str(root), "archive", "--format=tar", "--end-of-options", place, "docs"]
    run = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 -- no shell, and git checks the name
    if run.returncode:
        raise ValueError(f"'{place}' is no file, no folder and no git revision")
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(run.stdout)) as archive:
            archive.extractall(folder, filter="data")
        return _of_folder(Path(folder) / "docs")


def _of_file(path: Path) -> Any:
    try:
        catalog = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path} is no JSON: {error}") from None
    if not isinstance(catalog, dict) or "entries" not in catalog:
        raise ValueError(f"{path} is no catalog.json: it has no 'entries'")
    return catalog


def _of_folder(docs: Path) -> Any:
    catalog, problems = load_catalog(docs)
    if problems:
        raise ValueError(f"{docs} does not pass the checks of today:\n" + "\n".join(map(str, problems)))
    return json.loads(data.to_json(data.catalog(catalog)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Records what changed between two versions of the catalog."""
    parser = argparse.ArgumentParser(prog="scripts/changes", description=main.__doc__)
    what = "a catalog.json, a docs folder or a git revision"
    parser.add_argument("old", metavar="OLD", help=what)
    parser.add_argument("new", metavar="NEW", help=what)
    parser.add_argument("--date", required=True, help="the day of the changes, such as 2021-01-05")
    parser.add_argument("--docs", type=Path, default=ROOT / "docs", help="the folder that keeps the record")
    options = parser.parse_args(arguments)
    if not is_day(options.date):
        parser.error(f"expected a day such as 2021-01-05, got '{options.date}'")
    path = options.docs / CHANGES
    try:
        found = between(load(options.old), load(options.new), options.date)
        text = extended(path.read_text(encoding="utf-8") if path.is_file() else "", str(path), found)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        parser.error(f"cannot compare: {error}")
    except ParseError as error:
        parser.error("\n".join(map(str, error.problems)))
    with files.refused(parser):
        path.write_text(text, encoding="utf-8")
    print(f"{len(found)} changes")  # noqa: T201 -- printing is what the command is for
    return 0


if __name__ == "__main__":
    sys.exit(main())
