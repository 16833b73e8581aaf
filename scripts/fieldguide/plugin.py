"""MkDocs events, each one call deep: check the content, hand over the pages made from it, check the site."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from markupsafe import escape
from mkdocs.contrib import search as stock_search
from mkdocs.exceptions import Abort
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, Files

import parallel
import preview
from fieldguide.checks import links
from fieldguide.config import THEME_EXTRA, FieldGuideConfig
from fieldguide.guide import load_and_check
from fieldguide.memory import Memory
from fieldguide.preview import ondemand
from fieldguide.problem import ParseError
from fieldguide.render import search
from fieldguide.render.compiled import compiled
from fieldguide.render.metadata import Site
from fieldguide.render.pages import Outputs
from fieldguide.report import format_text
from fieldguide.site import assets, captions, hosting, ledger, navigation, site, twins, verbatim

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page
    from mkdocs.utils.templates import TemplateContext

    from fieldguide.problem import Problem

log = logging.getLogger("mkdocs.plugins.fieldguide")
LUNR = Path(stock_search.__file__).parent / "templates/search/lunr.js"


class FieldGuidePlugin(BasePlugin[FieldGuideConfig]):
    """Makes the pages of a guide from its content, checks both, and previews them."""

    def __init__(self) -> None:
        self.build: dict[str, Any] = {}

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Notes whether this is a build or a preview, which makes pages when they are asked for."""
        self.build.clear()
        self.build["command"], self.build["heads"] = command, {}
        self.build["preview"] = preview.take_over(self.read, dirty=dirty) if command == "serve" else None

    def on_serve(self, server: LiveReloadServer, config: MkDocsConfig, **_: Any) -> LiveReloadServer:
        """Has the preview answer."""
        return self.build["preview"].serve(server, config) if self.build["preview"] else server

    def read(self, config: MkDocsConfig, memory: Memory) -> tuple[Outputs | None, list[Problem]]:
        """The pages of the content when it was last sound, and what is wrong with it now."""
        catalog, problems = load_and_check(Path(config.docs_dir), memory, Path(config.config_file_path))
        errors = [problem for problem in problems if not problem.warning]
        if not errors:
            site_of = Site(name=config.site_name, url=config.site_url or "", cards=self.config.cards)
            self.build["outputs"] = Outputs(catalog, site_of)
        return self.build.get("outputs"), errors

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Reads and checks everything before anything is written, and stages a build beside its target."""
        self.build["nav"] = config.nav or []
        config.extra.update({**THEME_EXTRA, "report_url": self.config.report_url, **config.extra})
        parallel.leave_out_icons(config.theme)
        if not self.build["preview"]:
            self.build["memory"] = Memory.load(parallel.cache(self.config.cache, "memory"), Path(config.docs_dir))
            self.build["memory"].look([Path(config.docs_dir), preview.CODE])  # titles are made by its templates
            outputs, problems = self.read(config, self.build["memory"])
            if outputs is None:
                fail(config, problems)
            elif problems:
                log.error("The last good pages stay until this is mended:\n%s", report(config, problems))
        if self.build.get("command") == "build":
            config.validation.links.anchors = config.validation.links.not_found = logging.DEBUG  # said at the end, once
            self.build["compiled"] = compiled(parallel.cache(self.config.cache, "templates"))
            self.build["outputs"].renderer.environment.bytecode_cache = self.build["compiled"]["fieldguide"]
            self.build["target"] = Path(config.site_dir)
            config.site_dir = staged(self.build["target"])
        return config

    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        """Puts the finished text in the place of each source page and adds the generated files."""
        outputs: Outputs = self.build["outputs"]
        config.nav = navigation.expand(self.build["nav"], outputs.titles)
        for file in [file for file in files.documentation_pages() if file.src_uri not in outputs.pages]:
            files.remove(file)
        for uri, make in outputs.files.items():
            if not files.get_file_from_path(uri):
                later = self.build["preview"] or uri in outputs.pages
                files.append(File.generated(config, uri, content="" if later else make()))
        try:
            pack(files, config)
        except ParseError as error:
            if self.build["preview"]:
                raise
            fail(config, error.problems)
        return files

    def on_nav(self, nav: Navigation, files: Files, **_: Any) -> Navigation:
        """Tells pages their places, and takes the making of pages upon us, on every core."""
        navigation.place(nav)
        if self.build.get("command") == "build":
            titles = ondemand.titles(self.build["outputs"], self.build["memory"])
            self.build["memory"].save()
            self.build["pages"] = parallel.take_over(
                files, nav, titles, self.build["outputs"].draft, self.build["heads"]
            )
        return nav

    def on_env(self, env: Environment, config: MkDocsConfig, **_: Any) -> Environment:
        """Leaves the templates' own white space out of the pages, a fifth of their length, and makes the pages."""
        env.trim_blocks = env.lstrip_blocks = True
        env.policies["json.dumps_kwargs"] = {"sort_keys": True, "separators": (",", ":")}
        if "compiled" in self.build:
            env.bytecode_cache = self.build["compiled"]["theme"]
        if pages := self.build.get("pages"):
            pages.make(env, config, self.config.cache)
        return env

    def on_page_read_source(self, page: Page, **_: Any) -> str:
        """Makes the Markdown of a page when it is rendered."""
        return str(self.build["outputs"].draft(page.file.src_uri).text)

    def on_page_markdown(self, markdown: str, page: Page, **_: Any) -> str:
        """Dates a page, and spares Markdown the HTML that it would leave as it is, and the theme's search the page."""
        draft = self.build["outputs"].draft(page.file.src_uri)
        page.update_date = draft.date or page.update_date
        page.meta["search"] = {"exclude": True}
        self.build["heads"][page.file.src_uri] = draft.head
        # The navigation of every page shows it.
        page.meta["title"] = escape(draft.head.title)
        markdown, self.build["verbatim"] = verbatim.take(markdown)
        return markdown

    def on_page_content(self, html: str, page: Page, **_: Any) -> str:
        """Puts that HTML back, and tells MkDocs its ids."""
        page.present_anchor_ids = (page.present_anchor_ids or set()) | verbatim.ids(self.build["verbatim"])
        return verbatim.give_back(
            captions.add(html, self.build["heads"][page.file.src_uri].title), self.build["verbatim"]
        )

    def on_page_context(self, context: TemplateContext, page: Page, **_: Any) -> TemplateContext:
        """Gives the theme a page's metadata."""
        context["metadata"] = self.build["heads"][page.file.src_uri]  # type: ignore[typeddict-unknown-key]
        return context

    def on_post_page(self, output: str, **_: Any) -> str:
        """Leaves out white space that templates and content have at the beginning of lines."""
        return hosting.plain(output)

    def on_post_build(self, config: MkDocsConfig) -> None:
        """Adds the Markdown twins, fails a build with broken links or lost addresses, and readies it for hosts."""
        if self.build["preview"]:
            return
        root = Path(config.site_dir)
        site.write(root, search.files(self.build["outputs"].catalog, self.build["heads"]))
        if "target" in self.build:
            pages = site.read(root, self.build["pages"].built if self.build.get("pages") else {})
            # To MkDocs any `.md` file is a page, so that these cannot be among its files.
            site.write(root, {name: partial(str, text) for name, text in twins.list_twins(pages).items()})
            broken = site.broken_links(root, pages, urlsplit(config.site_url or "/").path)
            broken = list(map(links.sourced(self.build["outputs"].catalog, Path(config.docs_dir).name), broken))
            fail(config, [*broken, *ledger.lost(Path(config.docs_dir), pages), *hosting.refused(pages)])
            if self.config.cards:
                from fieldguide.render import cards  # noqa: PLC0415 -- a preview draws none, and what draws them loads slowly

                outputs = self.build["outputs"]
                mark, kept = config.theme.get("logo") or "", parallel.cache(self.config.cache, "cards")
                press = cards.Press(outputs.renderer, outputs.site, root, mark, kept)
                press.write(list(self.build["heads"].values()), root)
            hosting.prepare(root, pages, config.site_url or "")
            self.build["complete"] = True

    def on_build_error(self, **_: Any) -> None:
        """Leaves the last good site alone: strict mode fails a build after its last event."""
        self.build.pop("complete", None)
        if pages := self.build.pop("pages", None):
            pages.give_back()

    def on_shutdown(self) -> None:
        """Puts a complete build in the place of the last one."""
        if pages := self.build.pop("pages", None):
            pages.give_back()
        if self.build.get("complete"):
            site.replace(self.build["target"])


def staged(target: Path) -> str:
    """The folder in which the next site is made, beside the last one."""
    folder = site.staging(target)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Abort(f"{target} cannot be written: {str(error.strerror).lower()}") from None
    return str(folder)


def pack(files: Files, config: MkDocsConfig) -> None:
    """Puts what pages load into fewer and smaller files."""
    root = Path(config.config_file_path).parent
    found = {file.src_uri: file for file in files if assets.is_packed(file.src_uri)}
    texts = {uri: file.content_string for uri, file in found.items() if not uri.endswith(".map")}
    paths = {uri: source(file, root) for uri, file in found.items()}
    lunr = LUNR.read_text(encoding="utf-8")
    packed = assets.pack_assets({**texts, assets.LUNR: lunr}, {**paths, assets.LUNR: LUNR.name})
    for file in found.values():
        files.remove(file)
    for uri, text in packed.items():
        files.append(File.generated(config, uri, content=text))


def source(file: File, root: Path) -> str:
    """Where an editor finds a file."""
    path = Path(file.abs_src_path or file.src_uri)
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else file.src_uri


def fail(config: MkDocsConfig, problems: Sequence[Problem]) -> None:
    """Ends the run with a report, if there is anything to report."""
    if problems:
        raise Abort(report(config, problems))


def report(config: MkDocsConfig, problems: Sequence[Problem]) -> str:
    """Problems with their lines."""
    return format_text(problems, Path(config.docs_dir).parent)
