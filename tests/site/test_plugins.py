"""Other plugins beside ours: each takes its part, pages are published, and what is not kept is said once, by name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT, build
from guides import copy_small_guide

if TYPE_CHECKING:
    import subprocess

# A plugin for each sort of event, as a hook of its own.
AROUND = {
    "adds_a_page": """
from mkdocs.structure.files import File, InclusionLevel

def on_files(files, config):
    page = File.generated(config, "added.md", content="# Added\\n\\nBy a plugin.", inclusion=InclusionLevel.NOT_IN_NAV)
    files.append(page)
    return files
""",
    "adds_to_the_navigation": """
from mkdocs.structure.nav import Link

def on_nav(nav, config, files):
    nav.items.append(Link("Elsewhere", "https://example.org/"))
    return nav
""",
    "counts_pages_at_the_end": """
from pathlib import Path

SEEN = []

def on_nav(nav, config, files):
    SEEN[:] = [file.src_uri for file in files.documentation_pages()]

def on_post_build(config):
    Path(config.site_dir, "pages.txt").write_text("\\n".join(SEEN), encoding="utf-8")
""",
}
IN_PAGES = {
    "changes_markdown": """
def on_page_markdown(markdown, page, config, files):
    return markdown + "\\n\\nMarkdown by a plugin.\\n"
""",
    "changes_content": """
def on_page_content(html, page, config, files):
    return html + "<p>Content by a plugin.</p>"
""",
    "changes_output": """
def on_post_page(output, page, config):
    return output.replace("</body>", "<p>Output by a plugin.</p></body>")
""",
    "changes_templates": """
def on_env(env, config, files):
    env.globals["changed"] = True
    return env
""",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the guide to databases."""
    copy_small_guide(tmp_path / "guide")
    return tmp_path


def build_with(project: Path, hooks: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Return a strict build of the guide with some hooks."""
    for name, text in hooks.items():
        (project / f"guide/{name}.py").write_text(text, encoding="utf-8")
    with (project / "guide/mkdocs.yml").open("a", encoding="utf-8") as config:
        config.write(f"\nhooks: [{', '.join(f'{name}.py' for name in hooks)}]\n")
    run = build(project / "guide/mkdocs.yml", project / "site")
    assert run.returncode == 0, run.stdout + run.stderr
    return run


def list_pages(site: Path) -> set[str]:
    return {path.relative_to(site).as_posix() for path in site.rglob("index.html")}


def read(site: Path, name: str) -> str:
    return (site / name).read_text(encoding="utf-8")


def test_plugins_around_pages_take_their_part_and_pages_are_kept(project: Path, small_pages: set[str]) -> None:
    run = build_with(project, AROUND)
    site = project / "site"
    assert list_pages(site) == {*small_pages, "added/index.html"}
    assert "By a plugin." in read(site, "added/index.html")
    assert "By a plugin." in read(site, "added/index.md")
    for name in ("index.html", "databases/redis/index.html", "added/index.html"):
        assert '<a href="https://example.org/"' in read(site, name)
    seen = read(site, "pages.txt").splitlines()
    assert {"added.md", "index.md", "databases/redis.md"} <= set(seen)
    assert "because of plugins" not in run.stderr


def test_plugins_that_make_pages_take_their_part_and_are_named_once(project: Path, small_pages: set[str]) -> None:
    run = build_with(project, {**AROUND, **IN_PAGES})
    site = project / "site"
    assert list_pages(site) == {*small_pages, "added/index.html"}
    for name in (
        "index.html",
        "databases/redis/index.html",
        "compare/postgresql-vs-sqlite/index.html",
        "added/index.html",
    ):
        page = read(site, name)
        for part in ("Markdown", "Content", "Output"):
            assert page.count(f"{part} by a plugin.") == 1, (name, part)
        assert "Content by a plugin." in read(site, name.replace(".html", ".md"))
    [line] = [line for line in run.stderr.splitlines() if "because of plugins" in line]
    assert sorted(line.partition("plugins: ")[2].split(", ")) == sorted(f"'{name}.py'" for name in IN_PAGES)


@pytest.fixture(scope="module")
def small_pages(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The pages of the guide to databases as it is built without other plugins."""
    target = tmp_path_factory.mktemp("databases") / "site"
    run = build(ROOT / "tests/databases/mkdocs.yml", target)
    assert run.returncode == 0, run.stdout + run.stderr
    return list_pages(target)
