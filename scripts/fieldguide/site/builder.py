"""Build the site of a guide through the public interface of MkDocs 1.6.

Pages do not depend on one another, so they leave MkDocs' own loop: once the navigation holds them they are taken out of
its files, and are made on every core by `render_page`, which does to a page what MkDocs does. A page is kept for later
builds under all that it is made from. Where another plugin takes part in making pages, MkDocs' own loop makes them.

This relies on MkDocs in what its documentation does not promise:

- the navigation keeps its pages when their files are removed from `Files`, and the events around all pages come in the
  order nav, pages, env, static files, templates, post_build;
- `mkdocs.commands.build.get_context` makes the context of a page or template from its arguments alone;
- `Page.markdown`, `Page.meta`, `Page.active` and `Page.update_date` may be set, and the navigation shows
  `Page.meta["title"]` of a page that is not rendered;
- a plugin has an attribute `on_<event>` for the events in which it takes part, and for no others.
"""

from __future__ import annotations

import gzip
import json
import logging
import pickle
import sys
import sysconfig
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from markupsafe import escape
from mkdocs.commands.build import get_context
from mkdocs.contrib import search as stock_search
from mkdocs.exceptions import Abort
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.utils import get_build_timestamp, get_relative_url, is_error_template

from fieldguide.cache import CODE, STATES, BlobCache, describe_code, describe_files
from fieldguide.guide import load_and_check
from fieldguide.parallel import parallel_map
from fieldguide.render.metadata import Site
from fieldguide.render.pages import Outputs
from fieldguide.render.renderer import TemplateCache
from fieldguide.report import format_text
from fieldguide.site import assets, hosting, html, ledger, links, twins
from fieldguide.source.document_cache import DocumentCache

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.nav import Navigation

    from fieldguide.catalog import Catalog
    from fieldguide.config import FieldGuideConfig
    from fieldguide.problem import Problem
    from fieldguide.render.metadata import Metadata
    from fieldguide.render.pages import Draft
    from fieldguide.site.html import BuiltPage

log = logging.getLogger("mkdocs.plugins.fieldguide")
LUNR = Path(stock_search.__file__).parent / "templates/search/lunr.js"
# Plugins whose part in making a page is known: search, which leaves our pages out, and this one.
KNOWN_PLUGINS = {"fieldguide", "search", "material/search"}
PAGE_EVENTS = ("env", "pre_page", "page_read_source", "page_markdown", "page_content", "page_context", "post_page")
# Markdown extensions that put other files into a page.
INCLUDING = {"pymdownx.snippets", "pymdownx.b64", "markdown_include.include", "mdx_include.mdx_include"}
NOT_KEPT = "Pages are made one after another, and none is kept for later builds, because of plugins"
ALONE = "Each page is made on its own, without what plugins collect from all pages"
DRAFT_MARK = '<div class="mkdocs-draft-marker" title="This page will not be included into the built site.">DRAFT</div>'


class SiteBuilder:
    """One site while MkDocs builds it, or as long as a preview shows it.

    A preview makes a page when it is asked for, and has the builder use the new content after an edit.
    """

    outputs: Outputs
    nav: Navigation
    env: Environment

    def __init__(self, config: MkDocsConfig, options: FieldGuideConfig, *, preview: bool = False) -> None:
        self.config, self.options, self.preview = config, options, preview
        self.nav_settings = config.nav
        validation = config.validation.links
        validation.anchors = validation.not_found = logging.DEBUG  # checks tell it
        self.target: Path | None = None
        self.template_cache = TemplateCache(self.open_cache("templates", describe_code()))
        self.titles: dict[str, str] = {}
        self.heads: dict[str, Metadata] = {}
        self.built: dict[str, BuiltPage] = {}
        self.mkdocs_files = self.files = Files([])
        self.pages: list[File] = []
        self.html_blocks: list[str] = []
        self.is_complete = False

    def open_cache(self, name: str, basis: object) -> BlobCache:
        """Return the cache of some name, which keeps nothing if the settings name no folder."""
        return BlobCache(self.options.find_cache(name), basis)

    def use(self, catalog: Catalog) -> None:
        """Make pages from some content from now on."""
        config = self.config
        facts = Site(name=config.site_name, url=config.site_url or "", cards=self.options.cards)
        self.outputs = Outputs(catalog, facts)
        self.outputs.renderer.environment.bytecode_cache = self.template_cache
        self.titles = {uri: page.title for uri, page in self.outputs.pages.items()}

    def stage(self) -> None:
        """Have MkDocs build beside the last site, which stays until the new one is complete."""
        self.target = Path(self.config.site_dir)
        folder = hosting.name_staging(self.target)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Abort(f"{self.target} cannot be written: {str(error.strerror).lower()}") from None
        self.config.site_dir = str(folder)

    def publish(self) -> None:
        """Put a complete site in the place of the last one."""
        if self.is_complete and self.target:
            hosting.replace_site(self.target)
            self.config.site_dir = str(self.target)

    def replace_files(self, files: Files) -> Files:
        """Put the finished pages in place of their sources, and add the other files that are made."""
        outputs = self.outputs
        if self.nav_settings is not None:
            self.config.nav = expand_nav(self.nav_settings, outputs.titles)
        for file in files.documentation_pages():
            if file.src_dir == self.config.docs_dir and file.src_uri not in outputs.pages:
                files.remove(file)
        for uri, make in outputs.files.items():
            if not files.get_file_from_path(uri):
                content = "" if self.preview or uri in outputs.pages else make()
                files.append(File.generated(self.config, uri, content=content))
        self._pack_assets(files)
        return files

    def _pack_assets(self, files: Files) -> None:
        """Put what pages load into fewer and smaller files; raise ParseError."""
        root = Path(self.config.config_file_path).parent
        found = {file.src_uri: file for file in files if assets.is_packed(file.src_uri)}
        texts = {uri: file.content_string for uri, file in found.items() if not uri.endswith(".map")}
        paths = {uri: _source_path(file, root) for uri, file in found.items()}
        texts[assets.LUNR], paths[assets.LUNR] = LUNR.read_text(encoding="utf-8"), LUNR.name
        packed = assets.pack_assets(texts, paths, _list_settings(self.config))
        for file in found.values():
            files.remove(file)
        for uri, text in packed.items():
            files.append(File.generated(self.config, uri, content=text))

    def take_pages(self, nav: Navigation, files: Files) -> None:
        """Take the pages out of MkDocs' files, to make them in `make_pages`, unless other plugins take part in that."""
        self.nav = nav
        number_siblings(nav)
        if plugins := list_page_plugins(self.config):
            names = ", ".join(f"'{name}'" for name in plugins)
            log.info("%s: %s", ALONE if self.preview else NOT_KEPT, names)
        if plugins and not self.preview:
            return
        is_shown = InclusionLevel.is_in_serve if self.preview else InclusionLevel.is_included
        self.mkdocs_files, self.files = files, Files(files)
        self.pages = [*files.documentation_pages(inclusion=is_shown)]
        for file in self.pages:
            page = file.page or Page(None, file, self.config)
            if title := self.titles.get(file.src_uri):
                page.markdown, page.meta = "", {"title": escape(title)}
            elif file.src_uri not in self.outputs.pages:
                page.read_source(self.config)
            if not self.preview:
                files.remove(file)

    def give_pages_back(self) -> None:
        """Let the other plugins see the pages again once MkDocs has gone over its files."""
        for file in self.pages:
            if not self.mkdocs_files.get_file_from_path(file.src_uri):
                self.mkdocs_files.append(file)

    def set_up_theme(self, env: Environment) -> None:
        """Leave the templates' own white space out of pages, a fifth of their length, and keep their code."""
        self.env = env
        env.trim_blocks = env.lstrip_blocks = True
        env.policies["json.dumps_kwargs"] = {"sort_keys": True, "separators": (",", ":")}
        env.bytecode_cache = self.template_cache

    def make_pages(self) -> None:
        """Make and write the pages that were taken, on every core, but for those that are kept."""
        cache = self.open_cache("pages", self._describe_site())
        if reading := INCLUDING.intersection(self.config.markdown_extensions):
            log.info("No page is kept for later builds, because of Markdown extensions: %s", ", ".join(sorted(reading)))
            cache = BlobCache(None, "")

        def make_share(numbers: Sequence[int]) -> list[tuple[Draft | None, BuiltPage, list[tuple[int, str]]]]:
            return [self._make_page(self.pages[number], cache) for number in numbers]

        made = (page for share in parallel_map(make_share, range(len(self.pages)), "Pages") for page in share)
        for file, (draft, built, messages) in zip(self.pages, made, strict=True):
            self.built[file.dest_uri] = built
            if draft and file.page:
                self.heads[file.src_uri] = draft.head
                file.page.update_date = draft.date or file.page.update_date
            for level, message in messages:
                logging.getLogger("mkdocs").log(level, message)
        cache.prune(STATES * len(self.pages))

    def _make_page(self, file: File, cache: BlobCache) -> tuple[Draft | None, BuiltPage, list[tuple[int, str]]]:
        """Write a page; return what it was made from, without the text, what it holds and what was logged."""
        draft = self.find_draft(file)
        source = f"{draft.head}\0{draft.text}" if draft else file.content_string

        def render() -> bytes:
            with capture_logs(logging.INFO) as messages:
                data = self.render_page(file)
            return pickle.dumps((data, links.read_page(data), messages))

        data, built, messages = pickle.loads(cache.get_or_compute(f"{file.src_uri}\0{source}", render))  # noqa: S301 -- ours
        path = Path(file.abs_dest_path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return draft and replace(draft, text=""), built, messages

    def render_page(self, file: File) -> bytes:
        """Return the HTML of a page, made as MkDocs makes it."""
        config, events = self.config, self.config.plugins
        page = file.page or Page(None, file, config)
        page = events.on_pre_page(page, config=config, files=self.files)
        page.read_source(config)
        page.markdown = events.on_page_markdown(page.markdown or "", page=page, config=config, files=self.files)
        page.render(config, self.files)
        page.content = events.on_page_content(page.content or "", page=page, config=config, files=self.files)
        page.active = True
        try:
            context = get_context(self.nav, self.pages, config, page)
            template = self.env.get_template(page.meta.get("template", "main.html"))
            context = events.on_page_context(context, page=page, config=config, nav=self.nav)
            if file.inclusion.is_excluded():
                page.content = DRAFT_MARK + page.content
            html = events.on_post_page(template.render(context), page=page, config=config)
        finally:
            page.active = False
        return html.encode("utf-8", errors="xmlcharrefreplace")

    def render_template(self, name: str) -> bytes:
        """Return what a template of the theme that is no page makes, as MkDocs makes it."""
        config, events = self.config, self.config.plugins
        template = events.on_pre_template(self.env.get_template(name), template_name=name, config=config)
        base = urlsplit(config.site_url or "/").path if is_error_template(name) else get_relative_url(".", name)
        context = get_context(self.nav, self.files, config, base_url=base)
        context = events.on_template_context(context, template_name=name, config=config)
        text = template.render(context)
        return events.on_post_template(text, template_name=name, config=config).encode()

    def find_draft(self, file: File) -> Draft | None:
        """Return what a page is made from; None for a page that another plugin has added."""
        return self.outputs.draft(file.src_uri) if file.src_uri in self.outputs.pages else None

    def prepare_markdown(self, markdown: str, page: Page) -> str:
        """Date a page and name it, and take out the HTML that Markdown would leave as it is."""
        draft = self.find_draft(page.file)
        if draft is None:
            return markdown
        self.heads[page.file.src_uri] = draft.head
        page.update_date = draft.date or page.update_date
        page.meta["title"] = escape(draft.head.title)
        page.meta["search"] = {"exclude": True}  # the guide has an index of its own
        markdown, self.html_blocks = html.take_blocks(markdown)
        return markdown

    def complete_content(self, content: str, page: Page) -> str:
        """Put back the HTML that was taken out, and give tables their captions."""
        draft = self.find_draft(page.file)
        if draft is None:
            return content
        return html.put_blocks_back(html.describe_tables(content, draft.head.title), self.html_blocks)

    def _describe_site(self) -> list[object]:
        """Return all that every page is made from."""
        config, theme = self.config, self.config.theme
        apart = {"site_dir", "strict", "plugins", "theme"}
        settings = {key: value for key, value in config.items() if key not in apart}
        plugins = {name: getattr(plugin, "config", None) for name, plugin in config.plugins.items()}
        return [
            describe_code(),
            describe_files([*map(Path, filter(None, [theme.custom_dir])), *_local_modules()]),
            Path(config.config_file_path).read_bytes(),
            json.dumps([settings, plugins, dict(theme)], default=_describe_object, skipkeys=True),
            sorted(
                (file.src_uri, file.dest_uri, str(file.page and file.page.meta.get("title"))) for file in self.files
            ),
            str(self.nav),
        ]

    def finish(self) -> None:
        """Add what is made from all pages, fail on what is wrong with the site, and make it ready for hosts."""
        root, config, outputs = Path(self.config.site_dir), self.config, self.outputs
        if self.pages:
            self._compress_sitemap(root / "sitemap.xml")
        links.write_files(root, outputs.search_index(self.heads))
        pages = links.read_pages(root, self.built)
        # To MkDocs any `.md` file is a page, so that these cannot be among its files.
        links.write_files(root, twins.list_twins(pages))
        broken = links.check_links(root, pages, urlsplit(config.site_url or "/").path, outputs.catalog)
        fail(config, [*broken, *ledger.check_addresses(Path(config.docs_dir), pages), *hosting.check_inline(pages)])
        if self.options.cards:
            self._draw_cards(root)
        hosting.prepare_site(root, pages, config.site_url or "")
        self.template_cache.prune()
        self.is_complete = True

    def _compress_sitemap(self, path: Path) -> None:
        """Write the compressed sitemap again, which MkDocs dates by the pages that it knows of."""
        if path.exists():
            packed = path.with_name(f"{path.name}.gz")
            time = get_build_timestamp(pages=[file.page for file in self.pages if file.page])
            with packed.open("wb") as file, gzip.GzipFile(str(packed), "wb", fileobj=file, mtime=time) as stream:
                stream.write(path.read_bytes())

    def _draw_cards(self, root: Path) -> None:
        from fieldguide.render import cards  # noqa: PLC0415 -- what draws them loads slowly, and a preview draws none

        logo, folder = self.config.theme.get("logo") or "", self.options.find_cache("cards")
        cards.CardRenderer(self.outputs.renderer, root, logo, folder).write(self.outputs.pages, root)


def start_build(config: MkDocsConfig, options: FieldGuideConfig) -> SiteBuilder:
    """Load and check a guide, ending the run if there is any problem; return what builds its site."""
    docs = Path(config.docs_dir)
    documents = DocumentCache.load(options.find_cache("documents"), docs)
    documents.scan([docs])
    catalog, problems = load_and_check(docs, documents, Path(config.config_file_path))
    documents.save()
    fail(config, [problem for problem in problems if not problem.warning])
    builder = SiteBuilder(config, options)
    builder.use(catalog)
    return builder


def list_page_plugins(config: MkDocsConfig) -> list[str]:
    """Return the names of the plugins and hooks that take part in making pages, but for those known here."""
    return [
        name
        for name, plugin in config.plugins.items()
        if name not in KNOWN_PLUGINS and any(hasattr(plugin, f"on_{event}") for event in PAGE_EVENTS)
    ]


@contextmanager
def capture_logs(level: int) -> Iterator[list[tuple[int, str]]]:
    """Collect what MkDocs and plugins log meanwhile, at a level or above, in place of printing it."""
    messages: list[tuple[int, str]] = []
    handler = logging.Handler(level)
    handler.emit = lambda record: messages.append((record.levelno, record.getMessage()))  # type: ignore[method-assign]
    logger = logging.getLogger("mkdocs")
    handlers, logger.handlers = logger.handlers, [handler]
    try:
        yield messages
    finally:
        logger.handlers = handlers


def fail(config: MkDocsConfig, problems: Sequence[Problem]) -> None:
    """End the run with a report, if there is any problem."""
    if problems:
        raise Abort(format_text(problems, Path(config.docs_dir).parent))


def expand_nav(items: Iterable[Any], titles: Mapping[str, str]) -> list[Any]:
    """Return a navigation with each address that ends in `/` replaced by its index page and the pages beside it."""

    def expand(target: Any) -> Any:
        if isinstance(target, list):
            return expand_nav(target, titles)
        if isinstance(target, str) and target.endswith("/"):
            index = f"{target}index.md"
            beside = [uri for uri in titles if uri.startswith(target) and uri.count("/") == 1 and uri != index]
            return [index, *beside]
        return target

    return [{label: expand(item[label]) for label in item} if isinstance(item, dict) else item for item in items]


def number_siblings(nav: Navigation) -> None:
    """Give each page its place among those beside it, which templates cannot find quickly."""
    for page in nav.pages:
        for place, sibling in enumerate(page.parent.children if page.parent and not hasattr(page, "place") else ()):
            sibling.place = place  # type: ignore[attr-defined]


def _describe_object(value: Any) -> Any:
    """Return a setting that JSON does not know as data that is the same in each run."""
    return dict(value) if isinstance(value, Mapping) else getattr(value, "__qualname__", type(value).__qualname__)


def _local_modules() -> Iterator[Path]:
    """Yield the files of other loaded modules that belong to no installed package: hooks, and packages being edited."""
    paths = sysconfig.get_paths()
    known = str(CODE), *(paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib"))
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and name != "__main__" and not file.startswith(known):
            yield Path(file)


def _list_settings(config: MkDocsConfig) -> set[str]:
    """Return the names of all plugins, Markdown extensions and their options, and features of the theme that are on."""
    plugins = {name.rpartition("/")[2] for name in config.plugins}
    options = {name for options in config.mdx_configs.values() for name, value in options.items() if value}
    keys = {"repo_url"} if config.repo_url else set()
    return {*plugins, *options, *keys, *config.markdown_extensions, *config.theme.get("features", []), *config.extra}


def _source_path(file: File, root: Path) -> str:
    """Return where an editor finds a file."""
    path = Path(file.abs_src_path or file.src_uri)
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else file.src_uri
