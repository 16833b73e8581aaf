"""The MkDocs plugin: its events, each one call deep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority
from mkdocs.structure.files import Files

from fieldguide.config import THEME_EXTRA, FieldGuideConfig
from fieldguide.preview.server import find_options, serve_preview
from fieldguide.problem import ParseError
from fieldguide.site.builder import SiteBuilder, fail, start_build
from fieldguide.site.html import strip_space

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page
    from mkdocs.utils.templates import TemplateContext

# Before and after all other plugins.
FIRST, LAST = 100, -100


class FieldGuidePlugin(BasePlugin[FieldGuideConfig]):
    """Publishes a guide: in a build all at once, in a preview each page when it is asked for."""

    def __init__(self) -> None:
        self.command = "build"
        self.builder: SiteBuilder | None = None
        # The options of `mkdocs serve`, if that shows a preview.
        self.serve_options: dict[str, Any] | None = None

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Note whether this is a build or a preview."""
        self.command = command
        self.serve_options = find_options() if command == "serve" and not dirty else None

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Read and check everything before anything is written; the build that begins a preview is empty."""
        config.extra.update({**THEME_EXTRA, "report_url": self.config.report_url, **config.extra})
        if self.serve_options is None:
            self.builder = start_build(config, self.config)
            if self.command != "serve":
                self.builder.stage()
        elif self.builder is None:
            config.nav, config.theme.static_templates = [], set()
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Put finished pages in place of their sources, and add the files that are made."""
        if self.builder is None:
            return Files([])
        try:
            return self.builder.replace_files(files)
        except ParseError as error:
            if self.serve_options is None:
                fail(config, error.problems)
            raise

    @event_priority(LAST)
    def on_nav(self, nav: Navigation, *, files: Files, **_: Any) -> Navigation:
        """Take the pages out of MkDocs' own loop."""
        if self.builder:
            self.builder.take_pages(nav, files)
        return nav

    @event_priority(LAST)
    def on_env(self, env: Environment, **_: Any) -> Environment:
        """Set up the templates of the theme, and make the pages of a build."""
        if self.builder:
            self.builder.set_up_theme(env)
            if self.serve_options is None:
                self.builder.make_pages()
        return env

    def on_template_context(self, context: TemplateContext, **_: Any) -> TemplateContext:
        """List the pages for the sitemap."""
        if self.builder and self.builder.pages:
            context["pages"] = self.builder.pages
        return context

    def on_page_read_source(self, *, page: Page, **_: Any) -> str | None:
        """Make the Markdown of a page."""
        draft = self.builder and self.builder.find_draft(page.file)
        return draft.text if draft else None

    def on_page_markdown(self, markdown: str, *, page: Page, **_: Any) -> str:
        """Date a page, and spare Markdown the HTML that it would leave as it is, and the theme's search the page."""
        return self.builder.prepare_markdown(markdown, page) if self.builder else markdown

    def on_page_content(self, html: str, *, page: Page, **_: Any) -> str:
        """Put that HTML back."""
        return self.builder.complete_content(html, page) if self.builder else html

    def on_page_context(self, context: TemplateContext, *, page: Page, **_: Any) -> TemplateContext:
        """Give the theme a page's metadata."""
        draft = self.builder and self.builder.find_draft(page.file)
        if draft:
            context["metadata"] = draft.head  # type: ignore[typeddict-unknown-key]
        return context

    def on_post_page(self, output: str, **_: Any) -> str:
        """Leave out white space at the beginning of lines."""
        return strip_space(output)

    @event_priority(FIRST)
    def _give_pages_back(self, **_: Any) -> None:
        if self.builder:
            self.builder.give_pages_back()

    @event_priority(LAST)
    def _finish(self, **_: Any) -> None:
        if self.builder and self.serve_options is None:
            self.builder.finish()

    on_post_build = CombinedEvent(_give_pages_back, _finish)  # type: ignore[arg-type]

    def on_build_error(self, **_: Any) -> None:
        """Leave the last good site alone: strict mode fails a build after its last event."""
        if self.builder:
            self.builder.is_complete = False

    def on_shutdown(self) -> None:
        """Put a complete build in the place of the last one."""
        if self.builder:
            self.builder.publish()

    @event_priority(FIRST)
    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, **_: Any) -> LiveReloadServer:
        """Have the preview answer."""
        return server if self.serve_options is None else serve_preview(server, config, self.serve_options)
