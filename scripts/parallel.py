"""`mkdocs build` on every core, with the pages kept that need not be made again.

MkDocs has no event around all pages, which do not depend on one another: what it does to one page after another is done
here to shares of them at a time. A page is made from its Markdown, its metadata and what all pages share: the settings,
the theme, our code, the packages installed, and the files and titles of the site; while none of it changes, the page
does not either. Besides documented events and classes this uses, each for its reason:

- `mkdocs.commands.build._populate_page`, `_build_page`: they are what a build does to a page, and are replaced while
  MkDocs goes over the pages, all of which are made by then;
- `Config.user_configs`: the settings as they were given, in the file and on the command line;
- `Page.markdown` and `Page.meta` of pages that are not rendered yet: the navigation shows their titles;
- `Theme.get_env`, wrapped: the files of a theme are listed by its environment, with ten thousand icons that no site
  publishes;
- `Page.present_anchor_ids`, `Page.links_to_anchors`: MkDocs checks links to anchors when all pages are made.

All this is as in MkDocs 1.6. With any other version, pages are made one after another, each time.
"""

from __future__ import annotations

import logging
import os
import pickle
import sys
import warnings
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mkdocs
from markupsafe import escape
from mkdocs.commands import build as stock

from fieldguide import cores
from fieldguide.memory import SPARE, Kept
from fieldguide.site import site

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File, Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page
    from mkdocs.theme import Theme

    from fieldguide.render.metadata import Metadata
    from fieldguide.render.pages import Draft

VERSION = "1.6."
CODE = Path(__file__).resolve().parent
# What other plugins do to a page could depend on anything.
PLUGINS = {"fieldguide", "search", "material/search"}
log = logging.getLogger("mkdocs")


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """What a build must know of a page: its HTML's links and ids, those that MkDocs knows of, and what was said."""

    built: site.Built
    ids: set[str]
    links: dict[str, dict[str, str]]
    said: list[tuple[int, str]]


class Pages:
    """The pages of one build; `heads` gets the metadata of each, and `built` what its HTML holds, by its file there."""

    def __init__(
        self, files: Files, nav: Navigation, draft: Callable[[str], Draft], heads: dict[str, Metadata]
    ) -> None:
        self.files, self.nav, self.draft, self.heads = files, nav, draft, heads
        self.built: dict[str, site.Built] = {}
        self.kept: Kept | None = None
        self.populate, self.build = stock._populate_page, stock._build_page  # noqa: SLF001 -- see above
        stock._populate_page = stock._build_page = _nothing  # noqa: SLF001 -- see above

    def give_back(self) -> None:
        """Has MkDocs make pages again."""
        stock._populate_page, stock._build_page = self.populate, self.build  # noqa: SLF001 -- see above

    def make(self, env: Environment, config: MkDocsConfig, folder: str | None) -> None:
        """Makes and writes all pages."""
        listed = self.files.documentation_pages()
        if set(config.plugins) <= PLUGINS:
            self.kept = Kept(cache(folder, "pages"), self._shared(config))

        def make(share: Sequence[str]) -> list[tuple[Draft, Made]]:
            return [self._page(uri, env, config, listed) for uri in share]

        done = (made for share in cores.spread(make, [file.src_uri for file in listed], "Pages") for made in share)
        for file, (draft, made) in zip(listed, done, strict=True):
            page = _page(file)
            self.heads[file.src_uri], self.built[file.dest_uri] = draft.head, made.built
            page.update_date, page.present_anchor_ids = draft.date or page.update_date, made.ids
            page.links_to_anchors = {_file(self.files, uri): links for uri, links in made.links.items()}
            for level, message in made.said:
                log.log(level, message)
        if self.kept:
            self.kept.prune(SPARE * len(listed))

    def _shared(self, config: MkDocsConfig) -> list[object]:
        """What every page is made from."""
        given = [{key: value for key, value in one.items() if key != "site_dir"} for one in user_configs(config)]
        sources = [path for root in (CODE, Path(config.theme.custom_dir or CODE)) for path in sorted(root.rglob("*"))]
        hashes = [(path.name, blake2b(path.read_bytes()).digest()) for path in sources if _matters(path)]
        packages = sorted(path.name for path in Path(mkdocs.__file__).parents[1].glob("*.dist-info"))
        pages = [(file.src_uri, file.dest_uri, _title(file)) for file in self.files]
        return [sys.version, packages, given, hashes, pages]

    def _page(self, uri: str, env: Environment, config: MkDocsConfig, listed: Sequence[File]) -> tuple[Draft, Made]:
        """What a page was made from, without its text, and what is to be known of it; its HTML stands in its place."""
        draft, file = self.draft(uri), _file(self.files, uri)
        path = Path(file.abs_dest_path)

        def make() -> bytes:
            made = self._make(file, env, config, listed)
            return pickle.dumps((path.read_bytes(), made))

        text = self.kept.recall(f"{uri}\0{draft.head}\0{draft.text}", make) if self.kept else make()
        html, made = pickle.loads(text)  # noqa: S301 -- a build wrote it
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(html)
        return replace(draft, text=""), made

    def _make(self, file: File, env: Environment, config: MkDocsConfig, listed: Sequence[File]) -> Made:
        page, said = _page(file), Said()
        handlers, log.handlers = log.handlers, [said]
        try:
            self.populate(page, config, self.files)
            self.build(page, config, listed, self.nav, env)
        except BaseException:
            log.handlers = handlers
            for level, message in said.messages:
                log.log(level, message)
            raise
        log.handlers = handlers
        links = {file.src_uri: found for file, found in (page.links_to_anchors or {}).items()}
        built = site.page(Path(file.abs_dest_path).read_bytes())
        return Made(built=built, ids=set(page.present_anchor_ids or ()), links=links, said=said.messages)


class Said(logging.Handler):
    """Keeps what is said, to be said in the process that counts it."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.messages: list[tuple[int, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append((record.levelno, record.getMessage()))


def take_over(
    files: Files, nav: Navigation, titles: Mapping[str, str], draft: Callable[[str], Draft], heads: dict[str, Metadata]
) -> Pages | None:
    """Takes the making of pages from MkDocs, if it is known here."""
    if not mkdocs.__version__.startswith(VERSION):
        return None
    for file in files.documentation_pages():
        if file.page and titles.get(file.src_uri):
            file.page.markdown, file.page.meta = "", {"title": escape(titles[file.src_uri])}
    return Pages(files, nav, draft, heads)


def user_configs(config: MkDocsConfig) -> Sequence[Mapping[str, Any]]:
    """The settings as they were given: in the file, and last on the command line."""
    with warnings.catch_warnings():  # MkDocs means to drop what it never needed itself
        warnings.simplefilter("ignore", DeprecationWarning)
        configs: Sequence[Mapping[str, Any]] = config.user_configs
    return configs


def leave_out_icons(theme: Theme) -> None:
    """Has a theme list its files without those in hidden folders, which no site publishes."""
    get_env = theme.get_env

    def published(filter_func: Callable[[str], bool]) -> list[str]:
        found = set()
        for root in theme.dirs:
            for folder, below, names in os.walk(root):
                below[:] = [name for name in below if not name.startswith(".")]
                found |= {Path(folder, name).relative_to(root).as_posix() for name in names}
        return sorted(filter(filter_func, found))

    def get() -> Environment:
        env = get_env()
        env.list_templates = published  # type: ignore[method-assign, assignment]
        return env

    if mkdocs.__version__.startswith(VERSION):
        theme.get_env = get  # type: ignore[method-assign]


def cache(folder: str | None, name: str) -> Path | None:
    """Where builds keep something for the next; nowhere if there is no folder for it."""
    return Path(folder, name) if folder else None


def _nothing(*_: Any, **__: Any) -> None:
    """Nothing is left to do."""


def _matters(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts


def _title(file: File) -> str:
    return str(((file.page and file.page.meta) or {}).get("title", ""))


def _file(files: Files, uri: str) -> File:
    file = files.get_file_from_path(uri)
    assert file  # noqa: S101 -- it was listed
    return file


def _page(file: File) -> Page:
    assert file.page  # noqa: S101 -- MkDocs has given a page to each file that it goes over
    return file.page
