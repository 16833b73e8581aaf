// What a cell of a table states.

import { findAll } from "../site/dom.js"
import { foldText } from "../site/text.js"

const SCALES = { k: 1e3, thousand: 1e3, m: 1e6, million: 1e6, b: 1e9, billion: 1e9, t: 1e12, trillion: 1e12 }
const WITH_SCALE = /(\d[\d,]*(?:\.\d+)?)\s*(k|m|b|t|thousand|million|billion|trillion)(?![a-z\d])/i
const AT_START = /^\D{0,12}(\d[\d,]*(?:\.\d+)?)/

/** Return the element that holds what a cell states; null if nothing is stated. */
export const findStated = cell => cell.querySelector(".given")

/** Return the values that a cell states, each with its key and its label. */
export function readValues(cell) {
  const stated = findStated(cell)
  if (!stated) return []
  const parts = findAll("[data-value]", stated)
  return (parts.length ? parts : [stated]).map(part => {
    const label = part.textContent.trim()
    return { key: part.dataset.value || label, label }
  })
}

/** Return the keys of the values that a cell states. */
export const readKeys = cell => readValues(cell).map(({ key }) => key)

function identifyValues(cell) {
  return readKeys(cell).map(foldText).sort().join("\n")
}

/** Return whether all cells state the same, in whatever order and case. */
export function areAlike([first, ...others]) {
  const same = identifyValues(first)
  return others.every(cell => identifyValues(cell) === same)
}

/** Return the number that a text gives, with its scale ("1.8 billion") or near its beginning; NaN if it gives none. */
export function parseNumber(text) {
  const [, digits, scale] = WITH_SCALE.exec(text) ?? AT_START.exec(text) ?? []
  return digits ? Number(digits.replaceAll(",", "")) * (SCALES[scale?.toLowerCase()] ?? 1) : Number.NaN
}

/** Return whether more than a third of the cells that state a text give a number. */
export function areNumeric(cells) {
  const stated = cells.map(findStated)
  const texts = stated.filter(element => element && !element.querySelector("time, a, [data-value]"))
  return texts.filter(({ textContent }) => parseNumber(textContent) >= 0).length * 3 > texts.length
}
