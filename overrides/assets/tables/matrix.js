// Matrices: entries by attributes, which sort, filter, and show the columns that are asked for.

import { defer, filterVisible, findAll, moveTabStop } from "../site/dom.js"
import { changeQuery, readQuery } from "../site/state.js"
import { collator, countThings } from "../site/text.js"
import { drawFilters, makeCheckbox, makeCheckboxes, makeFieldset, readChecked } from "./filters.js"
import { makeGrid } from "./grid.js"
import { makePanel } from "./panel.js"
import { makeSortable } from "./sorting.js"
import { makeDifferencesButton, makeToolbar, startToolbar } from "./toolbar.js"
import { areAlike, readKeys, readValues } from "./values.js"

const MANY_COLUMNS = 5 // attributes, above which columns can be chosen

const pickCells = (rows, column) => rows.map(row => row.cells[column.index])

/** Return the values by which a column filters, in its order or the commonest first; none where that is no use. */
export function listOptions(column, rows) {
  const cells = pickCells(rows, column)
  const options = new Map()
  for (const { key, label } of cells.flatMap(readValues)) {
    options.set(key, { key, label, count: (options.get(key)?.count ?? 0) + 1 })
  }
  const found = [...options.values()]
  const isRepeated = found.some(({ count }) => count > 1)
  if (found.length < 2 || !isRepeated || cells.some(cell => cell.querySelector(".given time"))) return []
  const place = key => column.order?.indexOf(key) ?? 0
  return found.sort((a, b) => place(a.key) - place(b.key) || b.count - a.count || collator.compare(a.label, b.label))
}

/** Return a filter for each column that has options, and the function that makes their checkboxes. */
function makeFilters(columns, rows, prefix) {
  const listed = columns.map(column => ({
    label: column.label,
    name: prefix + column.key,
    options: listOptions(column, rows),
    read: row => readKeys(row.cells[column.index]),
  }))
  const filters = listed.filter(({ options }) => options.length)
  const fill = () =>
    filters.map(filter => {
      filter.checkboxes = makeCheckboxes(filter.name, filter.options)
      return makeFieldset(filter.label, filter.checkboxes)
    })
  return { filters, fill }
}

/** Return the choice of columns: what makes its checkboxes, and what checks those that are wanted. */
function makeColumnChoice(columns, name) {
  let checkboxes = []
  const write = () =>
    changeQuery(query => {
      const keys = readChecked(checkboxes)
      if (keys.length && keys.length < checkboxes.length) query.set(name, keys.join(","))
      else query.delete(name)
    })
  const fill = () => {
    checkboxes = columns.map(column => makeCheckbox(column, write))
    return [makeFieldset("Columns shown", checkboxes)]
  }
  const readWanted = () => {
    const keys = readQuery().get(name)?.split(",")
    const wanted = columns.map(({ key }) => !keys || keys.includes(key))
    checkboxes.forEach(({ box }, index) => {
      box.checked = wanted[index]
    })
    return wanted
  }
  return { fill, readWanted }
}

/** Hide columns that are not wanted, or the same in all rows shown if only differences are; offer that if it is of use. */
function hideColumns(columns, rows, wanted, differences, isDiff) {
  const visible = filterVisible(rows)
  differences.setAttribute("aria-pressed", isDiff)
  differences.hidden = !isDiff
  columns.forEach((column, index) => {
    const isSame = wanted[index] && visible.length > 1 && areAlike(pickCells(visible, column))
    if (isSame) differences.hidden = false
    const isHidden = !wanted[index] || (isDiff && isSame)
    for (const cell of [column.head, ...pickCells(rows, column)]) cell.hidden = isHidden
  })
}

/** Keep a stop of the Tab key among the rows that are shown. */
function keepTabStop(table) {
  const stop = table.querySelector('tbody [tabindex="0"]')
  const [first] = filterVisible(table.tBodies[0].rows)
  if (first && (!stop || stop.hidden || stop.parentElement.hidden)) moveTabStop(first.cells[0])
}

function enhanceMatrix(table, position) {
  const prefix = position ? `t${position + 1}.` : ""
  const { rows, columns, sort } = makeSortable(table, prefix)
  const attributes = columns.slice(1)
  const { filters, fill } = makeFilters(attributes, rows, prefix)
  const choice = makeColumnChoice(attributes, `${prefix}cols`)
  const differences = makeDifferencesButton(prefix)
  const draw = () => {
    drawFilters(rows, filters)
    hideColumns(attributes, rows, choice.readWanted(), differences, readQuery().has(`${prefix}diff`))
    const sorted = sort()
    keepTabStop(table)
    return `${filterVisible(rows).length} of ${countThings(rows.length, "entries")} shown${sorted}`
  }
  const countColumns = () => countThings(filterVisible(attributes.map(({ head }) => head)).length, "columns")
  const tools = [
    ...(filters.length ? [makePanel("Filter", fill)] : []),
    ...(attributes.length > MANY_COLUMNS ? [makePanel("Columns", choice.fill, countColumns)] : []),
    differences,
  ]
  defer(() => makeGrid(table))
  const names = [...["sort", "dir", "diff", "cols"].map(key => prefix + key), ...filters.map(({ name }) => name)]
  const has = element => table.contains(element)
  startToolbar(makeToolbar(table.closest(".scroller"), { names, tools, draw, has }))
}

/** Give each matrix of the page its tools. */
export function setUpMatrices() {
  for (const [position, table] of findAll("table.matrix").entries()) defer(() => enhanceMatrix(table, position))
}
