"""`scripts/materialize`: the guide as a plain folder that needs no hook, for any engine that reads MkDocs projects."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from fieldguide.building import navigation
from fieldguide.checking import checks
from fieldguide.outputs import Outputs
from fieldguide.reading.located import front_matter
from fieldguide.rendering import metadata
from fieldguide.rendering.metadata import Site

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[3]
SETTINGS = "mkdocs.yml"
# Its index is made by a hook; each engine has a search that needs none.
OWN_SEARCH = shutil.ignore_patterns("search", "search.*")


class Loader(yaml.SafeLoader):
    """Reads settings with `!ENV`, for which the value that stands when nothing is set is taken."""


def unset(loader: Loader, node: yaml.Node) -> Any:
    """The default of an `!ENV` tag; none for a bare name."""
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node)[-1]
    return None


Loader.add_constructor("!ENV", unset)


def settings(given: dict[str, Any], outputs: Outputs) -> dict[str, Any]:
    """The settings of the plain folder: no hooks, and every page of the navigation named."""
    rest = {key: value for key, value in given.items() if key not in ("hooks", "nav") and value is not None}
    theme = {**given["theme"], "custom_dir": "overrides"}
    extra = {key: value for key, value in given.get("extra", {}).items() if value is not None}
    nav = navigation.expand(given["nav"], outputs.titles)
    return {**rest, "theme": theme, "nav": nav, "extra": {**extra, "materialized": True}}


def page(outputs: Outputs, uri: str, text: str) -> str:
    """A finished page that brings the metadata of its head along, which a hook would add."""
    front = front_matter(text, uri).data
    head = metadata.page(outputs.catalog, outputs.site, uri, front["title"], front.get("description", ""))
    return text.replace("---\n", f"---\nmetadata: {json.dumps(head.plain, ensure_ascii=False)}\n", 1)


def materialize(config: Path, target: Path) -> None:
    """Writes the project of a configuration into an empty folder; raises ValueError with the report of its problems."""
    given = yaml.load(config.read_text(encoding="utf-8"), Loader)  # noqa: S506 -- a safe loader with one tag more
    docs = config.parent / given.get("docs_dir", "docs")
    catalog, problems = checks.run(docs)
    if problems:
        raise ValueError(checks.report(problems))
    outputs = Outputs(catalog, Site(name=given["site_name"], url=given.get("site_url") or ""))
    shutil.copytree(docs, target / "docs", ignore=shutil.ignore_patterns("*.md", "addresses.txt", "article-runs.txt"))
    shutil.copytree(config.parent / given["theme"]["custom_dir"], target / "overrides", ignore=OWN_SEARCH)
    for uri, make in outputs.files.items():
        path = target / "docs" / uri
        path.parent.mkdir(parents=True, exist_ok=True)
        text = page(outputs, uri, make()) if uri in outputs.pages else make()
        path.write_text(text, encoding="utf-8", newline="\n")
    text = yaml.safe_dump(settings(given, outputs), sort_keys=False, allow_unicode=True)
    (target / SETTINGS).write_text(text, encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the guide as a plain folder of Markdown, assets and settings that needs no hook."""
    parser = argparse.ArgumentParser(prog="scripts/materialize", description=main.__doc__)
    parser.add_argument("target", metavar="DIR", type=Path, help="a folder that does not exist, or is empty")
    parser.add_argument("--config-file", type=Path, default=ROOT / SETTINGS, help="the settings of the guide")
    options = parser.parse_args(arguments)
    if options.target.exists() and any(options.target.iterdir()):
        parser.error(f"{options.target} is not empty")
    try:
        materialize(options.config_file, options.target)
    except ValueError as error:
        parser.error(f"the content has problems:\n{error}")
    print(f"{options.target} holds the guide: build it with `mkdocs build -f {options.target / SETTINGS}`")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
