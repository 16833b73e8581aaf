"""MkDocs events, each one call deep: check the content, hand over the pages made from it, check the site."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from markupsafe import escape
from mkdocs.contrib import search as stock_search
from mkdocs.exceptions import Abort
from mkdocs.structure.files import File, Files

import parallel
import preview
from fieldguide.checks import excerpt, link_checks
from fieldguide.guide import load_and_check
from fieldguide.memory import Memory
from fieldguide.preview import ondemand
from fieldguide.problem import ParseError
from fieldguide.render import search
from fieldguide.render.compiled import compiled
from fieldguide.render.metadata import Site
from fieldguide.render.pages import Outputs
from fieldguide.site import assets, captions, hosting, ledger, navigation, site, verbatim

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page
    from mkdocs.utils.templates import TemplateContext

    from fieldguide.problem import Problem

log = logging.getLogger("mkdocs.hooks.fieldguide")
LUNR = Path(stock_search.__file__).parent / "templates/search/lunr.js"
# MkDocs hands nothing from one event to the next: this is what a build knows of itself.
build: dict[str, Any] = {}


def on_startup(command: str, *, dirty: bool) -> None:
    """Notes whether this is a build or a preview, which makes pages when they are asked for."""
    build.clear()
    build["command"], build["heads"] = command, {}
    build["preview"] = preview.take_over(read, dirty=dirty) if command == "serve" else None


def on_serve(server: LiveReloadServer, config: MkDocsConfig, **_: Any) -> LiveReloadServer:
    """Has the preview answer."""
    return build["preview"].serve(server, config) if build["preview"] else server


def read(config: MkDocsConfig, memory: Memory) -> tuple[Outputs | None, list[Problem]]:
    """The pages of the content when it was last sound, and what is wrong with it now."""
    catalog, problems = load_and_check(Path(config.docs_dir), memory, Path(config.config_file_path))
    errors = [problem for problem in problems if not problem.warning]
    if not errors:
        site_of = Site(name=config.site_name, url=config.site_url or "", cards=bool(config.extra.get("cards")))
        build["outputs"] = Outputs(catalog, site_of)
    return build.get("outputs"), errors


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Reads and checks everything before anything is written, and stages a build beside its target."""
    build["nav"] = config.nav or []
    parallel.leave_out_icons(config.theme)
    if not build["preview"]:
        build["memory"] = Memory.load(parallel.cache(config, "memory"), Path(config.docs_dir))
        build["memory"].look([Path(config.docs_dir), preview.CODE])  # titles are made by its templates
        outputs, problems = read(config, build["memory"])
        if outputs is None:
            fail(config, problems)
        elif problems:
            log.error("The last good pages stay until this is mended:\n%s", report(config, problems))
    if build.get("command") == "build":
        config.validation.links.anchors = config.validation.links.not_found = logging.DEBUG  # said at the end, once
        build["compiled"] = compiled(parallel.cache(config, "templates"))
        build["outputs"].renderer.environment.bytecode_cache = build["compiled"]["fieldguide"]
        build["target"] = Path(config.site_dir)
        config.site_dir = staged(build["target"])
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Puts the finished text in the place of each source page and adds the generated files."""
    outputs: Outputs = build["outputs"]
    config.nav = navigation.expand(build["nav"], outputs.titles)
    for file in [file for file in files.documentation_pages() if file.src_uri not in outputs.pages]:
        files.remove(file)
    for uri, make in outputs.files.items():
        if not files.get_file_from_path(uri):
            later = build["preview"] or uri in outputs.pages
            files.append(File.generated(config, uri, content="" if later else make()))
    try:
        pack(files, config)
    except ParseError as error:
        if build["preview"]:
            raise
        fail(config, error.problems)
    return files


def on_nav(nav: Navigation, files: Files, **_: Any) -> Navigation:
    """Tells pages their places, and takes the making of pages upon us, on every core."""
    navigation.place(nav)
    if build.get("command") == "build":
        titles = ondemand.titles(build["outputs"], build["memory"])
        build["memory"].save()
        build["pages"] = parallel.take_over(files, nav, titles, build["outputs"].draft, build["heads"])
    return nav


def on_env(env: Environment, config: MkDocsConfig, **_: Any) -> Environment:
    """Leaves the templates' own white space out of the pages, a fifth of their length, and makes the pages."""
    env.trim_blocks = env.lstrip_blocks = True
    env.policies["json.dumps_kwargs"] = {"sort_keys": True, "separators": (",", ":")}
    if "compiled" in build:
        env.bytecode_cache = build["compiled"]["theme"]
    if pages := build.get("pages"):
        pages.make(env, config)
    return env


def on_page_read_source(page: Page, **_: Any) -> str:
    """Makes the Markdown of a page when it is rendered."""
    return str(build["outputs"].draft(page.file.src_uri).text)


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Dates a page, and spares Markdown the HTML that it would leave as it is, and the theme's search the page."""
    draft = build["outputs"].draft(page.file.src_uri)
    page.update_date = draft.date or page.update_date
    page.meta["search"] = {"exclude": True}
    build["heads"][page.file.src_uri] = draft.head
    # The navigation of every page shows it.
    page.meta["title"] = escape(draft.head.title)
    markdown, build["verbatim"] = verbatim.take(markdown)
    return markdown


def on_page_content(html: str, page: Page, **_: Any) -> str:
    """Puts that HTML back, and tells MkDocs its ids."""
    page.present_anchor_ids = (page.present_anchor_ids or set()) | verbatim.ids(build["verbatim"])
    return verbatim.give_back(captions.add(html, build["heads"][page.file.src_uri].title), build["verbatim"])


def on_page_context(context: TemplateContext, page: Page, **_: Any) -> TemplateContext:
    """Gives the theme a page's metadata."""
    context["metadata"] = build["heads"][page.file.src_uri]  # type: ignore[typeddict-unknown-key]
    return context


def on_post_page(output: str, **_: Any) -> str:
    """Leaves out white space that templates and content have at the beginning of lines."""
    return hosting.plain(output)


def on_post_build(config: MkDocsConfig) -> None:
    """Adds the Markdown twins, fails a build with broken links or lost addresses, and readies it for hosts."""
    if build["preview"]:
        return
    root = Path(config.site_dir)
    # To MkDocs any `.md` file is a page, so that these cannot be among its files.
    site.write(root, build["outputs"].twins)
    site.write(root, search.files(build["outputs"].catalog, build["heads"]))
    if "target" in build:
        pages = site.read(root, build["pages"].built if build.get("pages") else {})
        broken = site.broken_links(root, pages, urlsplit(config.site_url or "/").path)
        broken = list(map(link_checks.sourced(build["outputs"].catalog, Path(config.docs_dir).name), broken))
        fail(config, [*broken, *ledger.lost(Path(config.docs_dir), pages), *hosting.refused(pages)])
        if config.extra.get("cards"):
            from fieldguide.render import cards  # noqa: PLC0415 -- a preview draws none, and what draws them loads slowly

            outputs = build["outputs"]
            mark, kept = config.theme.get("logo") or "", parallel.cache(config, "cards")
            press = cards.Press(outputs.renderer, outputs.site, root, mark, kept)
            press.write(list(build["heads"].values()), root)
        hosting.prepare(root, pages, config.site_url or "")
        if config.extra.get("compress"):
            hosting.compress(root)
        build["complete"] = True


def on_build_error(**_: Any) -> None:
    """Leaves the last good site alone: strict mode fails a build after its last event."""
    build.pop("complete", None)
    if pages := build.pop("pages", None):
        pages.give_back()


def on_shutdown() -> None:
    """Puts a complete build in the place of the last one."""
    if pages := build.pop("pages", None):
        pages.give_back()
    if build.get("complete"):
        site.replace(build["target"])


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
    return excerpt.report(problems, excerpt.reader(Path(config.docs_dir).parent))
