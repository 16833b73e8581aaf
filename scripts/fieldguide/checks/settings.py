"""Check of what `mkdocs.yml` names and the guide must have: the pages of the navigation, the logo and the icon."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from xml.parsers import expat

import yaml

from fieldguide.checks.registry import check
from fieldguide.problem import ParseError, Problem
from fieldguide.source.suggestions import did_you_mean, shown
from fieldguide.source.yaml import Loader, read_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|/", re.IGNORECASE)
PICTURES = {("theme", "logo"), ("theme", "favicon")}


@check("settings", per="settings")
def check_settings(settings: Path, docs: Path, pages: Collection[str]) -> Iterator[Problem]:
    """Report files that the settings name and nobody has; `pages` are the files of all pages.

    Why: What mkdocs.yml names and the guide does not have would be missing on every page.
    Wrong: - Claims: claims.md, in a guide that checks no claims
    Right: the line taken out of 'nav'
    """
    try:
        tree = yaml.compose(read_text(settings, settings.name), Loader)
    except ParseError as error:
        yield from error.problems
        return
    except yaml.YAMLError:
        return  # MkDocs says it, with the place
    leaves = list(_find_leaves(tree))
    themes = [settings.parent / node.value for keys, node in leaves if keys == ("theme", "custom_dir")]
    if (material := find_spec("material")) and material.origin:
        themes.append(Path(material.origin).parent / "templates")
    for keys, node in leaves:
        message = subject = ""
        if keys[0] == "nav":
            message, subject = _explain_page(node.value, docs, pages), Path(node.value).stem
        elif keys in PICTURES:
            message = _explain_picture(keys[1], node.value, [docs, *themes])
        if message and not ELSEWHERE.match(node.value):
            line, column, path = node.start_mark.line + 1, node.start_mark.column + 1, settings.name
            yield Problem(path=path, line=line, column=column, rule="settings", message=message, subject=subject)


def _find_leaves(node: yaml.Node | None, keys: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], yaml.Node]]:
    """Yield every text with the keys above it, but for what tags such as `!ENV` make of one."""
    if node is None or node.tag.startswith("!"):
        return
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _find_leaves(value, (*keys, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _find_leaves(item, keys)
    elif node.value and keys and not node.tag.endswith(":null"):
        yield keys, node


def _explain_page(target: str, docs: Path, pages: Collection[str]) -> str:
    """Return why the navigation cannot name something; empty if it can."""
    page = f"{target}index.md" if target.endswith("/") else target
    if page in pages or (docs / page).is_file():
        return ""
    folders = (page.removesuffix("index.md") for page in pages if page.endswith("/index.md"))
    hint = did_you_mean(target, {*pages, *folders})
    return f"the guide has no page {shown(target)}; take the line out, or name one of its pages{hint}"


def _explain_picture(name: str, target: str, folders: Sequence[Path]) -> str:
    """Return why a picture of the theme cannot be shown; empty if it can."""
    file = next((file for folder in folders if (file := folder / target).is_file()), None)
    if file is None:
        put = f"put the file into {folders[0].name}/, or take the line out"
        return f"'{name}' names {shown(target)}, which is not there; {put}"
    try:
        if file.suffix == ".svg":
            expat.ParserCreate().Parse(file.read_bytes(), True)  # noqa: FBT003 -- it takes no name
    except (expat.ExpatError, OSError) as error:
        return f"'{name}' names {shown(target)}, which is no whole drawing ({error}); save it anew"
    return ""
