// Comparisons: attributes by the entries that are compared, which filter by value and show only differences.

import { defer, filterVisible, findAll } from "../site/dom.js"
import { readQuery } from "../site/state.js"
import { countThings } from "../site/text.js"
import { drawFilters, makeCheckboxes, makeFieldset } from "./filters.js"
import { makeGrid } from "./grid.js"
import { makePanel } from "./panel.js"
import { makeDifferencesButton, makeToolbar, startToolbar } from "./toolbar.js"

const isDifferent = row => !row.closest("details.same, tr.one-sided")

const readMark = mark => mark.dataset.value ?? mark.textContent

/** Return the filter of rows by the values in their cells. */
function makeFilter(rows) {
  const marks = new Map(rows.map(row => [row, findAll("td .value", row)]))
  const labels = new Map([...marks.values()].flat().map(mark => [readMark(mark), mark.textContent]))
  const options = [...labels].map(([key, label]) => ({ key, label }))
  const values = new Map([...marks].map(([row, found]) => [row, found.map(readMark)]))
  return { name: "value", read: row => values.get(row), checkboxes: makeCheckboxes("value", options) }
}

/** Hide what is folded if nothing of it is left, and unfold what holds a value that is looked for. */
function drawFolded(root, isFiltered) {
  for (const same of findAll("details.same", root)) {
    same.hidden = findAll("tbody tr", same).every(row => row.hidden)
    if (isFiltered && !same.hidden) same.open = true
  }
}

/** Return the toolbar of the comparison within an element, made of tables of which it has at least one. */
export function enhancePair(root) {
  const tables = findAll("table.pair", root)
  defer(() => tables.forEach(makeGrid))
  const rows = findAll("table.pair tbody tr", root)
  const filter = makeFilter(rows)
  const differences = makeDifferencesButton("")
  const draw = () => {
    const isDiff = readQuery().has("diff")
    differences.setAttribute("aria-pressed", isDiff)
    for (const row of rows) row.hidden = isDiff && !isDifferent(row)
    drawFilters(filterVisible(rows), [filter])
    drawFolded(root, filter.wanted.length > 0)
    return `${filterVisible(rows).length} of ${countThings(rows.length, "attributes")} shown`
  }
  const tools = rows.every(isDifferent) ? [] : [differences]
  const fill = () => [makeFieldset("Attributes with the value", filter.checkboxes)]
  if (filter.checkboxes.length > 1) tools.push(makePanel("Filter", fill))
  const has = element => root.contains(element)
  return makeToolbar(tables[0].closest(".scroller"), { names: ["diff", "value"], tools, draw, has })
}

/** Give the comparison of the page its tools, if it is one. */
export function setUpPair() {
  const content = document.querySelector(".md-content")
  if (content?.querySelector("table.pair")) startToolbar(enhancePair(content))
}
