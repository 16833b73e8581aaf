// The live region: what is said aloud, and shown for a moment when it answers a click.

import { makeElement } from "./dom.js"

const SHOWN_FOR = 2500 // milliseconds
let region
let fading

/** Put the live region at the end of an element; a modal dialog hides one outside of itself. */
export function placeAnnouncer(parent) {
  region ??= makeElement("p", { class: "announce", role: "status", "aria-live": "polite" })
  parent.append(region)
}

/** Say a text to screen readers, and show it if asked to. */
export function announce(text, shown = false) {
  region.textContent = text
  region.classList.toggle("shown", shown)
  clearTimeout(fading)
  fading = setTimeout(() => region.classList.remove("shown"), SHOWN_FOR)
}
