"""What pages load, packed: the rules of the theme, but for what is off, and ours in one style sheet; our scripts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lightningcss import process_stylesheet
from rjsmin import jsmin

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SHEETS = "assets/stylesheets/"
SHEET = "assets/site.css"
OWN = [SHEET, "assets/search.css"]
COMMON = "assets/site.js"
EVERYWHERE = ["assets/frame.js", COMMON, "assets/tables.js"]
SCRIPT = re.compile(r"assets/(?!javascripts/).+\.js")
# Classes and ids of Markdown extensions and theme features that `mkdocs.yml` does not switch on.
OFF = re.compile(
    """abstract|admonition|arithmatex|bug|critic|danger|emojione|example|failure|footnote|gemoji|gh-|giscus|highlighttable|
    info|katex|key-|keys|lineno|md-(annotation|author|banner|clipboard|code__|consent|content--post|content__button|draft|
    feedback|footer__(button|direction|inner|link|title)|header--lifted|header__source|input|meta|nav__source|pagination|
    path|pin|post|profile|progress|select|sidebar--post|social|source|status|tag-icon|tooltip|version)|mermaid|note$|
    only-dark|question|quote|success|tabbed|task-list|tip$|twemoji|warning""",
    re.VERBOSE,
)
NAME = re.compile(r"[.#](-?[a-zA-Z_][\w-]*)")
RULE = re.compile(r"(?<=[{}])([^{}]+)\{[^{}]*\}")
COLOR = re.compile(r"data-md-color-(?:primary|accent)=(?!custom)")
ICON = re.compile(r"""(--md-[\w-]*icon[\w-]*):url\((?:"[^"]*"|'[^']*'|[^)]*)\);?""")
# What the theme's own choice of colors sets and ours does not.
SWITCHING = re.compile(r"\[data-md-color-switching\][^{}]*\{[^{}]*\}")
USED = re.compile(r"var\((--[\w-]+)")
# The theme's rules for tables without a class would have every element's style found anew when any class changes. Ours
# have one of these.
CLASSLESS, OURS = "table:not([class])", "table:not(.dates,.facts,.matrix,.pair,.stances,.written)"


def scripts(texts: Iterable[str]) -> str:
    """Scripts one after another without needless white space and comments, licenses (`/*!`) excepted."""
    return ";\n".join(str(jsmin(text, keep_bang_comments=True)) for text in texts)


def style_sheet(theme: Mapping[str, str], own: Mapping[str, str]) -> str:
    """One style sheet of the theme's and our own, by their names; a ValueError names the place of a mistake."""
    used = {name for sheet in own.values() for name in USED.findall(sheet)}
    sheets = [_trimmed(name, sheet, used) for name, sheet in theme.items()]
    return "".join([*sheets, *(process_stylesheet(sheet, name) for name, sheet in own.items())])


def _trimmed(name: str, sheet: str, used: set[str]) -> str:
    """A sheet without the rules for what is off, for colors of the theme, and without the icons that nothing shows."""
    sheet = RULE.sub(lambda rule: "" if all(map(COLOR.search, rule[1].split(","))) else rule[0], sheet)
    sheet = process_stylesheet(sheet, name, unused_symbols=set(filter(OFF.match, NAME.findall(sheet))))
    sheet = SWITCHING.sub("", sheet).replace(CLASSLESS, OURS)
    shown = used.union(USED.findall(sheet))
    return ICON.sub(lambda icon: icon[0] if icon[1] in shown else "", sheet)
