// The drawer of narrow screens: opened and closed by buttons, and the rest of the page is out of reach meanwhile.

import { makeButton } from "./dom.js"

const WIDE = "(min-width: 76.25em)"

/** Return what stands beside the drawer, but for the shade, a click on which closes it. */
function findOthers(sidebar) {
  const found = []
  for (let element = sidebar; element !== document.body; element = element.parentElement) {
    const siblings = [...element.parentElement.children].filter(other => other !== element)
    found.push(...siblings.filter(other => !other.matches(".md-overlay, script")))
  }
  return found
}

/** Make buttons of the labels that open and close the drawer. */
export function setUpDrawer() {
  const drawer = document.getElementById("__drawer")
  const sidebar = document.querySelector(".md-sidebar--primary")
  const label = document.querySelector(".md-header [for=__drawer]")
  const title = document.querySelector(".md-nav--primary [for=__drawer]")
  if (!(drawer && sidebar && label && title)) return
  const show = isOpen => {
    drawer.checked = isOpen
    drawer.dispatchEvent(new Event("change"))
  }
  const controls = { "aria-controls": "__nav", "aria-expanded": "false" }
  const style = "md-header__button md-icon menu"
  const opener = makeButton(
    { class: style, "aria-label": "Menu", ...controls, onclick: () => show(true) },
    ...label.childNodes,
  )
  const closer = makeButton({ class: "md-icon close", "aria-label": "Close menu", onclick: () => show(false) })
  label.replaceWith(opener)
  title.after(closer)
  drawer.addEventListener("change", () => {
    const isOpen = drawer.checked
    opener.setAttribute("aria-expanded", isOpen)
    for (const element of findOthers(sidebar)) element.inert = isOpen
    if (isOpen) closer.focus()
    else if (sidebar.contains(document.activeElement)) opener.focus()
  })
  sidebar.addEventListener("keydown", event => {
    if (event.key === "Escape" && drawer.checked) show(false)
  })
  matchMedia(WIDE).addEventListener("change", () => show(false))
  // A browser may remember a drawer that was open when the page was left.
  addEventListener("pageshow", () => show(false))
}
