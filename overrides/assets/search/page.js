// Runs before the theme's own script: what search needs is loaded when search is opened, and not with every page.

import { showHint } from "./hint.js"
import { watchResults } from "./list.js"
import { makeSleepingWorker } from "./sleeper.js"

const { src: here, dataset } = document.currentScript
const form = document.forms.namedItem("find")

/** The theme keeps the address to copy one letter behind the link's. */
function mendShareLink() {
  const share = document.querySelector("[data-md-component=search-share]")
  const copy = () => {
    share.dataset.clipboardText = share.href
  }
  share?.addEventListener("click", copy, true)
}

mendShareLink()
if (form) {
  const toggle = document.querySelector("[data-md-toggle=search]")
  const root = new URL("../..", here)
  const show = answer => showHint(answer, form.query, root, dataset.report)
  window.Worker = makeSleepingWorker(here, toggle, show)
  watchResults(form, toggle)
  // Under this name the theme fetches its index, of which it needs the settings to mark the words of `?h=` on a page.
  if (new URLSearchParams(location.search).has("h")) form.name = "search"
}
