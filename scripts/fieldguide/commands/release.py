"""`scripts/release`: freezes the catalog of a version under an address of its own, which never changes again."""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from fieldguide import files
from fieldguide.checks import excerpt
from fieldguide.guide import load_and_check
from fieldguide.render import data
from fieldguide.source import schema

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[3]


def named(file: Path) -> str:
    """The version that a project's file names."""
    try:
        project = tomllib.loads(file.read_text(encoding="utf-8")).get("project", {})
    except ValueError as error:
        raise ValueError(f"{file.name} cannot be read: {error}") from None
    return str(project.get("version", "nothing"))


def freeze(root: Path) -> tuple[str, list[Path]]:
    """Writes the catalog of a project's version with its schema, and returns both; a ValueError says why it cannot."""
    version = named(root / "pyproject.toml")
    if not re.fullmatch(r"[0-9]+(\.[0-9a-z]+)*", version):
        raise ValueError(f"expected a version such as 1.2.0 in pyproject.toml, got '{version}'")
    if not re.search(rf"(?m)^## {re.escape(version)}(\s|$)", (root / "CHANGELOG.md").read_text(encoding="utf-8")):
        raise ValueError(f"CHANGELOG.md has no heading '## {version}': say there what the version brings")
    folder = root / "docs/data" / version
    if folder.exists():
        raise ValueError(f"{version} is frozen already in docs/data/{version}: give pyproject.toml the next version")
    catalog, problems = load_and_check(root / "docs")
    if problems := [problem for problem in problems if not problem.warning]:
        raise ValueError(f"mend the content first:\n{excerpt.report(problems)}")
    made = {"catalog.json": data.catalog(catalog), "catalog.schema.json": schema.catalog_schema(catalog.vocabulary)}
    folder.mkdir()
    for name, content in made.items():
        (folder / name).write_text(data.to_json(content), encoding="utf-8")
    return version, [folder / name for name in made]


def main(arguments: Sequence[str] | None = None) -> int:
    """Freeze the catalog of the version that pyproject.toml names."""
    parser = argparse.ArgumentParser(prog="scripts/release", description=main.__doc__)
    parser.add_argument("root", nargs="?", type=Path, default=ROOT, help="the project (default: this one)")
    options = parser.parse_args(arguments)
    with files.refused(parser):
        version, made = freeze(options.root)
    named = "\n".join(f"  {path.relative_to(options.root)}" for path in made)
    print(f"Frozen:\n{named}\nNow commit, and tag: git tag v{version}")  # noqa: T201 -- printing is what the command is for
    return 0


if __name__ == "__main__":
    sys.exit(main())
