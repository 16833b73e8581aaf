// The dialog that shows a cell with its notes and sources.

import { placeAnnouncer } from "../site/announcer.js"
import { findAll, makeButton, makeElement } from "../site/dom.js"
import { copyAddress, findAddress } from "../site/links.js"
import { findStated } from "./values.js"

let dialog

const copyElements = elements => elements.map(element => element.cloneNode(true))

const formatTerm = (term, ...content) =>
  content.length ? [makeElement("dt", {}, term), makeElement("dd", {}, ...content)] : []

/** Return what is cited in a cell as items of a list, by their numbers. */
function listSources(cell) {
  const links = findAll(".cite a", cell).sort((a, b) => a.textContent - b.textContent)
  return links.map(link => {
    const source = document.getElementById(link.hash.slice(1)).cloneNode(true)
    for (const button of findAll(".copy", source)) button.remove()
    return makeElement("li", { value: link.textContent }, ...source.childNodes)
  })
}

/** Return the entry and the attribute that a cell is about. */
function nameCell(cell) {
  const table = cell.closest("table")
  const head = table.tHead.rows[0].cells[cell.cellIndex]
  const names = [cell.parentElement.cells[0], head.querySelector("a") ?? head].map(node => node.textContent.trim())
  return table.matches(".pair") ? names.reverse() : names
}

function readContent(cell) {
  const value = findStated(cell) ?? cell.querySelector(".value.none")
  if (value) return copyElements([value])
  const plain = cell.cloneNode(true)
  for (const cite of findAll(".cite", plain)) cite.remove()
  return [...plain.childNodes]
}

/** Return what a dialog says of a cell, as terms and their descriptions. */
function describeCell(cell) {
  const asides = findAll(".aside", cell)
  const dates = asides.map(aside => aside.querySelector("time")).filter(Boolean)
  const notes = asides.filter(aside => !aside.querySelector("time"))
  const disputes = findAll(".disputed", cell).map(link =>
    makeElement("p", {}, makeElement("a", { href: link.href }, link.title)),
  )
  const sources = listSources(cell)
  return makeElement(
    "dl",
    {},
    ...formatTerm("Value", ...readContent(cell)),
    ...formatTerm("Note", ...copyElements(notes)),
    ...formatTerm("As of", ...copyElements(dates)),
    ...formatTerm("An article differs", ...disputes),
    ...formatTerm("Sources", ...(sources.length ? [makeElement("ol", {}, ...sources)] : [])),
  )
}

/** Return the address of a form to report a problem of a cell, filled in. */
export const formatReport = (template, values) =>
  template.replace(/\{(form|title|url)\}/g, (_, key) => encodeURIComponent(values[key]))

function offerActions(url, title) {
  const actions = makeElement("p", { class: "actions" })
  const template = document.querySelector("script[data-report]")?.dataset.report
  if (url) actions.append(makeButton({ onclick: () => copyAddress(url) }, "Copy link"))
  if (template) {
    const href = formatReport(template, { form: "wrong-fact", title, url })
    actions.append(makeElement("a", { href }, "Report a problem"))
  }
  return actions
}

/** Show a cell with its notes and sources. */
export function openCell(cell) {
  const [entry, attribute] = nameCell(cell)
  const closer = makeButton({ class: "close", "aria-label": "Close", onclick: () => dialog.close() }, "×")
  const title = makeElement(
    "h2",
    { id: "cell-title", tabindex: -1, autofocus: "" },
    makeElement("small", {}, entry),
    " ",
    attribute,
  )
  const top = makeElement("div", { class: "top" }, closer, title)
  dialog.replaceChildren(top, describeCell(cell), offerActions(findAddress(cell), `${entry}: ${attribute}`))
  placeAnnouncer(dialog)
  dialog.showModal()
}

/** Add the dialog to the page, closed. */
export function setUpCellDialog() {
  dialog = makeElement("dialog", { class: "cell md-typeset", "aria-labelledby": "cell-title" })
  dialog.addEventListener("click", event => {
    if (event.target === dialog) dialog.close()
  })
  dialog.addEventListener("close", () => placeAnnouncer(document.body))
  document.body.append(dialog)
}
