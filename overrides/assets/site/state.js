// The state of every view is the query of the address; a view draws itself from it.

const views = []
const toolbars = []

/** Return the query of the address. */
export const readQuery = () => new URLSearchParams(location.search)

/** Return the address of this page with another query; commas stay readable. */
export function formatAddress(query) {
  const text = String(query).replaceAll("%2C", ",")
  return location.pathname + (text && `?${text}`)
}

/** Edit the query of the address, as a new entry of the history if it changes, and draw all views. */
export function changeQuery(edit) {
  const query = readQuery()
  edit(query)
  const address = formatAddress(query)
  if (address !== location.pathname + location.search) history.pushState(null, "", address + location.hash)
  drawViews()
}

/** Add a function that draws a view from the query. */
export const addView = draw => views.push(draw)

/** Draw all views from the query. */
export function drawViews() {
  for (const draw of views) draw()
}

/** Add a toolbar: `isActive` tells whether it hides anything, `clear` shows all, `has` tells what it is about. */
export const addToolbar = toolbar => toolbars.push(toolbar)

/** Show an element that the state of a table hides. */
export const showHidden = element => toolbars.find(toolbar => toolbar.has(element))?.clear()

/** Have the Escape key clear the active toolbar of what has the focus, or else the first active one. */
function clearOnEscape(event) {
  const isTaken =
    event.defaultPrevented || document.querySelector("dialog[open]") || document.getElementById("__search")?.checked
  if (event.key !== "Escape" || isTaken) return
  const active = toolbars.filter(toolbar => toolbar.isActive())
  const nearest = active.find(toolbar => toolbar.has(event.target)) ?? active[0]
  nearest?.clear()
}

/** Draw the views when readers go back and forth, and clear them by the Escape key. */
export function setUpState() {
  addEventListener("popstate", drawViews)
  document.addEventListener("keydown", clearOnEscape)
}
