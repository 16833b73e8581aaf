// Mends the list of results that the theme draws.

/** Keep the list of results free of landmarks, and the focus on the result that had it. */
export function watchResults(form, toggle) {
  const list = document.querySelector(".md-search-result__list")
  let chosen = ""

  /** The theme lists what a result is in a landmark of its own; a list of results has no use for a dozen of them. */
  const removeLandmarks = () => {
    for (const tags of list.querySelectorAll("nav:not([role])")) tags.setAttribute("role", "none")
  }

  /** The theme draws all results anew when more is found: the one that had the focus gets it back. */
  const restoreFocus = () => {
    if (!chosen || document.activeElement !== document.body) return
    const links = [...list.querySelectorAll("a")]
    const link = links.find(({ href }) => href === chosen) ?? links[0]
    link?.focus()
  }

  const mend = () => {
    removeLandmarks()
    restoreFocus()
  }
  const forget = () => {
    chosen = ""
  }
  new MutationObserver(mend).observe(list, { childList: true, subtree: true })
  list.addEventListener("focusin", ({ target }) => {
    chosen = target.href
  })
  for (const element of [form, toggle]) {
    for (const left of ["focusin", "change"]) element.addEventListener(left, forget)
  }
}
