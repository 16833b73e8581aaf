// Short ways to find and make elements.

/** Return the elements within `root` that match a selector, as an array. */
export const findAll = (selector, root = document) => [...root.querySelectorAll(selector)]

/** Return a new element; attributes named `on…` are listeners, and those that are undefined or false are left out. */
export function makeElement(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value)
    else if (value !== undefined && value !== false) element.setAttribute(name, value)
  }
  element.append(...children)
  return element
}

/** Return a new button that submits nothing. */
export const makeButton = (attributes, ...children) =>
  makeElement("button", { type: "button", ...attributes }, ...children)

/** Return those of some elements that are not hidden. */
export const filterVisible = elements => [...elements].filter(element => !element.hidden)

/** Run work after the page has been drawn and has answered what waits: a long page is set up in pieces. */
export const defer = work => setTimeout(work)

/** Make a cell the one stop of the Tab key within its table. */
export function moveTabStop(cell) {
  for (const other of findAll('[tabindex="0"]', cell.closest("table"))) other.tabIndex = -1
  cell.tabIndex = 0
}
