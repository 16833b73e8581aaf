"""Changes of facts: what is recorded, what is wrong with the record, and what changed between two catalogs."""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from fieldguide import files
from fieldguide.formats import is_date
from fieldguide.reading.located import Malformed, parse
from fieldguide.reading.read import CHANGES, read
from fieldguide.reading.violations import did_you_mean, shown
from fieldguide.rendering import data

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fieldguide.catalog import Catalog
    from fieldguide.model import Change, Problem

ROOT = Path(__file__).resolve().parents[3]
HEAD = "# What changed in the facts of the guide, made by `scripts/changes`; /feed.xml is drawn from it.\nchanges:\n"
SHAPE = "a change has either a 'note', or an 'entry' with 'before', 'after' or both"


def check(catalog: Catalog) -> Iterator[Problem]:
    """Changes that say nothing, say it twice, or end at what the guide does not know."""
    document = catalog.changes_document
    if document is None:
        return
    seen: set[Change] = set()
    last = {(c.entry, c.attribute): c for c in sorted(catalog.changes, key=lambda c: c.date)}
    for change in catalog.changes:
        found = list(_flaws(change))
        if not found and change is last[change.entry, change.attribute]:
            found = list(_unknown(catalog, change, last))
        if replace(change, index=0) in seen:
            found.append(((), "clash", "the same change is recorded twice; remove one of the two"))
        seen.add(replace(change, index=0))
        for where, rule, message in found:
            yield document.problem(("changes", change.index, *where), rule, message)


def is_day(date: str) -> bool:
    """Whether a date is precise to the day."""
    return is_date(date) and date.count("-") == 2


Flaw = tuple[tuple[str | int, ...], str, str]


def _flaws(change: Change) -> Iterator[Flaw]:
    if not is_day(change.date):
        yield ("date",), "date", f"expected a day such as 2021-01-05, got {shown(change.date)}"
    states = bool(change.before or change.after)
    if bool(change.note) == bool(change.entry) or states != bool(change.entry):
        yield (), "change", f"expected one of two: {SHAPE}"
    elif change.attribute and not change.entry:
        yield ("attribute",), "change", "an 'attribute' belongs to an 'entry'"
    elif change.entry and change.before == change.after:
        yield ("after",), "change", "'before' and 'after' are the same"
    elif change.attribute and change.after and not change.cite:
        yield ("attribute",), "uncited", f"expected a citation for '{change.attribute}'; add 'cite: [...]'"


def _unknown(catalog: Catalog, change: Change, last: Mapping[tuple[str, str], Change]) -> Iterator[Flaw]:
    """What the last change of a thing names and the guide lacks, unless the thing was removed."""
    removed = change.entry and not (change.after and last.get((change.entry, ""), change).after)
    if removed or change.note:
        return
    entry = catalog.entries.get(change.entry)
    if entry is None:
        hint = did_you_mean(change.entry, catalog.entries)
        yield ("entry",), "unknown-entry", f"{shown(change.entry)} is not an entry{hint}"
        return
    known = [a.key for a in catalog.vocabulary.attributes_of(entry.kind)]
    if change.attribute and change.attribute not in known:
        hint = did_you_mean(change.attribute, known)
        message = f"{shown(change.attribute)} is not an attribute of this kind{hint}"
        yield ("attribute",), "unknown-attribute", message
    attribute = catalog.vocabulary.attributes.get(change.attribute)
    if attribute and attribute.types.get(entry.kind) in {"choice", "choices"}:
        values = catalog.vocabulary.value_sets[attribute.values]
        for value in [change.after] if isinstance(change.after, str) else change.after:
            if value and value not in values:
                hint = did_you_mean(value, values) or f"; expected one of {', '.join(values)}"
                yield ("after",), "value", f"{shown(value)} is not a value of '{change.attribute}'{hint}"
    for index, key in enumerate(change.cite):
        if key not in catalog.references and key not in catalog.sections:
            hint = did_you_mean(key, [*catalog.references, *catalog.sections])
            yield ("cite", index), "unresolved", f"the citation {shown(key)} is not known{hint}"


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
    """The record's text with those changes at its end that it lacks; raises Malformed."""
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
    catalog, problems = read(docs)
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
    except Malformed as error:
        parser.error("\n".join(map(str, error.problems)))
    with files.refused(parser):
        path.write_text(text, encoding="utf-8")
    print(f"{len(found)} changes")  # noqa: T201 -- printing is what the command is for
    return 0


if __name__ == "__main__":
    sys.exit(main())
