"""The guide outlives the present engine: ProperDocs builds it as it is, Zensical builds it materialized."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from command import run_command
from conftest import ROOT, serve, type_in_search
from guides import copy_small_guide
from lxml import html
from playwright.sync_api import expect

from fieldguide.commands.materialize import write_project
from fieldguide.site import ledger
from fieldguide.site import links as built
from fieldguide.source import markdown

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from fieldguide.problem import Problem

ALIKE = 0.995
READABLE = 4.5
BIN = Path(sys.executable).parent
ENVIRONMENT = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": f"{ROOT}/scripts"}


def run(*command: str | Path, cwd: Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=ENVIRONMENT)
    assert done.returncode == 0, done.stdout + done.stderr


def articles(site: Path) -> dict[str, Any]:
    """The article element of each page, by the page's path."""
    found = {}
    for path in site.rglob("index.html"):
        for article in html.parse(str(path)).getroot().xpath("//article[contains(@class, 'md-content__inner')]"):
            found[path.relative_to(site).as_posix()] = article
    return found


def words(article: Any) -> list[str]:
    """The text of a page, but for the item about twins, which only hooks make."""
    return "".join(article.xpath(".//text()[not(ancestor::li[a[contains(@href, 'llms.txt')]])]")).split()


def unlike(ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, float]:
    """The pages whose texts differ by more than the captions that a hook gives to tables written in Markdown."""
    assert ours.keys() == theirs.keys()
    pairs = {name: (words(article), words(theirs[name])) for name, article in ours.items()}
    ratios = {
        name: SequenceMatcher(None, *pair, autojunk=False).ratio() for name, pair in pairs.items() if pair[0] != pair[1]
    }
    return {name: ratio for name, ratio in ratios.items() if ratio < ALIKE}


def broken(site: Path, base: str = "/") -> list[Problem]:
    """The links of a site built for a path that lead nowhere."""
    return built.check_links(site, built.read_pages(site), base)


def contrast(page: Page, selector: str) -> float:
    """How far a text stands out from the color of its header."""
    color = "node => getComputedStyle(node).color"
    behind = "node => getComputedStyle(node.closest('.md-tabs, .md-header')).backgroundColor"
    light, dark = sorted(
        (luminance(page.locator(selector).first.evaluate(code)) for code in (color, behind)), reverse=True
    )
    return (light + 0.05) / (dark + 0.05)


def luminance(color: str) -> float:
    """How bright an `rgb(...)` is to the eye, from 0 to 1."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", color)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The materialized guide."""
    target = tmp_path_factory.mktemp("plain") / "guide"
    write_project(ROOT / "mkdocs.yml", target)
    return target


@pytest.fixture(scope="module")
def zensical(plain: Path) -> Path:
    """The site that Zensical builds from it."""
    run(BIN / "zensical", "build", "--clean", "--config-file", "mkdocs.yml", cwd=plain)
    return plain / "site"


def test_properdocs_builds_the_project_as_it_is(site: Path, tmp_path: Path) -> None:
    run(BIN / "properdocs", "build", "--strict", "-f", ROOT / "mkdocs.yml", "-d", tmp_path / "site", cwd=ROOT)
    ours, theirs = articles(site), articles(tmp_path / "site")
    assert ours.keys() == theirs.keys()
    assert [name for name in ours if html.tostring(ours[name]) != html.tostring(theirs[name])] == []


def test_a_materialized_guide_needs_no_hook(site: Path, plain: Path, tmp_path: Path) -> None:
    assert not (plain / "scripts").exists()
    run(BIN / "mkdocs", "build", "--strict", "-d", tmp_path / "site", cwd=plain)
    assert unlike(articles(site), articles(tmp_path / "site")) == {}
    assert broken(tmp_path / "site") == []
    heads = ["//title", "//meta[@property][not(starts-with(@property, 'og:image'))]", "//link[@rel='canonical']"]
    for name in ("index.html", "claims/index.html", "compare/index.html"):
        pages = [html.parse(str(root / name)).getroot() for root in (site, tmp_path / "site")]
        for path in heads:
            first, second = ([html.tostring(e, with_tail=False) for e in page.xpath(path)] for page in pages)
            assert first == second != [], (name, path)
        [first], [second] = (page.xpath("//script[@type='application/ld+json']/text()") for page in pages)
        assert json.loads(first) == json.loads(second), name
        assert pages[1].xpath("//meta[starts-with(@property, 'og:image') or @name='twitter:image']") == [], name


def test_a_materialized_guide_brings_nothing_that_only_hooks_use(plain: Path) -> None:
    names = {path.relative_to(plain / "docs").as_posix() for path in (plain / "docs").rglob("*") if path.is_file()}
    assert not {"assets/home.png", "data/asked.yml", "data/addresses.txt", "data/article-runs.txt", "llms.txt"} & names
    given = yaml.safe_load((plain / "mkdocs.yml").read_text(encoding="utf-8"))
    assert not {"hooks", "exclude_docs"} & given.keys()
    assert given["extra"] == {"generator": False, "scope": "/", "materialized": True}
    assert "twin" not in (plain / "docs/data/index.md").read_text(encoding="utf-8")


def test_a_materialized_guide_is_for_the_address_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = {
        "SITE_URL": "https://host.example/a/b/",
        "EDIT_URI_TEMPLATE": "https://code.example/{path}",
        "REPORT_URL": "https://code.example/new?{title}",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    target = tmp_path / "a guide"
    run_command("materialize", target, "--config-file", ROOT / "tests/databases/mkdocs.yml")
    assert f"mkdocs build -f '{target}/mkdocs.yml'" in capsys.readouterr().out
    settings = yaml.safe_load((target / "mkdocs.yml").read_text(encoding="utf-8"))
    found = settings["site_url"], settings["edit_uri_template"], settings["extra"]["report_url"]
    assert found == tuple(given.values())
    page = target / "docs/guide/server-or-library.md"
    assert 'href="/a/b/' in page.read_text(encoding="utf-8")
    run(BIN / "mkdocs", "build", "--strict", "-d", tmp_path / "site", cwd=target)
    run(BIN / "zensical", "build", "--clean", "--config-file", "mkdocs.yml", cwd=target)
    for site in (tmp_path / "site", target / "site"):
        assert broken(site, "/a/b/") == []


def test_links_of_hand_written_html_hold_wherever_an_engine_puts_their_page() -> None:
    written = '<a href="../b/#c">x</a> <img src="d.svg"> `<a href="e/">` <a href="#f">y</a> <a href="https://g.example/">z</a>'
    assert markdown.absolute(written, "/h/i/j/") == (
        '<a href="/h/i/b/#c">x</a> <img src="/h/i/j/d.svg"> `<a href="e/">` <a href="#f">y</a> '
        '<a href="https://g.example/">z</a>'
    )


def test_zensical_keeps_every_address_and_every_text(site: Path, zensical: Path) -> None:
    assert list(ledger.check_addresses(ROOT / "docs", built.read_pages(zensical))) == []
    assert unlike(articles(site), articles(zensical)) == {}
    assert broken(zensical) == []


@pytest.mark.browser
@pytest.mark.own
def test_a_zensical_site_sorts_draws_and_finds(zensical: Path, browser: Browser) -> None:
    with serve(zensical) as address:
        page = browser.new_page(base_url=address)
        page.goto("systems/?sort=first_release")
        expect(page.locator("th[aria-sort=ascending]")).to_be_visible()
        for part in (".md-header__topic:first-child", ".md-tabs__link", ".md-search__button"):
            assert contrast(page, part) >= READABLE, part
        page.goto("taxonomy/")
        shown = "nodes => [...new Set(nodes.map(node => node.dataset.node))].sort()"
        drawn, listed = (page.eval_on_selector_all(s, shown) for s in ("svg a.node", ".outline li[data-node]"))
        assert drawn == listed != []
        page.goto("")
        type_in_search(page, "stable diffusion")
        expect(page.get_by_role("option").filter(has_text="Stable Diffusion").first).to_be_visible()
        page.close()


def test_the_folder_must_be_empty_and_the_content_sound(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept/file").write_text("x", encoding="utf-8")
    assert run_command("materialize", tmp_path / "kept") == 2
    assert "is not empty" in capsys.readouterr().err
    copy_small_guide(tmp_path / "guide")
    (tmp_path / "guide/docs/databases/redis.md").write_text("---\ntitle: Redis\n---\n", encoding="utf-8")
    assert run_command("materialize", tmp_path / "new", "--config-file", tmp_path / "guide/mkdocs.yml") == 2
    assert "redis.md:" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("target", "settings", "said"),
    [
        ("file", "mkdocs.yml", "file is a file; name a folder"),
        ("file/new", "mkdocs.yml", "file/new/docs/assets: not a directory"),
        ("new", "gone.yml", "gone.yml: no such file or directory"),
        ("new", "file", "file is not of a guide"),
        ("new", "torn.yml", "torn.yml cannot be read: "),
        ("docs/new", "mkdocs.yml", "is inside the guide's own docs"),
    ],
)
def test_what_cannot_be_materialized_is_said_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], target: str, settings: str, said: str
) -> None:
    copy_small_guide(tmp_path)
    (tmp_path / "file").write_text("x", encoding="utf-8")
    (tmp_path / "torn.yml").write_text("a: [\n", encoding="utf-8")
    assert run_command("materialize", tmp_path / target, "--config-file", tmp_path / settings) == 2
    [last] = capsys.readouterr().err.strip().splitlines()
    assert said in last
