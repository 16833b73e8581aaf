"""`mkdocs build` on every core: what MkDocs does to one page after another is done to shares of them at a time.

MkDocs has no event around all pages, which do not depend on one another. Besides documented events and classes this
uses, each for its reason:

- `mkdocs.commands.build._populate_page`, `_build_page`: they are what a build does to a page, and are replaced while
  MkDocs goes over the pages, all of which are made by then;
- `Page.markdown` and `Page.meta` of pages that are not rendered yet: the navigation shows their titles;
- `Page.present_anchor_ids`, `Page.links_to_anchors`: MkDocs checks links to anchors when all pages are made.

All this is as in MkDocs 1.6. With any other version, pages are made one after another.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import mkdocs
from markupsafe import escape
from mkdocs.commands import build as stock

from fieldguide import cores

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File, Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page

    from fieldguide.metadata import Metadata

VERSION = "1.6."
log = logging.getLogger("mkdocs")


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """What a build must know of a page that another process has written; links by the file that they lead to."""

    head: Metadata
    date: str
    ids: set[str]
    links: dict[str, dict[str, str]]
    said: list[tuple[int, str]]


class Pages:
    """The pages of one build, whose metadata stands in `heads` when they are made."""

    def __init__(self, files: Files, nav: Navigation, heads: dict[str, Metadata]) -> None:
        self.files, self.nav, self.heads = files, nav, heads
        self.populate, self.build = stock._populate_page, stock._build_page  # noqa: SLF001 -- see above
        stock._populate_page = stock._build_page = _made  # noqa: SLF001 -- see above

    def give_back(self) -> None:
        """Has MkDocs make pages again."""
        stock._populate_page, stock._build_page = self.populate, self.build  # noqa: SLF001 -- see above

    def make(self, env: Environment, config: MkDocsConfig) -> None:
        """Makes and writes all pages."""
        listed = self.files.documentation_pages()

        def make(share: Sequence[str]) -> list[Made]:
            return [self._make(uri, env, config, listed) for uri in share]

        done = (made for share in cores.spread(make, [file.src_uri for file in listed], "Pages") for made in share)
        for file, made in zip(listed, done, strict=True):
            page = _page(file)
            self.heads[file.src_uri], page.update_date, page.present_anchor_ids = made.head, made.date, made.ids
            page.links_to_anchors = {_file(self.files, uri): links for uri, links in made.links.items()}
            for level, message in made.said:
                log.log(level, message)

    def _make(self, uri: str, env: Environment, config: MkDocsConfig, listed: Sequence[File]) -> Made:
        page, said = _page(_file(self.files, uri)), Said()
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
        ids = set(page.present_anchor_ids or ())
        return Made(head=self.heads[uri], date=page.update_date, ids=ids, links=links, said=said.messages)


class Said(logging.Handler):
    """Keeps what is said, to be said in the process that counts it."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.messages: list[tuple[int, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append((record.levelno, record.getMessage()))


def take_over(files: Files, nav: Navigation, titles: Mapping[str, str], heads: dict[str, Metadata]) -> Pages | None:
    """Takes the making of pages from MkDocs, if it is known here and there are cores to share it."""
    listed = files.documentation_pages()
    if not mkdocs.__version__.startswith(VERSION) or not cores.forks() or len(listed) < cores.FEW:
        return None
    for file in listed:
        if file.page and titles.get(file.src_uri):
            file.page.markdown, file.page.meta = "", {"title": escape(titles[file.src_uri])}
    return Pages(files, nav, heads)


def _made(*_: Any, **__: Any) -> None:
    """Nothing is left to do."""


def _file(files: Files, uri: str) -> File:
    file = files.get_file_from_path(uri)
    assert file  # noqa: S101 -- it was listed
    return file


def _page(file: File) -> Page:
    assert file.page  # noqa: S101 -- MkDocs has given a page to each file that it goes over
    return file.page
