// The theme's shortcuts are single characters, in the way of those who speak to their computer (WCAG 2.1.4): a button
// turns them off.

import { makeButton } from "./dom.js"

const KEYS = ["/", "f", "s", "p", ",", "n", "."]
const STORED_AS = "shortcuts-off"
const HELP = "Search: / or s or f. Page before: p or comma. Page after: n or period."

function isStoredOff() {
  try {
    return Boolean(localStorage.getItem(STORED_AS))
  } catch {
    return false
  }
}

function storeOff(isOff) {
  try {
    if (isOff) localStorage.setItem(STORED_AS, "1")
    else localStorage.removeItem(STORED_AS)
  } catch {
    // Nothing can be stored: the choice holds for this page only.
  }
}

/** Add the button to the footer, and keep the theme's shortcuts from it while they are off. */
export function setUpShortcuts() {
  const footer = document.querySelector(".md-footer-meta__inner")
  if (!footer) return
  let isOff = isStoredOff()
  const toggle = makeButton({ class: "shortcuts", title: HELP })
  const draw = () => {
    toggle.textContent = `Keyboard shortcuts (/, s, …): ${isOff ? "off" : "on"}`
  }
  toggle.addEventListener("click", () => {
    isOff = !isOff
    storeOff(isOff)
    draw()
  })
  draw()
  footer.append(toggle)
  const stopShortcut = event => {
    const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]")
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey
    if (isOff && KEYS.includes(event.key) && !isTyping && isPlain) event.stopImmediatePropagation()
  }
  addEventListener("keydown", stopShortcut, true)
}
