// A button and what it opens; on a phone that is a sheet with a button at its foot.

import { makeButton, makeElement } from "../site/dom.js"
import { drawViews } from "../site/state.js"
import { countThings } from "../site/text.js"

let panels = 0

/** Return how many things are shown, from what a toolbar says: "3 entries" of "3 of 9 entries shown". */
export function countShown(text) {
  const [, count, things] = /^(\d+) of \d+ (\w+)/.exec(text)
  return countThings(Number(count), things)
}

/** Put an open panel under its button, or as near as there is room. */
function placePanel(body, toggle) {
  body.style.setProperty("--left", "0px")
  const most = toggle.parentElement.parentElement.clientWidth - body.offsetWidth
  body.style.setProperty("--left", `${Math.max(0, Math.min(toggle.offsetLeft, most))}px`)
}

/** Return a tool that opens what `fill` makes when it is first opened; `tell` has its foot say what is shown. */
export function makePanel(label, fill, count = countShown) {
  panels += 1
  const body = makeElement("div", { class: "panel", id: `panel-${panels}`, hidden: "" })
  const controls = { "aria-expanded": "false", "aria-controls": body.id }
  const toggle = makeButton({ ...controls, onclick: () => show(body.hidden) }, label)
  const done = makeButton({ onclick: () => leave() })
  const show = isOpen => {
    if (isOpen && !body.hasChildNodes()) {
      body.append(...fill(), makeElement("p", { class: "done" }, done))
      drawViews()
    }
    body.hidden = !isOpen
    toggle.setAttribute("aria-expanded", isOpen)
    if (isOpen) placePanel(body, toggle)
  }
  const leave = () => {
    show(false)
    toggle.focus()
  }
  const leaveOnEscape = event => {
    if (event.key !== "Escape" || body.hidden) return
    event.preventDefault()
    leave()
  }
  const tool = makeElement("div", { class: "tool", onkeydown: leaveOnEscape }, toggle, body)
  document.addEventListener("pointerdown", event => {
    if (!tool.contains(event.target)) show(false)
  })
  const tell = text => {
    done.textContent = `Show ${count(text)}`
  }
  return Object.assign(tool, { tell })
}
