"""MkDocs events, each one call deep: check the content, hand over the pages made from it, check the site."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import escape
from mkdocs.exceptions import Abort
from mkdocs.structure.files import File, Files

from fieldguide import cards, checks, ledger, metadata, navigation, site, verbatim
from fieldguide.metadata import Site
from fieldguide.outputs import Outputs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page
    from mkdocs.utils.templates import TemplateContext

    from fieldguide.model import Problem

log = logging.getLogger("mkdocs.hooks.fieldguide")
CARDS = Path(__file__).resolve().parent.parent / ".cache/cards"
# MkDocs hands nothing from one event to the next: this is what a build knows of itself.
build: dict[str, Any] = {}


def on_startup(command: str, **_: Any) -> None:
    """Notes whether this is a build or a preview."""
    build.clear()
    build["command"], build["heads"] = command, {}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Reads and checks everything before anything is written, and stages a build beside its target."""
    catalog, problems = checks.run(Path(config.docs_dir))
    if problems and "outputs" not in build:
        fail(problems)
    elif problems:
        log.error("The last good pages stay until this is mended:\n%s", checks.report(problems))
    else:
        build["outputs"] = Outputs(catalog, Site(name=config.site_name, url=config.site_url or ""))
    config.nav = navigation.expand(config.nav or [], build["outputs"].titles)
    if build.get("command") == "build":
        build["target"] = Path(config.site_dir)
        config.site_dir = str(site.staging(build["target"]))
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Puts the finished text in the place of each source page and adds the generated files."""
    outputs: Outputs = build["outputs"]
    for file in [file for file in files.documentation_pages() if file.src_uri not in outputs.pages]:
        files.remove(file)
    for uri, make in outputs.files.items():
        if source := files.get_file_from_path(uri):
            source.content_string = make()
        else:
            files.append(File.generated(config, uri, content=make()))
    return files


def on_env(env: Environment, **_: Any) -> Environment:
    """Leaves the templates' own white space out of the pages, a fifth of their length."""
    env.trim_blocks = env.lstrip_blocks = True
    return env


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Spares Markdown the HTML that it would leave as it is, and the theme's search the page, for which we have our own."""
    page.meta["search"] = {"exclude": True}
    markdown, build["verbatim"] = verbatim.take(markdown)
    return markdown


def on_page_content(html: str, page: Page, **_: Any) -> str:
    """Puts that HTML back, and tells MkDocs its ids."""
    page.present_anchor_ids = (page.present_anchor_ids or set()) | verbatim.ids(build["verbatim"])
    return verbatim.give_back(html, build["verbatim"])


def on_page_context(context: TemplateContext, page: Page, **_: Any) -> TemplateContext:
    """Gives the theme a page's metadata, and the title as the HTML for which the theme takes it."""
    uri, outputs = page.file.src_uri, build["outputs"]
    head = metadata.page(outputs.catalog, outputs.site, uri, page.meta["title"], page.meta.get("description", ""))
    context["metadata"] = build["heads"][uri] = head  # type: ignore[typeddict-unknown-key]
    page.meta["title"] = escape(head.title)
    return context


def on_post_build(config: MkDocsConfig) -> None:
    """Adds the Markdown twins; fails a build in which a link leads nowhere or a published address is gone."""
    root = Path(config.site_dir)
    # To MkDocs any `.md` file is a page, so that these cannot be among its files.
    site.write(root, build["outputs"].twins)
    if "target" in build:
        pages = site.read(root)
        fail([*site.broken_links(root, pages), *ledger.lost(Path(config.docs_dir), pages)])
        if config.extra.get("cards"):
            outputs = build["outputs"]
            press = cards.Press(outputs.renderer, outputs.site, root, config.theme["logo"], CARDS)
            press.write(build["heads"].values(), root)
        build["complete"] = True


def on_build_error(**_: Any) -> None:
    """Leaves the last good site alone: strict mode fails a build after its last event."""
    build.pop("complete", None)


def on_shutdown() -> None:
    """Puts a complete build in the place of the last one."""
    if build.get("complete"):
        site.replace(build["target"])


def fail(problems: Sequence[Problem]) -> None:
    """Ends the run with a report, if there is anything to report."""
    if problems:
        raise Abort(checks.report(problems))
