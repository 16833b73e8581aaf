"""The site of one `mkdocs serve`: each file is made when it is asked for, and kept until something changes.

After an edit a page is shown at once, from what could be read, and what is wrong with the content follows. Where a page
cannot be made, or a file cannot be read, the last good page stays.
"""

from __future__ import annotations

import gc
import logging
import posixpath
import re
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import html
from mkdocs.config import load_config
from mkdocs.structure.files import InclusionLevel, get_files, set_exclusions
from mkdocs.structure.nav import get_navigation

from fieldguide.cache import CODE
from fieldguide.guide import check_guide, load_guide
from fieldguide.parallel import run_in_child
from fieldguide.preview.overlay import Overlay
from fieldguide.render import search
from fieldguide.site import hosting, links, twins
from fieldguide.site.builder import SiteBuilder, capture_logs
from fieldguide.source.document_cache import DocumentCache

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File

    from fieldguide.guide import Guide
    from fieldguide.problem import Problem
    from fieldguide.render.pages import Outputs

log = logging.getLogger("mkdocs.plugins.fieldguide")
FINGERPRINT = re.compile(r"(?<=^assets/)([^/.]+)\.[0-9a-f]{8}(?=[./])")
# What a file holds, and what is wrong with it beside what is wrong with the content.
Answer = tuple[bytes, list["Problem"]]


class Preview:
    """What is shown now, and what is wrong with it: with the code, the settings or templates, and the content."""

    def __init__(self, config: MkDocsConfig, options: dict[str, Any]) -> None:
        self.config, self.options = config, {**options, "site_dir": config.site_dir}
        self.docs, self.settings = Path(config.docs_dir), Path(config.config_file_path).absolute()
        self.overlay = Overlay(self.settings.parent, self.docs.parent)
        self.theme_folder = Path(config.theme.custom_dir or self.settings).absolute()
        hooks = [self.settings.parent / name for name in config.hooks]
        self.watched = [self.docs, CODE, self.settings, self.theme_folder, *hooks]
        plugin: Any = config.plugins["fieldguide"]
        self.documents = DocumentCache.load(plugin.config.find_cache("documents"), self.docs)
        self.seen: Mapping[str, object] = {}
        self.builder: SiteBuilder | None = None
        self.guide: Guide | None = None
        self.is_checked = self.has_new_code = self.is_finished = self.has_failed = False
        self.code_problems: list[Problem] = []
        self.faults: list[Problem] = []
        self.unread: list[Problem] = []
        self.found: list[Problem] = []
        self.reported: list[Problem] = []
        self.layout: object = None
        self.addresses: dict[str, File] = {}
        self.kept: dict[str, Answer] = {}
        self.good: dict[str, bytes] = {}
        self.index: dict[str, str] = {}
        self.index_of: Outputs | None = None
        self.postprocess: Callable[[str, bytes], bytes] | None = None

    @property
    def problems(self) -> list[Problem]:
        """All that is wrong, as far as it is known."""
        return [*self.code_problems, *self.faults, *self.unread, *self.found]

    @property
    def outputs(self) -> Outputs | None:
        """The pages of the content when it could be read last."""
        return getattr(self.builder, "outputs", None)

    def refresh(self) -> None:
        """Take in what has changed on the disk."""
        now = self.documents.scan(self.watched)
        if now == self.seen:
            return
        changed = {Path(path) for path, _ in now.items() ^ self.seen.items()}
        self.has_new_code |= bool(self.seen) and any(path.suffix == ".py" for path in changed)
        self.seen = now
        self.kept.clear()
        self.has_failed = self.is_finished = False
        try:
            self.faults = self._take_in(changed)
        except (Exception, SystemExit) as error:  # noqa: BLE001 -- whatever it is, the browser shows it
            self.faults = [self.overlay.locate(error)]
        self._report()

    def _take_in(self, changed: set[Path]) -> list[Problem]:
        """Set up anew what depends on some files; return what is wrong with the settings."""
        if self.builder is None or self.faults or self.settings in changed:
            self.layout = None
            if problems := self._configure():
                return problems
        if any(path.is_relative_to(self.theme_folder) for path in changed):
            self.layout = None
        if any(path.suffix != ".md" for path in changed):
            self.postprocess = None
        if self.guide is None or any(path.is_relative_to(self.docs) or path == self.settings for path in changed):
            self.guide, self.is_checked = load_guide(self.docs, self.documents, self.settings), False
            self.unread = [problem for problem in self.guide.unread if not problem.warning]
        if self.builder and not self.unread:
            self.builder.use(self.guide.catalog)
            others = [path for path in self.seen if not path.endswith(".md") and path.startswith(str(self.docs))]
            if (self.builder.titles, others) != self.layout:
                self.layout = None
                self._build_nav()
                self.layout = self.builder.titles, others
        return []

    def _configure(self) -> list[Problem]:
        """Load the settings and the theme; return what is wrong with them."""
        with capture_logs(logging.ERROR) as messages:
            try:
                config = load_config(config_file=str(self.settings), **self.options)
            except (Exception, SystemExit) as error:  # noqa: BLE001 -- MkDocs raises many kinds
                said = " ".join([*(message for _, message in messages), str(error)])
                return [self.overlay.locate_setting(said, self.settings)]
        plugin: Any = config.plugins["fieldguide"]
        builder = plugin.builder = SiteBuilder(config, plugin.config, preview=True)
        self.config = builder.config = config.plugins.on_config(config)
        self.config.plugins.on_pre_build(config=self.config)
        self.builder, self.guide = builder, None
        return []

    def _build_nav(self) -> None:
        """List the files and make the navigation, as a build does before it renders a page."""
        config, events = self.config, self.config.plugins
        env, files = config.theme.get_env(), get_files(config)
        files.add_files_from_theme(env, config)
        files = events.on_files(files, config=config)
        set_exclusions(files, config)
        events.on_nav(get_navigation(files, config), config=config, files=files)
        events.on_env(env, config=config, files=files)
        served = {file.dest_uri: file for file in files if InclusionLevel.is_in_serve(file.inclusion)}
        for name in self.addresses.keys() - served.keys():
            self.good.pop(name, None)
        self.addresses = served

    def _report(self) -> None:
        """Tell the terminal when what is wrong has changed."""
        if self.problems != self.reported:
            log.error(self.overlay.report(self.problems)) if self.problems else log.info("Mended.")
            self.reported = self.problems

    def set_code_problem(self, output: str) -> bool:
        """Take in what Python says of new code; return whether anything is wrong with it."""
        self.has_new_code = False
        self.code_problems = [self.overlay.parse_traceback(output)] if output else []
        self._report()
        return bool(output)

    def check(self, lock: AbstractContextManager[object]) -> None:
        """Check the content, which no page waits for."""
        guide = self.guide
        if guide is None or self.is_checked:
            return
        try:
            problems = run_in_child(partial(check_guide, guide))
        except Exception as error:  # noqa: BLE001 -- whatever it is, the browser shows it
            problems = [self.overlay.locate(error)]
        with lock:
            if guide is self.guide:
                self.found = [problem for problem in problems if not (problem.warning or problem in self.unread)]
                self.is_checked = True
                if self.has_failed:
                    self.kept.clear()
                self._report()

    def run_idle_tasks(self, lock: AbstractContextManager[object]) -> None:
        """Make the search index, after whose content every page names it, and keep what later starts need."""
        outputs = self.outputs
        if outputs and outputs is not self.index_of:
            index = self._make_index(outputs)
            with lock:
                if outputs is self.outputs:
                    self._use_index(outputs, index)
                    self.answer("404.html")  # which sets up what postprocesses every page
                    self.documents.save()
                    gc.freeze()  # a search for garbage need not look at what lives as long as the server

    def _make_index(self, outputs: Outputs) -> dict[str, str]:
        """Return the files of the search index with their texts."""
        uris = [file.src_uri for file in self.addresses.values() if file.src_uri in outputs.pages]
        return outputs.search_index(uris)

    def _use_index(self, outputs: Outputs, index: dict[str, str]) -> None:
        self.index, self.index_of, self.postprocess = index, outputs, None
        self.kept.clear()

    def answer(self, name: str) -> tuple[bytes, Sequence[Problem]] | None:
        """Return a file of the site with what is wrong with it; None if there is none."""
        if name not in self.kept and (made := self._make(name)):
            self.kept[name] = made
        found = self.kept.get(name)
        return (found[0], [*self.problems, *found[1]]) if found else None

    def _make(self, name: str) -> Answer | None:
        if self.builder is None or self.outputs is None:
            return (self.overlay.shell("No page yet"), []) if name.endswith(".html") else None
        file = self.addresses.get(name)
        if file and file.is_documentation_page():
            return self._make_page(self.builder, file)
        if file:
            return self._postprocess(name, self._read(file)), []
        if twin := self._make_twin(name):
            return twin, []
        return self._make_rest(self.builder, self.outputs, name)

    def _make_page(self, builder: SiteBuilder, file: File) -> Answer:
        """Make a page as a build makes it; where that fails, return the last good one."""
        problems: list[Problem] = []
        with capture_logs(logging.WARNING) as messages:
            try:
                self.good[file.dest_uri] = builder.render_page(file)
                source = f"{self.docs.name}/{file.src_uri}"
                problems += [self.overlay.locate_link(message, source) for _, message in messages]
            except Exception as error:  # noqa: BLE001 -- whatever it is, the browser shows it
                self.has_failed = True
                if self.is_checked and not self.problems:  # else it follows from what is wrong, or may do so
                    problems.append(self.overlay.locate(error))
        page = self.good.get(file.dest_uri)
        if page is None:
            return self.overlay.shell("No page yet"), problems
        return self._postprocess(file.dest_uri, page), problems

    def _make_twin(self, name: str) -> bytes:
        """Return the Markdown twin of a page; nothing if there is no such page."""
        if posixpath.basename(name) != "index.md":
            return b""
        page = self.answer(f"{name.removesuffix('.md')}.html")
        return twins.write_twin(html.document_fromstring(page[0])).encode() if page else b""

    def _read(self, file: File) -> bytes:
        """Return what a file that is no page holds."""
        make = self.outputs and self.outputs.files.get(file.src_uri)
        return make().encode() if make else file.content_bytes

    def _make_rest(self, builder: SiteBuilder, outputs: Outputs, name: str) -> Answer | None:
        """Make what stands in no list of files: templates of the theme, the search index, what plugins write."""
        if name in self.config.theme.static_templates:
            return self._postprocess(name, builder.render_template(name)), []
        if (plain := FINGERPRINT.sub(r"\1", name)) != name:
            found = self.answer(plain)
            return (found[0], []) if found else None
        if name.startswith(f"{search.FOLDER}/"):
            if self.index_of is not outputs:
                self._use_index(outputs, self._make_index(outputs))
            if name in self.index:
                return self.index[name].encode(), []
        if not self.is_finished:
            self.config.plugins.on_post_build(config=self.config)
            self.is_finished = True
        path = Path(self.config.site_dir, name)
        return (path.read_bytes(), []) if path.is_file() and path.suffix != ".html" else None

    def _postprocess(self, name: str, data: bytes) -> bytes:
        """Return a file as a build leaves it at its end."""
        if self.postprocess is None and self.builder:
            theme = self.builder.render_template(hosting.ERROR_PAGE)
            files = {name: file for name, file in self.addresses.items() if name.startswith("assets/")}
            read = {name: partial(self._read, file) for name, file in files.items()}
            self.postprocess = prepare_postprocessing(theme, read, self.index)
        return self.postprocess(name, data) if self.postprocess else data


def prepare_postprocessing(
    theme: bytes, files: Mapping[str, Callable[[], bytes]], index: Mapping[str, str]
) -> Callable[[str, bytes], bytes]:
    """Return what a build does to each file for hosts, which depends on the error page and the site's other files."""
    loaded = hosting.list_loaded(theme.decode(), files)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / hosting.ERROR_PAGE).write_bytes(theme)
        links.write_files(root, index)
        for name, read in files.items():
            if name.split("/")[1] in loaded:
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_bytes(read())
        rules = hosting.write_policy(links.read_pages(root)[hosting.ERROR_PAGE])
        names = hosting.fingerprint_assets(root)

    def postprocess(name: str, data: bytes) -> bytes:
        if name.endswith(".html"):
            return hosting.prepare_page(data, rules, names)
        return hosting.rename_in_style(data.decode(), names).encode() if name.endswith(".css") else data

    return postprocess
