// The choice of colors, kept as the theme keeps it; the theme's script at the top of a page applies what was kept.

import { findAll, makeElement } from "./dom.js"

const { __md_get: readStored, __md_set: store } = globalThis

const matchesMedia = ({ dataset }) => matchMedia(dataset.mdColorMedia).matches

/** Give the bars of the browser around the page the colors of the header. */
function colorBrowser(meta) {
  const { backgroundColor, colorScheme } = getComputedStyle(document.querySelector(".md-header"))
  meta.content = backgroundColor
  document.documentElement.style.colorScheme = colorScheme === "dark" ? colorScheme : ""
}

/** Return the function that colors the page as the chosen option says, and returns its colors. */
function makePainter(options, meta) {
  return () => {
    const chosen = options.find(({ checked }) => checked)
    const { mdColorMedia: media } = chosen.dataset
    const shown = media === "(prefers-color-scheme)" ? options.findLast(matchesMedia) : chosen
    const { mdColorScheme: scheme, mdColorPrimary: primary, mdColorAccent: accent } = shown.dataset
    Object.assign(document.body.dataset, shown.dataset, { mdColorMedia: media })
    for (const option of options) option.nextElementSibling.hidden = option !== chosen
    requestAnimationFrame(() => colorBrowser(meta))
    return { media, scheme, primary, accent }
  }
}

/** Have the options of the header choose the colors. */
export function setUpPalette() {
  const options = findAll(".md-option")
  if (!options.length) return
  const meta = document.head.appendChild(makeElement("meta", { name: "theme-color" }))
  const paint = makePainter(options, meta)
  for (const [index, option] of options.entries()) {
    option.addEventListener("change", () => store("__palette", { index, color: paint() }))
    option.addEventListener("keydown", event => {
      if (event.key !== "Enter") return
      const next = options[(index + 1) % options.length]
      next.click()
      next.focus()
    })
  }
  const known = options[readStored("__palette")?.index] ?? options.find(matchesMedia) ?? options[0]
  known.checked = true
  matchMedia("(prefers-color-scheme: light)").addEventListener("change", paint)
  paint()
}
