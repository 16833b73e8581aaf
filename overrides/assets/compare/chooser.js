// The chooser: draws the comparison of what the address names.

import { announce } from "../site/announcer.js"
import { makeElement } from "../site/dom.js"
import { addToolbar, addView } from "../site/state.js"
import { enhancePair } from "../tables/pair.js"
import { parseChoice, readList } from "./choice.js"
import { Combobox } from "./combobox.js"
import { makeComparison } from "./comparison.js"
import { Entries } from "./entries.js"

/** Give the chooser the window for itself until a comparison is drawn, so that nothing moves when it comes. */
export const reserveSpace = (chooser, isWaiting) => chooser.classList.toggle("waits", isWaiting)

/** Return the link to the page that compares two entries, if there is one. */
function linkPair(ids, entries, title, root) {
  const url = entries.findPair(ids)
  if (!url) return []
  return [
    makeElement(
      "p",
      { class: "own" },
      makeElement("a", { href: new URL(url, root).href }, `${title}: the page of this pair`),
    ),
  ]
}

/** Fill in a chooser; `root` is the address of the site. */
export function setUpChooser(chooser, index, root) {
  const entries = new Entries(index)
  const combobox = new Combobox(entries)
  const result = makeElement("div", { class: "result" })
  chooser.append(...combobox.elements, result)
  const name = document.title
  let drawn
  let toolbar
  const isActive = () => toolbar?.isActive()
  addToolbar({ isActive, clear: () => toolbar?.clear(), has: element => result.contains(element) })

  const drawComparison = async (ids, title, list) => {
    const chosen = ids.map(id => entries.get(id))
    const failed = "The comparison could not be loaded. Try again when you are connected."
    const parts = await makeComparison(chosen, entries, root).catch(() => [makeElement("p", {}, failed)])
    if (drawn !== list) return false
    result.replaceChildren(makeElement("h2", {}, title), ...linkPair(ids, entries, title, root), ...parts)
    if (result.querySelector("table")) toolbar = enhancePair(result)
    toolbar?.view()
    reserveSpace(chooser, false)
    return true
  }

  const draw = async () => {
    const list = readList()
    if (drawn === list) return toolbar?.view()
    drawn = list
    toolbar = undefined
    const { ids, remarks } = parseChoice(list, entries)
    combobox.drawChips(ids)
    combobox.tell(remarks.join(" "))
    const title = ids.map(id => entries.get(id).title).join(" vs. ")
    document.title = title ? `${title} · ${name}` : name
    reserveSpace(chooser, ids.length > 1)
    if (ids.length < 2) return result.replaceChildren()
    if ((await drawComparison(ids, title, list)) && !remarks.length) announce(`${title}: compared`)
  }
  addView(draw)
  draw()
}
