// What the address names by its fragment.

import { moveTabStop } from "./dom.js"
import { showHidden } from "./state.js"

/** Bring what the address names into view: unfold it, and show it if the state of a table hides it. */
function revealTarget() {
  const target = document.querySelector(":target")
  if (!target) return
  const details = target.closest("details")
  if (details) details.open = true
  if (target.closest("[hidden]")) showHidden(target)
  if (target.matches("[role=grid] tbody *") && target.matches("td, th")) moveTabStop(target)
  target.scrollIntoView()
  target.closest(".scroller:has(.matrix)")?.scrollIntoView()
}

/** Reveal what the address names, now and whenever that changes. */
export function setUpTarget() {
  addEventListener("hashchange", revealTarget)
  // The browser goes to the fragment once more when everything has loaded.
  const revealLater = () => setTimeout(revealTarget)
  if (document.readyState === "complete") revealLater()
  else addEventListener("load", revealLater)
}
