"""Pack what pages load: the theme's style sheets and ours into one, and each script with those it is joined to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import minify
from lightningcss import process_stylesheet

from fieldguide.problem import ParseError, Problem
from fieldguide.render import search

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# The library that comes with MkDocs, which the search worker begins with.
LUNR = "lunr.js"
SHEETS = "assets/stylesheets/"
SHEET = "assets/site.css"
OWN = [SHEET, "assets/search.css"]
COMMON = "assets/site.js"
EVERYWHERE = ["assets/frame.js", COMMON, "assets/tables.js"]
SCRIPT = re.compile(r"assets/(?!javascripts/).+\.js")
PACKED = re.compile(rf"{SHEETS}.+|assets/(?:site|search)\.css|{SCRIPT.pattern}")
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
# Where a mistake is, as the two packers say it.
SHEET_PLACE = re.compile(r" at \S+:(\d+):(\d+)$")
SCRIPT_PLACE = re.compile(r" on line (\d+) and column (\d+)")
# The theme's rules for tables without a class would have every element's style found anew when any class changes. Ours
# have one of these.
CLASSLESS, OURS = "table:not([class])", "table:not(.dates,.facts,.matrix,.pair,.stances,.written)"


def is_packed(uri: str) -> bool:
    """Return whether a file of the site is replaced by what `pack_assets` returns."""
    return PACKED.fullmatch(uri) is not None


def pack_assets(files: Mapping[str, str], paths: Mapping[str, str]) -> dict[str, str]:
    """Return the texts to publish, by URI, in place of all files that are packed.

    `files` holds LUNR besides those of the site; `paths` tells where an editor finds each.
    Raise ParseError where one of them cannot be read.
    """
    theme = [uri for uri in sorted(files) if uri.startswith(SHEETS) and uri.endswith(".css")]
    scripts = {uri: [uri] for uri in files if SCRIPT.fullmatch(uri)}
    for uri in (*EVERYWHERE, *search.PARTS):
        scripts.pop(uri, None)
    scripts |= {COMMON: EVERYWHERE, search.WORKER: [LUNR, *search.PARTS]}

    def named(uris: Iterable[str]) -> dict[str, str]:
        return {paths[uri]: files[uri] for uri in uris if uri in files}

    packed = {uri: _scripts(named(parts)) for uri, parts in scripts.items()}
    return {**packed, SHEET: _style_sheet(named(theme), named(OWN))}


def _scripts(texts: Mapping[str, str]) -> str:
    """Scripts one after another, minified, by the names of their files; raises ParseError."""
    return ";\n".join(_minified(name, text) for name, text in texts.items())


def _minified(name: str, text: str) -> str:
    try:
        return str(minify.string("text/javascript", text))
    except minify.MinifyError as error:
        place = SCRIPT_PLACE.search(str(error))
        raise _refused(name, str(error), place, 0) from None


def _checked(name: str, text: str) -> str:
    try:
        return process_stylesheet(text, name)
    except ValueError as error:
        raise _refused(name, str(error), SHEET_PLACE.search(str(error)), 1) from None


def _refused(name: str, message: str, place: re.Match[str] | None, first: int) -> ParseError:
    """What is wrong with a file, at its place; `first` is what its line must be raised by to count from 1."""
    line, column = (int(place[1]) + first, int(place[2])) if place else (1, 1)
    message = message[: place.start()].strip() if place else message
    return ParseError(Problem(path=name, line=line, column=column, rule="asset", message=message))


def _style_sheet(theme: Mapping[str, str], own: Mapping[str, str]) -> str:
    """One style sheet of the theme's and our own, by the names of their files; raises ParseError."""
    used = {name for sheet in own.values() for name in USED.findall(sheet)}
    sheets = [_trimmed(name, sheet, used) for name, sheet in theme.items()]
    return "".join([*sheets, *(_checked(name, sheet) for name, sheet in own.items())])


def _trimmed(name: str, sheet: str, used: set[str]) -> str:
    """A sheet without the rules for what is off, for colors of the theme, and without the icons that nothing shows."""
    sheet = RULE.sub(lambda rule: "" if all(map(COLOR.search, rule[1].split(","))) else rule[0], sheet)
    sheet = process_stylesheet(sheet, name, unused_symbols=set(filter(OFF.match, NAME.findall(sheet))))
    sheet = SWITCHING.sub("", sheet).replace(CLASSLESS, OURS)
    shown = used.union(USED.findall(sheet))
    return ICON.sub(lambda icon: icon[0] if icon[1] in shown else "", sheet)
