"""Pack what pages load: scripts and style sheets with all that they import, and the theme's style sheets."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from lightningcss import process_stylesheet

from fieldguide.problem import ParseError
from fieldguide.site.modules import join_scripts, order_imports, refuse, remove_imports

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    Texts = Mapping[str, str]

THEME = "assets/stylesheets/"
SHEET, SCRIPT, WORKER = "assets/site.css", "assets/site.js", "assets/search/worker.js"
# The library that comes with MkDocs, with which the search worker begins.
LUNR = "lunr.js"
PACKED = re.compile(rf"{THEME}.+|{SHEET}|assets/css/.+\.css|assets/(?!javascripts/).+\.js")
# Where a mistake is, as the two packers say it.
PLACE = re.compile(r" (?:at \S+:|on line )(\d+)(?::| and column )(\d+)")

# Classes of the theme, by the setting without which nothing has them: a Markdown extension or an option of one, a
# plugin, a feature of the theme, a key of `extra`. Without them what a first visit loads is a tenth smaller.
OPTIONAL = {
    "admonition": "admonition|abstract|bug|danger|example|failure|info|note$|question|quote|success|tip$|warning",
    "alternate": "md-select",
    "analytics": "md-feedback",
    "announce.dismiss": "md-banner__button",
    "blog": "md-(author|content--post|draft|meta|pagination|pin|post|profile|sidebar--post)",
    "consent": "md-consent",
    "content.code.annotate": "md-annotation",
    "content.code.copy": "md-clipboard|md-code__",
    "content.tooltips": "md-tooltip",
    "footnotes": "footnote",
    "linenums": "highlighttable|lineno",
    "navigation.footer": "md-footer__(button|direction|inner|link|title)",
    "navigation.instant.progress": "md-progress",
    "navigation.path": "md-path",
    "navigation.sections": "md-nav__item--section",
    "navigation.tabs.sticky": "md-header--lifted",
    "pymdownx.arithmatex": "arithmatex|katex",
    "pymdownx.critic": "critic",
    "pymdownx.emoji": "emojione|gemoji|twemoji",
    "pymdownx.keys": "key-|keys",
    "pymdownx.tabbed": "tabbed",
    "pymdownx.tasklist": "task-list",
    "repo_url": "md-(header__|nav__)?source",
    "social": "md-social",
    "status": "md-status",
    "tags": "md-tag-icon",
    "toc.integrate": "md-nav--integrated",
    "version": "md-version",
}
NAME = re.compile(r"[.#](-?[a-zA-Z_][\w-]*)")
RULE = re.compile(r"(?<=[{}])([^{}]+)\{[^{}]*\}")
# Colors that are not ours, and what is written from right to left.
UNUSED = re.compile(r"data-md-color-(?:primary|accent)=(?!custom)|dir=.?rtl")
ICON = re.compile(r"""(--md-[\w-]*icon[\w-]*):url\((?:"[^"]*"|'[^']*'|[^)]*)\);?""")
VARIABLE = re.compile(r"var\((--[\w-]+)")
# The theme's rules for tables without a class would have every element's style found anew when any class changes. Ours
# have one of these.
CLASSLESS, OURS = "table:not([class])", "table:not(.dates,.facts,.matrix,.pair,.stances,.written)"


def is_packed(uri: str) -> bool:
    """Return whether a file of the site is replaced by what `pack_assets` returns."""
    return PACKED.fullmatch(uri) is not None


def pack_assets(files: Texts, paths: Texts, settings: Collection[str]) -> dict[str, str]:
    """Return the texts to publish, by URI, in place of all files that are packed.

    `files` holds LUNR besides those of the site, `paths` tells where an editor finds each, and `settings` names what is
    switched on. Raise ParseError with the place in a file that cannot be read or joined.
    """
    scripts = {uri: text for uri, text in files.items() if uri.endswith(".js") and uri != LUNR}
    try:
        for uri, text in scripts.items():
            _minify(uri, text)  # names the file in which a mistake is
        packed = {uri: _minify(uri, text) for uri, text in sorted(join_scripts(scripts, SCRIPT).items())}
        packed[WORKER] = f"{_minify(LUNR, files[LUNR])};\n{packed[WORKER]}"
        return {**packed, SHEET: _join_sheets(files, settings)}
    except ParseError as error:
        raise ParseError(*(replace(problem, path=paths[problem.path]) for problem in error.problems)) from None


def _minify(uri: str, text: str) -> str:
    import minify  # noqa: PLC0415 -- it starts threads, which a process that was forked lacks

    try:
        return str(minify.string("text/javascript", text))
    except minify.MinifyError as error:
        raise _refuse(uri, str(error)) from None


def _read_sheet(uri: str, text: str, unused: Collection[str] = ()) -> str:
    try:
        return process_stylesheet(f"\n{text}", uri, unused_symbols=set(unused))  # its lines count from 0
    except ValueError as error:
        raise _refuse(uri, str(error)) from None


def _refuse(uri: str, message: str) -> ParseError:
    """Return the error that a packer tells, at the place that it names."""
    place = PLACE.search(message)
    return refuse(uri, message[: place.start()], *map(int, place.groups())) if place else refuse(uri, message)


def _join_sheets(files: Texts, settings: Collection[str]) -> str:
    """Return one style sheet of the theme's and ours."""
    sheets = {uri: text for uri, text in files.items() if uri.endswith(".css")}
    own = {uri: remove_imports(sheets[uri]) for uri in order_imports(SHEET, sheets, set())}
    used = {name for text in own.values() for name in VARIABLE.findall(text)}
    off = [re.compile(names) for setting, names in OPTIONAL.items() if setting not in settings]
    theme = [_trim(uri, sheets[uri], off, used) for uri in sorted(sheets) if uri.startswith(THEME)]
    return "".join([*theme, *(_read_sheet(uri, text) for uri, text in own.items())])


def _trim(uri: str, text: str, off: Collection[re.Pattern[str]], used: Collection[str]) -> str:
    """Return a sheet of the theme without the rules that nothing needs, and the icons that nothing shows."""
    text = RULE.sub(lambda rule: "" if all(map(UNUSED.search, rule[1].split(","))) else rule[0], text)
    unused = {name for name in NAME.findall(text) if any(names.match(name) for names in off)}
    text = _read_sheet(uri, text, unused).replace(CLASSLESS, OURS)
    shown = {*used, *VARIABLE.findall(text)}
    return ICON.sub(lambda icon: icon[0] if icon[1] in shown else "", text)
