"""A catalog to everything that is published: finished Markdown pages, redirects and files for programs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING

from markupsafe import Markup

from fieldguide import urls
from fieldguide.formats import escape_markdown
from fieldguide.model import folded
from fieldguide.render import data, feed, search
from fieldguide.render.metadata import UNNAMED, Metadata, Site, describe_page
from fieldguide.render.page_types import make_pages
from fieldguide.render.renderer import Renderer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fieldguide.catalog import Catalog
    from fieldguide.render.page_types import SitePage


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A page's Markdown, its metadata, and the day on which it last changed, if that is known."""

    text: str
    head: Metadata
    date: str


class Outputs:
    """The files of one catalog; each is made when it is asked for, from the catalog alone."""

    def __init__(self, catalog: Catalog, site: Site = UNNAMED, renderer: Renderer | None = None) -> None:
        self.catalog, self.site = catalog, site
        self.renderer = renderer or Renderer(catalog, site)

    @cached_property
    def pages(self) -> dict[str, SitePage]:
        """Return every page by its file, relative to `docs/`."""
        return make_pages(self.catalog)

    @cached_property
    def files(self) -> dict[str, Callable[[], str]]:
        """Return every published file, relative to `docs/`, with the function that makes its text."""
        pages = {uri: partial(self.renderer.render_page, page) for uri, page in self.pages.items()}
        return {**pages, **self.stubs, **self.data}

    @cached_property
    def draft(self) -> Callable[[str], Draft]:
        """Return what makes the draft of a page; the last one is kept, since it is asked for more than once."""
        return lru_cache(maxsize=1)(self._draft)

    def _draft(self, uri: str) -> Draft:
        page = self.pages[uri]
        return Draft(text=self.renderer.render_page(page), head=self.head(uri), date=page.modified)

    def head(self, uri: str) -> Metadata:
        """Return what a page says of itself."""
        return describe_page(self.site, self.pages[uri])

    @cached_property
    def titles(self) -> dict[str, str]:
        """Return the pages that folders in a navigation stand for with their titles, in order of place, then title."""
        catalog = self.catalog
        titles = {urls.entry(catalog, e): (0, e.title) for e in catalog.entries.values() if e.page}
        titles |= {uri: (page.order, page.title) for uri, page in catalog.pages.items()}
        titles |= {urls.article(a.id): (0, a.publisher) for a in catalog.articles.values()}
        ordered = sorted(titles.items(), key=lambda item: (item[1][0], folded(item[1][1])))
        return {uri: title for uri, (_, title) in ordered}

    def search_index(self, order: Iterable[str]) -> dict[str, str]:
        """Return the files of the search index, relative to the built site, with pages in an order."""
        return search.build_index(self.catalog, [self.pages[uri] for uri in order])

    @cached_property
    def redirects(self) -> dict[str, str]:
        """Return old addresses with new ones: the reverse of each comparison, and what the editors have moved."""
        reverse = {f"/compare/{b}-vs-{a}/": f"/compare/{a}-vs-{b}/" for a, b in self.catalog.pairs}
        return {**reverse, **self.catalog.redirects}

    @cached_property
    def stubs(self) -> dict[str, Callable[[], str]]:
        """Return pages that lead on, for hosts that read no `_redirects`."""
        return {f"{old.lstrip('/')}index.html": partial(self._stub, old) for old in self.redirects}

    def _stub(self, old: str) -> str:
        target = urls.relative(self.redirects[old].lstrip("/"), old.lstrip("/"))
        return self.renderer.render_file("redirect.html.j2", target=target)

    @cached_property
    def data(self) -> dict[str, Callable[[], str]]:
        """Return the files for programs, and the style sheet that depends on the vocabulary."""
        files = data.list_files(self.catalog)
        if self.site.twins:
            files["llms.txt"] = self._llms
        if self.site.has_feed(self.catalog):
            files["feed.xml"] = self._feed
        files["assets/kinds.css"] = partial(self.renderer.render_file, "kinds.css.j2")
        files["_redirects"] = self._redirects
        return files

    def _feed(self) -> str:
        return self.renderer.render_file("feed.xml.j2", items=feed.list_items(self.catalog, self.site))

    def _llms(self) -> str:
        """Return the index of all Markdown twins, in the form of llmstxt.org."""
        environment = self.renderer.environment.overlay(finalize=_to_markdown)
        environment.filters = {**environment.filters, "twin": _find_twin}
        home = self.catalog.pages.get(urls.HOME)
        template = environment.get_template("llms.md.j2")
        return template.render(site=self.site, urls=urls, summary=home.summary if home else "") + "\n"

    def _redirects(self) -> str:
        return "".join(f"{old} {new} 301\n" for old, new in self.redirects.items())


def _to_markdown(value: object) -> Markup:
    """Return a value of a template as text in Markdown, and what is Markdown as it is."""
    return value if isinstance(value, Markup) else Markup(escape_markdown(str(value)))  # noqa: S704 -- escaped


def _find_twin(uri: str) -> Markup:
    """Return the address of a page's twin from the site's root."""
    return Markup(f"{urls.url(uri)}index.md")  # noqa: S704 -- made of file names
