// A table as a grid: one stop of the Tab key, within which arrow keys move; Enter opens what a cell holds.

import { filterVisible, findAll, moveTabStop } from "../site/dom.js"
import { openCell } from "./cell_dialog.js"

const INTERACTIVE = "a, button, summary, input, label"

/** Return the cell to which a key leads from another; undefined if it leads to none. */
export function findNextCell(cell, key, isControl) {
  const row = cell.parentElement
  const rows = filterVisible(cell.closest("tbody").rows)
  const column = filterVisible(row.cells).indexOf(cell)
  const at = (target, index) => filterVisible(target.cells).at(index)
  const move = by => at(rows[rows.indexOf(row) + by] ?? row, column)
  switch (key) {
    case "ArrowLeft":
      return column ? at(row, column - 1) : undefined
    case "ArrowRight":
      return at(row, column + 1)
    case "ArrowUp":
      return move(-1)
    case "ArrowDown":
      return move(1)
    case "Home":
      return at(isControl ? rows[0] : row, 0)
    case "End":
      return at(isControl ? rows.at(-1) : row, -1)
    default:
      return undefined
  }
}

function openOnClick(event) {
  const cell = event.target.closest("td")
  if (cell && !event.target.closest(INTERACTIVE) && getSelection().isCollapsed) openCell(cell)
}

function answerKey(event) {
  const { key, target } = event
  const next = findNextCell(target, key, event.ctrlKey)
  if (key === "Enter" || key === " ") {
    if (target.matches("td")) openCell(target)
    else target.querySelector("a")?.click()
  } else if (next) next.focus()
  else if (!key.startsWith("Arrow")) return
  event.preventDefault()
}

/** Make a grid of a table. */
export function makeGrid(table) {
  table.setAttribute("role", "grid")
  const cells = findAll("tbody > tr > *", table)
  const stop = table.querySelector('tbody [tabindex="0"]') ?? cells[0]
  for (const cell of cells) cell.tabIndex = cell === stop ? 0 : -1
  for (const inner of findAll("tbody :is(a, summary)", table)) inner.tabIndex = -1
  table.addEventListener("focusin", event => {
    if (cells.includes(event.target)) moveTabStop(event.target)
  })
  table.addEventListener("click", openOnClick)
  table.addEventListener("keydown", event => {
    if (cells.includes(event.target) && !event.altKey && !event.metaKey) answerKey(event)
  })
}
