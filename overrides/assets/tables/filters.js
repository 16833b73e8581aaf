// Checkboxes by which rows and claims are filtered, as the query says.

import { makeElement } from "../site/dom.js"
import { changeQuery, readQuery } from "../site/state.js"

/** Return a checkbox with its label, and a count to be filled in. */
export function makeCheckbox({ key, label }, onchange) {
  const box = makeElement("input", { type: "checkbox", value: key, onchange })
  const count = makeElement("span", { class: "count" })
  return { box, count, element: makeElement("label", {}, box, " ", label, " ", count) }
}

/** Return checkboxes for some options, which write those that are checked to the query, under a name. */
export function makeCheckboxes(name, options) {
  const write = () =>
    changeQuery(query => {
      query.delete(name)
      for (const value of readChecked(checkboxes)) query.append(name, value)
    })
  const checkboxes = options.map(option => makeCheckbox(option, write))
  return checkboxes
}

/** Return a group of checkboxes under a legend. */
export const makeFieldset = (legend, checkboxes) =>
  makeElement("fieldset", {}, makeElement("legend", {}, legend), ...checkboxes.map(({ element }) => element))

/** Return the values of the checkboxes that are checked. */
export const readChecked = checkboxes => checkboxes.filter(({ box }) => box.checked).map(({ box }) => box.value)

/** Return whether an item has one of the values that a filter wants, or it wants none. */
const passesFilter = (item, { wanted, read }) => !wanted.length || read(item).some(value => wanted.includes(value))

/**
 * Hide the items that the query filters out, and count what each value would leave.
 *
 * A filter has the `name` of its values in the query, a function to `read` those of an item, and its `checkboxes`, once
 * they are made.
 */
export function drawFilters(items, filters, formatCount = count => `(${count})`) {
  const query = readQuery()
  for (const filter of filters) filter.wanted = query.getAll(filter.name)
  for (const item of items) item.hidden = !filters.every(filter => passesFilter(item, filter))
  for (const filter of filters.filter(({ checkboxes }) => checkboxes)) {
    const others = items.filter(item => filters.every(other => other === filter || passesFilter(item, other)))
    for (const { box, count } of filter.checkboxes) {
      count.textContent = formatCount(others.filter(item => filter.read(item).includes(box.value)).length)
      box.checked = filter.wanted.includes(box.value)
    }
  }
}
