"""Runs axe-core on pages in a real browser, in both color schemes and at three widths."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Literal

import chromium
import yaml
from axe_playwright_python.base import AXE_SCRIPT
from conftest import ARGUMENTS, ROOT
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from playwright.sync_api import Page

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
WIDTHS = (1280, 768, 320)
# What axe could not decide, with the reason for which each is right: `where` is a selector of the elements.
REVIEWED: list[dict[str, str]] = yaml.safe_load((ROOT / "tests/data/axe-incomplete.yml").read_text(encoding="utf-8"))
# The rules on colors, which take most of the time, with the elements that they judge: one of each look, that is, of the
# same tags and classes in the same colors and letters, all the way up, at the width at which it is first seen. The browser
# remembers the looks from page to page.
COLORS = {"color-contrast": "[data-fresh]", "link-in-text-block": "a[href][data-fresh]"}
LOOK = [
    *("color", "backgroundColor", "backgroundImage", "opacity", "filter", "textShadow"),
    *("fontSize", "fontWeight", "textDecorationLine", "display", "position"),
]
RUN = """async ({scheme, whole, colors, styles, reviewed}) => {
  const {looks, judged} = JSON.parse(localStorage.getItem(scheme) ?? '{"looks": {}, "judged": {}}')
  const known = new Map([[null, 0]]), seen = (window.seen ??= {})[scheme] ??= new Set()
  const look = node => {
    if (!known.has(node)) {
      const style = getComputedStyle(node), text = [...node.childNodes].filter(child => child.nodeType === Node.TEXT_NODE)
      const worded = text.some(child => child.data.trim().length > 1)
      const own = [node.tagName, node.getAttribute('class'), worded, ...styles.map(name => style[name])]
      known.set(node, looks[`${look(node.parentElement)} ${own}`] ??= Object.keys(looks).length + 1)
    }
    return known.get(node)
  }
  for (const node of document.body.querySelectorAll('*')) {
    const first = !seen.has(node) && node.checkVisibility({visibilityProperty: true, opacityProperty: true})
    node.toggleAttribute('data-fresh', first && !judged[look(node)])
    if (first) judged[look(node)] = seen.add(node) && true
  }
  localStorage.setItem(scheme, JSON.stringify({looks, judged}))
  if (!whole && !document.querySelector('[data-fresh]')) return {messages: [], used: []}
  axe.configure({rules: Object.entries(colors).map(([id, selector]) => ({id, selector}))})
  const run = await axe.run(document, {
    resultTypes: ['violations', 'incomplete'], elementRef: true, iframes: false, preload: false,
    ...(whole ? {} : {runOnly: Object.keys(colors)})})
  const used = new Set(), messages = []
  const tell = (result, node, kind) => {
    const [why] = [...node.any, ...node.all, ...node.none]
    messages.push(`${kind}: ${result.id}: ${node.target}: ${why?.message ?? result.help}`)
  }
  for (const result of run.violations) for (const node of result.nodes) tell(result, node, 'violation')
  for (const result of run.incomplete) for (const node of result.nodes) {
    const at = reviewed.findIndex(({rule, where}) => rule === result.id && node.element.matches(where))
    at < 0 ? tell(result, node, 'incomplete') : used.add(at)
  }
  return {messages, used: [...used]}
}"""


def audit(addresses: Iterable[str], templates: Collection[str]) -> tuple[list[str], set[int]]:
    """What axe finds on pages, each with its place, and which reviewed results it met.

    Every rule judges one page of each template at each width, and every other page at one width: what a width changes
    is the template's. Colors are judged at each width and in both schemes, wherever an element of a new look appears.
    """
    views = [
        (address, WIDTHS if address in templates else (WIDTHS[n % len(WIDTHS)],)) for n, address in enumerate(addresses)
    ]
    workers = os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as pool:
        shares = list(pool.map(_share, [views[n::workers] for n in range(workers)]))
    return sorted(m for messages, _ in shares for m in messages), {i for _, used in shares for i in used}


def judge(page: Page) -> list[str]:
    """What axe finds on a page as it stands."""
    page.evaluate(AXE_SCRIPT)
    messages: list[str] = _run(page, "as it stands", whole=True)["messages"]
    return messages


def _run(page: Page, scheme: str, *, whole: bool) -> dict[str, Any]:
    given = {"scheme": scheme, "whole": whole, "colors": COLORS, "styles": LOOK, "reviewed": REVIEWED}
    found: dict[str, Any] = page.evaluate(RUN, given)
    return found


def _share(views: list[tuple[str, tuple[int, ...]]]) -> tuple[list[str], set[int]]:
    messages: list[str] = []
    used: set[int] = set()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.executable(), args=ARGUMENTS)
        page = browser.new_page(reduced_motion="reduce")
        for address, widths in views:
            page.goto(address)
            page.evaluate(AXE_SCRIPT)
            for place, found in _views(page, widths):
                messages += [f"{address} {place}: {message}" for message in found["messages"]]
                used.update(found["used"])
        browser.close()
    return messages, used


def _views(page: Page, whole: tuple[int, ...]) -> Iterable[tuple[str, dict[str, Any]]]:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            yield f"{scheme} {width}", _run(page, scheme, whole=scheme == "light" and width in whole)
