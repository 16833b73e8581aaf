"""What the generator and the theme's overrides take for granted about MkDocs and Material for MkDocs.

Neither promises these in its documentation. When an upgrade breaks one, its test names it and what relies on it.
"""

from __future__ import annotations

import inspect
import logging
import re
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import material  # type: ignore[import-untyped]
import mkdocs
import pytest
import yaml
from conftest import ROOT
from jinja2 import nodes
from mkdocs import utils
from mkdocs.__main__ import serve_command
from mkdocs.commands import build as stock
from mkdocs.commands import serve
from mkdocs.config import load_config
from mkdocs.contrib import search as stock_search
from mkdocs.plugins import EVENTS, BasePlugin
from mkdocs.structure.files import Files, InclusionLevel, get_files
from mkdocs.structure.nav import get_navigation
from mkdocs.structure.pages import Page

from fieldguide.preview import server
from fieldguide.site import assets, builder

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig

THEME = Path(material.__file__).parent / "templates"
OVERRIDES = ROOT / "overrides"
# Partials of our own, which the theme does not know.
OWN_PARTIALS = {"partials/share.html"}
BUILDER, ASSETS, TWINS, PLUGIN, APP, SERVER = (
    f"scripts/fieldguide/{name}.py"
    for name in ("site/builder", "site/assets", "site/twins", "plugin", "preview/app", "preview/server")
)


def rely(holds: object, assumption: str, *files: str) -> None:
    """Assert what some files take for granted."""
    assert holds, f"no longer true: {assumption}; {', '.join(files)} {'relies' if len(files) == 1 else 'rely'} on it"


def rely_on_each(names: Iterable[str], known: Container[str], assumption: str, *files: str) -> None:
    """Assert that each of some names, which stand in `assumption` as `{}`, is known; a mapping tells their files."""
    missing = sorted({name for name in names if name not in known})
    assert names
    if isinstance(names, Mapping):
        files = (*files, *sorted({names[name] for name in missing}))
    rely(not missing, assumption.format(", ".join(missing)), *files)


def find_own(pattern: str) -> dict[str, str]:
    """Return what a pattern finds in the files that we lay over the theme, with the file of each."""
    paths = (path for path in sorted(OVERRIDES.rglob("*")) if path.suffix in {".html", ".js", ".css"})
    return {
        name: path.relative_to(ROOT).as_posix()
        for path in paths
        for name in re.findall(pattern, path.read_text(encoding="utf-8"))
    }


def read(folder: Path, pattern: str) -> str:
    """Return all files of some names, one after another."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.rglob(pattern)) if path.is_file()]
    assert texts, f"there is no {pattern} in {folder}"
    return "\n".join(texts)


@pytest.fixture(scope="module")
def bundle() -> str:
    """The theme's script."""
    return read(THEME / "assets/javascripts", "bundle.*.min.js")


@pytest.fixture(scope="module")
def sheets() -> str:
    """The theme's style sheets."""
    return read(THEME / "assets/stylesheets", "*.css")


@pytest.fixture(scope="module")
def templates() -> str:
    """The theme's templates."""
    return read(THEME, "*.html")


@pytest.fixture
def config(tmp_path: Path) -> MkDocsConfig:
    """The settings of a small guide without our plugin."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text("# Home\n\n[Next](next.md)\n", encoding="utf-8")
    (tmp_path / "docs/next.md").write_text("# Next\n", encoding="utf-8")
    settings = {"site_name": "Guide", "plugins": [], "theme": {"name": "material"}}
    (tmp_path / "mkdocs.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    return load_config(config_file=str(tmp_path / "mkdocs.yml"))


class Recorder(BasePlugin):  # type: ignore[type-arg]
    """Notes the events of a build."""

    def __init__(self) -> None:
        self.seen: list[str] = []


def record(config: MkDocsConfig, events: Iterable[str]) -> list[str]:
    """Return the events of a build in their order, each of those that follow one another once."""
    plugin = Recorder()
    for event in events:
        setattr(plugin, f"on_{event}", lambda *_, event=event, **__: plugin.seen.append(event))
    config.plugins["recorder"] = plugin
    stock.build(config)
    return [event for at, event in enumerate(plugin.seen) if plugin.seen[at - 1 : at] != [event]]


# --- MkDocs


def test_mkdocs_calls_the_events_around_pages_in_this_order(config: MkDocsConfig) -> None:
    events = ["config", "pre_build", "files", "nav", "pre_page", "env", "pre_template", "page_context", "post_build"]
    expected = [event for event in events if event != "pre_template"]
    seen = [event for event in record(config, events) if event != "pre_template"]
    rely(seen == expected, f"events come in the order {', '.join(expected)}, not {', '.join(seen)}", BUILDER, PLUGIN)


def test_mkdocs_knows_the_events_in_which_the_plugin_takes_part() -> None:
    source = (ROOT / "scripts/fieldguide/plugin.py").read_text(encoding="utf-8")
    names = re.findall(r"(?:def |^    )on_([a-z_]+)(?:\(| =)", source, re.MULTILINE)
    rely_on_each(names, EVENTS, "MkDocs has the events {}", PLUGIN)


def test_mkdocs_gives_a_plugin_no_method_for_an_event_in_which_it_takes_no_part() -> None:
    pages = [event for event in EVENTS if "page" in event or event == "env"]
    taken = [event for event in pages if hasattr(BasePlugin(), f"on_{event}")]
    rely(not taken, f"a plugin that takes no part in {', '.join(taken)} has no method for it", BUILDER)


def test_mkdocs_navigation_keeps_pages_whose_files_are_taken_out(config: MkDocsConfig) -> None:
    files = get_files(config)
    nav = get_navigation(files, config)
    for file in [*files.documentation_pages()]:
        files.remove(file)
    kept = [page.file.src_uri for page in nav.pages] == ["index.md", "next.md"]
    rely(kept and not [*files], "the navigation keeps its pages when Files.remove takes out their files", BUILDER)
    files.append(nav.pages[0].file)
    rely(files.get_file_from_path("index.md"), "Files.append takes a file back", BUILDER)


def test_mkdocs_navigation_shows_the_title_in_the_metadata_of_a_page_that_is_not_rendered(config: MkDocsConfig) -> None:
    page = Page(None, get_files(config).documentation_pages()[0], config)
    page.markdown, page.meta = "", {"title": "Given"}
    rely(page.title == "Given", "Page.title is Page.meta['title'] before a page is rendered", BUILDER)
    page.active, page.update_date = True, "2025-01-05"
    rely((page.active, page.update_date) == (True, "2025-01-05"), "Page.active and update_date can be set", BUILDER)


def test_mkdocs_makes_the_context_of_a_template_from_these_arguments(config: MkDocsConfig) -> None:
    files = get_files(config)
    nav, pages = get_navigation(files, config), files.documentation_pages()
    context = stock.get_context(nav, pages, config, pages[1].page)
    keys = ("nav", "pages", "base_url", "page", "config", "extra_css", "extra_javascript", "build_date_utc")
    rely_on_each(keys, context, "the context of a template has {}", BUILDER, "overrides/page.html")
    rely(context["base_url"] == "..", "base_url leads from a page to the root", BUILDER)
    rely(context["pages"] == pages, "pages are those given", BUILDER)


def test_mkdocs_renders_a_page_by_these_public_steps(config: MkDocsConfig) -> None:
    files = get_files(config)
    page = Page(None, files.documentation_pages()[0], config)
    page.read_source(config)
    rely("[Next]" in (page.markdown or ""), "read_source reads the Markdown", BUILDER)
    page.render(config, files)
    rely('href="next/"' in (page.content or ""), "render links pages by their addresses", BUILDER)
    rely([*page.toc], "render makes the table of contents", "overrides/partials/toc.html")


def test_mkdocs_marks_drafts_in_a_preview_like_this() -> None:
    source = "".join(re.findall(r"'([^'\n]*)'", inspect.getsource(stock)))
    rely(builder.DRAFT_MARK in source, f"MkDocs marks drafts by {builder.DRAFT_MARK}", BUILDER)


def test_mkdocs_levels_of_inclusion_and_helpers_have_these_names() -> None:
    levels = {"is_in_serve", "is_included", "is_excluded", "is_not_in_nav"}
    known = {name for name in levels if hasattr(InclusionLevel, name)}
    rely_on_each(levels, known, "InclusionLevel has {}", BUILDER, APP)
    rely(utils.is_error_template("404.html"), "404.html is an error template", BUILDER)
    rely(utils.get_relative_url("a/", "b/c/") == "../../a/", "get_relative_url leads from the second address", BUILDER)
    rely("pages" in inspect.signature(utils.get_build_timestamp).parameters, "get_build_timestamp takes pages", BUILDER)


def test_mkdocs_search_comes_with_lunr() -> None:
    path = Path(stock_search.__file__).parent / "templates/search/lunr.js"
    rely(path.is_file() and "lunr" in path.read_text(encoding="utf-8"), f"there is {path.name}", BUILDER)


def test_mkdocs_serve_has_these_options_and_hands_its_server_to_on_serve() -> None:
    options = {str(parameter.name) for parameter in serve_command.params}
    rely_on_each([*server.OPTIONS, "livereload"], options, "`mkdocs serve` has the options {}", SERVER, PLUGIN)
    source = inspect.getsource(serve.serve)
    rely(re.search(r"server = config\.plugins\.on_serve\(", source), "on_serve may return another server", SERVER)
    called = {name for name in re.findall(r"\bserver\.(\w+)", source) if name not in {"error_handler", "url"}}
    rely_on_each(called, dir(server.PreviewServer), "MkDocs calls {} of the server that on_serve returns", SERVER)


def test_mkdocs_settings_can_be_loaded_again_from_their_file(config: MkDocsConfig) -> None:
    again = load_config(config_file=config.config_file_path, site_dir="elsewhere", strict=True)
    rely((again.strict, Path(again.site_dir).name) == (True, "elsewhere"), "load_config takes options", APP)


def test_mkdocs_theme_lists_its_files_in_its_environment(config: MkDocsConfig) -> None:
    env: Environment = config.theme.get_env()
    files = Files([])
    files.add_files_from_theme(env, config)
    found = {file.src_uri for file in files}
    rely(any(uri.startswith("assets/stylesheets/") for uri in found), "theme files are among Files", BUILDER)
    rely({"404.html", "sitemap.xml"} <= set(config.theme.static_templates), "404.html and sitemap.xml are static", APP)


def test_mkdocs_logs_below_one_logger_whose_warnings_end_a_strict_build(config: MkDocsConfig) -> None:
    rely(config.strict is False, "strict can be set", BUILDER)
    rely(logging.getLogger("mkdocs.structure.pages").parent is not None, "all loggers are below 'mkdocs'", BUILDER)
    rely("CountHandler" in inspect.getsource(stock.build), "a strict build counts warnings by a handler", BUILDER)


def test_mkdocs_version_is_one_of_those_tried() -> None:
    rely(mkdocs.__version__.startswith("1.6."), f"MkDocs is 1.6, not {mkdocs.__version__}", BUILDER, APP, SERVER)


# --- Material


def blocks(config: MkDocsConfig, name: str) -> set[str]:
    env = config.theme.get_env()
    assert env.loader
    source, _, _ = env.loader.get_source(env, name)
    return {block.name for block in env.parse(source).find_all(nodes.Block)}


def test_material_base_has_the_blocks_that_pages_override(config: MkDocsConfig) -> None:
    ours = re.findall(r"{% block (\w+) %}", (OVERRIDES / "page.html").read_text(encoding="utf-8"))
    rely_on_each(ours, blocks(config, "base.html"), "the theme's base.html has the blocks {}", "overrides/page.html")


def test_material_includes_the_partials_that_are_replaced(templates: str) -> None:
    ours = {path.relative_to(OVERRIDES).as_posix() for path in (OVERRIDES / "partials").rglob("*.html")} - OWN_PARTIALS
    included = set(re.findall(r"""include "(partials/[\w/-]+\.html)""", templates))
    rely_on_each(ours, included, "the theme includes {}", *(f"overrides/{name}" for name in sorted(ours - included)))
    there = {path.relative_to(THEME).as_posix() for path in THEME.rglob("*.html")}
    rely(not OWN_PARTIALS & there, "the theme has no partial named as ours", "overrides/page.html")


def test_material_base_has_the_marks_that_are_mended(templates: str) -> None:
    base = (THEME / "base.html").read_text(encoding="utf-8")
    marks = [
        'autocomplete="off">',
        'class="md-skip">',
        '<div data-md-component="skip">',
        '<article class="md-content__inner',
    ]
    rely_on_each(marks, base, "the theme's base.html has {}", "overrides/main.html", TWINS)
    rely('"partials/language.html"' in templates, "the theme imports partials/language.html", "overrides/main.html")


def test_material_has_the_words_that_templates_ask_for() -> None:
    english = (THEME / "partials/languages/en.html").read_text(encoding="utf-8")
    words = find_own(r"""lang\.t\(['"]([\w.]+)""")
    rely_on_each({f'"{word}"': path for word, path in words.items()}, english, "the theme translates {}")


def test_material_has_the_icons_that_are_shown() -> None:
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    names = dict.fromkeys(re.findall(r"icon: (?:\{share: )?(material/[\w/-]+)", settings), "mkdocs.yml")
    names |= find_own(r'icon = config\.theme\.icon\.\w+ or "([\w/-]+)"')
    folder = THEME / ".icons"
    icons = {path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.svg")}
    rely_on_each(names, icons, "the theme has the icons {}")


def test_material_has_the_classes_that_ours_name(templates: str, bundle: str, sheets: str) -> None:
    names = find_own(r"(?<![\w-])(md-[a-z][\w-]*)")
    rely_on_each(names, templates + bundle + sheets, "the theme has the classes {}")


def test_material_styles_define_the_variables_that_ours_use(sheets: str) -> None:
    rely_on_each(find_own(r"--md-[\w-]+"), sheets, "the theme's styles have the variables {}")


def test_material_knows_the_attributes_that_ours_name(templates: str, bundle: str) -> None:
    rely_on_each(find_own(r"(?<![\w-])data-md-[a-z-]+"), templates + bundle, "the theme knows the attributes {}")


def test_material_script_knows_the_components_that_templates_mark(bundle: str) -> None:
    names = find_own(r'data-md-component="([\w-]+)"')
    names.pop("skip")  # base.html marks it, and nothing reads it
    rely_on_each({f'"{name}"': path for name, path in names.items()}, bundle, "the theme's script finds {}")


def test_material_has_the_ids_and_globals_that_ours_name(templates: str, bundle: str) -> None:
    rely_on_each(find_own(r"(?<![\w$.])__[a-z]\w*"), templates + bundle, "the theme has {}")


def test_material_keeps_the_choice_of_colors_where_frame_js_does(templates: str) -> None:
    early = read(THEME / "partials/javascripts", "palette.html")
    rely('__md_get("__palette")' in early, "the choice of colors is kept under __palette", "overrides/assets/frame.js")
    rely_on_each(
        ["data-md-color-", "palette.color", "(prefers-color-scheme)"],
        early,
        "the theme applies a kept choice by {}",
        "overrides/assets/frame.js",
    )
    rely(
        "partials/palette.html" in templates, "the header has a place for the choice", "overrides/partials/palette.html"
    )


def test_material_script_speaks_the_protocol_of_the_search_worker(bundle: str) -> None:
    parts = {
        "begins with {type:0,data:{config,docs,options}}": r"\{type:0,data:\{config:",
        "sends a query as {type:2,data:text}": r"\{type:2,data:\w+\}",
        "waits for {type:1}": r"return \w+\.type===1",
        "takes {type:3} for results": r"return \w+\.type===3",
        "starts its worker by new Worker(address)": r"new Worker\(",
    }
    for assumption, pattern in parts.items():
        rely(re.search(pattern, bundle), f"the theme's script {assumption}", "overrides/assets/search")


def test_material_script_fetches_its_own_index_only_for_a_form_named_search(bundle: str) -> None:
    found = re.search(r'document\.forms\.namedItem\("search"\)', bundle)
    rely(found, "the theme fetches its index if a form is named 'search'", "overrides/partials/search.html")
    rely(
        'name="search"' not in read(OVERRIDES, "search.html"),
        "ours is named otherwise",
        "overrides/partials/search.html",
    )


def test_material_script_takes_the_result_with_the_best_score_on_enter(bundle: str) -> None:
    rely("data-md-score" in bundle, "Enter follows the link with the highest data-md-score", "overrides/assets/search")


def test_material_script_reads_translations_from_links_whose_rel_is_alternate(bundle: str) -> None:
    rely(
        "link[rel=alternate]" in bundle,
        "only links with the very value 'alternate' are translations",
        "overrides/page.html",
    )


def test_material_files_have_the_names_by_which_they_are_packed(config: MkDocsConfig, sheets: str) -> None:
    names = {path.relative_to(THEME).as_posix() for path in (THEME / "assets").rglob("*.css")}
    rely(
        names and all(name.startswith(assets.THEME) for name in names),
        f"sheets are in {assets.THEME}",
        ASSETS,
    )
    rely(assets.CLASSLESS in sheets, f"the styles have rules for {assets.CLASSLESS}", ASSETS)
    known = assets.NAME.findall(sheets)
    gone = [names for names in assets.OPTIONAL.values() if not any(map(re.compile(names).match, known))]
    rely(not gone, f"the styles have the classes of each setting, not {gone}", ASSETS)
    rely("scripts" in blocks(config, "base.html"), "scripts are loaded in a block", "overrides/page.html")
    loaded = re.findall(r"assets/(\w+)/", (THEME / "base.html").read_text(encoding="utf-8"))
    rely(
        {"stylesheets", "javascripts"} <= set(loaded),
        "base.html loads assets/stylesheets and javascripts",
        ASSETS,
    )


def test_material_features_that_settings_name_are_known(templates: str, bundle: str) -> None:
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    names = re.findall(r"^    - ((?:navigation|search|content|toc)\.[\w.]+)$", settings, re.MULTILINE)
    rely_on_each([f'"{name}"' for name in names], templates + bundle, "the theme has the features {}", "mkdocs.yml")


def test_material_version_is_one_of_those_tried() -> None:
    found = version("mkdocs-material")
    rely(found.startswith("9."), f"Material is version 9, not {found}", "overrides", ASSETS)
