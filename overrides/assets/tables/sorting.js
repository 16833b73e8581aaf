// Columns that sort the rows of a table.

import { makeButton } from "../site/dom.js"
import { changeQuery, readQuery } from "../site/state.js"
import { collator } from "../site/text.js"
import { areNumeric, findStated, parseNumber, readKeys } from "./values.js"

const ARIA = { asc: "ascending", desc: "descending" }
const NEXT = { "": "asc", asc: "desc", desc: "" }

/** Return the key by which a cell sorts; its rank keeps what has no value, or no number among numbers, last. */
export function readSortKey(cell, { order, isNumeric }) {
  if (cell.matches("th")) return { rank: 0, value: cell.textContent.trim() }
  const stated = findStated(cell)
  if (!stated) return { rank: 2 }
  const time = stated.querySelector("time")
  if (time) return { rank: 0, value: time.getAttribute("datetime") }
  if (order && stated.querySelector("[data-value]")) {
    // Places of three digits, so that their texts sort as numbers do.
    return {
      rank: 0,
      value: readKeys(cell)
        .map(key => 100 + order.indexOf(key))
        .join(" "),
    }
  }
  const text = stated.textContent
  if (!isNumeric) return { rank: 0, value: text.trim() }
  const number = parseNumber(text)
  return Number.isNaN(number) ? { rank: 1 } : { rank: 0, value: number }
}

/** Compare two sort keys; ranks count in the same way in either direction. */
export function compareSortKeys(a, b, isDescending) {
  if (a.rank !== b.rank || a.rank) return a.rank - b.rank
  const order = typeof a.value === "number" ? a.value - b.value : collator.compare(a.value, b.value)
  return isDescending ? -order : order
}

/** Return rows in the order of a column. */
export function sortRows(rows, column, isDescending) {
  const keyed = rows.map(row => ({ row, key: readSortKey(row.cells[column.index], column) }))
  return keyed.sort((a, b) => compareSortKeys(a.key, b.key, isDescending)).map(({ row }) => row)
}

/** Return what is known of each column of a table, from its head and the given rows. */
export function readColumns(table, rows) {
  return [...table.tHead.rows[0].cells].map((head, index) => ({
    head,
    index,
    key: head.dataset.key,
    label: head.textContent.trim(),
    order: head.dataset.order?.split(" "),
    isNumeric: index > 0 && areNumeric(rows.map(row => row.cells[index])),
  }))
}

function readSorting(prefix) {
  const query = readQuery()
  return { key: query.get(`${prefix}sort`), direction: query.get(`${prefix}dir`) === "desc" ? "desc" : "asc" }
}

/** Sort by a column, then the other way around, then no more. */
function turnSorting(column, prefix) {
  const { key, direction } = readSorting(prefix)
  const next = NEXT[key === column.key ? direction : ""]
  changeQuery(query => {
    for (const name of ["sort", "dir"]) query.delete(prefix + name)
    if (next) query.set(`${prefix}sort`, column.key)
    if (next === "desc") query.set(`${prefix}dir`, "desc")
  })
}

function addSorter(column, prefix) {
  const link = column.head.querySelector("a")
  const label = link && { "aria-label": `Sort by ${column.label}` }
  const sorter = makeButton({ class: "sort", onclick: () => turnSorting(column, prefix), ...label })
  if (!link) sorter.append(...column.head.childNodes)
  column.head.append(sorter)
}

/** Add sorters to a table; return its rows and columns, and a function that sorts and says by what. */
export function makeSortable(table, prefix) {
  const [body] = table.tBodies
  const rows = [...body.rows]
  const columns = readColumns(table, rows)
  for (const column of columns) addSorter(column, prefix)
  const sort = () => {
    const { key, direction } = readSorting(prefix)
    const column = columns.find(column => column.key === key)
    for (const { head } of columns) head.removeAttribute("aria-sort")
    column?.head.setAttribute("aria-sort", ARIA[direction])
    const sorted = column ? sortRows(rows, column, direction === "desc") : rows
    if (sorted.some((row, index) => row !== body.rows[index])) body.append(...sorted)
    return column ? `, sorted by ${column.label}, ${ARIA[direction]}` : ""
  }
  return { rows, columns, sort }
}
