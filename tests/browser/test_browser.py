"""What a reader does and sees, in a real browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from conftest import type_in_search
from playwright.sync_api import expect

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.own]

SAMPLES = 40
CROSSINGS = """samples => {
  const texts = [...document.querySelectorAll('.tree .node')].map(node => ({
    slug: node.dataset.node, boxes: [...node.querySelectorAll('text')].map(text => text.getBBox())}))
  const found = []
  for (const path of document.querySelectorAll('.tree .edges path')) {
    const length = path.getTotalLength()
    for (let i = 0; i <= samples; i++) {
      const {x, y} = path.getPointAtLength(length * i / samples)
      for (const {slug, boxes} of texts)
        if (boxes.some(b => x > b.x && x < b.x + b.width && y > b.y && y < b.y + b.height))
          found.push(`${path.dataset.edge} crosses ${slug}`)
    }
  }
  return [...new Set(found)]
}"""
SPILLS = """() => [...document.querySelectorAll('.diagram .node')].filter(node => {
  const rect = node.querySelector('rect')
  if (!rect || node.closest('.timeline')) return false
  const box = rect.getBBox()
  return [...node.querySelectorAll('text')].some(text => {
    const t = text.getBBox()
    const wide = t.x < box.x || t.x + t.width > box.x + box.width
    return wide || t.y < box.y - 1 || t.y + t.height > box.y + box.height + 1
  })
}).map(node => node.dataset.node)"""
SMALLEST = """() => Math.min(...[...document.querySelectorAll('.diagram text')].map(text =>
  parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a))"""


def test_home_answers_in_the_first_screen(page: Page) -> None:
    page.goto("")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("LLMs are one branch of generative AI")
    expect(heading).to_be_in_viewport()
    expect(page.locator(".diagram").first).to_be_in_viewport(ratio=0.9)
    for name in ("Read", "Compare", "Look up"):
        expect(page.locator(".ways").get_by_role("link", name=name)).to_be_in_viewport()


def test_a_search_leads_to_the_page(page: Page) -> None:
    page.goto("")
    type_in_search(page, "midjourney")
    page.locator('.md-search-result__link[href*="systems/midjourney/"]').first.click()
    expect(page).to_have_url(re.compile("/systems/midjourney/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Midjourney")


def test_a_comparison_shows_differences_and_unfolds_what_is_the_same(page: Page) -> None:
    page.goto("compare/")
    page.get_by_role("link", name="DALL-E vs. Midjourney").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("DALL-E vs. Midjourney")
    expect(page.locator("#dall-e\\.status")).to_contain_text("Retired")
    openness = page.locator("#openness")
    expect(openness).to_be_hidden()
    page.get_by_text("The same in both").click()
    expect(openness).to_be_visible()


def test_reverse_address_of_a_comparison_redirects(page: Page) -> None:
    page.goto("compare/midjourney-vs-dall-e/")
    page.wait_for_url("**/compare/dall-e-vs-midjourney/")


def test_taxonomy_nodes_are_links_in_reading_order(page: Page) -> None:
    page.goto("taxonomy/")
    nodes = page.locator(".tree .node")
    order = nodes.evaluate_all("nodes => nodes.map(node => node.dataset.node)")
    listed = page.locator(".outline li").evaluate_all("items => items.map(item => item.dataset.node)")
    assert order == list(dict.fromkeys(listed))
    nodes.first.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.node") == order[1]
    page.locator('.tree [data-node="gpt-4"]').press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("GPT-4")


def test_taxonomy_is_legible(page: Page) -> None:
    page.goto("taxonomy/")
    assert page.evaluate(SMALLEST) >= 12
    assert page.evaluate(SPILLS) == []
    assert page.evaluate(CROSSINGS, SAMPLES) == []
    region = page.locator(".tree .scroller")
    assert region.evaluate("node => node.scrollWidth <= node.clientWidth")


@pytest.mark.parametrize("url", ["", "systems/", "systems/dall-e/", "taxonomy/", "compare/dall-e-vs-midjourney/"])
def test_a_phone_scrolls_tables_and_diagrams_inside_their_region(page: Page, url: str) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(url)
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_matrix_keeps_its_header_row_and_first_column(page: Page) -> None:
    page.goto("systems/")
    region = page.locator(".scroller").first
    corner = region.locator("thead th").first
    before = corner.bounding_box()
    region.evaluate("node => node.scrollTo(400, 600)")
    page.wait_for_timeout(100)
    after = corner.bounding_box()
    assert before
    assert after
    assert abs(before["x"] - after["x"]) < 2
    scope = region.evaluate("node => node.getBoundingClientRect().top")
    assert 0 <= after["y"] - scope < 3
    row = region.locator("tbody th").nth(10).bounding_box()
    assert row
    assert abs(row["x"] - after["x"]) < 2


@pytest.mark.browser
def test_the_site_can_be_read_from_a_folder_without_a_server(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto((site / "index.html").as_uri())
    page.locator("svg a.node[href*='concepts/generative-ai/']").click()
    expect(page).to_have_url((site / "concepts/generative-ai/index.html").as_uri())
    page.locator(".md-content").get_by_role("link", name="Machine learning", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Machine learning")
    assert page.locator(".md-header").evaluate("node => getComputedStyle(node).position") == "sticky", (
        "styles are there"
    )
    page.close()


@pytest.mark.browser
def test_the_colors_follow_the_system_until_some_are_chosen_and_kept(page: Page) -> None:
    body, choice = page.locator("body"), page.locator(".md-option + label:visible")

    def has(scheme: str, media: str) -> None:
        expect(body).to_have_attribute("data-md-color-scheme", scheme)
        expect(body).to_have_attribute("data-md-color-media", media)
        dark = "dark" if scheme == "slate" else ""
        page.wait_for_function("dark => document.documentElement.style.colorScheme === dark", arg=dark)
        expect(page.locator("meta[name=theme-color]")).to_have_attribute("content", re.compile(r"^rgb"))
        # With one of the theme's, every element's style is found anew at each load.
        expect(page.locator("meta[name=color-scheme]")).to_have_count(0)

    page.emulate_media(color_scheme="dark")
    page.goto("taxonomy/")
    has("slate", "(prefers-color-scheme)")
    page.emulate_media(color_scheme="light")
    has("default", "(prefers-color-scheme)")
    page.emulate_media(color_scheme="dark")
    choice.click()
    has("default", "(prefers-color-scheme: light)")
    page.goto("systems/")
    has("default", "(prefers-color-scheme: light)")
    page.locator(".md-option:checked").press("Enter")
    has("slate", "(prefers-color-scheme: dark)")
    page.locator(".md-option:checked").press("Enter")
    has("slate", "(prefers-color-scheme)")
    page.reload()
    has("slate", "(prefers-color-scheme)")
