// Links to sections, rows, claims and cells, to copy.

import { announce } from "./announcer.js"
import { findAll, makeButton } from "./dom.js"

const AT_A_TIME = 20
const PLACES =
  "h1, :is(h2, h3)[id], .claim[id] > .claim-text, :is(.references, .bibliography, .outline) li[id], " +
  "dt[id], table:not(.matrix, .pair) tr[id] > th[scope=row]"

const formatLink = id => location.origin + location.pathname + (id ? `#${id}` : "")

/** Return the address of a cell, a row's heading or a node of a diagram; empty if it has none. */
export function findAddress(element) {
  if (element.matches("th[scope=row]")) return findAddress(element.parentElement)
  if (element.id) return formatLink(element.id)
  if (element.dataset.home) return new URL(element.dataset.home, location).href
  return element.matches(".node") ? new URL(element.getAttribute("href"), location).href : ""
}

/** Copy an address, and say so; say the address itself where that is not possible. */
export function copyAddress(address) {
  const copying = navigator.clipboard?.writeText(address)
  if (!copying) return announce(`The address: ${address}`, true)
  return copying.then(
    () => announce("Link copied", true),
    () => announce(`Copying failed. The address: ${address}`, true),
  )
}

function addCopyButton(place) {
  if (place.querySelector(".headerlink")) return
  const address = formatLink(place.id || place.parentElement.id)
  const name = place.textContent.trim().slice(0, 60)
  const label = `Copy link to ${name}`
  const copier = makeButton({
    class: "copy",
    title: "Copy link",
    "aria-label": label,
    onclick: () => copyAddress(address),
  })
  const within = place.querySelector(":scope > p") ?? place
  const next = place.querySelector(":scope > ul") ?? within.querySelector(":scope > .aside")
  if (next) next.before(copier)
  else within.append(copier)
}

/** Give each place that has an address a button that copies it. */
export function setUpCopyButtons() {
  for (const link of findAll(".headerlink")) {
    link.setAttribute("aria-label", "Copy link to this section")
    link.addEventListener("click", () => copyAddress(link.href))
  }
  const places = findAll(PLACES)
  // Some of a long list at a time, so that the page is drawn, and answers, meanwhile.
  const addMore = () => {
    places.splice(0, AT_A_TIME).forEach(addCopyButton)
    if (places.length) setTimeout(addMore)
  }
  setTimeout(addMore)
}

/** Without a server nothing leads from a folder to the page in it: name that page in each link. */
export function nameIndexFiles() {
  if (location.protocol !== "file:") return
  for (const link of findAll("a[href]")) {
    const address = new URL(link.getAttribute("href"), location)
    if (address.protocol !== "file:" || !address.pathname.endsWith("/")) continue
    address.pathname += "index.html"
    link.setAttribute("href", address)
  }
}
