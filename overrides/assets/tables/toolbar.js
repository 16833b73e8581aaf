// The toolbar above some tables.

import { announce } from "../site/announcer.js"
import { makeButton, makeElement } from "../site/dom.js"
import { addToolbar, addView, changeQuery, readQuery } from "../site/state.js"

/** Return the button that leaves out what does not differ. */
export function makeDifferencesButton(prefix) {
  const name = `${prefix}diff`
  const toggle = query => (query.get(name) ? query.delete(name) : query.set(name, "1"))
  const onclick = () => changeQuery(toggle)
  return makeButton({ class: "differences", "aria-pressed": "false", onclick }, "Only differences")
}

/** Return the toolbar before an element: the empty one that the page brings to keep its place, or a new one. */
function findBar(place) {
  const kept = place.previousElementSibling
  if (kept?.matches(".toolbar")) return kept
  const bar = makeElement("div", { class: "toolbar" })
  place.before(bar)
  return bar
}

/**
 * Put a toolbar before an element; return what draws, clears and asks it.
 *
 * `draw` draws what the toolbar is about from the query and says what is shown; `names` are its own in the query;
 * `has` tells whether it is about an element.
 */
export function makeToolbar(place, { names, tools, draw, has }) {
  const shown = makeElement("span", { class: "shown" })
  const clear = () =>
    changeQuery(query => {
      for (const name of names) query.delete(name)
    })
  const reset = makeButton({ onclick: clear }, "Clear")
  const bar = findBar(place)
  bar.role = "group"
  bar.ariaLabel = "Table tools"
  bar.append(...tools, reset, shown)
  let last
  const view = () => {
    const query = readQuery()
    const state = names.map(name => query.getAll(name)).join("|")
    const text = draw()
    const hadFocus = document.activeElement === reset
    reset.hidden = names.every(name => !query.has(name))
    if (hadFocus && reset.hidden) (bar.querySelector("button:not([hidden])") ?? place).focus()
    for (const tool of tools) tool.tell?.(text)
    shown.textContent = tools.length ? text.replace(/, sorted.*/, "") : ""
    if (last !== undefined && last !== state) announce(text)
    last = state
  }
  return { view, clear, has, isActive: () => !reset.hidden }
}

/** Have a toolbar follow the address from now on. */
export function startToolbar(toolbar) {
  addView(toolbar.view)
  addToolbar(toolbar)
  toolbar.view()
}
