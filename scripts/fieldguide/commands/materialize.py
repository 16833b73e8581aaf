"""`scripts/materialize`: the guide as a plain folder that needs no hook, for any engine that reads MkDocs projects."""

from __future__ import annotations

import argparse
import json
import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import yaml
from mkdocs.config.config_options import PathSpec
from mkdocs.exceptions import ConfigurationError
from mkdocs.utils.yaml import yaml_load

from fieldguide import files
from fieldguide.checks import excerpt
from fieldguide.config import THEME_EXTRA
from fieldguide.guide import load_and_check
from fieldguide.render import metadata
from fieldguide.render.metadata import Site
from fieldguide.render.pages import Outputs
from fieldguide.render.renderer import Renderer
from fieldguide.site import navigation
from fieldguide.source.yaml import front_matter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldguide.catalog import Catalog

ROOT = Path(__file__).resolve().parents[3]
SETTINGS = "mkdocs.yml"
# Its index is made by a hook; each engine has a search that needs none.
OWN_SEARCH = shutil.ignore_patterns("search", "search.*")


# What tells the plugin something, or names what is left out.
FOR_PLUGIN = {"plugins", "nav", "exclude_docs"}


def settings(given: dict[str, Any], outputs: Outputs) -> dict[str, Any]:
    """The settings of the plain folder: no plugin, every page of the navigation named, and the frame that we color."""
    rest = {key: value for key, value in given.items() if key not in FOR_PLUGIN and value is not None}
    plugins = {name: options for name, options in given["plugins"].items() if name != "fieldguide"}
    theme = {**given["theme"], "custom_dir": "overrides", "variant": "classic"}
    report = (given["plugins"].get("fieldguide") or {}).get("report_url")
    extra = {**THEME_EXTRA, **given.get("extra", {}), **({"report_url": report} if report else {})}
    nav = navigation.expand(given["nav"], outputs.titles)
    return {**rest, "plugins": plugins, "theme": theme, "nav": nav, "extra": {**extra, "materialized": True}}


def page(outputs: Outputs, uri: str, text: str) -> str:
    """A finished page that brings the metadata of its head along, which a hook would add."""
    front = front_matter(text, uri).data
    head = metadata.page(outputs.catalog, outputs.site, uri, front["title"], front.get("description", ""))
    return text.replace("---\n", f"---\nmetadata: {json.dumps(head.plain, ensure_ascii=False)}\n", 1)


def plain(catalog: Catalog, given: dict[str, Any]) -> Outputs:
    """What any engine can publish of a guide: links of HTML are absolute, for each leads relative ones elsewhere."""
    url = given.get("site_url") or ""
    url += "/" if url and not url.endswith("/") else ""
    site = Site(name=given["site_name"], url=url, cards=False, twins=False)
    return Outputs(catalog, site, Renderer(catalog, site, urlsplit(url).path or "/"))


def copy(docs: Path, target: Path, excluded: str) -> None:
    """Copies what is not made anew, and not excluded by patterns as in `.gitignore`."""
    patterns = PathSpec().run_validation(f"*.md\n{excluded}")
    for path in docs.rglob("*"):
        name = path.relative_to(docs).as_posix()
        if path.is_file() and not patterns.match_file(name):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / name)


def read(config: Path) -> dict[str, Any]:
    """The settings of a guide; a ValueError says why a file holds none."""
    try:
        with config.open(encoding="utf-8") as file:  # which tells where a file that it inherits stands
            given = yaml_load(file)
    except (ConfigurationError, UnicodeDecodeError) as error:
        raise ValueError(f"{config} cannot be read: {' '.join(str(error.__cause__ or error).split())}") from None
    match given:
        case {"site_name": str(), "nav": list(), "theme": {"custom_dir": str()}, "plugins": dict()}:
            return dict(given)
    raise ValueError(f"{config} is not of a guide: expected 'site_name', 'nav', and 'theme' with a 'custom_dir'")


def materialize(config: Path, target: Path) -> None:
    """Writes the project of a configuration into an empty folder; raises ValueError with the report of its problems."""
    given = read(config)
    docs = config.parent / given.get("docs_dir", "docs")
    catalog, problems = load_and_check(docs, settings_file=config)
    if problems := [problem for problem in problems if not problem.warning]:
        raise ValueError(f"the content has problems:\n{excerpt.report(problems)}")
    outputs = plain(catalog, given)
    copy(docs, target / "docs", given.get("exclude_docs") or "")
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
    if options.target.resolve().is_relative_to(options.config_file.resolve().parent / "docs"):
        parser.error(f"{options.target} is inside the guide's own docs; name a folder elsewhere")
    with files.refused(parser):
        if options.target.exists() and not options.target.is_dir():
            parser.error(f"{options.target} is a file; name a folder")
        if options.target.exists() and any(options.target.iterdir()):
            parser.error(f"{options.target} is not empty; name another folder")
        materialize(options.config_file, options.target)
    command = f"mkdocs build -f {shlex.quote(str(options.target / SETTINGS))}"
    print(f"{options.target} holds the guide: build it with `{command}`")  # noqa: T201 -- the last thing it says
    return 0


if __name__ == "__main__":
    sys.exit(main())
