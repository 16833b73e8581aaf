// One button serves all cells and nodes: it stands at whichever is pointed at or has the focus.

import { makeButton } from "./dom.js"
import { copyAddress, findAddress } from "./links.js"

const SERVED = "td, th[scope=row], .node"
let chip
let served

/** Return whether a click on a place shows its sources. */
const showsSources = place => place.matches("[role=grid] td:has(.cite)")

function act() {
  if (!showsSources(served)) return copyAddress(findAddress(served))
  served.focus()
  served.click()
}

function formatLabel(target, isKeyed) {
  if (!isKeyed) return showsSources(target) ? "Sources and link" : "Copy link"
  if (showsSources(target)) return "Sources: Enter. Copy link: C"
  return `${target.matches("td") ? "Open: Enter. " : ""}Copy link: C`
}

function showChip(target, isKeyed) {
  chip.hidden = !(target && (showsSources(target) || findAddress(target)))
  if (chip.hidden) return
  served = target
  chip.textContent = formatLabel(target, isKeyed)
  const box = target.getBoundingClientRect()
  const top = (target.matches(".node") ? box.top : box.bottom) - chip.offsetHeight
  chip.style.left = `${Math.max(0, Math.min(box.right, innerWidth) - chip.offsetWidth)}px`
  chip.style.top = `${Math.max(0, Math.min(top, innerHeight - chip.offsetHeight))}px`
}

function findServed(element) {
  const target = element.closest?.(SERVED)
  return target && (target.matches(".node") || target.closest(".matrix, .pair")) ? target : null
}

function followPointer(event) {
  if (event.pointerType !== "mouse" || event.target === chip) return
  const target = findServed(event.target)
  if (chip.hidden ? target : target !== served) showChip(target, false)
}

function followFocus({ target }) {
  if (target !== chip) showChip(target.matches(`:focus-visible:is(${SERVED})`) ? findServed(target) : null, true)
  // Browsers bring the focus into view, but not within a diagram or in a head that stays in its place.
  if (target.matches(".node, .sort")) target.scrollIntoView({ block: "nearest", inline: "nearest" })
}

function copyOnKey(event) {
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey
  if (event.key.toLowerCase() !== "c" || !isPlain || !event.target.matches(SERVED)) return
  const address = findAddress(event.target)
  if (address) copyAddress(address)
}

/** Offer the link, and the sources, of each cell and node where it is. */
export function setUpChip() {
  chip = makeButton({ class: "copy-chip", tabindex: -1, hidden: "", onclick: act })
  document.body.append(chip)
  document.addEventListener("pointermove", followPointer)
  document.addEventListener("focusin", followFocus)
  document.addEventListener(
    "scroll",
    () => {
      chip.hidden = true
    },
    { capture: true, passive: true },
  )
  document.addEventListener("keydown", copyOnKey)
}
