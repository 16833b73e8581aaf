"""What `mkdocs.yml` names and the guide must have: the pages of the navigation, the logo and the icon."""

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
from fieldguide.source.yaml import Loader, decode

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

FILE = "mkdocs.yml"
RULE = "settings"
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|/", re.IGNORECASE)
WAY_OUT = "take the line out, or name one of its pages"


@check("settings", per="settings")
def check_settings(settings: Path, docs: Path, pages: Collection[str]) -> Iterator[Problem]:
    """Report files that the settings name and nobody has; `pages` are the files of all pages.

    Why: What mkdocs.yml names and the guide does not have would be missing on every page.
    Wrong: - Claims: claims.md, in a guide that checks no claims
    Right: the line taken out of 'nav'
    """
    try:
        tree = yaml.compose(decode(settings, settings.name), Loader)
    except ParseError as error:
        yield from error.problems
        return
    except yaml.YAMLError:
        return  # MkDocs says it, with the place
    for node in _leaves(_under(tree, "nav")):
        if message := _unlisted(str(node.value), docs, pages):
            yield _at(settings, node, message, str(node.value).rpartition("/")[2].removesuffix(".md"))
    theme = _under(tree, "theme")
    own = [str(node.value) for node in _leaves(_under(theme, "custom_dir"))]
    folders = [docs, *(settings.parent / folder for folder in own), *_stock()]
    for name in ("logo", "favicon"):
        for node in _leaves(_under(theme, name)):
            if ELSEWHERE.match(node.value):
                continue
            file = next((file for folder in folders if (file := folder / node.value).is_file()), None)
            if file is None:
                message = f"'{name}' names {shown(node.value)}, which is not there; put the file into {docs.name}/"
                yield _at(settings, node, f"{message}, or take the line out")
            elif file.suffix == ".svg" and (flaw := _torn(file)):
                message = f"'{name}' names {shown(node.value)}, which is no whole drawing ({flaw}); save it anew"
                yield _at(settings, node, message)


def _torn(file: Path) -> str:
    """Why a drawing cannot be read; empty if it can."""
    try:
        expat.ParserCreate().Parse(file.read_bytes(), True)  # noqa: FBT003 -- it takes no name
    except (expat.ExpatError, OSError) as error:
        return str(error)
    return ""


def _unlisted(target: str, docs: Path, pages: Collection[str]) -> str:
    """Why the navigation cannot name something; empty if it can."""
    page = f"{target}index.md" if target.endswith("/") else target
    if ELSEWHERE.match(target) or page in pages or (docs / page).is_file():
        return ""
    folders = (page.removesuffix("index.md") for page in pages if page.endswith("/index.md"))
    return f"the guide has no page {shown(target)}; {WAY_OUT}{did_you_mean(target, {*pages, *folders})}"


def _at(settings: Path, node: yaml.Node, message: str, subject: str = "") -> Problem:
    line, column = node.start_mark.line + 1, node.start_mark.column + 1
    return Problem(path=settings.name, line=line, column=column, rule=RULE, message=message, subject=subject)


def _stock() -> Iterator[Path]:
    """Where the theme has files of its own."""
    if (found := find_spec("material")) and found.origin:
        yield Path(found.origin).parent / "templates"


def _under(node: yaml.Node | None, key: str) -> yaml.Node | None:
    """The value of a key, if a node is a mapping that has it."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value for name, value in pairs if name.value == key), None)


def _leaves(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    """Every text below a node, but for what tags such as `!ENV` make of one."""
    if node is None or node.tag.startswith("!"):
        return
    if isinstance(node, yaml.ScalarNode):
        if node.value:
            yield node
    else:
        for item in node.value:
            yield from _leaves(item[1] if isinstance(item, tuple) else item)
