"""The site under its Content-Security-Policy: no page holds what it refuses, and everything works under it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from conftest import type_in_search
from playwright.sync_api import expect

from fieldguide.site import hosting
from fieldguide.site import links as built

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([^"]+)">')
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
    "sources/references/",
    "data/",
    "404.html",
]
WATCH = """addEventListener('securitypolicyviolation', event =>
  window.violated(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`))"""
LATE = """() => {
  const script = document.createElement('script')
  script.textContent = 'document.title = "hacked"'
  document.body.append(script)
}"""


def watch(page: Page) -> list[str]:
    """A list that fills with what the browser refuses on a page."""
    found: list[str] = []
    page.expose_function("violated", lambda violation: found.append(violation))  # noqa: PLW0108 -- no builtin is taken
    page.add_init_script(WATCH)
    return found


@pytest.fixture
def violations(page: Page) -> Iterator[list[str]]:
    """What the browser refused on the pages a test opens: nothing."""
    found = watch(page)
    yield found
    assert found == []


def test_every_page_carries_one_strict_policy_before_anything_it_governs(site: Path) -> None:
    policies = set()
    for path in site.rglob("*.html"):
        text = path.read_bytes()
        [policy] = POLICY.findall(text)
        assert text.index(policy) < min(text.find(b"<script") % len(text), text.find(b"<link") % len(text)), path
        policies.add(policy.decode())
    [policy] = policies
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert f"Content-Security-Policy: {policy}; frame-ancestors 'none'\n" in (site / "_headers").read_text("utf-8")


def test_no_page_holds_what_the_policy_refuses(site: Path) -> None:
    assert hosting.check_inline(built.read_pages(site)) == []


@pytest.mark.parametrize(
    ("flaw", "message"),
    [
        ("<p>\n<script>alert(1)</script>", "inline script is refused"),
        ("<p>\n<script type=module>alert(1)</script>", "inline script is refused"),
        ('<p>\n<p style="color: red">x', "inline style is refused"),
        ("<p>\n<style>p {color: red}</style>", "inline style is refused"),
        ("<p>\n<p onclick=alert(1)>x", "inline handler is refused"),
        ('<p>\n<a href="javascript:alert(1)">x</a>', "inline handler is refused"),
        ('<p>\n<svg><a href="JavaScript:alert(1)">x</a></svg>', "inline handler is refused"),
    ],
)
def test_what_the_policy_refuses_is_found_with_its_line(tmp_path: Path, flaw: str, message: str) -> None:
    (tmp_path / "404.html").write_text("<script>theme()</script>", encoding="utf-8")
    (tmp_path / "index.html").write_text(f"<script>theme()</script>\n{flaw}", encoding="utf-8")
    [problem] = hosting.check_inline(built.read_pages(tmp_path))
    assert (problem.path, problem.line) == ("site/index.html", 3)
    assert message in problem.message


@pytest.mark.browser
@pytest.mark.parametrize("url", KINDS)
def test_a_page_of_each_kind_loads_under_the_policy(page: Page, violations: list[str], url: str) -> None:
    page.goto(url, wait_until="networkidle")
    assert page.evaluate("[...document.styleSheets].every(sheet => sheet.cssRules.length > 0)")
    assert page.locator("script:not([src])").count() >= 3
    assert violations == []


@pytest.mark.browser
def test_a_redirect_works_under_the_policy(page: Page, violations: list[str]) -> None:
    page.goto("compare/midjourney-vs-dall-e/")
    page.wait_for_url("**/compare/dall-e-vs-midjourney/")
    assert violations == []


@pytest.mark.browser
def test_search_palette_and_navigation_work_under_the_policy(page: Page, violations: list[str]) -> None:
    page.goto("systems/")
    for _ in range(2):
        page.locator(".md-option + label:visible").click()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    type_in_search(page, "midjourney")
    page.locator('.md-search a[href*="systems/midjourney/"]').first.click()
    expect(page).to_have_url(re.compile("/systems/midjourney/"))
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    assert violations == []


@pytest.mark.browser
def test_the_drawer_of_a_phone_works_under_the_policy(page: Page, violations: list[str]) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto("systems/dall-e/")
    page.get_by_role("button", name="Menu").click()
    link = page.locator(".md-nav--primary").get_by_role("link", name="BLOOM", exact=True)
    expect(link).to_be_in_viewport()
    link.click()
    expect(page).to_have_url(re.compile("/systems/bloom/"))
    assert violations == []


@pytest.mark.browser
def test_tables_and_the_chooser_work_under_the_policy(page: Page, violations: list[str]) -> None:
    page.goto("systems/")
    page.locator(".matrix thead button.sort").nth(1).click()
    expect(page.locator(".matrix th[aria-sort]")).to_have_count(1)
    page.locator(".matrix tbody td").first.click()
    expect(page.locator("dialog.cell")).to_be_visible()
    page.keyboard.press("Escape")
    page.goto("compare/?ids=dall-e,midjourney")
    expect(page.locator("table.pair, table.matrix").first).to_be_visible()
    assert violations == []


@pytest.mark.browser
def test_what_is_not_the_themes_own_does_not_run(browser: Browser, address: str) -> None:
    page = browser.new_page(base_url=address)
    found = watch(page)
    page.goto("")
    title = page.title()
    page.evaluate(LATE)
    page.wait_for_timeout(100)
    assert page.title() == title
    assert [violation.split()[0] for violation in found] == ["script-src-elem"]
    page.close()
