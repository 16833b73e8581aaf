"""What readers download stays within budgets: brotli's sizes, as hosts with the build's `.br` copies send them."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

import brotli
import pytest
from lxml import html

from fieldguide import urls
from fieldguide.site import assets

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from fieldguide.catalog import Catalog

pytestmark = pytest.mark.own

LOADED = "//script/@src | //img/@src | //link[not(starts-with(@rel, 'alternate'))][not(@rel='canonical')]/@href"
HOME, PAGE, MATRIX = 100_000, 80_000, 130_000
# An entry's HTML, and what an entry or a comparison adds to a page seen before.
ENTRY_HTML, NEXT = 12_000, 14_000
SAMPLE = ["", "systems/dall-e/", "compare/generative-ai-vs-large-language-model/", "systems/", "taxonomy/", "claims/"]


@cache
def weight(path: Path) -> int:
    """The bytes of a file as it is sent."""
    data = path.read_bytes()
    return min(len(data), len(brotli.compress(data)))


def loaded(site: Path, url: str) -> set[Path]:
    """The files that a page loads, itself the first."""
    page = site / url / "index.html"
    found = {
        unquote(urlsplit(urljoin(f"/{url}", str(link))).path).lstrip("/") for link in html.parse(page).xpath(LOADED)
    }
    return {page, *(path for name in found if (path := site / name).is_file())}


def first_visit(site: Path, url: str) -> int:
    """The bytes of a page with all that it loads."""
    return sum(map(weight, loaded(site, url)))


def pages_of(catalog: Catalog) -> list[str]:
    """The addresses of all entries that have a page."""
    return [urls.url(urls.entry(catalog, entry)) for entry in catalog.entries.values() if entry.page]


def test_first_visits_stay_within_their_budgets(site: Path, catalog: Catalog) -> None:
    entries = pages_of(catalog)
    pairs = [urls.url(urls.pair(*pair)) for pair in catalog.pairs]
    matrices = [urls.url(urls.matrix(catalog, kind)) for kind in catalog.vocabulary.kinds]
    assert first_visit(site, "") <= HOME
    assert {url: size for url in [*entries, *pairs] if (size := first_visit(site, url)) > PAGE} == {}
    assert {url: size for url in matrices if (size := first_visit(site, url)) > MATRIX} == {}


def test_an_entry_is_light_and_so_is_a_next_page(site: Path, catalog: Catalog) -> None:
    seen = loaded(site, "")
    entries, pairs = pages_of(catalog), [urls.url(urls.pair(*pair)) for pair in catalog.pairs]
    assert {url: size for url in entries if (size := weight(site / url / "index.html")) > ENTRY_HTML} == {}
    assert {
        url: size for url in [*entries, *pairs] if (size := sum(map(weight, loaded(site, url) - seen))) > NEXT
    } == {}


@pytest.mark.browser
@pytest.mark.parametrize(
    "url", ["", "systems/dall-e/", "compare/generative-ai-vs-large-language-model/", "systems/", "taxonomy/"]
)
def test_a_browser_asks_for_nothing_more_and_nothing_moves(page: Page, site: Path, url: str) -> None:
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(unquote(urlsplit(request.url).path).lstrip("/")))
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver(list => list.getEntries().forEach(({value}) => { moved += value }))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(url, wait_until="networkidle")
    files = {site / name / "index.html" if not name or name.endswith("/") else site / name for name in asked}
    assert files <= loaded(site, url), os.linesep.join(map(str, files - loaded(site, url)))
    assert page.evaluate("moved") == 0


@pytest.mark.browser
def test_no_style_is_left_out_that_something_shown_has(page: Page) -> None:
    shown: set[str] = set()
    for url in SAMPLE:
        page.goto(f"{url}?q=is a gan a kind of vae", wait_until="networkidle")
        for opener in page.locator("summary:visible, .toolbar [aria-expanded]:visible").all()[:5]:
            opener.press("Enter")
        shown |= set(page.evaluate("[...document.querySelectorAll('[class]')].flatMap(node => [...node.classList])"))
    assert "md-tag" in shown, "search results are open"
    left_out = re.compile("|".join(assets.OPTIONAL.values()))
    assert {name for name in shown if left_out.match(name)} == set()


def test_rules_for_tables_name_the_classes_that_tables_have(site: Path) -> None:
    [sheet] = site.glob("assets/site.*.css")
    assert assets.OURS in sheet.read_text(encoding="utf-8")
    assert assets.CLASSLESS not in sheet.read_text(encoding="utf-8")
    known = set(re.findall(r"\.([\w-]+)", assets.OURS))
    pages = (html.document_fromstring(page.read_bytes()) for page in site.rglob("index.html"))
    found = {tuple(table.get("class").split()) for page in pages for table in page.xpath("//table[@class]")}
    assert found
    assert [classes for classes in found if known.isdisjoint(classes)] == []
