"""`mkdocs serve` with pages made when they are asked for: the one module that touches what of MkDocs has no event.

MkDocs rebuilds the whole site at each save. The previewer keeps its set-up instead, and does to the page asked for what
a build does to every page. Besides documented events and classes it uses, each for its reason:

- `mkdocs.commands.serve.build`, replaced: no event can leave out the first build;
- `mkdocs.commands.build._populate_page`, `_build_page`, `_build_theme_template`: they are what a build does to a page,
  and to the error page and the sitemap;
- `Config.user_configs`: the options of the command line, with which the configuration is loaded again;
- `Page.markdown` and `Page.meta` of pages that are not rendered: the navigation shows their titles.

All this is as in MkDocs 1.6. With any other version, `mkdocs serve` rebuilds.
"""

from __future__ import annotations

import gc
import logging
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click
import mkdocs
from lxml import html
from markupsafe import escape
from mkdocs.commands import build as stock
from mkdocs.commands import serve
from mkdocs.config import load_config
from mkdocs.structure.files import Files, InclusionLevel, get_files, set_exclusions
from mkdocs.structure.nav import Navigation, get_navigation
from mkdocs.structure.pages import Page

import parallel
from fieldguide.memory import Memory
from fieldguide.preview import faults, ondemand
from fieldguide.preview.live import Live
from fieldguide.preview.overlay import Overlay
from fieldguide.preview.serving import Serving, trial
from fieldguide.render import search
from fieldguide.render.compiled import compiled
from fieldguide.site import twins

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.files import File

    from fieldguide.memory import Stamp
    from fieldguide.problem import Problem
    from fieldguide.render.compiled import Compiled
    from fieldguide.render.pages import Outputs

    Read = Callable[[MkDocsConfig, Memory], tuple[Outputs | None, list[Problem]]]

log = logging.getLogger("mkdocs.hooks.preview")
VERSION = "1.6."
CODE = Path(__file__).resolve().parent


def take_over(read: Read, *, dirty: bool) -> Previewer | None:
    """Puts a previewer in the place of the builds of `mkdocs serve`, if that reloads pages and is known here."""
    context = click.get_current_context(silent=True)
    if dirty or not mkdocs.__version__.startswith(VERSION) or not (context and context.params.get("livereload")):
        return None
    gc.disable()  # until all that stays is there
    previewer = Previewer(read)
    serve.build = previewer.start  # type: ignore[attr-defined]
    return previewer


class Previewer:
    """The site of one `mkdocs serve`: each file is made when it is asked for, and kept until something changes."""

    config: MkDocsConfig
    serving: Serving
    overlay: Overlay
    memory: Memory
    compiled: dict[str, Compiled]
    settings: Path
    root: Path
    docs: Path
    theme_folder: Path
    pages: Sequence[File]

    def __init__(self, read: Read) -> None:
        self.read = read
        self.outputs: Outputs | None = None
        self.watched: list[Path] = []
        self.seen: Mapping[str, Stamp] = {}
        self.kept: dict[str, tuple[bytes, Sequence[Problem]]] = {}
        self.broken: list[Problem] = []
        self.problems: list[Problem] = []
        self.configured, self.finished = False, False
        self.layout: object = None
        self.files, self.nav = Files([]), Navigation([], [])
        self.addresses: dict[str, File] = {}
        self.index: dict[str, str] = {}
        self.index_of: Outputs | None = None
        self.dressed: Callable[[str, bytes], bytes] | None = None

    def start(self, config: MkDocsConfig, **_: object) -> None:
        """Takes the place of the first build: sets up, whatever is wrong with the content."""
        self.config, self.docs, self.settings = config, Path(config.docs_dir), Path(config.config_file_path).absolute()
        self.root = self.settings.parent
        self.overlay = Overlay([self.docs.parent, self.root])
        self.theme_folder = Path(config.theme.custom_dir or self.settings).absolute()
        more = [Path(path).absolute() for path in config.watch]
        self.watched = [self.docs, CODE, self.settings, self.theme_folder, *more]
        self.compiled = compiled(parallel.cache(config.plugins["fieldguide"].config.cache, "templates"))
        self.memory = Memory.load(parallel.cache(config.plugins["fieldguide"].config.cache, "memory"), self.docs)
        self.refresh()

    def serve(self, server: LiveReloadServer, config: MkDocsConfig) -> LiveReloadServer:
        """Takes the place of the server's own watching and answering."""
        server.unwatch(config.docs_dir)
        server.unwatch(config.config_file_path)
        config.watch = []
        live = Live(self, urlsplit(config.site_url or "/").path, self.overlay, self.fault)
        self.serving = Serving(server, live, self.watched, Path(config.site_dir))
        self.serving.begin()
        gc.freeze()  # what lives as long as the server is not looked through for garbage at each edit
        gc.enable()
        return server

    def fault(self, error: BaseException) -> Problem:
        """An error of code or of a template as a problem of the line that raised it."""
        return faults.problem(error, self.root)

    def refresh(self) -> bool:
        """Takes in what has changed on the disk; False if the code has, and another process is about to follow."""
        now = self.memory.look(self.watched)
        if now == self.seen:
            return True
        changed = {Path(path) for path, _ in now.items() ^ self.seen.items()}
        first, self.seen = not self.seen, now
        self.kept.clear()
        before, self.finished = self.problems, False
        try:
            if not first and any(path.suffix == ".py" and path.is_relative_to(CODE) for path in changed):
                said = trial(self.settings)
                self.broken = [faults.told(said, self.root)] if said else []
                if not self.broken:
                    self.serving.follow()
                    return False
            self.problems = [*self.broken, *self.take_in(changed)]
        except (Exception, SystemExit) as error:  # noqa: BLE001 -- whatever it is, the browser shows it
            self.problems = [*self.broken, self.fault(error)]
        if self.problems != before:
            log.error(self.overlay.report(self.problems)) if self.problems else log.info("Mended.")
        return True

    def take_in(self, changed: set[Path]) -> list[Problem]:
        """Sets up anew what depends on some files; says what is wrong with the content."""
        if not self.configured or self.settings in changed:
            self.configured, self.layout = False, None
            if wrong := self.configure():
                return wrong
            self.configured = True
        if any(path.is_relative_to(self.theme_folder) for path in changed):
            self.layout = None
        if any(path.suffix != ".md" for path in changed):
            self.dressed = None
        self.outputs, problems = self.read(self.config, self.memory)
        if self.outputs:
            self.outputs.renderer.environment.bytecode_cache = self.compiled["fieldguide"]
            titles = ondemand.titles(self.outputs, self.memory)
            others = [path for path in self.seen if not path.endswith(".md") and path.startswith(str(self.docs))]
            if (titles, others) != self.layout:
                self.layout = None
                self.lay_out(titles)
                self.layout = titles, others
        return problems

    def configure(self) -> list[Problem]:
        """Loads the configuration and the theme; says what is wrong with them."""
        with faults.heard("mkdocs", logging.ERROR) as said:
            try:
                config = load_config(config_file=str(self.settings), **parallel.user_configs(self.config)[-1])
            except (Exception, SystemExit) as error:  # noqa: BLE001 -- MkDocs raises many kinds
                return [faults.setting(" ".join([*said, str(error)]), self.settings, self.root)]
        self.config = config.plugins.on_config(config)
        self.config.plugins.on_pre_build(config=self.config)
        return []

    def lay_out(self, titles: Mapping[str, str]) -> None:
        """Lists the files and makes the navigation, as a build does before it renders a page."""
        config = self.config
        env, files = config.theme.get_env(), get_files(config)
        files.add_files_from_theme(env, config)
        self.files = config.plugins.on_files(files, config=config)
        set_exclusions(self.files, config)
        nav = get_navigation(self.files, config)
        self.nav = config.plugins.on_nav(nav, config=config, files=self.files)
        for uri, title in titles.items():
            listed = self.files.get_file_from_path(uri)
            if listed and listed.page:
                listed.page.markdown, listed.page.meta = "", {"title": escape(title)}
        self.env = config.plugins.on_env(env, config=config, files=self.files)
        self.env.bytecode_cache = self.compiled["theme"]
        self.pages = self.files.documentation_pages(inclusion=InclusionLevel.is_in_serve)
        served = {file.dest_uri: file for file in self.files if file.inclusion.value >= InclusionLevel.DRAFT.value}
        gone, self.addresses = self.addresses.keys() - served.keys(), served
        for name in gone:
            Path(config.site_dir, name).unlink(missing_ok=True)

    def answer(self, name: str) -> tuple[bytes, Sequence[Problem]] | None:
        """A file of the site with what is wrong with it; None if there is none."""
        if name not in self.kept and (made := self.make(name)):
            self.kept[name] = made
        return self.kept.get(name)

    def make(self, name: str) -> tuple[bytes, Sequence[Problem]] | None:
        file = self.addresses.get(name)
        if file and file.is_documentation_page():
            return self.page(file)
        if self.outputs is None:
            return (self.overlay.shell("No page yet"), self.problems) if name.endswith(".html") else None
        if file:
            return self.dress(name, self.content(file)), self.problems
        return self.twin(name) or self.rest(name)

    def twin(self, name: str) -> tuple[bytes, Sequence[Problem]] | None:
        """The Markdown twin of a page; None if there is no such page."""
        page = (
            self.answer(f"{name.removesuffix('.md')}.html")
            if name.endswith("/index.md") or name == "index.md"
            else None
        )
        text = twins.write_twin(html.document_fromstring(page[0])) if page else ""
        return (text.encode(), ()) if text else None

    def indexed(self, outputs: Outputs) -> dict[str, str]:
        """The search index of some content."""
        return ondemand.index(outputs, [file.src_uri for file in self.files.documentation_pages()])

    def settle(self, lock: AbstractContextManager[object]) -> None:
        """Makes what no page waits for: the search index, after which every page names it; what later starts recall."""
        outputs = self.outputs
        if outputs and outputs is not self.index_of:
            index = self.indexed(outputs)
            with lock:
                if outputs is self.outputs:
                    self.adopt(outputs, index)
                    self.answer("404.html")  # after which every page is dressed
                    self.memory.save()

    def adopt(self, outputs: Outputs, index: dict[str, str]) -> None:
        """Names what pages load after the search index of some content."""
        self.index, self.index_of, self.dressed = index, outputs, None
        self.kept.clear()

    def content(self, file: File) -> bytes:
        """What a file that is no page holds."""
        make = self.outputs.files.get(file.src_uri) if self.outputs else None
        return make().encode() if make else file.content_bytes

    def page(self, file: File) -> tuple[bytes, Sequence[Problem]]:
        """A page as a build makes it; the last good one if it cannot be made."""
        path = Path(file.abs_dest_path)
        with faults.heard("mkdocs", logging.WARNING) as said:
            try:
                self.render(file)
                source = f"{self.docs.name}/{file.src_uri}"
                problems = [*self.problems, *(faults.link(line, source, self.overlay.text(source)) for line in said)]
            except Exception as error:  # noqa: BLE001 -- whatever it is, the browser shows it
                problems = [*self.problems, self.fault(error)]
        if not path.is_file():
            return self.overlay.shell("No page yet"), problems
        return self.dress(file.dest_uri, path.read_bytes()), problems

    def render(self, file: File) -> None:
        page = file.page or Page(None, file, self.config)
        draft = file.inclusion.value <= InclusionLevel.DRAFT.value
        stock._populate_page(page, self.config, self.files)  # noqa: SLF001 -- see above
        stock._build_page(page, self.config, self.pages, self.nav, self.env, excluded=draft)  # noqa: SLF001 -- see above

    def dress(self, name: str, data: bytes) -> bytes:
        """A file as a build leaves it at its end."""
        if self.dressed is None:
            assets = {name: file for name, file in self.addresses.items() if name.startswith("assets/")}
            files = {name: partial(self.content, file) for name, file in assets.items()}
            self.dressed = ondemand.packing(self.stands_alone("404.html").read_bytes(), files, self.index)
        return self.dressed(name, data)

    def stands_alone(self, name: str) -> Path:
        """Where a template of the theme is written that stands for itself."""
        stock._build_theme_template(name, self.env, self.files, self.config, self.nav)  # noqa: SLF001 -- see above
        return Path(self.config.site_dir, name)

    def rest(self, name: str) -> tuple[bytes, Sequence[Problem]] | None:
        """Templates of the theme that stand for themselves, and what plugins write at the end of a build."""
        if name in self.config.theme.static_templates:
            path = self.stands_alone(name)
            return self.dress(name, path.read_bytes() if path.is_file() else b""), self.problems
        if (plain := ondemand.plain(name)) != name:
            return self.answer(plain)
        if name.startswith(f"{search.FOLDER}/") and self.outputs:
            if self.index_of is not self.outputs:
                self.adopt(self.outputs, self.indexed(self.outputs))
            if name in self.index:
                return self.index[name].encode(), ()
        if not self.finished:
            self.config.plugins.on_post_build(config=self.config)
            self.finished = True
        path = Path(self.config.site_dir, name)
        return (path.read_bytes(), ()) if path.is_file() and path.suffix != ".html" else None
