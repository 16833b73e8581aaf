"""Write the guide as a plain folder that needs no plugin, for any engine that reads MkDocs projects."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import yaml
from mkdocs.config.config_options import PathSpec
from mkdocs.exceptions import ConfigurationError
from mkdocs.utils.yaml import yaml_load

from fieldguide.commands import CommandError, load_sound_catalog
from fieldguide.config import THEME_EXTRA
from fieldguide.render.metadata import Site
from fieldguide.render.pages import Outputs
from fieldguide.render.renderer import Renderer
from fieldguide.site.builder import expand_nav

if TYPE_CHECKING:
    from pathlib import Path

    from fieldguide.catalog import Catalog

    Settings = dict[str, Any]

# Its index is made by the plugin; each engine has a search that needs none.
OWN_SEARCH = shutil.ignore_patterns("search", "search.*")
# What the plugin needs, or what names files that are left out.
PLUGIN_SETTINGS = {"plugins", "nav", "exclude_docs"}


def write_project(config: Path, target: Path) -> Path:
    """Write the project of a configuration into an empty folder and return its settings; raise CommandError."""
    given = _read_settings(config)
    docs = config.parent / given.get("docs_dir", "docs")
    _check_target(target, docs)
    outputs = _make_outputs(load_sound_catalog(docs, config), given)
    _copy_files(docs, target / "docs", given.get("exclude_docs") or "")
    shutil.copytree(config.parent / given["theme"]["custom_dir"], target / "overrides", ignore=OWN_SEARCH)
    texts = {f"docs/{uri}": _make_text(outputs, uri) for uri in outputs.files}
    texts["mkdocs.yml"] = yaml.safe_dump(_plain_settings(given, outputs), sort_keys=False, allow_unicode=True)
    for name, text in texts.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_text(text, encoding="utf-8", newline="\n")
    return target / "mkdocs.yml"


def _check_target(target: Path, docs: Path) -> None:
    if target.resolve().is_relative_to(docs.resolve()):
        raise CommandError(f"{target} is inside the guide's own docs; name a folder elsewhere")
    if target.exists() and not target.is_dir():
        raise CommandError(f"{target} is a file; name a folder")
    if target.exists() and any(target.iterdir()):
        raise CommandError(f"{target} is not empty; name another folder")


def _read_settings(config: Path) -> Settings:
    try:
        with config.open(encoding="utf-8") as file:  # which tells where a file that it inherits stands
            given = yaml_load(file)
    except (ConfigurationError, UnicodeDecodeError) as error:
        reason = " ".join(str(error.__cause__ or error).split())
        raise CommandError(f"{config} cannot be read: {reason}") from None
    match given:
        case {"site_name": str(), "nav": list(), "theme": {"custom_dir": str()}, "plugins": dict()}:
            return dict(given)
    raise CommandError(f"{config} is not of a guide: expected 'site_name', 'nav', and 'theme' with a 'custom_dir'")


def _plain_settings(given: Settings, outputs: Outputs) -> Settings:
    """Return settings without plugin, with every page of the navigation named, and with the frame that we color."""
    rest = {key: value for key, value in given.items() if key not in PLUGIN_SETTINGS and value is not None}
    plugins = {name: options for name, options in given["plugins"].items() if name != "fieldguide"}
    theme = {**given["theme"], "custom_dir": "overrides", "variant": "classic"}
    report = (given["plugins"].get("fieldguide") or {}).get("report_url")
    extra = {**THEME_EXTRA, **given.get("extra", {}), **({"report_url": report} if report else {})}
    nav = expand_nav(given["nav"], outputs.titles)
    return {**rest, "plugins": plugins, "theme": theme, "nav": nav, "extra": {**extra, "materialized": True}}


def _make_outputs(catalog: Catalog, given: Settings) -> Outputs:
    """Return what any engine can publish: links of HTML are absolute, for each engine leads relative ones elsewhere."""
    url = given.get("site_url") or ""
    url += "/" if url and not url.endswith("/") else ""
    site = Site(name=given["site_name"], url=url, cards=False, twins=False)
    return Outputs(catalog, site, Renderer(catalog, site, urlsplit(url).path or "/"))


def _make_text(outputs: Outputs, uri: str) -> str:
    """Return a generated file; a page brings along the metadata of its head, which the plugin would add."""
    text = outputs.files[uri]()
    if uri not in outputs.pages:
        return text
    head = json.dumps(asdict(outputs.head(uri)), ensure_ascii=False)
    return text.replace("---\n", f"---\nmetadata: {head}\n", 1)


def _copy_files(docs: Path, target: Path, excluded: str) -> None:
    """Copy what is not made anew, and not excluded by patterns as in `.gitignore`."""
    patterns = PathSpec().run_validation(f"*.md\n{excluded}")
    for path in docs.rglob("*"):
        name = path.relative_to(docs).as_posix()
        if path.is_file() and not patterns.match_file(name):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / name)
