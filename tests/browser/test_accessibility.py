"""The site for everyone (WCAG 2.2 AA): by axe, by keyboard, enlarged, in other colors, without motion and on paper."""

from __future__ import annotations

import io
import re
import unicodedata
from typing import TYPE_CHECKING, Any

import axe
import keyboard
import pytest
from conftest import type_in_search
from lxml import html
from playwright.sync_api import expect
from pypdf import PdfReader

from fieldguide.site import links as built

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page, PdfMargins, Route, ViewportSize

    from fieldguide.catalog import Catalog

pytestmark = pytest.mark.own

# A page of each kind.
KINDS = [
    "",
    "guide/",
    "guide/how-an-llm-is-trained/",
    "systems/",
    "systems/dall-e/",
    "compare/",
    "compare/?ids=dall-e,midjourney,imagen",
    "compare/dall-e-vs-midjourney/",
    "taxonomy/",
    "timeline/",
    "glossary/",
    "claims/",
    "sources/",
    "sources/quiq/",
    "data/",
    "404.html",
]
PHONE: ViewportSize = {"width": 320, "height": 256}  # 1280 by 1024 px, enlarged four times
MARGINS: PdfMargins = {"top": "10mm", "right": "10mm", "bottom": "10mm", "left": "10mm"}
BETWEEN = 718  # px of A4 between them
SPACING = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
p { margin-bottom: 2em !important }"""
# The name of the site and of the page in the header are cut; both stand whole elsewhere, in the drawer and as heading.
CUT = """() => [...document.querySelectorAll('body *')].filter(node => {
  const style = getComputedStyle(node), lost = side => ['hidden', 'clip'].includes(style[`overflow-${side}`])
  return (lost('x') && node.scrollWidth > node.clientWidth + 1 || lost('y') && node.scrollHeight > node.clientHeight + 1)
    && node.textContent.trim() && node.checkVisibility({visibilityProperty: true, opacityProperty: true})
    && !node.matches('.announce') && !node.closest('.md-header, [inert]')
}).map(node => node.outerHTML.slice(0, 100))"""
CONTRAST = """() => {
  const canvas = Object.assign(document.createElement('canvas'), {width: 1, height: 1}).getContext('2d', {willReadFrequently: true})
  const light = color => {
    canvas.fillStyle = color
    canvas.fillRect(0, 0, 1, 1)
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map(part => part / 255)
      .map(part => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4)
    return .2126 * r + .7152 * g + .0722 * b
  }
  const ratio = (a, b) => (Math.max(a, b) + .05) / (Math.min(a, b) + .05)
  const paper = getComputedStyle(document.querySelector('.scroller')).backgroundColor
  return [...document.querySelectorAll('.diagram text')].map(text => {
    const shape = !text.closest('.timeline, .axis') && text.parentElement.querySelector('rect')
    const fill = shape && getComputedStyle(shape).fill
    return ratio(light(getComputedStyle(text).fill), light(fill && fill !== 'none' ? fill : paper))
  })
}"""


@pytest.fixture(scope="module")
def pages(site: Path) -> list[str]:
    """The address of every page from the site's root."""
    return [name.removesuffix("index.html") for name, page in built.read_pages(site).items() if not page.is_redirect]


@pytest.fixture(scope="module")
def trees(site: Path, pages: list[str]) -> dict[str, Any]:
    """Every page, parsed, by its address from the site's root."""
    return {
        name: html.parse(site / name / ("" if name.endswith(".html") else "index.html")).getroot() for name in pages
    }


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Page]:
    """A page of 320 px: 1280 px enlarged to 400 %."""
    context = browser.new_context(viewport=PHONE, base_url=address, reduced_motion="reduce", bypass_csp=True)
    yield context.new_page()
    context.close()


@pytest.mark.browser
def test_axe_finds_no_violation_on_any_page(address: str, pages: list[str]) -> None:
    every = dict.fromkeys([*KINDS, *pages])
    messages, met = axe.audit([f"{address}{page}" for page in every], {f"{address}{page}" for page in KINDS})
    assert messages == []
    unmet = [reviewed for i, reviewed in enumerate(axe.REVIEWED) if i not in met]
    assert unmet == [], "no longer there: remove from axe-incomplete.yml"


@pytest.mark.browser
@pytest.mark.parametrize("scheme", axe.SCHEMES)
@pytest.mark.parametrize(
    ("url", "width", "opener", "key", "opened"),
    [
        ("systems/dall-e/", 320, ".menu", "Enter", ".md-nav--primary .close:focus"),
        ("systems/", 1280, ".toolbar [aria-expanded]", "Enter", ".panel"),
        ("systems/", 320, ".toolbar [aria-expanded]", "Enter", ".panel"),
        ("systems/", 1280, "#dall-e\\.status", "Enter", "dialog"),
        ("compare/?ids=dall-e", 1280, "[role=combobox]", "m", "[role=option]"),
        ("?q=is+a+gan+a+vae", 1280, ".md-search__input", "End", ".md-search-result__item"),
        ("?q=is+a+gan+a+vae", 320, ".md-search__input", "End", ".md-search-result__item"),
        ("compare/dall-e-vs-midjourney/", 1280, ".same summary", "Enter", ".same table"),
        ("systems/dall-e/", 1280, ".cite-page summary", "Enter", ".cite-page pre"),
    ],
)
def test_axe_finds_no_violation_in_what_opens(  # noqa: PLR0913, PLR0917 -- the columns of a table
    page: Page, url: str, width: int, opener: str, key: str, opened: str, scheme: axe.Scheme
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(url)
    page.locator(opener).first.press(key)
    expect(page.locator(opened).first).to_be_visible()
    # What lies under it has been judged by itself.
    assert [message for message in axe.judge(page) if message.startswith("violation")] == []


PALE = """<p style="color: #aaa">Pale words and <a href="/" style="color: #bbb; text-decoration: none">a paler link</a></p>"""


@pytest.mark.browser
def test_axe_judges_the_colors_of_what_looks_new_on_a_later_page(phone: Page) -> None:
    rules = r"violation: (color-contrast|link-in-text-block): "
    for pale, flaws in (("", []), (PALE, ["color-contrast", "color-contrast", "link-in-text-block"])):
        phone.goto("systems/dall-e/")
        phone.evaluate("html => document.querySelector('article h2').insertAdjacentHTML('afterend', html)", pale)
        found = [match[1] for message in axe.judge(phone) if (match := re.match(rules, message))]
        assert sorted(found) == flaws


@pytest.mark.browser
@pytest.mark.parametrize("scheme", axe.SCHEMES)
@pytest.mark.parametrize("url", ["", "taxonomy/", "timeline/", "systems/dall-e/"])
def test_text_in_a_diagram_stands_out_from_its_shape(page: Page, url: str, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(url)
    ratios = page.evaluate(CONTRAST)
    assert ratios
    assert min(ratios) >= 4.5


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("url", KINDS)
def test_keys_reach_everything_in_sight_and_nothing_traps_them(page: Page, url: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(reduced_motion="reduce")
    page.goto(url, wait_until="networkidle")
    stops = keyboard.walk(page)
    assert [stop for stop in stops if stop["flaws"]] == []
    assert keyboard.missed(page) == []


@pytest.mark.browser
@pytest.mark.parametrize("url", ["systems/", "compare/dall-e-vs-midjourney/", "taxonomy/"])
def test_keys_lead_back_as_they_led_on(page: Page, url: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(url, wait_until="networkidle")
    there = [stop["name"] for stop in keyboard.walk(page)]
    page.evaluate("document.activeElement.blur()")
    back = keyboard.walk(page, "Shift+Tab")
    assert [stop for stop in back if stop["flaws"]] == []
    assert len(back) == len(there)


@pytest.mark.browser
def test_the_skip_link_leads_past_the_frame_on_every_page(page: Page, trees: dict[str, Any]) -> None:
    for name, tree in trees.items():
        [link] = tree.xpath("//a[@class='md-skip']")
        [content] = tree.xpath(f"//*[@id='{link.get('href')[1:]}']")
        assert content.xpath(".//h1"), name
    page.goto("systems/dall-e/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('.md-content'))")


@pytest.mark.browser
def test_the_drawer_opens_closes_and_holds_the_focus_by_keys(phone: Page) -> None:
    phone.goto("systems/dall-e/")
    opener = phone.get_by_role("button", name="Menu")
    expect(opener).to_have_attribute("aria-expanded", "false")
    expect(phone.get_by_role("link", name="Claims", exact=True)).to_have_count(0)
    opener.focus()
    phone.keyboard.press("Enter")
    close = phone.get_by_role("button", name="Close menu")
    expect(close).to_be_focused()
    names = [stop["name"] for stop in keyboard.walk(phone)]
    assert names
    assert all("md-nav__link" in name or "close" in name for name in names)
    here = phone.locator("#__nav").get_by_role("link", name="DALL-E", exact=True)
    here.focus()
    expect(here).to_be_in_viewport()
    phone.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "false")
    phone.keyboard.press("Space")
    expect(close).to_be_focused()
    phone.keyboard.press("Space")
    expect(opener).to_be_focused()
    phone.keyboard.press("Enter")
    phone.get_by_role("link", name="Claims", exact=True).press("Enter")
    expect(phone).to_have_url(re.compile("/claims/$"))


@pytest.mark.browser
def test_a_matrix_is_one_stop_and_opens_its_sources_by_keys(page: Page) -> None:
    page.goto("systems/")
    table = page.get_by_role("grid")
    expect(table.locator("tbody :is(a, button, summary, td, th):not([tabindex='-1'])")).to_have_count(1)
    page.locator("#dall-e\\.developer").press("Enter")
    dialog = page.get_by_role("dialog")
    page.keyboard.press("Tab")
    source = dialog.get_by_role("list").get_by_role("link").first
    expect(source).to_be_focused()
    href = source.get_attribute("href") or ""
    assert href.startswith("http")
    page.keyboard.press("Escape")
    page.locator("#dall-e > th").press("Enter")
    expect(page).to_have_url(re.compile("/systems/dall-e/$"))


@pytest.mark.browser
def test_sorting_and_filtering_by_keys_are_announced(page: Page) -> None:
    page.goto("systems/")
    said = page.get_by_role("status").last
    page.locator("th#status").get_by_role("button").press("Enter")
    expect(said).to_contain_text("sorted by Status, ascending")
    page.get_by_role("button", name="Filter").press("Enter")
    box = page.get_by_role("group", name="Openness").get_by_role("checkbox").first
    box.press("Space")
    expect(said).to_have_text(re.compile(r"^\d+ of \d+ entries shown"))
    box.press("Escape")
    expect(page.get_by_role("button", name="Filter")).to_be_focused()
    page.goto("claims/")
    page.get_by_role("button", name="Verdict").press("Enter")
    page.get_by_role("checkbox").first.press("Space")
    expect(page.get_by_role("status").last).to_have_text(re.compile(r"^\d+ of \d+ claims shown"))
    page.goto("compare/")
    page.get_by_role("combobox").press_sequentially("zzzz")
    expect(page.get_by_role("status").last).to_have_text("Nothing by that name")


@pytest.mark.browser
def test_search_by_keys_tells_how_much_it_found(page: Page) -> None:
    page.goto("")
    type_in_search(page, "midjourney")
    expect(page.locator(".md-search [role=status]").first).to_have_text(re.compile(r"\d+ .*match|\d+ .*result"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("midjourney"))


@pytest.mark.browser
def test_a_result_keeps_the_focus_when_more_is_found(page: Page) -> None:
    held: list[Route] = []
    page.route("**/texts*.json", lambda route: held.append(route))  # noqa: PLW0108 -- a method is no handler
    page.goto("?q=midjourney")
    expect(page.locator(".md-search-result__link").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    focused = page.locator(".md-search-result__link:focus")
    place = focused.get_attribute("href")
    for route in held:
        route.continue_()
    expect(page.locator(".md-search-result__item details, .md-search-result__more").first).to_be_attached()
    expect(focused).to_have_attribute("href", str(place))


@pytest.mark.browser
def test_one_key_shortcuts_can_be_turned_off(page: Page) -> None:
    page.goto("systems/")
    box = page.get_by_role("textbox", name="Search")
    page.keyboard.press("s")
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Keyboard shortcuts (/, s, …): on").click()
    page.reload()
    expect(page.get_by_role("button", name="Keyboard shortcuts (/, s, …): off")).to_be_visible()
    page.keyboard.press("s")
    expect(box).not_to_be_focused()


def test_every_table_has_a_caption_and_scopes(trees: dict[str, Any]) -> None:
    for name, tree in trees.items():
        for table in tree.iter("table"):
            [caption] = table.findall("caption")
            assert caption.text_content().strip(), name
            assert all(head.get("scope") == "col" for head in table.findall("thead/tr/th")), name
            for row in table.findall("tbody/tr"):
                assert [head.get("scope") for head in row.findall("th")] == ["row"], (name, row.text_content())


def test_every_icon_has_words(trees: dict[str, Any]) -> None:
    icons = "//svg[not(contains(@class, 'diagram'))] | //img"
    holders = "ancestor-or-self::*[self::a or self::button or self::label or self::img][1]"
    for name, tree in trees.items():
        for icon in tree.xpath(icons):
            [holder] = icon.xpath(holders)
            words = [holder.get("aria-label"), holder.get("title"), holder.get("alt"), holder.text_content().strip()]
            # These only stand beside a button and a text field, which have names.
            assert any(words) or holder.get("for") in {"__search", "__drawer"}, (name, html.tostring(holder))


def test_what_a_diagram_shows_is_told_by_each_of_its_nodes(trees: dict[str, Any], catalog: Catalog) -> None:
    drawn = 0
    for name, tree in trees.items():
        for diagram in tree.xpath("//*[contains(@class, 'diagram') and not(contains(@class, 'timeline'))]"):
            assert diagram.find("title").text, name
            assert diagram.find("desc").text, name
            told = {node.get("data-node"): node.get("aria-label") for node in diagram.iter("a")}
            edges = [(path.get("class"), *path.get("data-edge").split()) for path in diagram.iter("path")]
            for role, source, target in edges:
                relation = "built on" if role == "built-on" else "a kind of"
                assert f", {relation} {catalog.title(source)}" in told[target], name
            assert sum(len(re.findall(", a kind of |, built on ", label)) for label in told.values()) == len(edges), (
                name
            )
            drawn += 1
    assert drawn > len(KINDS)


def test_the_taxonomy_and_the_timeline_stand_in_text_too(trees: dict[str, Any]) -> None:
    tree = trees["taxonomy/"]
    nested = "//*[contains(@class, 'outline')]//li[@data-node]"
    assert {node.get("data-node") for node in tree.xpath("//*[contains(@class, 'diagram')]//a")} == {
        item.get("data-node") for item in tree.xpath(nested)
    }
    assert {tuple(path.get("data-edge").split()) for path in tree.xpath("//*[contains(@class, 'edges')]/path")} == {
        (item.xpath("ancestor::li[1]/@data-node")[0], item.get("data-node"))
        for item in tree.xpath(nested)
        if item.xpath("ancestor::li[1]")
    }
    dates = trees["timeline/"]
    rows = dates.xpath("//table[contains(@class, 'dates')]/tbody/tr")
    assert [node.get("data-node") for node in dates.xpath("//*[contains(@class, 'timeline')]//a")] == [
        row.get("id") for row in rows
    ]


@pytest.mark.browser
def test_nothing_is_lost_at_400_percent_or_with_wide_text(phone: Page, pages: list[str]) -> None:
    flaws = {}
    for name in {*pages, *KINDS}:
        phone.goto(name)
        wide = phone.evaluate("document.documentElement.scrollWidth")
        phone.add_style_tag(content=SPACING)
        spaced = phone.evaluate("document.documentElement.scrollWidth")
        cut = phone.evaluate(CUT)
        if (wide, spaced) != (320, 320) or cut:
            flaws[name] = (wide, spaced, cut)
    assert flaws == {}


@pytest.mark.browser
@pytest.mark.parametrize("url", KINDS)
def test_nothing_moves_for_those_who_asked_for_that(page: Page, url: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(url)
    moving = """() => [...document.querySelectorAll('*')].filter(node => {
      const {transitionDuration, animationName, scrollBehavior} = getComputedStyle(node)
      return transitionDuration.split(', ').some(time => parseFloat(time) > 0) || animationName !== 'none' || scrollBehavior === 'smooth'
    }).map(node => node.outerHTML.slice(0, 100))"""
    assert page.evaluate(moving) == []


@pytest.mark.browser
@pytest.mark.parametrize("scheme", axe.SCHEMES)
def test_more_contrast_is_given_where_it_is_asked_for(page: Page, scheme: Any) -> None:
    ratio = re.compile(r"[\d.]+")
    page.emulate_media(color_scheme=scheme)
    page.goto("compare/dall-e-vs-midjourney/")
    quiet = "getComputedStyle(document.querySelector('.aside, .legend')).color"
    before = [float(n) for n in ratio.findall(page.evaluate(quiet))]
    page.emulate_media(color_scheme=scheme, contrast="more")
    after = [float(n) for n in ratio.findall(page.evaluate(quiet))]
    assert set(after[:3]) == ({0} if scheme == "light" else {255})
    assert before != after


@pytest.mark.browser
@pytest.mark.parametrize("scheme", axe.SCHEMES)
def test_forced_colors_keep_marks_diagrams_and_focus(page: Page, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme, forced_colors="active")
    page.goto("systems/dall-e/")
    color = "([selector, name, part]) => getComputedStyle(document.querySelector(selector), part)[name]"
    canvas, text = (
        page.evaluate(
            "name => { const p = document.body.appendChild(document.createElement('p')); "
            "p.style.cssText = `color: ${name}; forced-color-adjust: none`; return getComputedStyle(p).color }",
            name,
        )
        for name in ("Canvas", "CanvasText")
    )
    assert canvas != text
    assert page.evaluate(color, [".diagram .node:not(.class) rect", "fill", None]) == canvas
    assert page.evaluate(color, [".diagram .node text", "fill", None]) != canvas
    assert page.evaluate(color, [".diagram .edges path", "stroke", None]) == text
    assert page.evaluate(color, [".value.empty, .verdict.full", "borderTopColor", "::before"]) == text
    page.locator(".md-content .cite a").first.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


@pytest.mark.browser
@pytest.mark.parametrize(
    "url", ["compare/dall-e-vs-midjourney/", "compare/?ids=dall-e,midjourney,imagen", "systems/dall-e/"]
)
def test_a_comparison_prints_on_a4_with_its_citations(page: Page, url: str) -> None:
    page.goto(url, wait_until="networkidle")
    cells = page.locator(".md-content tbody :is(th, td .given)").all_text_contents()
    sources = page.locator(".references a[href^=http]").evaluate_all("links => links.map(link => link.href)")
    assert cells
    assert sources
    pdf = PdfReader(io.BytesIO(page.pdf(format="A4", margin=MARGINS)))
    assert all((sheet.mediabox.width, sheet.mediabox.height) == pytest.approx((595, 842), abs=2) for sheet in pdf.pages)
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", "".join(sheet.extract_text() for sheet in pdf.pages)))
    assert [cell for cell in cells if re.sub(r"\s+", "", cell) not in text] == []
    assert [source for source in sources if source not in text] == []
    for control in ("Search", "Only differences", "Copy link", "Back to top", "Skip to content"):
        assert re.sub(r"\s+", "", control) not in text
    page.set_viewport_size({"width": BETWEEN, "height": 1000})
    page.emulate_media(media="print")
    over = "() => [...document.querySelectorAll('.md-content *')].filter(node => node.getBoundingClientRect().right > innerWidth + 1).length"
    assert page.evaluate(over) == 0
