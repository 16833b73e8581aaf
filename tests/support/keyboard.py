"""Walks a page by the Tab key alone, and judges each stop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

MOST = 3000
SETTLES = 500  # ms, for what opens when it gets the focus and closes when it loses it
STOP = """() => {
  const node = document.activeElement
  if (node === document.body) return null
  const number = stops.get(node) ?? stops.size
  const again = stops.has(node)
  stops.set(node, number)
  // A link that runs over two lines has two boxes; what is hidden but for its label is seen by that.
  const shown = node.matches('.md-option') ? node.nextElementSibling : node
  const boxes = [...shown.getClientRects()].map(({left, right, top, bottom}) => ({
    left: Math.max(left, 0), right: Math.min(right, innerWidth),
    top: Math.max(top, 0), bottom: Math.min(bottom, innerHeight)
  })).filter(box => box.left < box.right && box.top < box.bottom)
  const parts = [.1, .5, .9]
  const clear = boxes.some(({left, right, top, bottom}) => parts.some(x => parts.some(y => {
    const hit = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y)
    return hit && (shown.contains(hit) || hit.contains(shown) && hit.matches('label, .md-search__form, svg'))
  })))
  const frame = shown.closest('.combo, .md-search__form')
  const outlined = part => {
    const {outlineStyle, outlineWidth} = getComputedStyle(part)
    return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1
  }
  const ring = outlined(shown) || frame && outlined(frame) ||
    [...shown.querySelectorAll('rect, circle')].some(part => parseFloat(getComputedStyle(part).strokeWidth) >= 3)
  let opacity = 1
  for (let part = shown; part; part = part.parentElement) opacity *= getComputedStyle(part).opacity
  const flaws = {
    'out of view': !boxes.length, covered: boxes.length && !clear, 'without a ring': !ring, 'not to be seen': opacity < .5}
  return {number, again, name: node.outerHTML.slice(0, 120), flaws: Object.keys(flaws).filter(flaw => flaws[flaw])}
}"""
CANDIDATES = "a[href], button, input, summary, [tabindex='0']"
MISSED = """candidates => [...document.querySelectorAll(candidates)]
  .filter(node => node.tabIndex >= 0 && !node.closest('[inert]') && !stops.has(node))
  .filter(node => node.checkVisibility({visibilityProperty: true}) && (node.type !== 'radio' || node.checked))
  .map(node => node.outerHTML.slice(0, 120))"""


def walk(page: Page, key: str = "Tab") -> list[dict[str, Any]]:
    """The stops of the Tab key from where the focus is until it leaves the page or begins again."""
    return list(_stops(page, key))


def _stops(page: Page, key: str) -> Iterator[dict[str, Any]]:
    page.evaluate("() => { window.stops = new Map() }")
    unsettled = False
    for _ in range(MOST):
        page.keyboard.press(key)
        if unsettled:
            page.wait_for_timeout(SETTLES)
        stop = page.evaluate(STOP)
        if stop is None or stop["again"]:
            assert stop is None or stop["number"] == 0, f"{key} is caught at stop {stop['number']}"
            return
        unsettled = bool(stop["flaws"])
        if unsettled:
            page.wait_for_timeout(SETTLES)
            stop = page.evaluate(STOP)
        yield stop
    raise AssertionError(f"{key} does not end")


def missed(page: Page) -> list[str]:
    """What can be operated and was no stop of the last walk."""
    found: list[str] = page.evaluate(MISSED, CANDIDATES)
    return found
